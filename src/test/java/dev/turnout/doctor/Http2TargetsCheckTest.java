package dev.turnout.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.SendProxy;
import dev.turnout.config.TargetProtocol;
import dev.turnout.routing.Target;
import dev.turnout.support.Http2Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measured at real sockets. */
final class Http2TargetsCheckTest {

    private static List<Finding> look(int port) {
        Target target = new Target("127.0.0.1", port);
        return new Http2TargetsCheck(List.of(new AskedTarget(
                        target, "/", Optional.empty(), TargetProtocol.H2C, SendProxy.OFF, Duration.ofMinutes(1))))
                .look();
    }

    @Test
    void a_target_that_answers_with_its_settings_is_good() throws Exception {
        try (Http2Target target = new Http2Target()) {
            CompletableFuture<Void> accepted = new CompletableFuture<>();
            DaemonThread.start("http2-target", () -> {
                try {
                    target.accept();
                    accepted.complete(null);
                } catch (IOException e) {
                    accepted.completeExceptionally(e);
                }
            });

            Findings.only(look(target.port()), Severity.GOOD);
            accepted.get(15, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_target_that_answers_in_http_1_is_an_error_with_what_to_do() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            DaemonThread.start("http1-target", () -> refuse(server));

            Finding finding = Findings.only(look(server.getLocalPort()), Severity.ERROR);

            assertThat(finding.advice().english()).contains("protocol=h2c");
        }
    }

    private static void refuse(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            client.getInputStream().read(new byte[4096]);
        } catch (IOException e) {
            // The other side has gone.
        }
    }

    @Test
    void a_target_that_does_not_run_is_no_error() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        Findings.only(look(port), Severity.ADVICE);
    }

    @ParameterizedTest
    @CsvSource({"H2C, true, false", "H2, true, false", "HTTP1, false, true"})
    void plain_connections_of_http_2_are_looked_at(TargetProtocol protocol, boolean looked, boolean isHttp1) {
        AskedTarget asked = new AskedTarget(
                new Target("127.0.0.1", 1), "/", Optional.empty(), protocol, SendProxy.OFF, Duration.ofMinutes(1));

        assertThat(asked.hasPriorKnowledge()).isEqualTo(looked);
        assertThat(asked.isHttp1()).isEqualTo(isHttp1);
    }
}
