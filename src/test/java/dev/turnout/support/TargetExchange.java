package dev.turnout.support;

import dev.turnout.support.wire.Body;
import dev.turnout.support.wire.HttpReader;
import dev.turnout.support.wire.ReceivedHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** One request at a {@link Backend}, as an {@link Effect} gets hold of it. */
public final class TargetExchange {

    private final Socket socket;
    private final InputStream in;
    private final HttpReader reader;
    private final Arrival arrival;
    private final OutputStream out;
    private boolean ended;

    TargetExchange(Socket socket, InputStream in, OutputStream out, HttpReader reader, Arrival arrival) {
        this.socket = socket;
        this.out = out;
        this.in = in;
        this.reader = reader;
        this.arrival = arrival;
    }

    public ReceivedHead head() {
        return arrival.head();
    }

    /** Reads what is left of the request. */
    public Body readBody() throws IOException {
        if (arrival.body().isEmpty()) {
            arrival.complete(reader.requestBody(arrival.head()));
        }
        return arrival.body().orElseThrow();
    }

    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Where the response goes, unbuffered. */
    OutputStream out() {
        return out;
    }

    /** Ends this side, and reads on. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Reads all that comes until the other side ends. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    void awaitNextByte() throws IOException {
        in.mark(1);
        if (in.read() >= 0) {
            in.reset();
        }
    }

    /** Ends the response's side in this way; after {@link SocketEnd#STALL} the connection goes on. */
    public void end(SocketEnd ending) throws IOException {
        ending.of(socket);
        ended = ending != SocketEnd.STALL;
        if (ending == SocketEnd.HALF_CLOSE) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Waits for the test's word. */
    void await(CountDownLatch word) throws IOException {
        try {
            word.await();
        } catch (InterruptedException e) {
            throw new IOException("the backend was closed", e);
        }
    }

    /** Lets time pass: the pace of this backend. */
    public void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new IOException("the backend was closed", e);
        }
    }

    boolean ended() {
        return ended;
    }
}
