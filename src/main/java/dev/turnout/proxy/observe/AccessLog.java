package dev.turnout.proxy.observe;

import dev.turnout.config.DaemonThread;
import dev.turnout.store.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes the access log on a thread of its own. An event loop hands over whole batches of lines and never waits: what
 * the disk cannot take in time is dropped, and counted.
 *
 * <p>A file that it makes may be read by its owner and group only: requests may hold secrets.
 *
 * <p>The file is opened for appending and opened anew once it is not the one at its path any more, so that both ways of
 * rotation work without a signal: to rename it, and to copy and truncate it.
 */
public final class AccessLog implements AutoCloseable {

    /** Lines that end together. */
    public record Batch(byte[] bytes, int lines) {}

    private static final Logger LOG = Logger.getLogger(AccessLog.class);

    /** With batches of about 16 KiB, 4 MiB that the disk may lag behind. */
    private static final int MOST_BATCHES = 256;

    private static final long LOOK_MILLIS = 1000;
    private static final byte[] LINE_END = {'\n'};

    /** Wakes the writer for its end. */
    private static final Batch WAKE = new Batch(new byte[0], 0);

    private final Path file;
    private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(MOST_BATCHES);
    private final LongAdder dropped;
    private final Thread writer = DaemonThread.of("turnout-access-log", this::write);
    private @Nullable FileChannel channel;
    private @Nullable Object openFile;
    private boolean failing;
    private volatile boolean isClosed;

    /** Whether the file ends within a line, because a full disk took no more. */
    private boolean torn;

    /** @param dropped counts the lines that are dropped */
    AccessLog(Path file, LongAdder dropped) {
        this.file = file;
        this.dropped = dropped;
    }

    /**
     * Opens the log. Blocks.
     *
     * @throws IOException if the file cannot be written
     */
    public void open() throws IOException {
        reopen();
        writer.start();
    }

    /** Takes a batch over, or drops it. Any thread; never waits. */
    public void add(Batch batch) {
        if (!queue.offer(batch)) {
            dropped.add(batch.lines());
        }
    }

    private void write() {
        long looked = System.nanoTime();
        try {
            while (!isClosed || !queue.isEmpty()) {
                Batch batch = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (!isClosed && System.nanoTime() - looked > TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
                    looked = System.nanoTime();
                    reopenIfRotated();
                }
                if (batch != null && batch != WAKE) {
                    write(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeFile();
        }
    }

    /** Writes lines, or drops them. No failure ends the thread. */
    private void write(Batch batch) {
        ByteBuffer bytes = ByteBuffer.wrap(batch.bytes());
        try {
            FileChannel out = channel == null ? reopen() : channel;
            if (torn) {
                out.write(ByteBuffer.wrap(LINE_END));
                torn = false;
            }
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            failing = false;
        } catch (IOException | RuntimeException | Error e) {
            torn |= bytes.position() > 0 && bytes.get(bytes.position() - 1) != LINE_END[0];
            dropped.add(batch.lines());
            closeFile();
            if (!failing) {
                failing = true;
                LOG.errorf("The access log %s cannot be written, its lines are dropped: %s", file, reason(e));
            }
        }
    }

    private static String reason(Throwable e) {
        return e instanceof IOException failed ? Reason.of(failed) : String.valueOf(e.getMessage());
    }

    private void reopenIfRotated() {
        try {
            if (channel != null && (!Files.exists(file) || !key().equals(openFile))) {
                closeFile();
                reopen();
                torn = false;
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.errorf("The access log %s cannot be opened anew: %s", file, reason(e));
        }
    }

    private FileChannel reopen() throws IOException {
        FileChannel opened = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        channel = opened;
        openFile = key();
        return opened;
    }

    /** Returns what tells the file at the path from another one that comes to stand there: device and inode. */
    private Object key() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private void closeFile() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warnf("The access log %s could not be closed: %s", file, e.getMessage());
            }
            channel = null;
        }
    }

    /**
     * Writes what has been handed over and ends. Blocks for as long as that takes, a second at the most. A disk that is
     * slower is written to by the thread until it has everything.
     */
    @Override
    public void close() {
        isClosed = true;
        queue.offer(WAKE);
        try {
            writer.join(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
