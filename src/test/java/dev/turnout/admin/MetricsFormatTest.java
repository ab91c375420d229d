package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A call for the metrics")
final class MetricsFormatTest {

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CountDownLatch asked = new CountDownLatch(2);
    private final Meters meters = new Meters(List.of(to -> to.counter("last")));
    private int port;

    @BeforeEach
    void serve() throws Exception {
        MetricsFormat format = new MetricsFormat(meters);
        Router router = Router.router(vertx);
        router.route().handler(call -> {
            asked.countDown();
            format.choose(call);
        });
        router.route()
                .handler(call -> call.end(String.valueOf(registry.getMeters().size()) + Context.isOnEventLoopThread()));
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void close() {
        vertx.close();
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        return HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    @DisplayName("waits until all meters are bound, and no other call waits")
    void waits_for_the_meters() throws Exception {
        var metrics = get("/q/metrics");
        assertThat(get("/admin/status").get(10, TimeUnit.SECONDS).body()).isEqualTo("0true");
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(metrics).isNotDone();

        meters.bindTo(registry);

        assertThat(metrics.get(10, TimeUnit.SECONDS).body()).isEqualTo("1true");
        assertThat(get("/q/metrics").get(10, TimeUnit.SECONDS).body()).isEqualTo("1true");
    }
}
