package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.routing.Target;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application whose requests say what it does, by the query of their path: the {@link LargeBody} that it sends, or gets;
 * {@code end} after how many bytes of it, and {@code how}: {@code fin}, {@code reset}, {@code stall} or
 * {@code answer}; {@code more} for bytes beyond its end; {@code slow} for pauses. {@code stale} ends a connection that has
 * carried a request before. {@code gate} waits for {@link #letPass}.
 */
final class LargeBodyTarget implements AutoCloseable {

    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private final Semaphore passes = new Semaphore(0);
    private final AtomicInteger atGate = new AtomicInteger();
    private final Target target;

    private LargeBodyTarget(ServerSocketChannel server, Target target) {
        this.server = server;
        this.target = target;
        start(this::accept);
    }

    static LargeBodyTarget atPort() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress("127.0.0.1", 0), 512);
        SocketAddress address = server.getLocalAddress();
        return new LargeBodyTarget(server, new Target("127.0.0.1", ((InetSocketAddress) address).getPort()));
    }

    static LargeBodyTarget atUnixSocket(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), 512);
        return new LargeBodyTarget(server, Target.parse("unix:" + path));
    }

    Target target() {
        return target;
    }

    /** Returns what has gone wrong in requests that were not to end early. */
    Queue<Throwable> wrong() {
        return wrong;
    }

    /** Returns how many requests have come to the gate so far. */
    int atGate() {
        return atGate.get();
    }

    /** Lets so many requests pass the gate. */
    void letPass(int count) {
        passes.release(count);
    }

    /** Reads a head up to its empty line. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("no head behind " + head.length() + " bytes");
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    // --- Requests --------------------------------------------------------------------------------------------------

    /** What a request asks for. */
    private record Wish(String method, Map<String, String> query) {

        static Wish of(String head) {
            String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
            Map<String, String> query = new ConcurrentHashMap<>();
            for (String pair : line[1].substring(line[1].indexOf('?') + 1).split("&")) {
                String[] parts = pair.split("=");
                query.put(parts[0], parts[1]);
            }
            return new Wish(line[0], query);
        }

        long number(String name, long otherwise) {
            return Long.parseLong(query.getOrDefault(name, String.valueOf(otherwise)));
        }

        LargeBody body() {
            return LargeBody.of(query);
        }

        /** Returns after how many bytes of the body it ends. */
        long end() {
            return number("end", LargeBody.WHOLE);
        }

        boolean hasBody() {
            return method.equals("POST") || method.equals("PUT");
        }

        boolean isStale() {
            return query.containsKey("stale");
        }

        String how() {
            return query.getOrDefault("how", "");
        }

        Random pauses() {
            return query.containsKey("slow") ? new Random(body().seed()) : null;
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel socket = server.accept();
                open.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            return;
        }
    }

    private void serve(SocketChannel socket) {
        Wish wish = null;
        try {
            InputStream in = new BufferedInputStream(Channels.newInputStream(socket));
            OutputStream out = Channels.newOutputStream(socket);
            boolean isReused = false;
            while (true) {
                wish = null;
                wish = Wish.of(head(in));
                if (wish.query().containsKey("gate")) {
                    atGate.incrementAndGet();
                    passes.acquireUninterruptibly();
                }
                boolean ends = isReused && wish.isStale();
                isReused = true;
                boolean goesOn = !ends && (wish.hasBody() ? take(wish, in, out) : answer(wish, out));
                if (!goesOn) {
                    end(wish.how(), socket);
                    return;
                }
            }
        } catch (IOException e) {
            if (wish != null && wish.how().isEmpty()) {
                wrong.add(e);
            }
        } catch (AssertionError e) {
            wrong.add(e);
        } finally {
            if (wish == null || !wish.how().equals("stall")) {
                close(socket);
            }
        }
    }

    private static boolean answer(Wish wish, OutputStream out) throws IOException {
        LargeBody body = wish.body();
        String status = wish.query().getOrDefault("status", "200");
        out.write(("HTTP/1.1 " + status + " It\r\n" + body.line() + "\r\n").getBytes(US_ASCII));
        if (wish.method().equals("HEAD") || !status.equals("200")) {
            return true;
        }
        if (wish.query().containsKey("atonce")) {
            body.sendWithMore(out, wish.number("atonce", 0));
            return false;
        }
        body.send(out, wish.end(), wish.pauses());
        body.sendMore(out, wish.number("more", 0));
        return wish.how().isEmpty() && body.framing() != LargeBody.Framing.CLOSE;
    }

    private static boolean take(Wish wish, InputStream in, OutputStream out) throws IOException {
        wish.body().receive(in, wish.end(), wish.pauses());
        if (wish.how().isEmpty() || wish.how().equals("answer")) {
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntaken").getBytes(US_ASCII));
        }
        return wish.how().isEmpty();
    }

    private static void end(String how, SocketChannel socket) throws IOException {
        if (how.equals("reset") && socket.getRemoteAddress() instanceof InetSocketAddress) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    }

    private void close(SocketChannel socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "large-body-target");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(this::close);
    }
}
