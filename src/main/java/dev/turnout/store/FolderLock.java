package dev.turnout.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right of one process to use the state folder: a lock on the file {@value #FILE}, which the system frees when the
 * process ends in whatever way. The file's content, the owner's process id, is only for people.
 */
final class FolderLock implements AutoCloseable {

    private static final String FILE = "lock";
    private static final int MOST_DIGITS = 20;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock or throws {@link StoreFailed} at once. */
    static FolderLock take(Path folder) {
        Path path = folder.resolve(FILE);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!isFree(channel)) {
                String owner = read(channel);
                throw new StoreFailed("The state folder " + folder + " is in use by another Turnout"
                        + (owner.isEmpty() ? "" : ", process " + owner)
                        + ". Stop that one first, or give this one a turnout.state.directory of its own.");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            return new FolderLock(channel);
        } catch (IOException e) {
            close(channel);
            throw new StoreFailed("The state folder " + folder + " can't be used: " + Reason.of(e), e);
        } catch (StoreFailed e) {
            close(channel);
            throw e;
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(MOST_DIGITS);
        channel.read(content, 0);
        return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void close(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new StoreFailed("A lock could not be freed: " + Reason.of(e), e);
            }
        }
    }

    @Override
    public void close() {
        close(channel);
    }
}
