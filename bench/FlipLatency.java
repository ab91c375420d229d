import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends requests over keep-alive connections in rounds with and without flips, and prints the latencies of both side by
 * side: what a flip adds to the slowest request, and that none fails.
 */
final class FlipLatency {

    private static final int CONNECTIONS = 16;
    private static final int ROUNDS = 5;
    private static final int ROUND_MILLIS = 4000;
    private static final int WARM_UP_MILLIS = 8000;
    private static final byte[] REQUEST =
            "GET /1024 HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int front;
    private final String admin;
    private final AtomicLong failed = new AtomicLong();

    private FlipLatency(int front, String admin) {
        this.front = front;
        this.admin = admin;
    }

    public static void main(String[] args) throws Exception {
        FlipLatency bench = new FlipLatency(Integer.parseInt(args[0]), args[1]);
        bench.round(WARM_UP_MILLIS, true);
        System.out.println("| round | flips | requests | p50 µs | p99 µs | p99.9 µs | p100 µs |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
        for (int i = 1; i <= ROUNDS; i++) {
            System.out.println("| " + i + " without | " + bench.round(ROUND_MILLIS, false));
            System.out.println("| " + i + " with | " + bench.round(ROUND_MILLIS, true));
        }
        System.out.println("Failed requests: " + bench.failed);
        System.exit(bench.failed.get() == 0 ? 0 : 1);
    }

    private String round(int millis, boolean flips) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        long[][] latencies = new long[CONNECTIONS][];
        Thread[] clients = new Thread[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            int client = i;
            clients[i] = new Thread(() -> latencies[client] = send(stop));
            clients[i].start();
        }
        long end = System.nanoTime() + millis * 1_000_000L;
        int flipped = 0;
        while (System.nanoTime() < end) {
            if (flips) {
                flip();
                flipped++;
            } else {
                Thread.sleep(10);
            }
        }
        stop.set(true);
        for (Thread client : clients) {
            client.join();
        }
        long[] all =
                Arrays.stream(latencies).flatMapToLong(Arrays::stream).sorted().toArray();
        return flipped + " | " + all.length + " | " + micros(all, 0.5) + " | " + micros(all, 0.99) + " | "
                + micros(all, 0.999) + " | " + micros(all, 1) + " |";
    }

    private static long micros(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1000;
    }

    private void flip() throws IOException {
        HttpURLConnection call = (HttpURLConnection)
                URI.create(admin + "/admin/switch?force=true").toURL().openConnection();
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.getOutputStream().close();
        if (call.getResponseCode() != 200) {
            throw new IOException("a switch ended in " + call.getResponseCode());
        }
        call.getInputStream().readAllBytes();
    }

    private long[] send(AtomicBoolean stop) {
        long[] latencies = new long[1 << 20];
        int count = 0;
        byte[] response = new byte[8192];
        while (!stop.get()) {
            try (Socket socket = new Socket("127.0.0.1", front)) {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                DataInputStream in = new DataInputStream(socket.getInputStream());
                while (!stop.get() && count < latencies.length) {
                    long started = System.nanoTime();
                    out.write(REQUEST);
                    read(in, response);
                    latencies[count++] = System.nanoTime() - started;
                }
            } catch (IOException e) {
                failed.incrementAndGet();
            }
        }
        return Arrays.copyOf(latencies, count);
    }

    private static void read(DataInputStream in, byte[] response) throws IOException {
        int length = 0;
        while (true) {
            int read = in.read(response, length, response.length - length);
            if (read < 0) {
                throw new IOException("closed");
            }
            length += read;
            String text = new String(response, 0, length, StandardCharsets.ISO_8859_1);
            int body = text.indexOf("\r\n\r\n");
            if (body >= 0 && length - body - 4 >= 1024) {
                if (!text.startsWith("HTTP/1.1 200 ")) {
                    throw new IOException(text.substring(0, text.indexOf('\r')));
                }
                return;
            }
        }
    }
}
