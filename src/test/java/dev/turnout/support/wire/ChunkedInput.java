package dev.turnout.support.wire;

import java.io.IOException;
import java.io.InputStream;

/** The content of a chunked body, chunk by chunk as it arrives; without extensions and trailers. For one thread. */
public final class ChunkedInput extends InputStream {

    private final InputStream in;
    private int left;
    private boolean begun;
    private boolean ended;

    public ChunkedInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        left--;
        return octet();
    }

    private void nextChunk() throws IOException {
        if (begun) {
            lineEnd();
        }
        begun = true;
        int digits = 0;
        for (int octet = octet(); octet != '\r' || digits == 0; octet = octet()) {
            int digit = Character.digit(octet, 16);
            if (digit < 0 || ++digits > 7) {
                throw new BrokenMessage("not the size of a chunk: " + octet);
            }
            left = left << 4 | digit;
        }
        expect('\n');
        if (left == 0) {
            ended = true;
            lineEnd();
        }
    }

    private void lineEnd() throws IOException {
        expect('\r');
        expect('\n');
    }

    private void expect(int wanted) throws IOException {
        int octet = octet();
        if (octet != wanted) {
            throw new BrokenMessage("octet " + octet + " instead of " + wanted + " in the framing of chunks");
        }
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new CutShort("closed in a chunked body");
        }
        return octet;
    }
}
