package dev.turnout.nginx;

import dev.turnout.config.CommandRunner;
import dev.turnout.config.DaemonThread;
import dev.turnout.config.Durations;
import dev.turnout.config.NginxConfig;
import dev.turnout.config.NginxConfig.Style;
import dev.turnout.nginx.Publication.Outcome;
import dev.turnout.nginx.Publication.Step;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.PublishFailed;
import dev.turnout.routing.RequestsInFlight;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane;
import dev.turnout.routing.Warning;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * nginx as the carrier of the traffic. A publication writes the include file that says where nginx sends the traffic,
 * and makes nginx use the file.
 *
 * <p>{@link #adopt} comes first, once, before any other method. All publications, and the watch for changes that somebody
 * else makes, run on one thread of the plane's own, one after another.
 */
public final class NginxPlane implements TrafficPlane, RoutingWarnings, RequestsInFlight, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(NginxPlane.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(2);

    private final IncludeFile file;
    private final Style style;
    private final RoutingLimits limits;
    private final IncludeWatch watch;
    private final OldWorkers oldWorkers;
    private final NginxProcesses processes;
    private final FileAdoption adoption;
    private final Publication publication;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-nginx", task));

    private volatile NginxState state = NginxState.withoutFile(new Route(new TreeMap<>()));

    public NginxPlane(NginxConfig config) {
        this.file = new IncludeFile(config.include());
        this.style = config.style();
        this.limits = new RoutingLimits(style);
        this.watch = new IncludeWatch(file, style);
        this.processes = new NginxProcesses(config.pid());
        this.oldWorkers = new OldWorkers(processes);
        Duration oneProbe = Durations.shorter(config.confirmTimeout(), LONGEST_PROBE);
        Confirmation confirmation = new Confirmation(
                processes, config.probe().map(url -> new UpstreamProbe(url, oneProbe)), config.confirmTimeout());
        this.adoption = new FileAdoption(file, style, watch, processes, oldWorkers, confirmation);
        NginxControl control =
                new NginxControl(new CommandRunner(config.commandTimeout()), config.test(), config.reload());
        this.publication = new Publication(file, control, processes, oldWorkers, confirmation);
    }

    /**
     * What {@link #adopt} has found.
     *
     * @param state the state to go on from
     * @param warnings what the operator must know, a sentence each
     */
    public record Adopted(RoutingState state, List<String> warnings) {}

    /**
     * Reads the include file and takes over what the file says. Changes nothing but removes what a crash has left beside
     * the file. Blocks.
     *
     * @param recorded the state as it was saved; empty if there is none
     * @param configured that state with the targets that are configured now, or the state of a first start
     * @throws IncludeRefused with a message for the operator, if the file does not say what could be gone on from
     */
    public Adopted adopt(Optional<RoutingState> recorded, RoutingState configured, Instant now) {
        Service service = onlyService(configured);
        limits.check(service);
        FileAdoption.Found found = adoption.adopt(recorded, service, now);
        state = found.nginx();
        found.warnings().forEach(LOG::warn);
        long millis = BETWEEN_LOOKS.toMillis();
        thread.scheduleWithFixedDelay(new DriftLog(watch, LOG), millis, millis, TimeUnit.MILLISECONDS);
        return new Adopted(configured.with(found.service()), found.warnings());
    }

    private static Service onlyService(RoutingState configured) {
        if (configured.services().size() != 1) {
            throw new IncludeRefused("turnout.mode=nginx drives one include file and so one service, but there are "
                    + configured.services().keySet() + ": run one Turnout for each, or use turnout.mode=proxy");
        }
        return configured.services().values().iterator().next();
    }

    @Override
    public CompletionStage<Void> publish(RoutingState next, OnDrift onDrift) {
        try {
            return CompletableFuture.runAsync(() -> checkAndRoute(onlyService(next), onDrift), thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new PublishFailed("Turnout is stopping.", e));
        }
    }

    private void checkAndRoute(Service next, OnDrift onDrift) {
        if (onDrift == OnDrift.OVERWRITE) {
            allowDrift();
        }
        limits.objection(next).ifPresent(objection -> {
            throw new PublishFailed(objection);
        });
        watch.drift().ifPresent(drift -> {
            throw new PublishFailed("drift: " + drift);
        });
        try {
            route(Route.of(next));
            state = state.withLimits(limits.warnings(next));
        } catch (IOException e) {
            throw new PublishFailed("the include file could not be read: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishFailed("interrupted", e);
        } finally {
            watch.allowNothingElse();
        }
    }

    /** Has this publication overwrite what the file holds now. */
    private void allowDrift() {
        try {
            watch.allow(file.read());
        } catch (IOException e) {
            LOG.warn("the include file cannot be read, so it cannot be overruled: " + e);
        }
        state = state.owingReload();
    }

    /** Touches a file that already sends the traffic so only if nginx may not have read the file. */
    private void route(Route next) throws IOException, InterruptedException {
        Optional<byte[]> old = file.read();
        Optional<Include> include = old.flatMap(this::understood);
        if (include.filter(known -> known.route().sendsLike(next)).isEmpty()) {
            replaceFile(include, next);
        } else if (state.reloadOwed()) {
            reloadOnly(next);
            watch.expect(old, next);
        }
    }

    private Optional<Include> understood(byte[] content) {
        try {
            return Optional.of(Include.read(content, style));
        } catch (IncludeRefused e) {
            return Optional.empty();
        }
    }

    private void replaceFile(Optional<Include> include, Route next) throws InterruptedException {
        byte[] content = include.map(known -> known.with(next)).orElseGet(() -> Include.fresh(next, style));
        Route earlier = include.map(Include::route).orElse(state.route());
        watch.allow(Optional.of(content));
        Outcome outcome = publication.replace(content, next, earlier);
        if (outcome instanceof Outcome.Done done) {
            watch.expect(Optional.of(content), next);
            state = NginxState.serving(next, done.caveats());
            return;
        }
        Outcome.Failed failed = (Outcome.Failed) outcome;
        if (failed.step() == Step.RESTORE) {
            state = state.doubted(failed.message());
        }
        LOG.error(failed.message());
        throw new PublishFailed(failed.message());
    }

    /** Succeeds with a caveat if nginx does not run: nginx reads the file when it is started. */
    private void reloadOnly(Route next) throws InterruptedException {
        Outcome outcome = publication.reload(next);
        if (outcome instanceof Outcome.Done done) {
            state = NginxState.serving(next, done.caveats());
            return;
        }
        Outcome.Failed failed = (Outcome.Failed) outcome;
        if (failed.step() != Step.CONFIRM && processes.now().isEmpty()) {
            Warning caveat = NginxState.unconfirmed(
                    "nginx does not seem to run; when it is started, it sends the traffic to " + next + ". ("
                            + failed.message() + ")",
                    "nginx가 실행 중이 아닌 것 같습니다. 시작하면 트래픽을 " + next + "(으)로 보냅니다. (" + failed.message() + ")");
            LOG.warn(caveat.english());
            state = NginxState.serving(next, List.of(caveat));
            return;
        }
        throw new PublishFailed(failed.message() + " " + file.path() + " already sends the traffic to " + next
                + ", but nginx has not been seen to serve by it.");
    }

    @Override
    public InFlight inFlight(String service, Collection<Target> targets) {
        boolean served = targets.stream().anyMatch(state.route().serving()::contains);
        return served
                ? new InFlight.Unknown("nginx does not tell how much is in flight at a target that it sends to")
                : oldWorkers.inFlightAt(targets);
    }

    @Override
    public Optional<String> objection(Service next) {
        return limits.objection(next);
    }

    @Override
    public Optional<String> drift() {
        return watch.drift().or(() -> state.doubt());
    }

    @Override
    public List<Warning> warnings(String service) {
        return state.warnings();
    }

    /** Waits until a running publication has ended, and takes no other. Blocks for at most a minute. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.error("nginx' include file was still being published at the stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
