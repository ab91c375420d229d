package dev.turnout;

import dev.turnout.acme.Acme;
import dev.turnout.admin.AdminServer;
import dev.turnout.admin.PendingResponses;
import dev.turnout.admin.RecentTraffic;
import dev.turnout.config.Deadline;
import dev.turnout.config.RunningConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.fleet.FleetMember;
import dev.turnout.health.HealthMonitor;
import dev.turnout.notify.Notifications;
import dev.turnout.switching.Switching;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * The stop of Turnout. No new changes begin, and a change that waits at its gate ends. The front lets its requests end,
 * which ends a drain too. The admin server, the probes and the store end last.
 */
@Singleton
final class Shutdown {

    private static final Logger LOG = Logger.getLogger("dev.turnout");
    private static final long LAST_CHANGE_MILLIS = 2_000;
    private static final Duration LAST_RESPONSE = Duration.ofSeconds(1);

    private final RunningConfig config;
    private final Front front;
    private final Switching switching;
    private final RecentTraffic recentTraffic;
    private final HealthMonitor monitor;
    private final AdminServer admin;
    private final PendingResponses responses;
    private final SystemdNotifier systemd;
    private final OutageWatch outages;
    private final Acme acme;
    private final Notifications notifications;
    private final HandOver handOver;

    Shutdown(
            RunningConfig config,
            Front front,
            Switching switching,
            RecentTraffic recentTraffic,
            HealthMonitor monitor,
            AdminServer admin,
            PendingResponses responses,
            SystemdNotifier systemd,
            OutageWatch outages,
            Acme acme,
            Notifications notifications,
            HandOver handOver) {
        this.config = config;
        this.front = front;
        this.switching = switching;
        this.recentTraffic = recentTraffic;
        this.monitor = monitor;
        this.admin = admin;
        this.responses = responses;
        this.systemd = systemd;
        this.outages = outages;
        this.acme = acme;
        this.notifications = notifications;
        this.handOver = handOver;
    }

    /** Called while the admin server still answers: a switch that ends now still sends its receipt. */
    void finish(@Observes ShutdownDelayInitiatedEvent event) {
        systemd.stopping();
        outages.beginStop();
        acme.stop();
        LOG.info("Stopping: requests in flight have "
                + ServiceSettings.longestDrain(config.get()).toSeconds() + " s to end");
        switching.fleet().member().ifPresent(FleetMember::beginStop);
        switching.containers().stop();
        switching.changes().beginStop();
        try {
            front.stop(ServiceSettings.longestDrain(config.get()))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            LOG.error("The front did not stop as it should", e.getCause());
        }
        try {
            if (!switching.changes().awaitEnd(LAST_CHANGE_MILLIS)) {
                LOG.warn("A change had not ended: the state file says what is in force");
            }
            if (handOver.isOwner()) {
                switching.fleet().member().ifPresent(FleetMember::leaveAtStop);
            }
            // A client that waits for a receipt gets the receipt before the admin server is gone.
            Deadline.after(LAST_RESPONSE).await(responses::areNone, 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        admin.close().toCompletableFuture().join();
        switching.history().stop();
        switching.leases().stop();
        switching.fleet().member().ifPresent(FleetMember::stop);
        switching.names().stop();
        switching.containers().stop();
        recentTraffic.stop();
        outages.stop();
        notifications.stop();
        monitor.stop();
        LOG.info("Stopped");
    }
}
