package dev.turnout.proxy;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.TestLoops;
import dev.turnout.tls.TargetWays;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A data plane before one target that speaks HTTP/2 in clear. */
final class Http2TargetPlane {

    private Http2TargetPlane() {}

    /** @param settings that it has beside, key and value */
    static DataPlane start(Vertx vertx, Path folder, int port, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "turnout.listen.host", "127.0.0.1",
                "turnout.listen.port", "0",
                "turnout.blue", "127.0.0.1:" + port,
                "turnout.green", "127.0.0.1:1",
                "turnout.protocol", "h2c",
                "turnout.upstream.connect", "2s",
                "turnout.state.directory", folder.resolve("state").toString()));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        TurnoutConfig config = new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build());
        DataPlane started = new DataPlane(TestLoops.of(vertx), config, new NoCertificates(), new TargetWays());
        started.start(RoutingState.of(List.of(Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(new Target("127.0.0.1", port))),
                Pool.of(List.of(new Target("127.0.0.1", 1))),
                Instant.EPOCH))));
        return started;
    }
}
