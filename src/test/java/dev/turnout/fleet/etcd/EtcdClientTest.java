package dev.turnout.fleet.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The client of etcd beside a gateway that is slow")
final class EtcdClientTest {

    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final HttpServer server;

    EtcdClientTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    @DisplayName("is patient until its first answer, since nothing of a process that has just started is quick")
    void first_answer() throws EtcdFailed {
        server.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            Await.pause(ANSWER.multipliedBy(3).dividedBy(2));
            byte[] said = "{\"version\": \"3.4.23\"}".getBytes(StandardCharsets.US_ASCII);
            call.sendResponseHeaders(200, said.length);
            call.getResponseBody().write(said);
            call.close();
        });
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        EtcdClient client =
                new EtcdClient(new EtcdSettings(List.of(endpoint), Optional.empty(), Optional.empty(), ANSWER));

        assertThat(client.version()).isEqualTo("3.4.23");
        assertThatThrownBy(client::version)
                .isInstanceOf(EtcdFailed.class)
                .hasMessageContaining("did not answer in 1000 ms");
    }
}
