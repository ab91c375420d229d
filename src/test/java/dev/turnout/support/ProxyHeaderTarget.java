package dev.turnout.support;

import dev.turnout.support.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real server that takes only connections that begin with a header of the PROXY protocol: one port for plain
 * connections, one for TLS. Each answer is what the server was told: the client's address and port, and the address and
 * port that the client connected to.
 */
public final class ProxyHeaderTarget implements AutoCloseable {

    /** The server. */
    public enum Program {
        NGINX,
        HAPROXY
    }

    private final int plainPort = Ports.next();
    private final int tlsPort = Ports.next();
    private final Process process;

    /**
     * Starts it, and waits until it listens.
     *
     * @param folder for its files
     */
    public ProxyHeaderTarget(Program program, Path folder, Issued certificate) {
        try {
            Path own = Files.createDirectories(folder.resolve(program + "-" + plainPort));
            Files.writeString(own.resolve("app.pem"), certificate.chainPem() + certificate.keyPem());
            process = new ProcessBuilder(program == Program.NGINX ? nginx(own) : haproxy(own))
                    .redirectErrorStream(true)
                    .redirectOutput(own.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("both ports listen", () -> isListening(plainPort) && isListening(tlsPort));
    }

    private static boolean isListening(int port) {
        return Ports.isListening("127.0.0.1", port);
    }

    private List<String> nginx(Path own) throws IOException {
        Path conf = Files.writeString(own.resolve("nginx.conf"), """
                daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log info;
                events { worker_connections 128; }
                http {
                    access_log off;
                    client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                    server {
                        listen 127.0.0.1:%2$d proxy_protocol;
                        listen 127.0.0.1:%3$d ssl proxy_protocol;
                        ssl_certificate app.pem; ssl_certificate_key app.pem;
                        location / { return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port"; }
                    }
                }
                """.formatted(own, plainPort, tlsPort));
        return List.of("nginx", "-p", own + "/", "-c", conf.toString(), "-e", own + "/error.log");
    }

    private List<String> haproxy(Path own) throws IOException {
        Path conf = Files.writeString(own.resolve("haproxy.cfg"), """
                defaults
                    mode http
                    timeout client 60s
                frontend app
                    bind 127.0.0.1:%d accept-proxy
                    bind 127.0.0.1:%d accept-proxy ssl crt %s/app.pem
                    http-request return status 200 content-type text/plain lf-string "%%[src] %%[src_port] %%[dst] %%[dst_port]"
                """.formatted(plainPort, tlsPort, own));
        return List.of("haproxy", "-db", "-f", conf.toString());
    }

    /** Returns the port for plain connections or for TLS. */
    public int port(boolean tls) {
        return tls ? tlsPort : plainPort;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
