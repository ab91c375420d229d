package dev.turnout.client;

import java.io.IOException;
import java.io.InputStream;

/** A body with a known length (RFC 9112, section 6.2). */
final class CountedBody extends InputStream {

    private final InputStream bytes;
    private long left;

    CountedBody(InputStream bytes, long length) {
        this.bytes = bytes;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = bytes.read(buffer, from, (int) Math.min(length, left));
        if (count < 0) {
            throw new IOException("the connection was closed in the middle of the answer");
        }
        left -= count;
        return count;
    }
}
