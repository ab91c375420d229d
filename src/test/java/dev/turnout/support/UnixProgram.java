package dev.turnout.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real server that listens on a Unix socket, and answers 200 with its name. */
public final class UnixProgram implements AutoCloseable {

    private static final String PYTHON = """
            import http.server, socketserver, sys
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = 'HTTP/1.1'
                def address_string(self): return 'unix'
                def log_message(self, *words): pass
                def do_GET(self):
                    body = sys.argv[2].encode()
                    self.send_response(200)
                    self.send_header('Content-Length', str(len(body)))
                    self.send_header('X-Host', self.headers.get('Host', ''))
                    self.end_headers()
                    self.wfile.write(body)
            class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
                daemon_threads = True
                request_queue_size = 128
            Server(sys.argv[1], Handler).serve_forever()
            """;

    private final Path socket;
    private final Process process;

    private UnixProgram(Path socket, List<String> command) {
        this.socket = socket;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            socket.resolveSibling(socket.getFileName() + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("the socket is there", () -> Files.exists(socket));
    }

    /** Starts Python's own HTTP server, a thread for each connection. */
    public static UnixProgram python(Path folder, String name) throws IOException {
        Path socket = folder.resolve(name + ".sock");
        Path script = Files.writeString(folder.resolve(name + ".py"), PYTHON);
        return new UnixProgram(socket, List.of("python3", script.toString(), socket.toString(), name));
    }

    /**
     * Starts nginx.
     *
     * @param listen what stands behind the path in its {@code listen} directive
     * @param answer the text of each answer
     */
    public static UnixProgram nginx(Path folder, String name, String listen, String answer) throws IOException {
        Path socket = folder.resolve(name + ".sock");
        Path conf =
                Files.writeString(folder.resolve(name + ".conf"), """
                daemon off; master_process off; pid %1$s/%2$s.pid; error_log %1$s/error.log info;
                events { worker_connections 512; }
                http {
                    access_log off; keepalive_requests 1000000; keepalive_timeout 300s;
                    client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                    server {
                        listen unix:%3$s %4$s;
                        location / { return 200 "%5$s"; }
                    }
                }
                """.formatted(folder, name, socket, listen, answer));
        return new UnixProgram(
                socket, List.of("nginx", "-p", folder + "/", "-c", conf.toString(), "-e", folder + "/e"));
    }

    /** Returns the path of the socket. */
    public Path socket() {
        return socket;
    }

    /** Returns the text of the target. */
    public String address() {
        return "unix:" + socket;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
