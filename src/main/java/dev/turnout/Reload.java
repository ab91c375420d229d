package dev.turnout;

import dev.turnout.acme.Acme;
import dev.turnout.admin.ReloadJson;
import dev.turnout.admin.Reloader;
import dev.turnout.config.BadConfiguration;
import dev.turnout.config.CollectorHeaders;
import dev.turnout.config.ConfigChange;
import dev.turnout.config.ConfigReport;
import dev.turnout.config.DaemonThread;
import dev.turnout.config.ErrorPages;
import dev.turnout.config.KeyChange;
import dev.turnout.config.Reading;
import dev.turnout.config.RuleFiles;
import dev.turnout.config.RunTimeServices;
import dev.turnout.config.RunningConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.StartCheck;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.ProbePlan;
import dev.turnout.log.ProgramLog;
import dev.turnout.notify.Notifications;
import dev.turnout.notify.ReceiverRefused;
import dev.turnout.routing.ConfiguredTargets;
import dev.turnout.routing.NextSettings;
import dev.turnout.switching.ChangeNote;
import dev.turnout.switching.ChangeRefused;
import dev.turnout.switching.ReloadOrder;
import dev.turnout.switching.Switching;
import dev.turnout.text.Language;
import dev.turnout.tls.CertificateSettings;
import dev.turnout.tls.KnownCertificates;
import dev.turnout.tls.NamedFilesCheck;
import dev.turnout.tls.TlsRefused;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The reload of the configuration: {@link #begin} shows the order. Up to the commit of the routing state anything may
 * refuse the reload, and nothing has changed. {@link #inForce} is what follows the commit, and does not fail. A reload
 * without another value goes the same way: it reads every file again that the configuration names.
 */
@Singleton
final class Reload implements Reloader {

    private static final Logger LOG = Logger.getLogger("dev.turnout");

    private final RunningConfig running;
    private final Front front;
    private final KnownCertificates certificates;
    private final Acme acme;
    private final Notifications notifications;
    private final Switching switching;
    private final HealthMonitor monitor;
    private final HealthPlans plans;
    private final ReloadTurn turn = new ReloadTurn(this::answerSignal);
    private final AtomicBoolean isSignalled = new AtomicBoolean();
    private final ExecutorService reader = Executors.newSingleThreadExecutor(Reload::thread);

    Reload(
            RunningConfig running,
            Front front,
            KnownCertificates certificates,
            Acme acme,
            Notifications notifications,
            Switching switching,
            HealthMonitor monitor,
            HealthPlans plans) {
        this.running = running;
        this.front = front;
        this.certificates = certificates;
        this.acme = acme;
        this.notifications = notifications;
        this.switching = switching;
        this.monitor = monitor;
        this.plans = plans;
    }

    /** Returns a thread that finds the sources of the configuration as the thread of the start does. */
    private static Thread thread(Runnable task) {
        Thread thread = DaemonThread.of("turnout-reload", task);
        thread.setContextClassLoader(StartCheck.class.getClassLoader());
        return thread;
    }

    @Override
    public CompletionStage<Reading> check() {
        return read().thenApplyAsync(
                        reading -> reading instanceof Reading.Sound sound ? withFiles(sound) : reading, reader);
    }

    private CompletableFuture<Reading> read() {
        return CompletableFuture.supplyAsync(() -> StartCheck.again(running.get()), reader);
    }

    private static Reading withFiles(Reading.Sound sound) {
        TurnoutConfig next = sound.change().next();
        ConfigReport report = new ConfigReport(List.of(), sound.warnings())
                .and(Notifications.check(next))
                .and(new ConfigReport(ErrorPages.refusals(next), List.of()))
                .and(RuleFiles.check(next))
                .and(new ConfigReport(CollectorHeaders.refusals(next.tracing()), List.of()))
                .and(NamedFilesCheck.of(next, Language.ENGLISH));
        return report.isSound()
                ? new Reading.Sound(sound.change(), report.warnings())
                : new Reading.Broken(report.errors(), report.warnings());
    }

    @Override
    public CompletionStage<Reloaded> reload(boolean force, ChangeNote note) {
        return turn.begin(() -> run(force, note))
                .orElseThrow(
                        () -> busy("Another reload has not ended. Nothing was done; try again when that has ended."));
    }

    private static ChangeRefused busy(String message) {
        return new ChangeRefused(ChangeRefused.Reason.BUSY, message);
    }

    @Override
    public CompletionStage<Reloaded> service(
            ReloadOrder.Subject subject, Map<String, String> keys, boolean force, ChangeNote note) {
        return turn.begin(() -> run(subject, keys, force, note))
                .orElseThrow(() -> busy("A reload has not ended, or another service is being changed. Nothing was done;"
                        + " try again when that has ended."));
    }

    private CompletionStage<Reloaded> run(
            ReloadOrder.Subject subject, Map<String, String> keys, boolean force, ChangeNote note) {
        CompletableFuture<Reading> reading = CompletableFuture.supplyAsync(
                () -> {
                    refuseConfigured(subject.service(), keys.isEmpty());
                    subject.check(switching.current().get());
                    return StartCheck.withService(running.get(), subject.service(), keys);
                },
                reader);
        return ended(reading.thenCompose(
                read -> begin(read, Optional.of(subject), running.pending(), this::prepareService, force, note)));
    }

    private void refuseConfigured(String name, boolean isRemoval) {
        boolean isGiven = RunTimeServices.areAllOf(running.get(), name);
        boolean isThere = switching.current().get().service(name).isPresent();
        if (isThere && !isGiven) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.CONFIGURED_SERVICE,
                    "Service '" + name
                            + "' stands in the configuration. Nothing was done: change it there, then turnout"
                            + " reload.");
        }
        if (isRemoval) {
            switching.current().service(name);
        }
    }

    private CompletionStage<Reloaded> run(boolean force, ChangeNote note) {
        return ended(read().thenCompose(
                        reading -> begin(reading, Optional.empty(), pending(reading), this::prepare, force, note)));
    }

    private static List<KeyChange> pending(Reading reading) {
        return reading instanceof Reading.Sound sound ? sound.change().pending() : List.of();
    }

    private CompletionStage<Reloaded> ended(CompletionStage<Reloaded> reloading) {
        // A commit that was saved and could not be published gives nothing up, and brings nothing into force.
        return reloading.whenComplete((reloaded, failure) -> plans.inForce());
    }

    private CompletionStage<Reloaded> begin(
            Reading reading,
            Optional<ReloadOrder.Subject> subject,
            List<KeyChange> pending,
            Function<TurnoutConfig, NextSettings> prepare,
            boolean force,
            ChangeNote note) {
        if (reading instanceof Reading.Broken broken) {
            throw new BadConfiguration(broken.errors());
        }
        Reading.Sound sound = (Reading.Sound) reading;
        ConfigChange change = sound.change();
        Notifications.Prepared receivers = receivers(change.next());
        ReloadOrder order = new ReloadOrder(
                targets(change.next()),
                subject,
                () -> prepare.apply(change.next()),
                () -> inForce(change, pending, receivers),
                ReloadJson.keys(change.keys()),
                force,
                note);
        return switching.reloading().begin(order).thenApply(report -> new Reloaded(change, report, sound.warnings()));
    }

    private static Notifications.Prepared receivers(TurnoutConfig config) {
        try {
            return Notifications.prepare(config);
        } catch (ReceiverRefused e) {
            throw badConfiguration(e.reason() + " Notifications are sent as before.");
        }
    }

    private static ChangeRefused badConfiguration(String message) {
        return new ChangeRefused(ChangeRefused.Reason.BAD_CONFIGURATION, message);
    }

    private static List<ConfiguredTargets> targets(TurnoutConfig config) {
        return ServiceSettings.of(config).stream()
                .map(service -> new ConfiguredTargets(service.name(), service.blue(), service.green()))
                .toList();
    }

    private NextSettings prepare(TurnoutConfig next) {
        try {
            Runnable undo = certificates(next);
            try {
                return plans.proveBy(next, front.prepare(next).onGiveUp(undo));
            } catch (TlsRefused | IllegalStateException e) {
                undo.run();
                throw e;
            }
        } catch (TlsRefused e) {
            throw badConfiguration(e.getMessage() + " Nothing has changed.");
        } catch (IllegalStateException e) {
            throw badConfiguration(e.getMessage() + ". Nothing has changed.");
        }
    }

    /** Checks the certificates, or loads the first ones. Returns what ends their use if the reload is refused later. */
    private Runnable certificates(TurnoutConfig next) {
        CertificateSettings settings = CertificateSettings.of(next);
        if (next.tls().port().isPresent()) {
            if (running.get().tls().port().isEmpty()) {
                return certificates.openFor(settings);
            }
            certificates.check(settings);
        }
        return () -> {};
    }

    /** Has the services that are given at run time written, once all targets have passed the gate. */
    private NextSettings prepareService(TurnoutConfig next) {
        return ServicesFile.with(prepare(next), running.get(), next);
    }

    /** Brings into force what is no part of the traffic. Called under the locks, after the commit. */
    private void inForce(ConfigChange change, List<KeyChange> pending, Notifications.Prepared receivers) {
        Set<String> probedAnew = probedAnew(running.get(), change.next());
        running.set(change.next(), pending);
        plans.inForce();
        certificates.apply(CertificateSettings.of(change.next()));
        notifications.apply(receivers);
        acme.apply();
        monitor.watch(switching.current()::get);
        monitor.renew(probedAnew);
        new ProgramLog(System.getenv()).apply(change.next());
        change.keys().forEach(key -> LOG.infof("%s", key));
    }

    private static Set<String> probedAnew(TurnoutConfig before, TurnoutConfig next) {
        return ServiceSettings.of(next).stream()
                .map(ServiceSettings::name)
                .filter(name -> !plan(before, name).equals(plan(next, name)))
                .collect(Collectors.toSet());
    }

    private static ProbePlan plan(TurnoutConfig config, String service) {
        return ProbePlan.of(ServiceSettings.of(config, service).health());
    }

    /**
     * Reloads because of a signal: at once, or when the reload under way has ended. That one may have read the files
     * before they were written. Signals that wait are one reload. The log tells how it ended. Any thread.
     */
    void bySignal() {
        isSignalled.set(true);
        answerSignal();
    }

    private void answerSignal() {
        if (isSignalled.get()) {
            turn.begin(this::bySignalNow)
                    .ifPresent(reload -> reload.whenComplete((reloaded, failure) -> tell(failure)));
        }
    }

    private CompletionStage<Reloaded> bySignalNow() {
        isSignalled.set(false);
        return run(false, ChangeNote.of("SIGHUP"));
    }

    private static void tell(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof BadConfiguration bad) {
            LOG.errorf(
                    "The configuration was not loaded again, and nothing has changed. It has errors: %s",
                    String.join(" ", bad.errors()));
        } else if (cause != null) {
            LOG.errorf("The configuration was not loaded again: %s", cause.getMessage());
        }
    }
}
