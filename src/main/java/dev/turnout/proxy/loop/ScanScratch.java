package dev.turnout.proxy.loop;

import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RequestView;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.Scan;
import io.netty.buffer.ByteBuf;

/**
 * The scanners and the scratch space of one event loop: heads are scanned here and written here, one at a time, so that
 * no head costs an object. Event loop only.
 */
public final class ScanScratch {

    /** What is copied first: most heads are shorter, and what follows them need not be copied. */
    private static final int FIRST_COPY = 2048;

    private final int headLimit;
    private final byte[] bytes;
    private final RequestHead requestHead;
    private final ResponseHead responseHead;
    private final HeadWriter headWriter = new HeadWriter();
    private final RequestHead rescanned;
    private final RequestView view = new RequestView();

    /** Empty until a head is copied once more. */
    private byte[] rescannedBytes = {};

    /** @param headLimit the largest head, in bytes */
    public ScanScratch(int headLimit) {
        this.headLimit = headLimit;
        // One byte more than the limit shows that a head is over it.
        this.bytes = new byte[headLimit + 1];
        this.requestHead = new RequestHead(headLimit);
        this.responseHead = new ResponseHead(headLimit);
        // What Turnout adds to a head may take the head over the limit: a long Host is written three times.
        this.rescanned = new RequestHead(Integer.MAX_VALUE);
    }

    /** Returns the largest head, in bytes. */
    public int headLimit() {
        return headLimit;
    }

    /**
     * Scans the head at the beginning of what a client has sent into {@link #requestHead}.
     *
     * @return its length, or one of the numbers in {@link dev.turnout.proxy.http1.Scan}
     */
    public int scanRequest(ByteBuf in) {
        int copied = copy(in, FIRST_COPY);
        int length = requestHead.scan(bytes, 0, copied);
        return isCut(length, copied, in) ? requestHead.scan(bytes, 0, copy(in, bytes.length)) : length;
    }

    /** Returns what {@link #scanRequest} has found, up to its next call. */
    public RequestHead requestHead() {
        return requestHead;
    }

    /**
     * Scans the head at the beginning of what a target has sent into {@link #responseHead}.
     *
     * @return its length, or one of the numbers in {@link dev.turnout.proxy.http1.Scan}
     */
    public int scanResponse(ByteBuf in) {
        int copied = copy(in, FIRST_COPY);
        int length = responseHead.scan(bytes, 0, copied);
        return isCut(length, copied, in) ? responseHead.scan(bytes, 0, copy(in, bytes.length)) : length;
    }

    /** Returns what {@link #scanResponse} has found, up to its next call. */
    public ResponseHead responseHead() {
        return responseHead;
    }

    /** Returns true if a head was not whole only because not all of it was copied. */
    private static boolean isCut(int length, int copied, ByteBuf in) {
        return length == Scan.INCOMPLETE && copied < in.readableBytes();
    }

    private int copy(ByteBuf in, int most) {
        int count = Math.min(in.readableBytes(), Math.min(most, bytes.length));
        in.getBytes(in.readerIndex(), bytes, 0, count);
        return count;
    }

    /** Scans the head of a request once more, which was legal and has been sent to a target. */
    public RequestHead scanAgain(ByteBuf head) {
        int length = copyAgain(head);
        rescanned.scan(rescannedBytes, 0, length);
        return rescanned;
    }

    private int copyAgain(ByteBuf head) {
        int length = head.writerIndex();
        if (rescannedBytes.length < length) {
            rescannedBytes = new byte[Math.max(headLimit * 2, length)];
        }
        head.getBytes(0, rescannedBytes, 0, length);
        return length;
    }

    /** Views the head of a request that was legal and has been sent to a target. The view is valid until the next call. */
    public RequestView view(ByteBuf head) {
        copyAgain(head);
        return view.of(rescannedBytes, 0);
    }

    /** Views the head of a request that has been scanned. The view is valid until the next call. */
    public RequestView view(RequestHead head) {
        return view.of(head.bytes(), head.start());
    }

    /** Returns where a head is written to before it is copied into a buffer. */
    public HeadWriter headWriter() {
        return headWriter;
    }
}
