package dev.turnout.proxy.loop;

import dev.turnout.config.Executable;
import io.netty.channel.unix.FileDescriptor;
import org.graalvm.nativeimage.c.function.CFunction;

/**
 * How much a pipe holds. The system counts in pages, also those with a few bytes in them, and gives a new pipe 16. Neither
 * Java nor Netty can change that, but an executable can call the system. Thread-safe.
 */
final class PipeCapacity {

    /** {@code F_SETPIPE_SZ} of Linux. */
    private static final int SET = 1031;

    private PipeCapacity() {}

    /** Has a pipe hold so many bytes, in an executable. Where the system refuses it, the pipe stays as it is. */
    static void set(FileDescriptor pipe, int bytes) {
        if (Executable.isThis()) {
            fcntl(pipe.intValue(), SET, bytes);
        }
    }

    @CFunction("fcntl")
    private static native int fcntl(int file, int command, int argument);
}
