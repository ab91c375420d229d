package dev.turnout.proxy.connection;

import dev.turnout.proxy.http1.Scan;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.ScanScratch;
import io.netty.buffer.ByteBuf;

/**
 * Looks for the end of a request's head in what a client has sent. A long head that comes byte by byte is not scanned
 * from its start with every byte. Event loop only.
 */
final class HeadReader {

    /** Scanning an unfinished head up to this size once more costs less than the system's part of a read. */
    private static final int SHORT_HEAD = 1024;

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private final ScanScratch scratch;
    private final HeadBudget<OpenConnection> heads;
    private final RequestConnection connection;
    private boolean begun;
    private int scanned;
    private int searched;

    HeadReader(ScanScratch scratch, HeadBudget<OpenConnection> heads, RequestConnection connection) {
        this.scratch = scratch;
        this.heads = heads;
        this.connection = connection;
    }

    /**
     * Drops empty lines before a request line (RFC 9112, section 2.2). They begin no head, so no clock of one runs.
     *
     * @return true if there is more than empty lines, and the beginning of one
     */
    static boolean skipEmptyLines(ByteBuf in) {
        while (in.readableBytes() > 1 && in.getByte(in.readerIndex()) == CR && in.getByte(in.readerIndex() + 1) == LF) {
            in.skipBytes(2);
        }
        return in.isReadable() && (in.readableBytes() > 1 || in.getByte(in.readerIndex()) != CR);
    }

    /**
     * Scans what has come of a head into the scratch space, if it may be whole.
     *
     * @param in begins with the head
     * @return its length, or one of the numbers in {@link Scan}
     */
    int scan(ByteBuf in) {
        if (begun && !mayBeWhole(in)) {
            return Scan.INCOMPLETE;
        }
        int length = scratch.scanRequest(in);
        if (length == Scan.INCOMPLETE) {
            begin(in);
        }
        return length;
    }

    /** Begins a head that is not scanned yet. */
    void begin(ByteBuf in) {
        begun = true;
        scanned = in.readableBytes();
        searched = scanned;
    }

    /** Returns true if the beginning of a head has come and its end has not. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * Counts an unfinished head, which may end this one or older ones.
     *
     * @return what has come of the head, in a buffer that keeps no more than that
     */
    ByteBuf hold(ByteBuf in) {
        ByteBuf kept = Buffers.compacted(in);
        heads.hold(connection, connection.headBudgetKey(), kept.capacity());
        return kept;
    }

    /** Prepares for the next head: this one is whole, or nobody wants it any more. */
    void end() {
        if (begun) {
            begun = false;
            heads.release(connection);
        }
    }

    /**
     * Returns true if an unfinished head is worth another scan: the head is short, an empty line may have come, or the
     * head has grown by an eighth.
     */
    private boolean mayBeWhole(ByteBuf in) {
        int length = in.readableBytes();
        boolean isDue = length <= SHORT_HEAD || length >= scanned + scanned / 8 || length > scratch.headLimit();
        int from = in.readerIndex() + Math.max(0, searched - 2);
        searched = length;
        return isDue || hasEmptyLine(in, from);
    }

    private static boolean hasEmptyLine(ByteBuf in, int from) {
        int end = in.writerIndex();
        for (int at = in.indexOf(from, end, LF); at >= 0; at = in.indexOf(at + 1, end, LF)) {
            boolean isEmptyLine = at + 1 < end && in.getByte(at + 1) == LF
                    || at + 2 < end && in.getByte(at + 1) == CR && in.getByte(at + 2) == LF;
            if (isEmptyLine) {
                return true;
            }
        }
        return false;
    }
}
