package dev.turnout.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The newest entries of a journal, which are kept when the file is shortened. */
final class NewestEntries {

    private NewestEntries() {}

    /**
     * Copies the entries that are kept. The newest entry is among them, since no entry is as long as what is kept. Blocks.
     *
     * @param to is made by this
     * @param mostEntries how many entries are kept at most
     * @param mostBytes how many bytes are kept at most
     * @return how many entries were copied
     */
    static int copy(Path from, Path to, int mostEntries, long mostBytes) throws IOException {
        try (LinesBackward lines = LinesBackward.of(from);
                FileChannel channel = PrivateFiles.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Deque<LinesBackward.Line> kept = new ArrayDeque<>();
            long bytes = 0;
            for (Optional<LinesBackward.Line> line = lines.next();
                    line.isPresent() && kept.size() < mostEntries;
                    line = lines.next()) {
                bytes += Math.min(line.get().length() + 1, JournalLine.MOST_BYTES);
                if (bytes > mostBytes) {
                    break;
                }
                kept.addFirst(line.get());
            }
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
            int copied = 0;
            for (LinesBackward.Line line : kept) {
                copied += copy(lines, line, out) ? 1 : 0;
            }
            out.flush();
            channel.force(true);
            return copied;
        }
    }

    private static boolean copy(LinesBackward lines, LinesBackward.Line line, OutputStream out) throws IOException {
        if (!JournalLine.isTooLong(line)) {
            out.write(lines.start(line, JournalLine.MOST_BYTES));
            out.write('\n');
            return true;
        }
        try {
            out.write(JournalLine.of(JournalLine.read(lines, line)));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
