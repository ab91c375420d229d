package dev.turnout.proxy.loop;

import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The next bytes of one body, or of one of its chunks, on their way from a socket through a {@link Pipe} to another socket.
 * Event loop only.
 *
 * <p>Netty reads a channel that is readable, and leaves nobody else a chance to. It asks for a buffer first though: then
 * the bytes of the socket go into the pipe, and on as far as the other socket takes them. The read that follows mostly
 * finds nothing, or the peer's end.
 */
final class BodySplice {

    /** What a read may bring that finds bytes behind those in the pipe. */
    private static final int LEAST_READ = Buffers.SMALLEST_READ;

    /** So much is moved before other connections of the event loop have their turn. */
    static final int MOST_AT_ONCE = 256 * 1024;

    /** {@code EPERM}, {@code EINVAL}, {@code ENOSYS}, {@code EOPNOTSUPP} of Linux, as Netty gives them. */
    private static final Set<Integer> NOT_POSSIBLE = Set.of(-1, -22, -38, -95);

    private final PlainSocket from;
    private final PlainSocket to;
    private final Pipe pipe;
    private long remaining;
    private long moved;
    private long sent;

    /** @param remaining how many bytes of this kind are to come */
    BodySplice(PlainSocket from, PlainSocket to, Pipe pipe, long remaining) {
        this.from = from;
        this.to = to;
        this.pipe = pipe;
        this.remaining = remaining;
        pipe.enter();
    }

    /**
     * Moves what has come.
     *
     * @param usual how much a read may bring
     * @return how much the read that follows may bring
     */
    int pull(int usual) {
        if (remaining == 0) {
            return usual;
        }
        boolean goesOn = true;
        while (goesOn) {
            int more = fill();
            remaining -= more;
            moved += more;
            goesOn = more > 0 && to.isIdle() && drain() && remaining > 0 && moved < MOST_AT_ONCE;
        }
        // A pipe that takes nothing though there is something is full: the bytes are read, as they would be without it.
        return moved == 0 && (pipe.held() > 0 || remaining == 0) ? usual : LEAST_READ;
    }

    /** A failure of the socket is a failed read to Netty. */
    private int fill() {
        try {
            return pipe.fill(from, Math.min(remaining, MOST_AT_ONCE));
        } catch (NativeIoException e) {
            if (NOT_POSSIBLE.contains(e.expectedErr())) {
                // Nothing has been moved: from here on everything is read.
                remaining = 0;
                pipe.refused(e);
            } else {
                PlatformDependent.throwException(e);
            }
            return 0;
        } catch (IOException e) {
            PlatformDependent.throwException(e);
            return 0;
        }
    }

    /** Returns true if the pipe is empty then. A failure is told by the write that follows. */
    private boolean drain() {
        try {
            sent += pipe.drain(to, pipe.held());
        } catch (IOException e) {
            return false;
        }
        return pipe.held() == 0;
    }

    /** Notes bytes that a read has brought. */
    void read(int count) {
        remaining -= Math.min(remaining, count);
    }

    /** Returns what has come since the last call; null if nothing has. */
    @Nullable
    PipedBytes take() {
        if (moved == 0) {
            return null;
        }
        PipedBytes bytes = new PipedBytes(pipe, to, moved, sent);
        moved = 0;
        sent = 0;
        return bytes;
    }

    /** Returns true if this is the socket that the bytes go to. */
    boolean goesTo(PlainSocket socket) {
        return to == socket;
    }

    /** Returns true if nothing more comes through the pipe. */
    boolean isDone() {
        return remaining == 0 && moved == 0;
    }

    /** Gives the pipe back. */
    void end() {
        pipe.leave();
    }
}
