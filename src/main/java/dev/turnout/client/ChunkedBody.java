package dev.turnout.client;

import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112, section 7.1). Trailers are not read. */
final class ChunkedBody extends InputStream {

    private static final int MOST_LINE = 1 << 10;

    private final InputStream bytes;
    private final ResponseLines lines;
    private long left;
    private boolean atStart = true;
    private boolean ended;

    ChunkedBody(InputStream bytes) {
        this.bytes = bytes;
        this.lines = new ResponseLines(bytes, MOST_LINE);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (!ended && left == 0) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = bytes.read(buffer, from, (int) Math.min(length, left));
        if (count < 0) {
            throw cutOff();
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (!atStart) {
            line();
        }
        atStart = false;
        String size = line().replaceFirst("[ \t]*;.*", "");
        if (!size.matches("[0-9a-fA-F]{1,12}")) {
            throw new NotHttp("a chunk of the size '" + size + "'");
        }
        left = Long.parseLong(size, 16);
        ended = left == 0;
    }

    private String line() throws IOException {
        String line = lines.next();
        if (line == null) {
            throw cutOff();
        }
        return line;
    }

    private static IOException cutOff() {
        return new IOException("the connection was closed in the middle of the answer");
    }
}
