package dev.turnout.proxy.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RequestView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A head that was sent to a target, with what Turnout has added, is known whole, however far over the limit it is. */
final class ScanScratchTest {

    private static final int LIMIT = 1024;

    private final ScanScratch scratch = new ScanScratch(LIMIT);

    private static ByteBuf sent(int hostLength) {
        String host = "h".repeat(hostLength);
        return Unpooled.copiedBuffer(
                "GET /path HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-Host: " + host + "\r\nForwarded: host=" + host
                        + "\r\nUser-Agent: last\r\n\r\n",
                ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 300, 660, 1_000, 10_000})
    void it_is_scanned_whole(int hostLength) {
        RequestHead head = scratch.scanAgain(sent(hostLength));

        assertThat(head.fields().count(FieldName.USER_AGENT)).isOne();
        assertThat(head.fields().size()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 300, 660, 1_000, 10_000})
    void it_is_viewed_whole(int hostLength) {
        ByteBuf sent = sent(hostLength);

        RequestView view = scratch.view(sent);

        byte[] seen = new byte[sent.writerIndex()];
        sent.getBytes(0, seen);
        assertThat(view.bytes()).startsWith(seen);
    }
}
