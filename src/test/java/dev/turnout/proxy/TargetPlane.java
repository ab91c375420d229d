package dev.turnout.proxy;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestLoops;
import dev.turnout.tls.TargetWays;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A data plane with one target, which is spoken to as the settings say. */
final class TargetPlane implements AutoCloseable {

    private final TargetWays ways = new TargetWays();
    private final DataPlane plane;
    private final String host;

    TargetPlane(Vertx vertx, TurnoutConfig config, Target target) {
        host = config.listen().host();
        ways.prepare(config).apply();
        plane = new DataPlane(TestLoops.of(vertx), config, new NoCertificates(), ways);
        plane.start(RoutingState.of(List.of(Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(target)),
                Pool.of(List.of(new Target("127.0.0.1", 1))),
                Instant.EPOCH))));
    }

    /**
     * Returns the configuration of a plane with a front of its own.
     *
     * @param folder for its state
     * @param defaults what holds unless a setting says otherwise
     * @param settings keys and values by turns
     */
    static TurnoutConfig config(Path folder, Map<String, String> defaults, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "turnout.listen.host", "127.0.0.1",
                "turnout.listen.port", "0",
                "turnout.blue", "127.0.0.1:1",
                "turnout.green", "127.0.0.1:2",
                "turnout.state.directory", folder.resolve("state").toString()));
        all.putAll(defaults);
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build());
    }

    DataPlane plane() {
        return plane;
    }

    TargetWays ways() {
        return ways;
    }

    int port() {
        return plane.plainPort().orElseThrow();
    }

    RawClient connect() throws IOException {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return RawClient.to(URI.create("http://" + name + ":" + port()));
    }

    @Override
    public void close() {
        plane.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
        ways.close();
    }
}
