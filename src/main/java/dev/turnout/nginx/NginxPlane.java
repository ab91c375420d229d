package dev.turnout.nginx;

import dev.turnout.config.DaemonThread;
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
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * nginx as the carrier of the traffic: publishing writes the include file that says where nginx sends it, and has nginx
 * use it.
 *
 * <p>{@link #adopt} comes first, once, before any other method. All publications and the watch for somebody else's
 * changes run on one thread of the plane's own, one after another.
 */
public final class NginxPlane implements TrafficPlane, RoutingWarnings, RequestsInFlight, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(NginxPlane.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(2);

    private final IncludeFile file;
    private final Style style;
    private final IncludeWatch watch;
    private final LoadedCheck loadedCheck;
    private final OldWorkers oldWorkers;
    private final NginxProcesses processes;
    private final Confirmation confirmation;
    private final Publication publication;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> DaemonThread.of("turnout-nginx", task));

    private volatile NginxState standing;

    public NginxPlane(NginxConfig config) {
        this.file = new IncludeFile(config.include());
        this.style = config.style();
        this.watch = new IncludeWatch(file, style);
        this.processes = new NginxProcesses(config.pid());
        this.loadedCheck = new LoadedCheck(file, processes);
        this.oldWorkers = new OldWorkers(processes);
        Duration oneProbe =
                config.confirmTimeout().compareTo(LONGEST_PROBE) < 0 ? config.confirmTimeout() : LONGEST_PROBE;
        this.confirmation = new Confirmation(
                processes, config.probe().map(url -> new UpstreamProbe(url, oneProbe)), config.confirmTimeout());
        NginxControl control =
                new NginxControl(new CommandRunner(config.commandTimeout()), config.test(), config.reload());
        this.publication = new Publication(file, control, processes, oldWorkers, confirmation);
    }

    /**
     * How things stand with nginx.
     *
     * @param route what nginx should serve by
     * @param reloadOwed whether nginx has to be made to read the file although it is right
     * @param doubt why nginx may not serve by the route, if it may not
     * @param caveats what the start or the last publication could not find out
     * @param limits what nginx does otherwise than Turnout's own data plane would, in this state
     */
    private record NginxState(
            Route route, boolean reloadOwed, Optional<String> doubt, List<String> caveats, List<String> limits) {

        NginxState(Route route, boolean reloadOwed, Optional<String> doubt, List<String> caveats) {
            this(route, reloadOwed, doubt, caveats, List.of());
        }

        NginxState with(List<String> others) {
            return new NginxState(route, reloadOwed, doubt, caveats, others);
        }
    }

    /** What {@link #adopt} has found: the state to go on from, and what the operator must be told. */
    public record Adopted(RoutingState state, List<String> warnings) {}

    /**
     * Reads the include file and takes over what it says. Changes nothing but removes what a crash has left beside it.
     * Blocks.
     *
     * @param recorded the state as it was saved, if it was
     * @param configured that state with the targets that are configured now, or the state of a first start
     * @throws IncludeRefused with a message for the operator, if the file does not say what could be gone on from
     */
    public Adopted adopt(Optional<RoutingState> recorded, RoutingState configured, Instant now) {
        Service service = onlyService(configured);
        for (Slot slot : Slot.values()) {
            if (style == Style.VARIABLE && service.pool(slot).targets().size() > 1) {
                throw new IncludeRefused("turnout.nginx.style=variable names one target, but slot " + slot + " has "
                        + service.pool(slot).targets() + ": use turnout.nginx.style=upstream");
            }
        }
        try {
            file.sweep();
            Optional<byte[]> content = file.read();
            return content.isPresent()
                    ? adopt(content.get(), recorded.flatMap(state -> state.service(service.name())), configured, now)
                    : adoptNothing(configured);
        } catch (IOException e) {
            throw new IncludeRefused("turnout.nginx.include=" + file.path() + " cannot be used: " + e, e);
        } catch (IncludeRefused e) {
            throw new IncludeRefused("turnout.nginx.include=" + file.path() + ": " + e.getMessage(), e);
        }
    }

    private Adopted adopt(byte[] content, Optional<Service> recorded, RoutingState configured, Instant now)
            throws IOException {
        Route route = Include.read(content, style).route();
        Adoption adoption = Adoption.decide(route, recorded, onlyService(configured), now);
        watch.expect(Optional.of(content), route);
        oldWorkers.rememberLeaving(processes.now());
        boolean reloadOwed = adoption.asRecorded() && !loadedCheck.surelyLoaded();
        Optional<String> doubt = reloadOwed ? Optional.empty() : doubt(route);
        standing = new NginxState(route, reloadOwed, doubt, adoption.warnings());
        List<String> warnings = new ArrayList<>(adoption.warnings());
        doubt.ifPresent(warnings::add);
        return startWatching(configured.with(adoption.service()), warnings);
    }

    /** Not to be settled by a reload here: nobody has asked for the version that it would bring. */
    private Optional<String> doubt(Route route) throws IOException {
        Optional<String> denial = confirmation.denial(route);
        if (denial.isEmpty() && loadedCheck.surelyNotLoaded()) {
            denial = Optional.of("nginx's workers are older than this file");
        }
        return denial.map(reason -> file.path() + " sends the traffic to " + route + ", but " + reason
                + ": nginx may not have loaded it. Test and reload nginx and start Turnout again, or switch with"
                + " force=true.");
    }

    private Adopted adoptNothing(RoutingState configured) {
        Route route = Route.of(onlyService(configured));
        watch.expect(Optional.empty(), route);
        standing = new NginxState(route, true, Optional.empty(), List.of());
        return startWatching(
                configured,
                List.of(file.path() + " does not exist and is made, sending the traffic to " + route + "."));
    }

    private static Service onlyService(RoutingState configured) {
        if (configured.services().size() != 1) {
            throw new IncludeRefused("turnout.mode=nginx drives one include file and so one service, but there are "
                    + configured.services().keySet() + ": run one Turnout for each, or use turnout.mode=proxy");
        }
        return configured.services().get(configured.services().firstKey());
    }

    private Adopted startWatching(RoutingState state, List<String> warnings) {
        long millis = BETWEEN_LOOKS.toMillis();
        warnings.forEach(LOG::warn);
        thread.scheduleWithFixedDelay(new Alarm(watch), millis, millis, TimeUnit.MILLISECONDS);
        return new Adopted(state, List.copyOf(warnings));
    }

    /** Says in the log when drift begins and when it ends. */
    private static final class Alarm implements Runnable {

        private final IncludeWatch watch;
        private Optional<String> last = Optional.empty();

        Alarm(IncludeWatch watch) {
            this.watch = watch;
        }

        /** A fault ends this look and not those to come. */
        @Override
        public void run() {
            try {
                look();
            } catch (RuntimeException e) {
                LOG.error("The include file could not be looked at", e);
            }
        }

        private void look() {
            Optional<String> now = watch.drift();
            if (!now.equals(last)) {
                now.ifPresentOrElse(LOG::warn, () -> LOG.info("the include file is as it should be again"));
            }
            last = now;
        }
    }

    @Override
    public CompletionStage<Void> publish(RoutingState state, OnDrift onDrift) {
        try {
            return CompletableFuture.runAsync(() -> publish(onlyService(state), onDrift), thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new PublishFailed("Turnout is stopping.", e));
        }
    }

    private void publish(Service service, OnDrift onDrift) {
        if (onDrift == OnDrift.OVERWRITE) {
            overrule();
        }
        objection(service).ifPresent(objection -> {
            throw new PublishFailed(objection);
        });
        watch.drift().ifPresent(drift -> {
            throw new PublishFailed("drift: " + drift);
        });
        try {
            publish(Route.of(service));
            standing = standing.with(limits(service));
        } catch (IOException e) {
            throw new PublishFailed("the include file could not be read: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishFailed("interrupted", e);
        } finally {
            watch.allowNothingElse();
        }
    }

    private void publish(Route next) throws IOException, InterruptedException {
        NginxState now = standing;
        Optional<byte[]> old = file.read();
        Optional<Include> include = old.flatMap(this::understood);
        if (include.filter(known -> known.route().sendsLike(next)).isEmpty()) {
            replace(old, include, next);
        } else if (now.reloadOwed()) {
            watch.expect(old, next);
            reload(next);
        }
    }

    private static List<String> limits(Service service) {
        List<String> limits = new ArrayList<>();
        if (service.canaryWeight() > 0) {
            limits.add("nginx shares the canary out by request, not by client: one client may see both versions.");
        }
        if (service.pool(service.active()).inRotation().isEmpty()) {
            limits.add("every target of slot " + service.active() + " is out of rotation: nginx answers 502.");
        }
        return List.copyOf(limits);
    }

    private Optional<Include> understood(byte[] content) {
        try {
            return Optional.of(Include.read(content, style));
        } catch (IncludeRefused e) {
            return Optional.empty();
        }
    }

    private void replace(Optional<byte[]> old, Optional<Include> include, Route next) throws InterruptedException {
        NginxState now = standing;
        byte[] content = include.map(known -> known.with(next)).orElseGet(() -> Include.fresh(next, style));
        Route earlier = include.map(Include::route).orElse(now.route());
        watch.allow(Optional.of(content));
        Outcome outcome = publication.replace(content, next, earlier);
        if (outcome instanceof Outcome.Done done) {
            watch.expect(Optional.of(content), next);
            standing = new NginxState(next, false, Optional.empty(), done.caveats());
            return;
        }
        Outcome.Failed failed = (Outcome.Failed) outcome;
        if (failed.step() == Step.RESTORE) {
            standing = new NginxState(now.route(), now.reloadOwed(), Optional.of(failed.message()), now.caveats());
        }
        LOG.error(failed.message());
        throw new PublishFailed(failed.message());
    }

    /** An nginx that does not run has nothing to reload: it will read the file when it is started. */
    private void reload(Route next) throws InterruptedException {
        NginxState now = standing;
        Outcome outcome = publication.reload(next);
        if (outcome instanceof Outcome.Done done) {
            standing = new NginxState(next, false, Optional.empty(), done.caveats());
            return;
        }
        Outcome.Failed failed = (Outcome.Failed) outcome;
        boolean notRunning = failed.step() != Step.CONFIRM && processes.now().isEmpty();
        if (now.reloadOwed() && notRunning) {
            String caveat = "nginx does not seem to run; when it is started, it sends the traffic to " + next + ". ("
                    + failed.message() + ")";
            LOG.warn(caveat);
            standing = new NginxState(next, false, Optional.empty(), List.of(caveat));
            return;
        }
        throw new PublishFailed(failed.message() + " " + file.path() + " already sends the traffic to " + next
                + ", but nginx has not been seen to serve by it.");
    }

    @Override
    public InFlight inFlight(String service, Collection<Target> targets) {
        boolean served = targets.stream().anyMatch(standing.route().serving()::contains);
        return served
                ? new InFlight.Unknown("nginx does not tell how much is in flight at a target that it sends to")
                : oldWorkers.inFlightAt(targets);
    }

    @Override
    public Optional<String> objection(Service next) {
        if (next.paused()) {
            return Optional.of("nginx cannot hold requests: to pause takes turnout.mode=proxy.");
        }
        if (style == Style.UPSTREAM) {
            return Optional.empty();
        }
        if (next.canaryWeight() > 0) {
            return Optional.of(
                    "turnout.nginx.style=variable names one target and cannot share the traffic out: a canary"
                            + " takes turnout.nginx.style=upstream or turnout.mode=proxy.");
        }
        int serving = next.pool(next.active()).inRotation().size();
        if (serving != 1) {
            return Optional.of("turnout.nginx.style=variable names exactly one target, and this would leave " + serving
                    + " in rotation: use turnout.nginx.style=upstream or turnout.mode=proxy.");
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> drift() {
        return watch.drift().or(() -> standing.doubt());
    }

    private void overrule() {
        try {
            watch.allow(file.read());
        } catch (IOException e) {
            LOG.warn("the include file cannot be read, so it cannot be overruled: " + e);
        }
        NginxState now = standing;
        standing = new NginxState(now.route(), true, now.doubt(), now.caveats(), now.limits());
    }

    @Override
    public List<String> warnings(String service) {
        NginxState now = standing;
        List<String> warnings = new ArrayList<>(now.caveats());
        warnings.addAll(now.limits());
        return List.copyOf(warnings);
    }

    /** Lets a publication that is running come to its end, and takes no other. Blocks for as long as that takes. */
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
