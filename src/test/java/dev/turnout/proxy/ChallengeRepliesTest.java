package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Command;
import dev.turnout.routing.MaintenanceTerms;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane;
import dev.turnout.routing.Transition;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestLoops;
import dev.turnout.support.wire.Response;
import dev.turnout.tls.TargetWays;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ChallengeRepliesTest {

    private static final String PATH = "/.well-known/acme-challenge/";

    private final Backend backend = Backend.start().always(new Effect.Application("blue"));
    private final Vertx vertx = Vertx.vertx();
    private DataPlane plane;

    @BeforeEach
    void start() {
        Map<String, String> properties =
                Map.of("turnout.listen.host", "127.0.0.1", "turnout.listen.port", "0", "turnout.limits.body", "10");
        plane = new DataPlane(
                TestLoops.of(vertx),
                new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(properties, "test", 500))
                        .build()),
                new NoCertificates(),
                new TargetWays());
        plane.start(RoutingState.of(List.of(service())));
    }

    private Service service() {
        return Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(new Target("127.0.0.1", backend.port()))),
                Pool.of(List.of(new Target("127.0.0.1", 1))),
                Instant.EPOCH);
    }

    @AfterEach
    void stop() {
        plane.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        backend.close();
    }

    private Response get(String path) throws IOException {
        try (RawClient client =
                RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()))) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: whatever.example\r\n\r\n")
                    .read();
        }
    }

    @Test
    @Guards("T10")
    void a_pending_token_is_answered_with_its_key_authorization_and_an_unknown_token_by_the_application()
            throws IOException {
        plane.httpChallenges().offer("token-1", "token-1.thumb");

        assertThat(get(PATH + "token-1").text()).isEqualTo("token-1.thumb");
        assertThat(get(PATH + "token-1?query").text()).isEqualTo("token-1.thumb");
        assertThat(backend.requests()).isZero();
        assertThat(get(PATH + "token-2").status()).isEqualTo(200);
        assertThat(get(PATH + "token-1/more").status()).isEqualTo(200);
        assertThat(backend.requests()).isEqualTo(2);
    }

    @Test
    void a_withdrawn_token_is_the_applications_again() throws IOException {
        plane.httpChallenges().offer("token-1", "token-1.thumb");
        plane.httpChallenges().offer("token-2", "token-2.thumb");
        plane.httpChallenges().withdraw("token-1");

        assertThat(get(PATH + "token-2").text()).isEqualTo("token-2.thumb");
        get(PATH + "token-1");
        assertThat(backend.requests()).isOne();
    }

    @Test
    void a_token_is_answered_while_the_service_is_paused() throws IOException {
        Outcome paused = Transition.apply(service(), new Command.Pause(), Instant.EPOCH, "test");
        plane.publish(RoutingState.of(List.of(((Outcome.Changed) paused).service())), TrafficPlane.OnDrift.FAIL);
        plane.httpChallenges().offer("token-1", "token-1.thumb");

        assertThat(get(PATH + "token-1").text()).isEqualTo("token-1.thumb");
    }

    @Test
    void a_token_is_answered_while_the_service_is_under_maintenance() throws IOException {
        MaintenanceTerms terms = new MaintenanceTerms(Optional.empty(), List.of(), MaintenanceTerms.USUAL_RETRY);
        Outcome begun = Transition.apply(service(), new Command.BeginMaintenance(terms), Instant.EPOCH, "test");
        plane.publish(RoutingState.of(List.of(((Outcome.Changed) begun).service())), TrafficPlane.OnDrift.FAIL);
        plane.httpChallenges().offer("token-1", "token-1.thumb");

        assertThat(get(PATH + "token-1").text()).isEqualTo("token-1.thumb");
    }

    @Test
    void the_connection_goes_on_after_an_answer_and_HEAD_gets_no_content() throws IOException {
        plane.httpChallenges().offer("token-1", "token-1.thumb");
        try (RawClient client =
                RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()))) {
            String host = " HTTP/1.1\r\nHost: whatever.example\r\n\r\n";

            Response head = client.send("HEAD " + PATH + "token-1" + host).read("HEAD");
            Response get = client.send("GET " + PATH + "token-1" + host).read();

            assertThat(head.status()).isEqualTo(200);
            assertThat(get.text()).isEqualTo("token-1.thumb");
            assertThat(get.fields().only("Content-Type")).hasValue("text/plain; charset=utf-8");
        }
    }

    @Test
    void a_body_above_the_limit_does_not_keep_a_token_from_its_answer() throws IOException {
        plane.httpChallenges().offer("token-1", "token-1.thumb");
        try (RawClient client =
                RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()))) {
            Response response = client.send("GET " + PATH + "token-1 HTTP/1.1\r\nHost: a.example\r\n"
                            + "Content-Length: 20\r\n\r\n01234567890123456789")
                    .read();
            assertThat(response.text()).isEqualTo("token-1.thumb");
        }
    }
}
