import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests over keep-alive connections in rounds with and without flips, and prints the latencies of both side by
 * side: what a flip adds to the slowest request, and that none fails.
 *
 * <p>The clients pause after each answer, so that nobody waits for a processor, and neither they nor what measures them
 * allocates anything in a round: a collection of this program's garbage would be taken for a slow answer.
 */
final class FlipLatency {

    private static final int CONNECTIONS = 8;
    private static final int ROUNDS = 9;
    private static final int ROUND_MILLIS = 4000;
    private static final int WARM_UPS = 4;
    private static final int FLIP_PAUSE_MILLIS = 50;
    private static final long PAUSE_NANOS = 2_000_000;
    private static final int BODY = 1024;
    private static final byte[] REQUEST =
            ("GET /" + BODY + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GOOD = "HTTP/1.1 200 ".getBytes(StandardCharsets.US_ASCII);

    private final int front;
    private final String admin;
    private final AtomicLong failed = new AtomicLong();
    private final int[][] micros = new int[CONNECTIONS][(int) (ROUND_MILLIS * 1_000_000L / PAUSE_NANOS) + 1];
    private final int[] counts = new int[CONNECTIONS];
    private volatile boolean stopping;

    private FlipLatency(int front, String admin) {
        this.front = front;
        this.admin = admin;
    }

    public static void main(String[] args) throws Exception {
        FlipLatency bench = new FlipLatency(Integer.parseInt(args[0]), args[1]);
        for (int i = 0; i < WARM_UPS; i++) {
            bench.round(i % 2 == 0);
        }
        int[] added = new int[ROUNDS];
        System.out.println("| round | flips | requests | p50 µs | p99 µs | p99.9 µs | p100 µs |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
        for (int i = 0; i < ROUNDS; i++) {
            int without = bench.print(i + 1 + " without", bench.round(false));
            added[i] = bench.print(i + 1 + " with", bench.round(true)) - without;
        }
        Arrays.sort(added);
        System.out.printf(
                "A flip adds to the slowest request: %d µs, median of %d rounds (%d to %d)%n",
                added[ROUNDS / 2], ROUNDS, added[0], added[ROUNDS - 1]);
        System.out.println("Failed requests: " + bench.failed);
        System.exit(bench.failed.get() == 0 ? 0 : 1);
    }

    /** Returns the slowest request's time. */
    private int print(String what, int flips) {
        int[] all = new int[Arrays.stream(counts).sum()];
        int at = 0;
        for (int client = 0; client < CONNECTIONS; client++) {
            System.arraycopy(micros[client], 0, all, at, counts[client]);
            at += counts[client];
        }
        Arrays.sort(all);
        System.out.printf(
                "| %s | %d | %d | %d | %d | %d | %d |%n",
                what, flips, all.length, part(all, 0.5), part(all, 0.99), part(all, 0.999), part(all, 1));
        return part(all, 1);
    }

    private static int part(int[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
    }

    /** Returns how many flips there were. */
    private int round(boolean withFlips) throws Exception {
        System.gc();
        stopping = false;
        Thread[] clients = new Thread[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            int client = i;
            clients[i] = new Thread(() -> send(client));
            clients[i].start();
        }
        long end = System.nanoTime() + ROUND_MILLIS * 1_000_000L;
        int flips = 0;
        while (System.nanoTime() < end) {
            if (withFlips) {
                flip();
                flips++;
            }
            Thread.sleep(FLIP_PAUSE_MILLIS);
        }
        stopping = true;
        for (Thread client : clients) {
            client.join();
        }
        return flips;
    }

    private void flip() throws IOException {
        HttpURLConnection call =
                (HttpURLConnection) URI.create(admin + "/admin/switch").toURL().openConnection();
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.getOutputStream().close();
        if (call.getResponseCode() != 200) {
            throw new IOException("a switch ended in " + call.getResponseCode());
        }
        call.getInputStream().readAllBytes();
    }

    private void send(int client) {
        int[] latencies = micros[client];
        byte[] response = new byte[BODY * 2];
        int count = 0;
        while (!stopping) {
            try (Socket socket = new Socket("127.0.0.1", front)) {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream();
                while (!stopping && count < latencies.length) {
                    long started = System.nanoTime();
                    out.write(REQUEST);
                    read(in, response);
                    latencies[count++] = (int) ((System.nanoTime() - started) / 1000);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (IOException e) {
                failed.incrementAndGet();
            }
        }
        counts[client] = count;
    }

    private static void read(InputStream in, byte[] response) throws IOException {
        int length = 0;
        int headEnd = -1;
        while (headEnd < 0 || length < headEnd + BODY) {
            int read = in.read(response, length, response.length - length);
            if (read < 0) {
                throw new IOException("closed");
            }
            length += read;
            headEnd = headEnd < 0 ? headEnd(response, length) : headEnd;
        }
        if (!Arrays.equals(response, 0, GOOD.length, GOOD, 0, GOOD.length)) {
            throw new IOException("not a good answer");
        }
    }

    private static int headEnd(byte[] response, int length) {
        for (int i = 3; i < length; i++) {
            if (response[i] == '\n' && response[i - 1] == '\r' && response[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }
}
