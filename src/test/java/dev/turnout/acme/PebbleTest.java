package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.DataPlane;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Pebble;
import dev.turnout.support.RequiresProgram;
import dev.turnout.tls.Choice;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram(value = "pebble", debianPackage = "pebble")
final class PebbleTest {

    private static final List<CertificatePlan> SHOP = RenewalsFixture.plans("shop.example.com");

    @RegisterExtension
    final Pebble pebble = new Pebble();

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private DataPlane front;
    private RenewalsFixture fixture;

    @BeforeEach
    void start() {
        Map<String, String> properties = Map.of("turnout.listen.host", "127.0.0.1", "turnout.listen.port", "0");
        front = new DataPlane(
                vertx,
                new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(properties, "test", 500))
                        .build()),
                hello -> new Choice.NoCertificate());
        Pool nobody = Pool.of(List.of(new Target("127.0.0.1", 1)));
        front.start(RoutingState.of(List.of(Service.initial(
                Service.DEFAULT, nobody, Pool.of(List.of(new Target("127.0.0.1", 2))), Instant.EPOCH))));
        fixture = new RenewalsFixture(
                folder, new HttpProofs(front.httpChallenges(), front.plainPort().orElseThrow()));
    }

    @AfterEach
    void stop() {
        front.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void the_first_certificate_is_issued_by_http_01() throws Exception {
        fixture.at(pebble.start(front.plainPort().orElseThrow(), 1));
        Renewals renewals = fixture.begin();

        Instant next = fixture.runAll(renewals, SHOP);

        IssuedPair pair = fixture.folder().pair(SHOP.get(0)).orElseThrow();
        assertThat(pair.chain()).hasSizeGreaterThan(1);
        assertThat(pair.certificate().getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(next).isAfter(fixture.clock.instant());
        assertThat(fixture.issued).hasValue(1);
        assertThat(renewals.status()).singleElement().satisfies(status -> assertThat(status.state())
                .isEqualTo(AcmeStatus.State.ISSUED));
    }
}
