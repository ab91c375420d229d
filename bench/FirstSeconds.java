import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends requests at an even rate, whether answers come or not, lets Turnout switch in the middle, and prints the latency
 * of those that were due in the two seconds before the switch and in the two after it. A request that has to wait for
 * its connection counts from when it was due.
 */
final class FirstSeconds {

    private static final int CONNECTIONS = 50;
    private static final int RATE = 300;
    private static final long BEFORE_SECONDS = 3;
    private static final long WINDOW_MILLIS = 2000;
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern SWITCHED_AT = Pattern.compile("\"switchedAt\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

    private record Sample(long dueMillis, long micros, boolean failed) {}

    private final int front;
    private volatile boolean stopping;

    private FirstSeconds(int front) {
        this.front = front;
    }

    /** Arguments: the front port, the address of the admin API, and what stands first in the line that is printed. */
    public static void main(String[] args) throws Exception {
        FirstSeconds bench = new FirstSeconds(Integer.parseInt(args[0]));
        long started = System.nanoTime();
        long startedMillis = System.currentTimeMillis();
        List<List<Sample>> samples = new ArrayList<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int client = i;
            List<Sample> own = new ArrayList<>();
            samples.add(own);
            Thread thread = new Thread(() -> bench.send(client, started, startedMillis, own));
            clients.add(thread);
            thread.start();
        }
        Thread.sleep(TimeUnit.SECONDS.toMillis(BEFORE_SECONDS));
        String receipt = post(args[1] + "/admin/switch?wait=switched");
        Matcher at = SWITCHED_AT.matcher(receipt);
        if (!at.find()) {
            throw new IOException("no receipt of a switch: " + receipt);
        }
        long switched = Instant.parse(at.group(1)).toEpochMilli();
        Thread.sleep(WINDOW_MILLIS + 3000);
        bench.stopping = true;
        for (Thread client : clients) {
            client.join();
        }
        List<Sample> all = samples.stream().flatMap(List::stream).toList();
        System.out.println("| " + args[2] + " | " + latencies(all, switched - WINDOW_MILLIS) + " | "
                + latencies(all, switched) + " | "
                + all.stream().filter(Sample::failed).count() + " |");
    }

    private static String latencies(List<Sample> all, long from) {
        long[] micros = all.stream()
                .filter(sample -> sample.dueMillis() >= from && sample.dueMillis() < from + WINDOW_MILLIS)
                .mapToLong(Sample::micros)
                .sorted()
                .toArray();
        return millis(micros, 0.5) + " | " + millis(micros, 0.99) + " | " + millis(micros, 1);
    }

    private static String millis(long[] sorted, double share) {
        return "%.1f".formatted(sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1000.0);
    }

    private void send(int client, long started, long startedMillis, List<Sample> samples) {
        Socket socket = null;
        for (long i = client; !stopping; i += CONNECTIONS) {
            long due = TimeUnit.SECONDS.toNanos(i) / RATE;
            LockSupport.parkNanos(started + due - System.nanoTime());
            boolean failed = false;
            try {
                if (socket == null) {
                    socket = new Socket("127.0.0.1", front);
                    socket.setTcpNoDelay(true);
                }
                exchange(socket.getOutputStream(), socket.getInputStream());
            } catch (IOException e) {
                failed = true;
                socket = null;
            }
            long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started - due);
            samples.add(new Sample(startedMillis + TimeUnit.NANOSECONDS.toMillis(due), micros, failed));
        }
    }

    private static void exchange(OutputStream out, InputStream in) throws IOException {
        out.write(REQUEST);
        byte[] response = new byte[16 * 1024];
        int length = 0;
        while (true) {
            int read = in.read(response, length, response.length - length);
            if (read < 0) {
                throw new IOException("closed");
            }
            length += read;
            String text = new String(response, 0, length, StandardCharsets.ISO_8859_1);
            int body = text.indexOf("\r\n\r\n") + 4;
            Matcher announced = LENGTH.matcher(text);
            boolean whole = announced.find()
                    ? body >= 4 && length - body >= Integer.parseInt(announced.group(1))
                    : text.endsWith("0\r\n\r\n");
            if (whole) {
                if (!text.startsWith("HTTP/1.1 200 ")) {
                    throw new IOException(text.substring(0, text.indexOf('\r')));
                }
                return;
            }
        }
    }

    private static String post(String url) throws IOException {
        HttpURLConnection call = (HttpURLConnection) URI.create(url).toURL().openConnection();
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.getOutputStream().close();
        InputStream answer = call.getResponseCode() == 200 ? call.getInputStream() : call.getErrorStream();
        return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
}
