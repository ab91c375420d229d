package dev.turnout.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.SendProxy;
import dev.turnout.config.TargetProtocol;
import dev.turnout.routing.Target;
import dev.turnout.support.Http2Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measured at servers that close idle connections after some time, over real sockets. */
final class KeepAliveCheckTest {

    private static final Duration IDLE = Duration.ofMillis(1_500);

    /** Answers one request with these fields, and closes the connection after a time; never if it is negative. */
    private static ServerSocket server(String fields, long closesAfterMillis) throws IOException {
        return server("", fields, closesAfterMillis);
    }

    /** As {@link #server(String, long)}, behind a header that a connection has to begin with. */
    private static ServerSocket server(String header, String fields, long closesAfterMillis) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        DaemonThread.start("keep-alive-server", () -> {
            try (Socket client = server.accept()) {
                if (!new String(client.getInputStream().readNBytes(header.length()), US_ASCII).equals(header)) {
                    return;
                }
                client.getInputStream().read(new byte[4096]);
                client.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + fields + "\r\nok").getBytes());
                if (closesAfterMillis < 0) {
                    client.getInputStream().read();
                } else {
                    TimeUnit.MILLISECONDS.sleep(closesAfterMillis);
                }
            } catch (IOException e) {
                // The other side has gone.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return server;
    }

    private static List<Finding> look(ServerSocket server) {
        return look(new Target("127.0.0.1", server.getLocalPort()));
    }

    private static List<Finding> look(Target target) {
        return look(asked(target));
    }

    private static AskedTarget asked(Target target) {
        return asked(target, SendProxy.OFF);
    }

    private static AskedTarget asked(Target target, SendProxy header) {
        return new AskedTarget(target, "/", Optional.empty(), TargetProtocol.HTTP1, header, Duration.ofMinutes(1));
    }

    private static List<Finding> look(AskedTarget asked) {
        return new KeepAliveCheck(List.of(asked), IDLE).look();
    }

    @Test
    void a_target_that_closes_before_turnout_does_is_an_error_with_the_value_to_set() throws IOException {
        try (ServerSocket server = server("", 400)) {
            Finding finding = Findings.only(look(server), Severity.ERROR);

            assertThat(finding.seen().english()).containsPattern("closes idle connections after 0\\.[4-9]s");
            assertThat(finding.advice().english()).contains("turnout.upstream.idle=0");
        }
    }

    @Test
    void a_target_that_keeps_connections_longer_is_good() throws IOException {
        try (ServerSocket server = server("", -1)) {
            Findings.only(look(server), Severity.GOOD);
        }
    }

    @Test
    void a_target_that_closes_a_bit_later_than_turnout_is_good() throws IOException {
        try (ServerSocket server = server("", 1_900)) {
            Findings.only(look(server), Severity.GOOD);
        }
    }

    @Test
    void a_target_that_says_that_it_closes_is_good() throws IOException {
        try (ServerSocket server = server("Connection: close\r\n", 0)) {
            Findings.only(look(server), Severity.GOOD);
        }
        try (ServerSocket server = server("Keep-Alive: timeout=1\r\n", 500)) {
            Findings.only(look(server), Severity.GOOD);
        }
    }

    @Test
    void a_target_that_wants_a_header_of_the_proxy_protocol_gets_it() throws IOException {
        try (ServerSocket server = server("PROXY UNKNOWN\r\n", "", -1)) {
            Target target = new Target("127.0.0.1", server.getLocalPort());

            Findings.only(look(asked(target, SendProxy.V1)), Severity.GOOD);
        }
    }

    @Test
    void a_target_that_does_not_run_is_no_error() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        Findings.only(look(new Target("127.0.0.1", port)), Severity.ADVICE);
    }

    @Test
    void a_target_that_answers_in_http_2_is_an_error_with_the_key_to_set() throws Exception {
        try (Http2Target target = new Http2Target()) {
            CompletableFuture<?> accepted = CompletableFuture.runAsync(() -> accept(target));

            Finding finding = Findings.only(look(new Target("127.0.0.1", target.port())), Severity.ERROR);

            assertThat(finding.advice().english()).contains("turnout.protocol=h2c");
            accepted.get(15, TimeUnit.SECONDS);
        }
    }

    private static void accept(Http2Target target) {
        try {
            target.accept();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_unix_socket_is_measured_as_a_port(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("app.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Thread application = new Thread(() -> closeBehindOneAnswer(server));
            application.setDaemon(true);
            application.start();

            Findings.only(look(Target.parse("unix:" + path)), Severity.ERROR);
        }
        Findings.only(look(Target.parse("unix:" + path)), Severity.ADVICE);
    }

    private static void closeBehindOneAnswer(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            client.read(ByteBuffer.allocate(4096));
            client.write(ByteBuffer.wrap("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void without_reuse_nothing_is_measured() {
        Findings.only(
                new KeepAliveCheck(List.of(asked(new Target("127.0.0.1", 1))), Duration.ZERO).look(), Severity.GOOD);
    }

    @Test
    void several_targets_are_measured_at_the_same_time() throws IOException {
        try (ServerSocket one = server("", -1);
                ServerSocket two = server("", -1);
                ServerSocket three = server("", -1)) {
            long begun = System.nanoTime();

            List<AskedTarget> targets = Stream.of(one, two, three)
                    .map(server -> asked(new Target("127.0.0.1", server.getLocalPort())))
                    .toList();
            List<Finding> findings = new KeepAliveCheck(targets, IDLE).look();

            assertThat(findings).hasSize(3);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(IDLE.multipliedBy(4));
        }
    }
}
