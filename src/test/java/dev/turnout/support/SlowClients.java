package dev.turnout.support;

import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that take or send a body without end a little at a time, until they are let go. The target has to be an
 * {@link Effect.Application}.
 */
public final class SlowClients implements AutoCloseable {

    private static final long ENDLESS = 1L << 40;
    private static final int SMALL_BUFFER = 16 * 1024;
    private static final int PIECE = 4 * 1024;
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final List<Thread> clients = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    /** So many clients that read slowly and so many that write slowly; returns once each has moved a piece. */
    public static SlowClients start(URI front, int each) {
        SlowClients dawdlers = new SlowClients();
        List<AtomicLong> moved = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            moved.add(dawdlers.add(front, SlowClients::read));
            moved.add(dawdlers.add(front, SlowClients::write));
        }
        Await.until(() -> "every dawdler to get on, " + dawdlers.failures, () -> moved.stream()
                .allMatch(bytes -> bytes.get() > 0));
        return dawdlers;
    }

    private interface Work {
        /** Moves the next piece, or begins; returns how many bytes of the body it were. */
        int on(RawClient client, byte[] piece, boolean first) throws IOException;
    }

    private AtomicLong add(URI front, Work work) {
        AtomicLong moved = new AtomicLong();
        Thread client = new Thread(() -> dawdle(front, work, moved), "dawdler");
        client.setDaemon(true);
        clients.add(client);
        client.start();
        return moved;
    }

    private void dawdle(URI front, Work work, AtomicLong moved) {
        byte[] piece = new byte[PIECE];
        try (RawClient client = RawClient.to(front, SMALL_BUFFER)) {
            for (boolean first = true; !stopping; first = false) {
                moved.addAndGet(work.on(client, piece, first));
                Await.pause(PAUSE);
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    private static int read(RawClient client, byte[] piece, boolean first) throws IOException {
        if (first) {
            client.get("/download?" + ENDLESS);
            return 0;
        }
        int read = client.readSome(piece, piece.length);
        if (read < 0) {
            throw new IOException("the download has ended");
        }
        return read;
    }

    private static int write(RawClient client, byte[] piece, boolean first) throws IOException {
        if (first) {
            client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + ENDLESS + "\r\n\r\n");
            return 0;
        }
        if (client.hasMore()) {
            Response early = client.read("POST");
            throw new IOException("the upload was answered with " + early.status());
        }
        client.send(piece);
        return piece.length;
    }

    /** Why dawdlers have given up; empty if none has. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Lets all of them go. */
    @Override
    public void close() {
        stopping = true;
        Threads.join(clients);
    }
}
