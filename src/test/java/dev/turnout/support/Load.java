package dev.turnout.support;

import dev.turnout.support.wire.Payload;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients of every kind that run until they are stopped and count every answer that is not the whole, right one.
 *
 * <p>The targets have to be {@link Effect.Application}s. A client takes the end of its connection as right only after
 * {@code Connection: close}.
 */
public final class Load implements AutoCloseable {

    private final URI front;
    private final List<Thread> clients = new ArrayList<>();
    private final LongAdder requests = new LongAdder();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private Load(URI front) {
        this.front = front;
    }

    /** No clients yet, towards this address. */
    public static Load on(URI front) {
        return new Load(front);
    }

    /**
     * What came of it.
     *
     * @param requests finished, right or wrong
     * @param failures by kind of client and reason
     * @param slowest of the small requests, the longest
     */
    public record Report(long requests, Map<String, Long> failures, Duration slowest) {}

    /** Clients that send one small request after another on a connection each, with a pause after each answer. */
    public Load keepAlive(int count, Duration pause) {
        return add(count, "keep-alive", connection -> {
            small(connection, "");
            Await.pause(pause);
        });
    }

    /** Clients that open a connection for each small request. */
    public Load fresh(int count, Duration pause) {
        return add(count, "fresh connection", connection -> {
            small(connection, "Connection: close\r\n");
            Await.pause(pause);
            throw new LastAnswer();
        });
    }

    /** Clients whose requests take the application this long, with a pause after each answer. */
    public Load slow(int count, Duration time, Duration pause) {
        return add(count, "slow", connection -> {
            connection.get("/slow?" + time.toMillis());
            check(connection, "200", response -> String.valueOf(response.status()));
            Await.pause(pause);
        });
    }

    /** Clients that send a body of this many bytes again and again. */
    public Load uploads(int count, long bytes) {
        Payload payload = new Payload(bytes, bytes);
        String expected = bytes + " " + payload.crc();
        return add(count, "upload", connection -> {
            connection.send("POST /upload HTTP/1.1\r\nHost: app.example\r\nContent-Length: " + bytes + "\r\n\r\n");
            connection.send(payload);
            check(connection, expected, Response::text);
        });
    }

    /** Clients that fetch a body of this many bytes again and again. */
    public Load downloads(int count, long bytes) {
        String expected = bytes + " " + new Payload(bytes, bytes).crc();
        return add(count, "download", connection -> {
            connection.get("/download?" + bytes);
            check(
                    connection,
                    expected,
                    response -> response.body().length() + " " + response.body().crc());
        });
    }

    /** Starts every client. */
    public Load start() {
        clients.forEach(Thread::start);
        return this;
    }

    /** How many requests have finished. */
    public long requests() {
        return requests.sum();
    }

    /** How many of them failed. */
    public long failed() {
        return failures.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Lets every client finish its request, and ends. */
    public Report stop() {
        close();
        Map<String, Long> counted = new TreeMap<>();
        failures.forEach((reason, count) -> counted.put(reason, count.sum()));
        return new Report(requests.sum(), counted, Duration.ofNanos(slowestNanos.get()));
    }

    @Override
    public void close() {
        stopping = true;
        Threads.join(clients);
    }

    private void small(RawClient connection, String line) throws IOException {
        long started = System.nanoTime();
        connection.send("GET /small HTTP/1.1\r\nHost: app.example\r\n" + line + "\r\n");
        check(connection, "200", response -> String.valueOf(response.status()));
        slowestNanos.accumulateAndGet(System.nanoTime() - started, Math::max);
    }

    private void check(RawClient connection, String expected, Reading reading) throws IOException {
        Response response = connection.read();
        String got = reading.of(response);
        if (!got.equals(expected)) {
            throw new IOException("wrong answer: " + response.status() + " "
                    + response.fields().all("X-Turnout") + " '" + got + "'");
        }
        if (response.announcesClose()) {
            throw new LastAnswer();
        }
    }

    private Load add(int count, String kind, Work work) {
        for (int i = 0; i < count; i++) {
            Thread client = new Thread(() -> repeat(kind, work), "load: " + kind);
            client.setDaemon(true);
            clients.add(client);
        }
        return this;
    }

    private void repeat(String kind, Work work) {
        while (!stopping) {
            try (RawClient connection = RawClient.to(front)) {
                while (!stopping) {
                    work.with(connection);
                    requests.increment();
                }
            } catch (LastAnswer e) {
                requests.increment();
            } catch (IOException e) {
                requests.increment();
                failures.computeIfAbsent(kind + ": " + e, reason -> new LongAdder())
                        .increment();
            }
        }
    }

    private interface Work {
        void with(RawClient connection) throws IOException;
    }

    private interface Reading {
        String of(Response response);
    }

    /** The answer was right, and the last on its connection. */
    private static final class LastAnswer extends IOException {
        private static final long serialVersionUID = 1;
    }
}
