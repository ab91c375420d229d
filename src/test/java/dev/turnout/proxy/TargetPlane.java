package dev.turnout.proxy;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.RawClient;
import dev.turnout.tls.TargetWays;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A data plane with one target, which is spoken to as the settings say. */
final class TargetPlane implements AutoCloseable {

    private final TargetWays ways = new TargetWays();
    private final DataPlane plane;
    private final String host;

    TargetPlane(Vertx vertx, TurnoutConfig config, Target target) {
        host = config.listen().host();
        ways.prepare(config).apply();
        plane = new DataPlane(vertx, config, new NoCertificates(), ways);
        plane.start(RoutingState.of(List.of(Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(target)),
                Pool.of(List.of(new Target("127.0.0.1", 1))),
                Instant.EPOCH))));
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
