package dev.turnout.client;

import dev.turnout.config.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** The bytes from a socket, each read of which ends in time. A peer that sends slowly gains no time by that. */
final class TimedInput extends InputStream {

    private final Socket socket;
    private final InputStream bytes;
    private final Deadline whole;
    private final Duration silence;

    /**
     * Reads from an open socket.
     *
     * @param whole when all reads have to be over
     * @param silence how long one read may wait
     */
    TimedInput(Socket socket, Deadline whole, Duration silence) throws IOException {
        this.socket = socket;
        this.bytes = socket.getInputStream();
        this.whole = whole;
        this.silence = silence;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        long millis = Math.min(whole.leftMillis(), silence.toMillis());
        if (millis <= 0) {
            throw new SocketTimeoutException("the time is over");
        }
        socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        return bytes.read(buffer, from, length);
    }
}
