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

    private static final Logger LOG = Logger.getLogger(Pipes.class);

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final int most;
    private final Deque<Pipe> idle = new ArrayDeque<>();
    private int open;
    private boolean closed;

    /** @param most how many pipes there may be; 0 for none */
    public Pipes(int most) {
        this.most = most;
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
            Pipe pipe = new Pipe(this, FileDescriptor.pipe());
            open++;
            return pipe;
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
