package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Random;

/**
 * A body each of whose bytes is known, those of its framing too.
 *
 * @param framing how its end is told
 * @param seed where in the content it begins, and which chunks it has
 * @param size in bytes
 * @param chunk the size of each chunk; 0 for sizes in random order
 */
record LargeBody(Framing framing, long seed, long size, int chunk) {

    enum Framing {
        LENGTH,
        CHUNKS,
        CLOSE
    }

    /** In the place of a count of bytes: all of them, and what tells of the end. */
    static final long WHOLE = -1;

    /** So many bytes at the end are sent in one piece with what is behind them. */
    private static final int LAST = 1000;

    private static final int TABLE = 1_048_573;
    private static final long SHIFT = 104_729;
    private static final int PIECE = 48 * 1024;
    private static final byte[] CONTENT = new byte[TABLE];
    private static final int[] CHUNKS = {
        1, 2, 511, 512, 4096, 65_535, 65_536, 65_537, 66_000, 70_000, 131_072, 300_000, 1 << 20
    };
    private static final String[] EXTENSIONS = {"", "", ";last", ";name=value;quoted=\"a; b\""};

    static {
        new Random(20).nextBytes(CONTENT);
    }

    LargeBody(Framing framing, long seed, long size) {
        this(framing, seed, size, 0);
    }

    /** Returns the body that a query asks for. */
    static LargeBody of(Map<String, String> query) {
        return new LargeBody(
                Framing.valueOf(query.getOrDefault("framing", "LENGTH")),
                Long.parseLong(query.getOrDefault("seed", "0")),
                Long.parseLong(query.getOrDefault("size", "0")),
                Integer.parseInt(query.getOrDefault("chunk", "0")));
    }

    /** Returns the query that asks for this body. */
    String query() {
        return "framing=" + framing + "&seed=" + seed + "&size=" + size + "&chunk=" + chunk;
    }

    /** Returns the line of its message's head. */
    String line() {
        return switch (framing) {
            case LENGTH -> "Content-Length: " + size + "\r\n";
            case CHUNKS -> "Transfer-Encoding: chunked\r\n";
            case CLOSE -> "Connection: close\r\n";
        };
    }

    private String trailer() {
        return seed % 2 == 0 ? "" : "X-Sum: " + seed + "\r\n";
    }

    /** Sends the body in pieces of random sizes, with pauses if there is a source of them. */
    void send(OutputStream out, Random pauses) throws IOException {
        send(out, WHOLE, pauses);
    }

    /** Sends so many bytes of the body's data, and the framing before and between them. */
    void send(OutputStream out, long end, Random pauses) throws IOException {
        if (framing == Framing.CHUNKS) {
            pass(new Chunks(), end, new Sending(out, pauses));
        } else {
            new Sending(out, pauses).data(0, end == WHOLE ? size : end);
        }
    }

    /** Sends the body's data, the last of it in one piece with what comes behind its end. */
    void sendWithMore(OutputStream out, long count) throws IOException {
        new Sending(out, null).data(0, size - LAST);
        OutputStream together = new BufferedOutputStream(out);
        new Sending(together, null).data(size - LAST, size + count);
        together.flush();
    }

    /** Sends what comes behind the body's end. */
    void sendMore(OutputStream out, long count) throws IOException {
        new Sending(out, null).data(size, size + count);
    }

    /** Reads the body, and compares each of its bytes. */
    void receive(InputStream in, Random pauses) throws IOException {
        receive(in, WHOLE, pauses);
        if (framing == Framing.CLOSE && in.read() >= 0) {
            throw new AssertionError("more than " + size + " bytes");
        }
    }

    /** Reads so many bytes of the body's data, and the framing before and between them. */
    void receive(InputStream in, long end, Random pauses) throws IOException {
        if (framing == Framing.CHUNKS) {
            pass(new Chunks(), end, new Receiving(in, pauses));
        } else {
            receiveData(in, 0, end == WHOLE ? size : end, pauses);
        }
    }

    /** Reads a part of the data, without any framing. */
    void receiveData(InputStream in, long from, long to, Random pauses) throws IOException {
        new Receiving(in, pauses).data(from, to);
    }

    private final class Chunks {

        private final Random random = new Random(seed + 31 * size);

        int next() {
            return chunk == 0 ? CHUNKS[random.nextInt(CHUNKS.length)] : chunk;
        }

        String extension() {
            return EXTENSIONS[random.nextInt(EXTENSIONS.length)];
        }
    }

    /** One direction of the same bytes. */
    private interface Passing {

        void text(String text) throws IOException;

        void data(long from, long to) throws IOException;
    }

    private void pass(Chunks chunks, long end, Passing passing) throws IOException {
        long at = 0;
        while (at < size) {
            long next = Math.min(at + chunks.next(), size);
            passing.text(Long.toHexString(next - at) + chunks.extension() + "\r\n");
            passing.data(at, end == WHOLE ? next : Math.min(end, next));
            if (end != WHOLE && end <= next) {
                return;
            }
            passing.text("\r\n");
            at = next;
        }
        passing.text("0\r\n" + trailer() + "\r\n");
    }

    private final class Sending implements Passing {

        private final OutputStream out;
        private final Random pauses;
        private final Random sizes = new Random(seed);

        Sending(OutputStream out, Random pauses) {
            this.out = out;
            this.pauses = pauses;
        }

        @Override
        public void text(String text) throws IOException {
            out.write(text.getBytes(US_ASCII));
        }

        @Override
        public void data(long from, long to) throws IOException {
            long at = from;
            while (at < to) {
                int start = (int) ((at + seed * SHIFT) % TABLE);
                int most = (int) Math.min(Math.min(TABLE - start, 1 + sizes.nextInt(PIECE)), to - at);
                out.write(CONTENT, start, most);
                at += most;
                pause(pauses);
            }
        }
    }

    private final class Receiving implements Passing {

        private final InputStream in;
        private final Random pauses;

        Receiving(InputStream in, Random pauses) {
            this.in = in;
            this.pauses = pauses;
        }

        @Override
        public void text(String text) throws IOException {
            String came = new String(in.readNBytes(text.length()), US_ASCII);
            if (came.length() < text.length()) {
                throw new EOFException("the body ended within its framing");
            }
            if (!came.equals(text)) {
                throw new AssertionError("the framing is another one: " + came);
            }
        }

        @Override
        public void data(long from, long to) throws IOException {
            byte[] piece = new byte[PIECE];
            long at = from;
            while (at < to) {
                int count = in.read(piece, 0, (int) Math.min(PIECE, to - at));
                if (count < 0) {
                    throw new EOFException("the body ended behind " + at + " bytes of " + to);
                }
                for (int i = 0; i < count; i++) {
                    if (piece[i] != CONTENT[(int) ((at + i + seed * SHIFT) % TABLE)]) {
                        throw new AssertionError("byte " + (at + i) + " of " + to + " is another one");
                    }
                }
                at += count;
                pause(pauses);
            }
        }
    }

    private static void pause(Random pauses) {
        if (pauses != null && pauses.nextInt(4) == 0) {
            try {
                Thread.sleep(pauses.nextInt(8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
