package dev.turnout.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The lines of a file, the last line first. One block of the file is in memory, even if lines are longer. */
final class LinesBackward implements AutoCloseable {

    private static final int BLOCK = 64 * 1024;

    private final FileChannel channel;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);

    /** Where the block begins in the file. */
    private long blockStart;

    /** The lines from here on have been returned. */
    private long end;

    /**
     * A line's place.
     *
     * @param start of its first byte
     * @param length without its end. Bytes.
     */
    record Line(long start, long length) {}

    private LinesBackward(FileChannel channel) throws IOException {
        this.channel = channel;
        this.end = channel.size();
        this.blockStart = end;
        block.limit(0);
    }

    static LinesBackward of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new LinesBackward(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns the line before the line that was returned last. A last line without its end counts too. */
    Optional<Line> next() throws IOException {
        if (end == 0) {
            return Optional.empty();
        }
        long lineEnd = byteAt(end - 1) == '\n' ? end - 1 : end;
        long start = lineEnd;
        while (start > 0 && byteAt(start - 1) != '\n') {
            start--;
        }
        end = start;
        return Optional.of(new Line(start, lineEnd - start));
    }

    private byte byteAt(long position) throws IOException {
        if (position < blockStart || position >= blockStart + block.limit()) {
            blockStart = Math.max(0, position + 1 - BLOCK);
            fill(block.clear().limit((int) (position + 1 - blockStart)), blockStart);
            block.flip();
        }
        return block.get((int) (position - blockStart));
    }

    /** Returns the first bytes of a line. */
    byte[] start(Line line, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, line.length()));
        fill(bytes, line.start());
        return bytes.array();
    }

    private void fill(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, at);
            if (read < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
            at += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
