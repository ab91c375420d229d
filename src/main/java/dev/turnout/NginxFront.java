package dev.turnout;

import dev.turnout.config.NginxConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.nginx.IncludeRefused;
import dev.turnout.nginx.NginxPlane;
import dev.turnout.routing.NextSettings;
import dev.turnout.routing.PublishFailed;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCapabilities;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.store.Journal;
import dev.turnout.store.StoreFailed;
import dev.turnout.tls.HttpChallenges;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/** nginx as the front. nginx was there before Turnout, and goes on after Turnout has ended. */
final class NginxFront implements Front {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final int HTTP = 80;

    private final NginxPlane plane;
    private final NginxConfig config;
    private final Journal journal;
    private final Clock clock;
    private final List<JsonObject> found = new CopyOnWriteArrayList<>();
    private volatile boolean serving;

    NginxFront(NginxPlane plane, NginxConfig config, Journal journal, Clock clock) {
        this.plane = plane;
        this.config = config;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public TrafficCapabilities traffic() {
        return TrafficCapabilities.ofRouting(plane);
    }

    /** Keeps what the operator must know of the take-over for {@link #journalTakeOver()}. */
    @Override
    public RoutingState takeOver(Optional<RoutingState> recorded, RoutingState configured) {
        try {
            NginxPlane.Adopted adopted = plane.adopt(recorded, configured, clock.instant());
            adopted.state().services().forEach((name, service) -> adopted.warnings()
                    .forEach(warning -> found.add(new JsonObject()
                            .put("at", clock.instant().toString())
                            .put("service", name)
                            .put("who", "Turnout itself, at its start")
                            .put("what", warning)
                            .put("verdict", "adopted")
                            .put("revision", service.revision()))));
            return adopted.state();
        } catch (IncludeRefused e) {
            throw new StartRefused(e.getMessage() + ". nginx goes on as it is.", e);
        }
    }

    @Override
    public void journalTakeOver() {
        try {
            found.forEach(journal::append);
        } catch (StoreFailed e) {
            LOG.error(e.getMessage());
        }
        found.clear();
    }

    @Override
    public void start(RoutingState state) {
        try {
            plane.publish(state, OnDrift.FAIL).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof PublishFailed failed) {
                throw new StartRefused(failed.getMessage() + " Mend that and start Turnout again.", failed);
            }
            throw e;
        }
        serving = true;
    }

    /** Returns settings that change nothing: keys under {@code turnout.nginx} need a restart, and nginx has its own files. */
    @Override
    public NextSettings prepare(TurnoutConfig next) {
        return NextSettings.none();
    }

    /** Returns the address that Turnout probes: Turnout knows no other port of nginx. */
    @Override
    public String address() {
        return config.probe().map(NginxFront::origin).orElseGet(() -> "nginx by " + config.include());
    }

    private static String origin(URI probe) {
        return "http://" + probe.getHost() + ":" + (probe.getPort() < 0 ? HTTP : probe.getPort());
    }

    @Override
    public Optional<String> transport() {
        return Optional.empty();
    }

    @Override
    public List<EventLoopGroup> carriers() {
        return List.of();
    }

    @Override
    public boolean isServing() {
        return serving;
    }

    @Override
    public void serveAdminOnFront(Target admin, String secret, int most) {
        throw new IllegalStateException("the front port is nginx's");
    }

    /** Returns no metrics: nginx keeps its own. */
    @Override
    public MeterBinder metrics() {
        return registry -> {};
    }

    /** Waits only until a running publication has ended: nginx goes on serving. */
    /** Does nothing: clients connect to nginx. */
    @Override
    public void answerReady(boolean isReady) {}

    /** Returns empty: authorities ask nginx. */
    @Override
    public Optional<HttpChallenges> httpChallenges() {
        return Optional.empty();
    }

    /** Returns none: nginx has the requests. */
    @Override
    public CompletionStage<Map<String, Map<String, Long>>> takeFailures() {
        return CompletableFuture.completedStage(Map.of());
    }

    /** Does nothing: clients connect to nginx. */
    @Override
    public void withdraw() {}

    @Override
    public CompletionStage<Void> stop(Duration timeout) {
        serving = false;
        return CompletableFuture.runAsync(plane::close);
    }
}
