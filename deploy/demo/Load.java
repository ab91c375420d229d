import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * Steady traffic for the sample application, over plain sockets: an HTTP client would try a failed request again, and
 * so hide what this is to find.
 *
 * <p>{@code java Load.java http://127.0.0.1:8088}: 32 keep-alive connections ask for a small page, four for slow
 * answers, two each upload and download 10 MB. The status and every byte of each answer are checked. SIGTERM lets what
 * has begun end and prints the result; the exit code is 1 if anything failed.
 */
final class Load {

    private static final int QUICK = 32;
    private static final int SLOW = 4;
    private static final int UPLOADING = 2;
    private static final int DOWNLOADING = 2;
    private static final int LARGE_BYTES = 10_000_000;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration LARGE_PAUSE = Duration.ofSeconds(2);
    private static final String GREETING = "현재 실행 중인 서비스의 포트는 : ";

    private final URI front;
    private final Tally tally = new Tally();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean ending;

    private Load(URI front) {
        this.front = front;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Load load = new Load(URI.create(arguments[0]));
        load.begin();
        Runtime.getRuntime().addShutdownHook(new Thread(load::finish));
        Thread.currentThread().join();
    }

    /** One request of a kind, and the check of its answer. */
    private interface Attempt {

        void on(Connection connection) throws IOException;
    }

    private void begin() {
        byte[] large = pattern(LARGE_BYTES);
        String received = "%d %08x".formatted(LARGE_BYTES, checksum(large));
        for (int i = 0; i < QUICK; i++) {
            client(PAUSE, this::askForPage);
        }
        for (int i = 0; i < SLOW; i++) {
            int millis = 1000 + i * 2000 / (SLOW - 1);
            client(PAUSE, connection -> askForSlowPage(connection, millis));
        }
        for (int i = 0; i < UPLOADING; i++) {
            client(LARGE_PAUSE, connection -> upload(connection, large, received));
        }
        for (int i = 0; i < DOWNLOADING; i++) {
            client(LARGE_PAUSE, connection -> download(connection, large));
        }
    }

    private void client(Duration pause, Attempt attempt) {
        Thread client = new Thread(() -> repeat(pause, attempt));
        clients.add(client);
        client.start();
    }

    private void repeat(Duration pause, Attempt attempt) {
        try (Connection connection = new Connection(front)) {
            while (!ending) {
                tally.sent();
                try {
                    attempt.on(connection);
                } catch (IOException | RuntimeException e) {
                    tally.failed(e);
                    connection.drop();
                }
                Thread.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish() {
        ending = true;
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.print(tally.summary());
        System.out.flush();
        Runtime.getRuntime().halt(tally.hasFailures() ? 1 : 0);
    }

    private void askForPage(Connection connection) throws IOException {
        long begun = System.nanoTime();
        String page = text(connection.exchange("GET", "/", new byte[0]));
        tally.took(System.nanoTime() - begun);
        expect(page.startsWith(GREETING), page);
        tally.answeredBy(page.substring(GREETING.length()));
    }

    private void askForSlowPage(Connection connection, int millis) throws IOException {
        String page = text(connection.exchange("GET", "/slow?millis=" + millis, new byte[0]));
        expect(page.equals("slept " + millis), page);
    }

    private void upload(Connection connection, byte[] large, String received) throws IOException {
        String page = text(connection.exchange("POST", "/upload", large));
        expect(page.equals(received), page);
        tally.checked(large.length);
    }

    private void download(Connection connection, byte[] large) throws IOException {
        byte[] body = connection.exchange("GET", "/download?bytes=" + large.length, new byte[0]);
        expect(Arrays.equals(body, large), body.length + " bytes that are not those asked for");
        tally.checked(body.length);
    }

    private static void expect(boolean right, String answer) throws IOException {
        if (!right) {
            throw new IOException("wrong answer: " + answer);
        }
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body that the application's {@code /download} sends. */
    private static byte[] pattern(int bytes) {
        byte[] body = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            body[i] = (byte) (i % 251);
        }
        return body;
    }

    private static long checksum(byte[] body) {
        CRC32 checksum = new CRC32();
        checksum.update(body);
        return checksum.getValue();
    }

    /** A keep-alive connection, opened when it is first needed and again after the other side has said that it closes. */
    private static final class Connection implements AutoCloseable {

        private static final int TIMEOUT_MILLIS = 30_000;

        private final URI front;
        private Socket socket = new Socket();
        private InputStream in = InputStream.nullInputStream();

        Connection(URI front) {
            this.front = front;
            drop();
        }

        /** Sends a request and returns the body of its answer, which has to be a 200. */
        byte[] exchange(String method, String path, byte[] body) throws IOException {
            if (socket.isClosed()) {
                open();
            }
            String head = method + " " + path + " HTTP/1.1\r\nHost: " + front.getAuthority() + "\r\n"
                    + (method.equals("POST")
                            ? "Content-Type: application/octet-stream\r\nContent-Length: " + body.length + "\r\n"
                            : "")
                    + "\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            return answer();
        }

        private void open() throws IOException {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(front.getHost(), front.getPort()), TIMEOUT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        }

        private byte[] answer() throws IOException {
            String status = line();
            long length = -1;
            boolean chunked = false;
            boolean closes = false;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String[] parts = header.toLowerCase(Locale.ROOT).split(": *", 2);
                switch (parts[0]) {
                    case "content-length" -> length = Long.parseLong(parts[1]);
                    case "transfer-encoding" -> chunked = parts[1].equals("chunked");
                    case "connection" -> closes = parts[1].equals("close");
                    default -> {}
                }
            }
            byte[] body = chunked ? chunks() : bytes(length);
            if (closes) {
                drop();
            }
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new IOException(status + ": " + text(body).strip());
            }
            return body;
        }

        private byte[] chunks() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.write(bytes(size));
                line();
            }
            line();
            return body.toByteArray();
        }

        private byte[] bytes(long length) throws IOException {
            if (length < 0) {
                return in.readAllBytes();
            }
            byte[] body = in.readNBytes((int) length);
            if (body.length < length) {
                throw new EOFException("closed after " + body.length + " of " + length + " bytes");
            }
            return body;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("closed before the answer was whole");
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }

        /** Closes it; the next exchange opens another. */
        void drop() {
            try {
                socket.close();
            } catch (IOException e) {
                System.err.println("closing a socket: " + e);
            }
        }

        @Override
        public void close() {
            drop();
        }
    }

    /** What has been seen so far; for all threads. */
    private static final class Tally {

        private static final int SHOWN_FAILURES = 10;
        private static final long BUCKET_NANOS = 100_000;
        private static final int BUCKETS = 300_000;

        private final LongAdder sent = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final LongAdder checkedBytes = new LongAdder();
        private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
        private final AtomicLongArray latencies = new AtomicLongArray(BUCKETS);

        void sent() {
            sent.increment();
        }

        void failed(Exception cause) {
            failed.increment();
            if (failed.sum() <= SHOWN_FAILURES) {
                System.err.println(LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + " failed: " + cause);
            }
        }

        void checked(long bytes) {
            checkedBytes.add(bytes);
        }

        void answeredBy(String port) {
            answers.computeIfAbsent(port, key -> new LongAdder()).increment();
        }

        void took(long nanos) {
            latencies.incrementAndGet((int) Math.min(BUCKETS - 1, nanos / BUCKET_NANOS));
        }

        boolean hasFailures() {
            return failed.sum() > 0;
        }

        String summary() {
            String pages = answers.entrySet().stream()
                    .map(answer -> "%d from port %s".formatted(answer.getValue().sum(), answer.getKey()))
                    .collect(Collectors.joining(", "));
            return """
                    requests sent    %d over %d keep-alive connections
                    failed           %d
                    small pages      %s
                    their latency    median %.1f ms, p99 %.1f ms, longest %.1f ms
                    large bodies     %d MB, checked byte by byte
                    """.formatted(
                            sent.sum(),
                            QUICK + SLOW + UPLOADING + DOWNLOADING,
                            failed.sum(),
                            pages,
                            quantile(0.5),
                            quantile(0.99),
                            quantile(1),
                            checkedBytes.sum() / 1_000_000);
        }

        /** The latency, in milliseconds, that the given share of the small pages did not exceed. */
        private double quantile(double share) {
            long all = 0;
            for (int i = 0; i < BUCKETS; i++) {
                all += latencies.get(i);
            }
            long wanted = (long) Math.ceil(all * share);
            long seen = 0;
            int bucket = 0;
            while (bucket < BUCKETS - 1 && (seen += latencies.get(bucket)) < wanted) {
                bucket++;
            }
            return (bucket + 1) * BUCKET_NANOS / 1e6;
        }
    }
}
