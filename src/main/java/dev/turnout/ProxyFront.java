package dev.turnout;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.DataPlane;
import dev.turnout.routing.HostPort;
import dev.turnout.routing.NextSettings;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCapabilities;
import dev.turnout.tls.HttpChallenges;
import dev.turnout.tls.TlsRefused;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Turnout's own data plane as the front. */
final class ProxyFront implements Front {

    /** The time to cut what is left after the timeout. A stuck event loop does not cut anything. */
    private static final Duration LAST_CUT = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger("dev.turnout");

    private final DataPlane plane;
    private final String host;
    private volatile boolean serving;

    ProxyFront(DataPlane plane, String host) {
        this.plane = plane;
        this.host = host;
    }

    @Override
    public TrafficCapabilities traffic() {
        return TrafficCapabilities.ofAll(plane);
    }

    /** Returns the configured state: nothing carries traffic before this front. */
    @Override
    public RoutingState takeOver(Optional<RoutingState> recorded, RoutingState configured) {
        return configured;
    }

    @Override
    public void start(RoutingState state) {
        try {
            plane.start(state);
        } catch (IllegalStateException e) {
            throw new StartRefused(e.getMessage() + ".", e);
        } catch (TlsRefused e) {
            throw new StartRefused(e.reason(), e);
        }
        serving = true;
        plane.whyNotEpoll()
                .ifPresent(why -> LOG.warn(
                        "Turnout serves with the channels of Java (nio), not with epoll. Each request costs more CPU"
                                + " time, and no listening socket can be taken over. The cause: " + why + "."));
    }

    @Override
    public NextSettings prepare(TurnoutConfig next) {
        return plane.prepare(next);
    }

    /** Writes nothing: {@link #takeOver} finds nothing. */
    @Override
    public void journalTakeOver() {}

    @Override
    public String address() {
        return Stream.of(
                        plane.plainPort().map(port -> "http://" + new HostPort(host, port)),
                        plane.tlsPort().map(port -> "https://" + new HostPort(host, port)))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
    }

    @Override
    public Optional<String> transport() {
        return Optional.of(plane.transport());
    }

    @Override
    public List<EventLoopGroup> carriers() {
        return List.of(plane.group());
    }

    @Override
    public boolean isServing() {
        return serving;
    }

    @Override
    public void serveAdminOnFront(Target admin, String secret, int most) {
        plane.serveAdminOnFront(admin, secret, most);
    }

    @Override
    public MeterBinder metrics() {
        return new DataPlaneMetrics(plane.counts());
    }

    @Override
    public void answerReady(boolean isReady) {
        plane.answerReady(isReady);
    }

    @Override
    public Optional<HttpChallenges> httpChallenges() {
        return Optional.of(plane.httpChallenges());
    }

    @Override
    public CompletionStage<Map<String, Map<String, Long>>> takeFailures() {
        return plane.takeFailures();
    }

    @Override
    public void withdraw() {
        plane.withdraw();
    }

    @Override
    public CompletionStage<Void> stop(Duration timeout) {
        if (!serving) {
            return CompletableFuture.completedStage(null);
        }
        serving = false;
        return plane.stop(timeout)
                .toCompletableFuture()
                .orTimeout(timeout.plus(LAST_CUT).toMillis(), TimeUnit.MILLISECONDS);
    }
}
