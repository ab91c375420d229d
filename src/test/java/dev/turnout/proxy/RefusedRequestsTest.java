package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Service;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
        "A request that Turnout refuses counts as failed if the status says so, and for its service if it is known")
final class RefusedRequestsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";

    @TempDir
    private Path folder;

    private TlsPlane plane;

    private RawClient connect(String... settings) throws IOException {
        if (plane == null) {
            plane = TlsPlane.start(folder, "jdk", settings);
        }
        return RawClient.to(
                URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()));
    }

    private Map<String, Map<String, Long>> failures() {
        return plane.plane().takeFailures().toCompletableFuture().join();
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void over_the_limit_of_requests() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        try (RawClient first = connect("turnout.limits.requests", "1");
                RawClient second = connect()) {
            plane.backend().always(Effect.heldUntil(word, new Effect.Application("blue")));
            first.send(GET);
            Await.until("the first is in flight", () -> plane.backend().requests() == 1);

            Response refused = second.send(GET).read();
            word.countDown();
            assertThat(first.read().text()).isEqualTo("blue");

            assertThat(refused.fields().only("X-Turnout")).hasValue("too-many-requests");
            assertThat(plane.failed()).isOne();
            assertThat(failures()).isEqualTo(Map.of(Service.DEFAULT, Map.of("too-many-requests", 1L)));
        }
    }

    @Test
    void over_a_limit_that_is_the_fault_of_the_client() throws IOException {
        try (RawClient client = connect("turnout.limits.body", "1K")) {
            Response refused = client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n")
                    .read();

            assertThat(refused.status()).isEqualTo(413);
            assertThat(plane.failed()).isZero();
            assertThat(failures()).isEmpty();
        }
    }
}
