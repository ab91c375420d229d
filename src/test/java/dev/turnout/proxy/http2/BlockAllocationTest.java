package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What a header block leaves on the heap once its connection is warm: nothing. */
final class BlockAllocationTest {

    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 10_000;

    /** Less than one object for every hundredth block. */
    private static final long NOTHING = ROUNDS / 100 * 16;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void reading_a_request_leaves_nothing() {
        Browsing browsing = new Browsing();
        assertThat(allocated(browsing::readHuffmanCoded)).isLessThan(NOTHING);
        assertThat(allocated(browsing::readIndexed)).isLessThan(NOTHING);
        assertThat(allocated(browsing::readIndexing)).isLessThan(NOTHING);
    }

    @Test
    void writing_a_response_leaves_nothing() {
        ResponseHead head = new ResponseHead(8192);
        byte[] bytes = ("HTTP/1.1 418 x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 1024\r\n"
                        + "Set-Cookie: a=b\r\nX-Own: y\r\n\r\n")
                .getBytes(ISO_8859_1);
        byte[] date = "Date: Thu, 26 Nov 2026 23:00:00 GMT\r\n".getBytes(ISO_8859_1);
        BlockWriter writer = new BlockWriter();
        HeadWriter out = new HeadWriter();
        assertThat(allocated(i -> {
                    head.scan(bytes, 0, bytes.length);
                    out.clear();
                    int begun = FrameWriter.beginBlock(out);
                    writer.response(head, date, date, out);
                    FrameWriter.endBlock(begun, 1, false, 16384, out);
                }))
                .isLessThan(NOTHING);
    }

    @Test
    void writing_a_request_leaves_nothing() {
        Browsing browsing = new Browsing();
        browsing.readIndexed(0);
        RequestHead head = browsing.head();
        BlockWriter writer = new BlockWriter();
        HeadWriter out = new HeadWriter();
        assertThat(allocated(i -> writer.request(head, true, out.clear()))).isLessThan(NOTHING);
    }

    private long allocated(IntConsumer block) {
        for (int i = 0; i < WARM_UP; i++) {
            block.accept(i);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            block.accept(i);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
