package dev.turnout.proxy;

import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Command;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.routing.Transition;
import dev.turnout.support.Backend;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestLoops;
import dev.turnout.tls.CertificateSettings;
import dev.turnout.tls.Certificates;
import dev.turnout.tls.TargetWays;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A data plane in this process with one target, which every service has, and a port for HTTPS, which has a certificate for {@value #NAME}. */
final class TlsPlane implements AutoCloseable {

    static final String NAME = "shop.example";

    private final Backend backend = Backend.start();
    private Backend idle;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Map<String, String> settings;
    private final Certificates certificates;
    private final DataPlane plane;

    private TlsPlane(Map<String, String> settings) {
        this.settings = settings;
        TurnoutConfig config = config();
        certificates = new Certificates(CertificateSettings.of(config), Clock.systemUTC());
        certificates.open();
        plane = new DataPlane(TestLoops.of(vertx), config, certificates, new TargetWays());
        plane.start(state());
    }

    /**
     * Starts one.
     *
     * @param folder for its files
     * @param engine the value of {@code turnout.tls.engine}
     * @param settings further settings: key, value, key, value
     */
    static TlsPlane start(Path folder, String engine, String... settings) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("certificates"));
        TestAuthority.root("test").issue(NAME).write(directory, "shop");
        Map<String, String> all = new HashMap<>(Map.of(
                "turnout.listen.host",
                "127.0.0.1",
                "turnout.listen.port",
                "0",
                "turnout.tls.port",
                "0",
                "turnout.tls.engine",
                engine,
                "turnout.tls.directory",
                directory.toString(),
                "turnout.state.directory",
                folder.resolve("state").toString()));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new TlsPlane(all);
    }

    private TurnoutConfig config() {
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 500))
                .build());
    }

    private RoutingState state() {
        return RoutingState.of(ServiceSettings.of(config()).stream()
                .map(settings -> service(settings.name()))
                .toList());
    }

    private Service service(String name) {
        return Service.initial(
                name,
                Pool.of(List.of(new Target("127.0.0.1", backend.port()))),
                Pool.of(List.of(new Target("127.0.0.1", idle == null ? 1 : idle.port()))),
                Instant.EPOCH);
    }

    /** Publishes the state at the start with one change. */
    void command(Command command) {
        Outcome.Changed changed =
                (Outcome.Changed) Transition.apply(service(Service.DEFAULT), command, Instant.EPOCH, "a test");
        plane.publish(RoutingState.of(List.of(changed.service())), OnDrift.FAIL)
                .toCompletableFuture()
                .join();
    }

    /** Changes a setting while connections are open. */
    void change(String key, String value) {
        settings.put(key, value);
        certificates.apply(CertificateSettings.of(config()));
        plane.prepare(config()).apply();
        plane.publish(state(), OnDrift.FAIL).toCompletableFuture().join();
    }

    /** Starts an application in the idle slot. */
    Backend openIdle() {
        idle = Backend.start();
        plane.publish(state(), OnDrift.FAIL).toCompletableFuture().join();
        return idle;
    }

    Target activeTarget() {
        return new Target("127.0.0.1", backend.port());
    }

    Target idleTarget() {
        return new Target("127.0.0.1", idle.port());
    }

    Backend backend() {
        return backend;
    }

    DataPlane plane() {
        return plane;
    }

    Certificates certificates() {
        return certificates;
    }

    URI address() {
        return URI.create("https://127.0.0.1:" + plane.tlsPort().orElseThrow());
    }

    /**
     * Keeps all event loops from doing anything.
     *
     * @param until they go on with this word
     */
    void holdLoops(CountDownLatch until) throws InterruptedException {
        EventLoopGroup loops = ((VertxInternal) vertx).getEventLoopGroup();
        CountDownLatch held = new CountDownLatch(EventLoops.count(loops));
        for (EventExecutor loop : loops) {
            loop.execute(() -> {
                held.countDown();
                try {
                    until.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        held.await();
    }

    RawClient connect(String version) throws IOException {
        return RawClient.secure(address(), NAME, version);
    }

    /** How many requests are in flight to the target. */
    long inFlight() {
        return plane.inFlight(Service.DEFAULT, List.of(new Target("127.0.0.1", backend.port())))
                        instanceof InFlight.Known known
                ? known.requests()
                : -1;
    }

    /** How many requests of the default service have failed. */
    long failed() {
        return plane.totals(Service.DEFAULT).all().failed();
    }

    /** How many handshakes have ended so. */
    long handshakes(String result) {
        return plane.counts().handshakes().stream()
                .filter(counted -> counted.result().equals(result))
                .mapToLong(counted -> counted.count().getAsLong())
                .sum();
    }

    @Override
    public void close() {
        plane.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        certificates.close();
        backend.close();
        if (idle != null) {
            idle.close();
        }
    }
}
