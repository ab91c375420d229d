package dev.turnout.nginx;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients that GET over one kept connection each until they are stopped, as browsers do: when a connection that has
 * served before is closed with no byte of an answer, the GET is sent again on a new one (RFC 9112, section 9.3.1). Those
 * are counted apart; everything else but a whole 200 is a failure.
 */
final class BrowserLoad {

    /** Between an answer and the next request: most of the time a kept connection is idle. */
    private static final long THINKING_MILLIS = 5;

    /** What the sample application takes half a second for; other targets answer it like anything else. */
    private static final String SLOW = "/slow?millis=500";

    private final URI front;
    private final List<Thread> clients = new ArrayList<>();
    private final LongAdder answers = new LongAdder();
    private final LongAdder sentAgain = new LongAdder();
    private final Map<String, LongAdder> failures = new ConcurrentSkipListMap<>();
    private volatile boolean stopping;

    private BrowserLoad(URI front) {
        this.front = front;
    }

    static BrowserLoad start(URI front, int count) {
        return new BrowserLoad(front).add(count, "/");
    }

    /**
     * For the scripts in nginx-compat: {@code java BrowserLoad.java URL CLIENTS SLOW_CLIENTS} runs until the end of its
     * input and prints what came of it.
     */
    public static void main(String... args) throws Exception {
        BrowserLoad load = new BrowserLoad(URI.create(args[0]))
                .add(Integer.parseInt(args[1]), "/")
                .add(Integer.parseInt(args[2]), SLOW);
        System.in.transferTo(OutputStream.nullOutputStream());
        Report report = load.stop();
        long failed =
                report.failures().values().stream().mapToLong(LongAdder::sum).sum();
        System.out.println("answers " + report.answers() + " failed " + failed + " again " + report.sentAgain());
        report.failures().forEach((reason, count) -> System.err.println(count + " x " + reason));
    }

    private BrowserLoad add(int count, String path) {
        for (int i = 0; i < count; i++) {
            Thread client = new Thread(() -> run(path), "browser");
            client.setDaemon(true);
            clients.add(client);
            client.start();
        }
        return this;
    }

    /** One GET on a connection of its own. */
    static String once(URI front) {
        try (Connection connection = new Connection(front)) {
            return connection.get("/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param sentAgain GETs whose kept connection was closed just as they were sent */
    record Report(long answers, long sentAgain, Map<String, LongAdder> failures) {}

    long answers() {
        return answers.sum();
    }

    Report stop() throws InterruptedException {
        stopping = true;
        for (Thread client : clients) {
            client.join();
        }
        return new Report(answers.sum(), sentAgain.sum(), failures);
    }

    private void run(String path) {
        while (!stopping) {
            long served = 0;
            try (Connection connection = new Connection(front)) {
                while (!stopping && !connection.closing) {
                    connection.get(path);
                    served++;
                    answers.increment();
                    Thread.sleep(THINKING_MILLIS);
                }
            } catch (Unanswered e) {
                if (served > 0) {
                    sentAgain.increment();
                } else {
                    failed(e);
                }
            } catch (IOException e) {
                failed(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void failed(IOException e) {
        failures.computeIfAbsent(e.toString(), message -> new LongAdder()).increment();
    }

    /** The connection ended before a byte of the answer. */
    private static final class Unanswered extends IOException {
        private static final long serialVersionUID = 1L;

        Unanswered(IOException cause) {
            super(cause);
        }
    }

    private static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;
        private boolean closing;

        Connection(URI front) throws IOException {
            socket = new Socket(front.getHost(), front.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        String get(String path) throws IOException {
            int first = sendAndAwaitFirstByte("GET " + path + " HTTP/1.1\r\nHost: app.example\r\n\r\n");
            StringBuilder head = new StringBuilder().append((char) first);
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("ended in the head: " + head);
                }
                head.append((char) next);
            }
            closing = head.indexOf("Connection: close") >= 0;
            int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
            int length = Integer.parseInt(head.substring(at, head.indexOf("\r", at)));
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new IOException("ended in the body");
            }
            String text = new String(body, StandardCharsets.UTF_8);
            if (head.indexOf("HTTP/1.1 200 ") != 0) {
                throw new IOException(head.substring(0, head.indexOf("\r")) + ": " + text);
            }
            return text;
        }

        private int sendAndAwaitFirstByte(String request) throws IOException {
            int first;
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                first = in.read();
            } catch (IOException e) {
                throw new Unanswered(e);
            }
            if (first < 0) {
                throw new Unanswered(new IOException("closed"));
            }
            return first;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
