package dev.turnout.support;

import dev.turnout.support.wire.BrokenMessage;
import dev.turnout.support.wire.HttpReader;
import dev.turnout.support.wire.ReceivedHead;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * An HTTP/1.1 server on a raw socket that misbehaves on command and remembers what it got, byte for byte.
 *
 * <p>Each request is met with the next queued {@link Effect}, or the standing one. Probes of {@link #PROBE_PATH} are
 * answered by an effect of their own and counted apart. One thread per connection. All methods may be called on any
 * thread.
 */
public final class Backend implements AutoCloseable {

    /** What Turnout is told to probe in these tests, to tell probes from traffic. */
    public static final String PROBE_PATH = "/-/probe";

    /** How much of what arrives is remembered, in bytes per connection and in requests. */
    private static final int REMEMBERED = 256 * 1024;

    private static final int REMEMBERED_REQUESTS = 10_000;

    private final String host;
    private final int port;
    private final ConcurrentLinkedDeque<Effect> queued = new ConcurrentLinkedDeque<>();
    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    private final List<Recording> recordings = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder sent = new LongAdder();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger probesAnswered = new AtomicInteger();
    private final Map<Thread, Socket> open = new ConcurrentHashMap<>();
    private volatile Effect standing = Effect.ok("ok");
    private volatile Effect probes = Effect.ok("up");
    private volatile ServerSocket server;
    private volatile Thread acceptor;

    private Backend(String host, int port) {
        this.host = host;
        this.server = listen(host, port);
        this.port = server.getLocalPort();
        accept();
    }

    /** Listens on a free port of the loopback address. */
    public static Backend start() {
        return at("127.0.0.1");
    }

    /** Listens on a free port of an address of this machine. */
    public static Backend at(String host) {
        return new Backend(host, Ports.next());
    }

    public int port() {
        return port;
    }

    /** {@code host:port}, as Turnout's settings want it. */
    public String address() {
        return host + ":" + port;
    }

    /** The effect for every request that none is queued for. */
    public Backend always(Effect effect) {
        standing = effect;
        return this;
    }

    /** Effects for the next requests, one each. */
    public Backend next(Effect... effects) {
        queued.addAll(List.of(effects));
        return this;
    }

    /** The effect for probes. */
    public Backend probes(Effect effect) {
        probes = effect;
        return this;
    }

    /** How many requests have arrived, probes aside. */
    public long requests() {
        return requests.get();
    }

    /** How many bytes have gone out since the start. */
    public long sent() {
        return sent.sum();
    }

    /** How many probes have arrived. */
    public int probesAnswered() {
        return probesAnswered.get();
    }

    /** The requests that have arrived, probes aside, in the order of their heads; the last 10,000. */
    public List<Arrival> arrivals() {
        synchronized (arrivals) {
            return List.copyOf(arrivals);
        }
    }

    /** The only request that has arrived. */
    public Arrival onlyArrival() {
        List<Arrival> all = arrivals();
        if (all.size() != 1) {
            throw new AssertionError("not one request arrived, but " + all);
        }
        return all.get(0);
    }

    /** What has arrived on each connection that brought a byte, probes aside: the first 256 KiB of each. */
    public List<byte[]> received() {
        synchronized (recordings) {
            return recordings.stream()
                    .map(Recording::bytes)
                    .filter(bytes -> bytes.length > 0 && !Recording.isProbe(bytes))
                    .toList();
        }
    }

    /** What arrived that no client may send, as sentences: empty with a sound proxy in front. */
    public List<String> violations() {
        synchronized (violations) {
            return List.copyOf(violations);
        }
    }

    /** Connections that are open now, those of probes included. */
    public int openConnections() {
        return open.size();
    }

    /** Forgets what has arrived, and the queue. */
    public void forget() {
        queued.clear();
        synchronized (arrivals) {
            arrivals.clear();
        }
        synchronized (recordings) {
            recordings.removeIf(Recording::isClosed);
            recordings.forEach(Recording::forget);
        }
        synchronized (violations) {
            violations.clear();
        }
        requests.set(0);
    }

    /** Dies as a process does under kill -9: nobody listens, every connection ends with RST. */
    public void kill() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitDeaf();
        closeConnections(SocketEnd.RESET);
    }

    /** The system listens as long as a thread is in its accept call. */
    private void awaitDeaf() {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listens again on the same port. */
    public void revive() {
        server = listen(host, port);
        accept();
    }

    /** Ends every connection that is open now; new ones are accepted. */
    public void closeConnections(SocketEnd ending) {
        open.forEach((thread, socket) -> {
            try {
                ending.of(socket);
            } catch (SocketException e) {
                // It has ended by itself in the meantime.
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
            thread.interrupt();
        });
    }

    @Override
    public void close() {
        kill();
    }

    private static ServerSocket listen(String host, int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port), 4096);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        ServerSocket listening = server;
        acceptor = daemon("backend " + port, () -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    daemon("backend " + port + " connection", () -> serve(socket));
                } catch (SocketException e) {
                    return;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void serve(Socket socket) {
        open.put(Thread.currentThread(), socket);
        try (socket;
                Recording recording = new Recording(socket.getInputStream())) {
            if (server.isClosed()) {
                SocketEnd.RESET.of(socket);
                return;
            }
            socket.setTcpNoDelay(true);
            int connection = connections.getAndIncrement();
            synchronized (recordings) {
                recordings.add(recording);
            }
            InputStream in = new BufferedInputStream(recording, 64 * 1024);
            OutputStream out = new Counting(socket.getOutputStream(), sent);
            HttpReader reader = new HttpReader(in);
            boolean goesOn = true;
            while (goesOn) {
                Optional<ReceivedHead> head = reader.requestHead();
                goesOn = head.isPresent()
                        && serve(socket, in, out, reader, new Arrival(connection, System.nanoTime(), head.get()));
            }
        } catch (BrokenMessage e) {
            synchronized (violations) {
                violations.add(e.getMessage());
            }
        } catch (IOException e) {
            // The other side is gone, or this one was killed: both are what these tests are about.
        } finally {
            open.remove(Thread.currentThread());
        }
    }

    private boolean serve(Socket socket, InputStream in, OutputStream out, HttpReader reader, Arrival arrival)
            throws IOException {
        Effect effect;
        if (arrival.head().target().equals(PROBE_PATH)) {
            probesAnswered.incrementAndGet();
            effect = probes;
        } else {
            remember(arrival);
            Effect next = queued.poll();
            effect = next == null ? standing : next;
        }
        TargetExchange exchange = new TargetExchange(socket, in, out, reader, arrival);
        effect.on(exchange);
        if (exchange.ended()) {
            return false;
        }
        exchange.readBody();
        return !arrival.head().fields().lists("Connection", "close");
    }

    private void remember(Arrival arrival) {
        requests.incrementAndGet();
        synchronized (arrivals) {
            arrivals.add(arrival);
            if (arrivals.size() > REMEMBERED_REQUESTS) {
                arrivals.remove();
            }
        }
    }

    /** Counts what passes through it. */
    private static final class Counting extends FilterOutputStream {

        private final LongAdder count;

        Counting(OutputStream out, LongAdder count) {
            super(out);
            this.count = count;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count.add(length);
        }
    }

    /** Keeps what passes through it. */
    private static final class Recording extends FilterInputStream {

        private static final byte[] PROBE = ("GET " + PROBE_PATH + " ").getBytes(StandardCharsets.US_ASCII);

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private volatile boolean closed;

        Recording(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                keep(new byte[] {(byte) b}, 0, 1);
            }
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                keep(bytes, offset, read);
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            closed = true;
            super.close();
        }

        boolean isClosed() {
            return closed;
        }

        synchronized void forget() {
            kept.reset();
        }

        synchronized byte[] bytes() {
            return kept.toByteArray();
        }

        static boolean isProbe(byte[] bytes) {
            return bytes.length >= PROBE.length && Arrays.equals(bytes, 0, PROBE.length, PROBE, 0, PROBE.length);
        }

        private synchronized void keep(byte[] bytes, int offset, int length) {
            kept.write(bytes, offset, Math.min(length, REMEMBERED - kept.size()));
        }
    }
}
