package dev.turnout.proxy.loop;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import org.jboss.logging.Logger;

/**
 * One pipe of the system, through which bytes go from one socket to another and do not enter the process. Whoever fills
 * it uses it, and so does each {@link PipedBytes} that is not sent. The last user gives it back. Event loop only.
 */
final class Pipe {

    private static final Logger LOG = Logger.getLogger(Pipe.class);

    private final Pipes pipes;
    private final FileDescriptor output;
    private final FileDescriptor input;
    private long held;
    private int users;

    /** @param ends the end that bytes leave by, and the end that they enter by */
    Pipe(Pipes pipes, FileDescriptor[] ends) {
        this.pipes = pipes;
        this.output = ends[0];
        this.input = ends[1];
    }

    /** Returns how many bytes are in the pipe. */
    long held() {
        return held;
    }

    /**
     * Moves bytes from a socket into the pipe.
     *
     * @param most how many at most
     * @return how many; 0 if the socket has none now, or has ended, or the pipe is full
     */
    int fill(PlainSocket from, long most) throws IOException {
        int moved = Native.splice(from.number(), -1, input.intValue(), -1, most);
        held += moved;
        return moved;
    }

    /**
     * Moves bytes from the pipe to a socket.
     *
     * @param most how many at most
     * @return how many; 0 if the socket takes none now
     */
    int drain(PlainSocket to, long most) throws IOException {
        int moved = Native.splice(output.intValue(), -1, to.number(), -1, most);
        held -= moved;
        return moved;
    }

    /** As {@link Pipes#refused}. */
    void refused(IOException cause) {
        pipes.refused(cause);
    }

    void enter() {
        users++;
    }

    void leave() {
        users--;
        if (users == 0) {
            pipes.giveBack(this);
        }
    }

    void close() {
        close(output);
        close(input);
    }

    private static void close(FileDescriptor end) {
        try {
            end.close();
        } catch (IOException e) {
            LOG.debug("An end of a pipe could not be closed", e);
        }
    }
}
