package dev.turnout.support;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** An application in a process of its own, which answers 200 to everything until it is killed. */
public final class HttpProcess implements AutoCloseable {

    /** An address of its own: while it is dead, no other test takes its place. */
    private static final String HOST = "127.77.0.1";

    private final int port;
    private Process process;

    private HttpProcess(int port) {
        this.port = port;
    }

    /** Runs the application itself, at the port of the first argument. */
    public static void main(String... args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(HOST, Integer.parseInt(args[0])), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
            exchange.close();
        });
        server.start();
    }

    /** A process that listens. */
    public static HttpProcess start() {
        HttpProcess application = new HttpProcess(Ports.next());
        application.startAgain();
        Await.until("the application listens", () -> Ports.isListening(HOST, application.port));
        return application;
    }

    public String address() {
        return HOST + ":" + port;
    }

    /** Starts it at the same port, after {@link #kill9}. It may not listen yet. */
    public void startAgain() {
        try {
            process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx32m",
                            "-cp",
                            Path.of("target", "test-classes").toAbsolutePath().toString(),
                            HttpProcess.class.getName(),
                            String.valueOf(port)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill9() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        kill9();
    }
}
