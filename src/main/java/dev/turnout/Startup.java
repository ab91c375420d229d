package dev.turnout;

import dev.turnout.acme.Acme;
import dev.turnout.admin.AdminServer;
import dev.turnout.admin.AdminTls;
import dev.turnout.admin.CertificateEvents;
import dev.turnout.admin.CertificateMetrics;
import dev.turnout.admin.ContainerMetrics;
import dev.turnout.admin.FleetMetrics;
import dev.turnout.admin.FrontSecret;
import dev.turnout.admin.NameMetrics;
import dev.turnout.admin.PendingResponses;
import dev.turnout.admin.ProcessInfo;
import dev.turnout.admin.RecentTraffic;
import dev.turnout.admin.SwitchMetrics;
import dev.turnout.admin.TrafficMetrics;
import dev.turnout.config.AdminAddress;
import dev.turnout.config.RunTimeServices;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.health.HealthMonitor;
import dev.turnout.notify.Notifications;
import dev.turnout.notify.ReceiverRefused;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Target;
import dev.turnout.store.Journal;
import dev.turnout.store.StateStore;
import dev.turnout.switching.ChangeRefused;
import dev.turnout.switching.Switching;
import dev.turnout.tls.Certificates;
import dev.turnout.tls.TargetWays;
import dev.turnout.tls.TlsRefused;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** The start of Turnout: {@link #start} shows the order. What {@link Wiring} has made does nothing before. */
@Singleton
final class Startup {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final int LAST = Integer.MAX_VALUE;

    /** The kinds of events after which the routing is another one. */
    private static final Set<String> CHANGED = Set.of("switched", "changed", "ended");

    private final TurnoutConfig config;
    private final SystemdNotifier systemd;
    private final StateStore store;
    private final Journal journal;
    private final InitialState initialState;
    private final Switching switching;
    private final TrafficMetrics metrics;
    private final SwitchMetrics switchMetrics;
    private final CertificateMetrics certificateMetrics;
    private final CollectorRegistry registry;
    private final Certificates certificates;
    private final TargetWays targetWays;
    private final Front front;
    private final RecentTraffic recentTraffic;
    private final HealthMonitor monitor;
    private final AdminTls adminTls;
    private final AdminServer admin;
    private final FrontSecret secret;
    private final Reload reload;
    private final HandOver handOver;
    private final ReadyMessage readyMessage;
    private final ProcessInfo process;
    private final OutageWatch outages;
    private final Acme acme;
    private final Notifications notifications;
    private final CertificateEvents certificateEvents;

    Startup(
            TurnoutConfig config,
            SystemdNotifier systemd,
            StateStore store,
            Journal journal,
            InitialState initialState,
            Switching switching,
            TrafficMetrics metrics,
            SwitchMetrics switchMetrics,
            CertificateMetrics certificateMetrics,
            CollectorRegistry registry,
            Certificates certificates,
            TargetWays targetWays,
            Front front,
            RecentTraffic recentTraffic,
            HealthMonitor monitor,
            AdminTls adminTls,
            AdminServer admin,
            FrontSecret secret,
            Reload reload,
            HandOver handOver,
            ReadyMessage readyMessage,
            ProcessInfo process,
            OutageWatch outages,
            Acme acme,
            Notifications notifications,
            CertificateEvents certificateEvents) {
        this.config = config;
        this.systemd = systemd;
        this.store = store;
        this.journal = journal;
        this.initialState = initialState;
        this.switching = switching;
        this.metrics = metrics;
        this.switchMetrics = switchMetrics;
        this.certificateMetrics = certificateMetrics;
        this.registry = registry;
        this.certificates = certificates;
        this.targetWays = targetWays;
        this.front = front;
        this.recentTraffic = recentTraffic;
        this.monitor = monitor;
        this.adminTls = adminTls;
        this.admin = admin;
        this.secret = secret;
        this.reload = reload;
        this.handOver = handOver;
        this.readyMessage = readyMessage;
        this.process = process;
        this.outages = outages;
        this.acme = acme;
        this.notifications = notifications;
        this.certificateEvents = certificateEvents;
    }

    /**
     * Starts everything, in this order. Called after all other observers, when the routes of the admin server are
     * complete.
     *
     * @throws StartRefused with a message for the operator
     * @throws dev.turnout.store.StoreFailed with a message for the operator
     */
    void start(@Observes @Priority(LAST) StartupEvent event) {
        systemd.connect();
        TakeOver takeOver = askPredecessor();
        store.open();
        journal.open();
        requireServicesAsRead(takeOver);
        begin(initialState.load());
        enterFleet();
        collectNotifications();
        openCertificates();
        prepareTargetWays();
        listenForAdmin();
        try {
            serveTraffic();
            admin.accept();
            if (isConsentGiven(takeOver)) {
                acceptChanges();
                announce();
                notifications.begin();
                watchOutages();
                acme.start();
            }
        } catch (RuntimeException | Error e) {
            giveUp(takeOver);
            throw e;
        }
    }

    /** Blocks until the predecessor, if there is one, has released the state folder. */
    private TakeOver askPredecessor() {
        return config.listen().reusePort() ? TakeOver.request(store.folder(), handOver.answerTime()) : TakeOver.none();
    }

    /** What the predecessor was told after this process had read its configuration would be lost. */
    private void requireServicesAsRead(TakeOver takeOver) {
        try {
            if (takeOver.hasPredecessor() && RunTimeServices.areWrittenSince(process.startedAt(), store.folder())) {
                throw new StartRefused("A service was given or removed at the Turnout that serves while this one was"
                        + " starting. That one goes on. Try again.");
            }
        } catch (IOException e) {
            throw new StartRefused(RunTimeServices.file(store.folder()) + " can't be looked at: " + e.getMessage(), e);
        }
    }

    private void begin(RoutingState state) {
        switching.begin(state);
        switching.changes().suspend(ChangeRefused.Reason.STARTING, "Turnout is being started.");
        registry.register(metrics);
        registry.register(new NameMetrics(switching.names()::views));
        registry.register(new ContainerMetrics(switching.containers()::view));
        registry.register(new FleetMetrics(switching.fleet()::status));
        registry.register(switchMetrics);
        registry.register(certificateMetrics);
        switching.announcer().listen(switchMetrics::happened);
    }

    /** Blocks until it is known what the fleet has decided. Its front is closed until then. */
    private void enterFleet() {
        try {
            switching.enterFleet();
        } catch (IOException e) {
            throw new StartRefused(
                    "the record of the fleet can't be used: " + e.getMessage()
                            + ". Repair it, or move fleet.json in the state folder away and join the fleet anew.",
                    e);
        }
    }

    /** Receivers are told once this process serves: a start that fails has no news. */
    private void collectNotifications() {
        try {
            notifications.apply(Notifications.prepare(config));
            Notifications.check(config).warnings().forEach(LOG::warn);
        } catch (ReceiverRefused e) {
            throw new StartRefused(e.reason(), e);
        }
        switching.announcer().listen(notifications::changed);
        certificateEvents.listen(notifications::certificate);
    }

    private void openCertificates() {
        try {
            adminTls.open();
            if (config.tls().port().isPresent()) {
                certificates.open();
                certificates.warmUp();
            }
        } catch (TlsRefused e) {
            throw new StartRefused(e.reason(), e);
        }
    }

    private void prepareTargetWays() {
        try {
            targetWays.prepare(config).apply();
        } catch (TlsRefused e) {
            throw new StartRefused(e.reason(), e);
        }
    }

    /** Starts the front and the probes. The admin server accepts nobody yet: no operator finds it without a front. */
    private void serveTraffic() {
        RoutingState state = switching.current().get();
        front.start(state);
        switching.commit().serve(state);
        monitor.watch(switching.current()::get);
        switching.history().begin();
        recentTraffic.begin();
    }

    /** Called before the front is started: clients that it has accepted would be cut off if this fails. */
    private void listenForAdmin() {
        try {
            admin.listen().toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartRefused(
                    "the admin server can't listen on turnout.admin.host and turnout.admin.port (" + cause.getMessage()
                            + "). Stop what uses that address, or choose another one.",
                    e);
        }
        if (config.admin().onFront()) {
            AdminAddress address = admin.addressForFront();
            front.serveAdminOnFront(
                    new Target(address.host(), address.port()), secret.value(), PendingResponses.most(config));
        }
    }

    /** Returns false if the predecessor goes on. The process ends then: the predecessor waits for the state folder. */
    private boolean isConsentGiven(TakeOver takeOver) {
        try {
            takeOver.complete();
            return true;
        } catch (StartRefused e) {
            front.withdraw();
            store.release();
            LOG.error("Turnout can't start: " + e.getMessage());
            Quarkus.asyncExit(1);
            return false;
        }
    }

    /** Lets the front's requests end before the process ends. A predecessor goes on at once. Blocks. Does not fail. */
    private void giveUp(TakeOver takeOver) {
        if (!handOver.isOwner()) {
            front.withdraw();
            store.release();
            takeOver.giveUp();
        }
        try {
            front.stop(ServiceSettings.longestDrain(config))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            LOG.error("The front did not stop as it should", e.getCause());
        }
    }

    /**
     * Records the state and takes changes. From now on no other process can own the folder. Called not before, so that a
     * failed start records nothing.
     */
    private void acceptChanges() {
        handOver.begin();
        try {
            switching.commit().record();
            front.journalTakeOver();
        } finally {
            switching.changes().resume();
        }
        switching.activeSlotCheck().begin();
        switching.leases().begin();
        switching.names().begin();
        switching.containers().begin();
        HangUp.handle(reload::bySignal);
        if (config.listen().reusePort()) {
            handOver.offer();
        }
    }

    /** Begins behind the ready line: an outage at the start is told after it. */
    private void watchOutages() {
        monitor.addListener((service, target, before, after) -> outages.lookSoon());
        switching.fleet().heldInDoubt().listen(outages::lookSoon);
        switching.announcer().listen(event -> {
            if (CHANGED.contains(event.kind())) {
                outages.lookSoon();
            }
        });
        outages.begin();
    }

    private void announce() {
        String line = readyMessage.of(switching.current().get());
        LOG.info(line);
        systemd.ready(line);
    }
}
