package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A target that serves one connection at a time")
final class SingleThreadedTargetIT {

    private static final byte[] WELL = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell".getBytes();

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @Test
    void is_not_kept_busy_by_idle_connections() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> serve(server));
            thread.setDaemon(true);
            thread.start();
            TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                    .set("turnout.blue", "127.0.0.1:" + server.getLocalPort())
                    .green(arena.backend())
                    .set("turnout.upstream.idle", "1m")
                    .set("turnout.health.port", String.valueOf(arena.backend().port())));
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                clients.add(turnout.connect());
            }
            long begun = System.nanoTime();
            for (int i = 0; i < 60; i++) {
                assertThat(clients.get(i % 6).get("/").read().text()).isEqualTo("well");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /** One connection after the other, each to its end. */
    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                InputStream in = client.getInputStream();
                int newlines = 0;
                for (int b = in.read(); b >= 0; b = in.read()) {
                    newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
                    if (newlines == 2) {
                        client.getOutputStream().write(WELL);
                        newlines = 0;
                    }
                }
            } catch (SocketException e) {
                // The proxy has closed it, or the test is over.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
