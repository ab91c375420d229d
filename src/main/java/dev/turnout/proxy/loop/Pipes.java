package dev.turnout.proxy.loop;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of one event loop, and how many there may be. A body that finds none left is copied through the process.
 * Event loop only.
 */
public final class Pipes {

    /** So much is read at once, at less cost than a pipe has (bench/README.md). Bytes. */
    private static final int CHEAPLY_COPIED = 64 * 1024;

    /** Each pipe takes two file descriptors. */
    static final int MOST = 32;

    /** What a new pipe of the system holds. Bytes. */
    private static final int LEAST_CAPACITY = 64 * 1024;

    /**
     * What all pipes together hold: half of what the system lets the pipes of a user hold, since a successor may run beside
     * this process. A pipe that is opened beyond that would hold next to nothing. Bytes.
     */
    private static final int CAPACITY_OF_ALL = 32 * 1024 * 1024;

    private static final Logger LOG = Logger.getLogger(Pipes.class);

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final int most;
    private final int capacity;
    private final Deque<Pipe> idle = new ArrayDeque<>();
    private int open;
    private boolean closed;

    /**
     * @param most how many pipes there may be; 0 for none
     * @param loops how many event loops have as many
     */
    public Pipes(int most, int loops) {
        this.most = most;
        this.capacity = capacity(most * loops);
    }

    /** Returns how many bytes each of so many pipes is to hold: at best as much as moves at once, a power of two. */
    static int capacity(int pipes) {
        int share = Math.min(BodySplice.MOST_AT_ONCE, CAPACITY_OF_ALL / Math.max(1, pipes));
        return Math.max(LEAST_CAPACITY, Integer.highestOneBit(share));
    }

    /** Returns true if it costs less to have so many bytes that follow each other go through a pipe than to copy them. */
    public static boolean areWorth(long bytes) {
        return bytes > CHEAPLY_COPIED;
    }

    /** Returns an empty pipe; null if none may be used now, or the system gives none. */
    @Nullable
    Pipe take() {
        Pipe pipe = idle.poll();
        return pipe == null && open < most && !closed ? opened() : pipe;
    }

    private @Nullable Pipe opened() {
        try {
            FileDescriptor[] ends = FileDescriptor.pipe();
            PipeCapacity.set(ends[0], capacity);
            open++;
            return new Pipe(this, ends);
        } catch (IOException e) {
            LOG.debug("No pipe could be opened", e);
            return null;
        }
    }

    /** Takes a pipe back that nobody uses any more. One with bytes in it is closed: they are nobody's. */
    void giveBack(Pipe pipe) {
        if (pipe.held() == 0 && !closed) {
            idle.push(pipe);
        } else {
            close(pipe);
        }
    }

    private void close(Pipe pipe) {
        open--;
        pipe.close();
    }

    /** Closes the pipes that nobody uses. Returns false if there are none. */
    public boolean closeIdle() {
        boolean wereSome = !idle.isEmpty();
        while (!idle.isEmpty()) {
            close(idle.pop());
        }
        return wereSome;
    }

    /** Opens no pipe any more, and closes each one as soon as nobody uses it. */
    public void close() {
        closed = true;
        closeIdle();
    }

    /** Returns how many pipes there are. */
    int open() {
        return open;
    }

    /** Called when the system can't move bytes through a pipe at all: none is used any more. Told in the log once. */
    void refused(IOException cause) {
        close();
        if (TOLD.compareAndSet(false, true)) {
            LOG.warnf(
                    "This system does not move bodies between sockets by itself (%s). Large bodies are copied through the"
                            + " process instead, which costs more processor time. Nothing else changes.",
                    cause.getMessage());
        }
    }
}
