package dev.turnout.doctor;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** A connection to a target. Each call blocks for a given time at most. */
interface TimedConnection extends Closeable {

    /** Sends bytes. A request is shorter than what the system takes at once. */
    void write(byte[] bytes) throws IOException;

    /**
     * Returns how many bytes were read, at least one; -1 at the end.
     *
     * @throws SocketTimeoutException if none has come in time
     */
    int read(byte[] some, long millis) throws IOException;
}
