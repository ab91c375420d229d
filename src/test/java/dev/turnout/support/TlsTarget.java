package dev.turnout.support;

import dev.turnout.support.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A real haproxy that speaks TLS in front of a plain application, byte by byte. It ends its side with a close_notify, as
 * the application ends its connection.
 */
public final class TlsTarget implements AutoCloseable {

    private final int port = Ports.next();
    private final Process process;

    /**
     * Starts it, and waits until it listens.
     *
     * @param folder for its files
     * @param options of its {@code bind}, such as {@code verify required ca-file X}
     * @param application the host and port of the application
     */
    public TlsTarget(Path folder, Issued certificate, String options, String application) {
        try {
            Path own = Files.createDirectories(folder.resolve("haproxy-" + port));
            Path pem = Files.writeString(own.resolve("app.pem"), certificate.chainPem() + certificate.keyPem());
            Path conf = Files.writeString(own.resolve("haproxy.cfg"), """
                    defaults
                        mode tcp
                        timeout connect 5s
                        timeout client 60s
                        timeout server 60s
                    listen app
                        bind 127.0.0.1:%d ssl crt %s %s
                        server app %s
                    """.formatted(port, pem, options, application));
            process = new ProcessBuilder("haproxy", "-db", "-f", conf.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(own.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("haproxy listens", () -> Ports.isListening("127.0.0.1", port));
    }

    /** Returns {@code host:port}, as Turnout's settings want it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
