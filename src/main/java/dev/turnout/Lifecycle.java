package dev.turnout;

import dev.turnout.admin.AdminServer;
import dev.turnout.admin.FrontSecret;
import dev.turnout.admin.PendingResponses;
import dev.turnout.admin.ProcessInfo;
import dev.turnout.config.AdminAddress;
import dev.turnout.config.Deadline;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.health.HealthMonitor;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.store.StateStore;
import dev.turnout.switching.ChangeRefused;
import dev.turnout.switching.Switching;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The order of start and stop.
 *
 * <p>Start: a predecessor's leave; the recorded state, reconciled with the configuration; the front; probes; the
 * predecessor's consent; only then the state is recorded and changes are taken. Stop: no
 * new changes, and a gate that is being waited at is given up; the front lets its requests end, which ends a drain too;
 * then probes and store.
 */
@Singleton
final class Lifecycle {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final long LAST_CHANGE_MILLIS = 2_000;
    private static final Duration LAST_ANSWER = Duration.ofSeconds(1);
    private static final double MILLIS_PER_SECOND = 1_000;
    private static final int LAST = Integer.MAX_VALUE;

    private final TurnoutConfig config;
    private final Front front;
    private final Switching switching;
    private final HealthMonitor monitor;
    private final FrontSecret secret;
    private final AdminServer admin;
    private final PendingResponses answers;
    private final ProcessInfo about;
    private final SystemdNotifier supervisor;
    private final TakeOver succession;
    private final HandOver handOver;
    private final StateStore store;

    Lifecycle(
            TurnoutConfig config,
            Front front,
            Switching switching,
            HealthMonitor monitor,
            FrontSecret secret,
            AdminServer admin,
            PendingResponses answers,
            ProcessInfo about,
            SystemdNotifier supervisor,
            TakeOver succession,
            HandOver handOver,
            StateStore store) {
        this.config = config;
        this.front = front;
        this.switching = switching;
        this.monitor = monitor;
        this.secret = secret;
        this.admin = admin;
        this.answers = answers;
        this.about = about;
        this.supervisor = supervisor;
        this.succession = succession;
        this.handOver = handOver;
        this.store = store;
    }

    /** Before the admin server listens, so that nobody finds it without a front. */
    void start(@Observes StartupEvent event) {
        RoutingState state = switching.current().get();
        switching.changes().suspend(ChangeRefused.Reason.STARTING, "Turnout is being started.");
        int adminPort = config.admin().port();
        if (config.admin().onFront() && adminPort != 0) {
            serveAdminOnFront(adminPort);
        }
        front.start(state);
        monitor.watch(state);
        switching.history().begin();
    }

    /** After all others that are told of the start: the routes are complete by then. */
    void ready(@Observes @Priority(LAST) StartupEvent event) {
        listen();
        // Only now a port of the system's choice is known.
        if (config.admin().onFront() && config.admin().port() == 0) {
            serveAdminOnFront(admin.port());
        }
        try {
            succession.complete();
        } catch (StartRefused e) {
            refuse(e);
            return;
        }
        // From now on no other process can own the folder, and not before: a start that fails records nothing.
        try {
            switching.commit().record();
            front.journalTakeOver();
        } finally {
            switching.changes().resume();
        }
        switching.activeSlotCheck().begin();
        if (config.listen().reusePort()) {
            handOver.offer();
        }
        String line = readyLine(switching.current().get());
        LOG.info(line);
        supervisor.ready(line);
    }

    /** The predecessor has taken its place back, and waits for the folder. */
    private void refuse(StartRefused refused) {
        store.release();
        System.err.println("Turnout can't start: " + refused.getMessage());
        Quarkus.asyncExit(1);
    }

    private void listen() {
        try {
            admin.listen().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new StartRefused(
                    "the admin server can't listen on turnout.admin.host and turnout.admin.port ("
                            + e.getCause().getMessage() + "). Stop what uses that address, or choose another one.",
                    e);
        }
    }

    private void serveAdminOnFront(int adminPort) {
        AdminAddress address = AdminAddress.reaching(config.admin().host(), adminPort);
        front.serveAdminOnFront(
                new Target(address.host(), address.port()), secret.value(), PendingResponses.most(config));
    }

    private String readyLine(RoutingState state) {
        double seconds = Duration.between(about.startedAt(), Instant.now()).toMillis() / MILLIS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "Turnout %s ready in %.1f s: front %s, admin http://%s, %s",
                about.version(),
                seconds,
                front.address(),
                new Target(config.admin().host(), admin.port()),
                state.services().values().stream().map(Lifecycle::route).collect(Collectors.joining("; ")));
    }

    private static String route(Service service) {
        String targets = service.pool(service.active()).inRotation().stream()
                .map(Target::toString)
                .collect(Collectors.joining(", "));
        return service.name() + " -> " + service.active() + " (" + targets + "), revision " + service.revision();
    }

    /** While the admin server still answers: a switch that ends now has somebody who waits for its receipt. */
    void finish(@Observes ShutdownDelayInitiatedEvent event) {
        supervisor.stopping();
        LOG.info("Stopping: requests in flight have " + config.drain().timeout().toSeconds() + " s to end");
        switching.changes().beginStop();
        try {
            front.stop(config.drain().timeout()).toCompletableFuture().join();
        } catch (CompletionException e) {
            LOG.error("The front did not stop as it should", e.getCause());
        }
        try {
            if (!switching.changes().awaitEnd(LAST_CHANGE_MILLIS)) {
                LOG.warn("A change had not ended: the state file says what is in force");
            }
            awaitAnswers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        admin.close().toCompletableFuture().join();
        switching.history().stop();
        monitor.stop();
        LOG.info("Stopped");
    }

    /** Whoever waits for a receipt should have it before the admin server is gone. */
    private void awaitAnswers() throws InterruptedException {
        Deadline.after(LAST_ANSWER).await(answers::areNone, 1);
    }
}
