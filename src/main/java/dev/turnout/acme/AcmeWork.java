package dev.turnout.acme;

import dev.turnout.acme.AcmeStatus.State;
import dev.turnout.config.AcmeChallenge;
import dev.turnout.config.AcmeConfig;
import dev.turnout.config.Deadline;
import dev.turnout.config.Durations;
import dev.turnout.config.RunningConfig;
import dev.turnout.fleet.FleetFiles;
import dev.turnout.fleet.FleetMember;
import dev.turnout.tls.AlpnChallenges;
import dev.turnout.tls.HttpChallenges;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of one thread by the same settings: order what is due, then rest, and answer the challenges of other
 * processes meanwhile.
 */
final class AcmeWork {

    private static final Logger LOG = Logger.getLogger("dev.turnout.acme");
    private static final Duration SHORTEST_REST = Duration.ofMillis(100);

    private final RunningConfig running;
    private final Clock clock;
    private final Renewals renewals;
    private final FleetFolder fleet;
    private final @Nullable FolderProofs ofOthers;
    private final boolean mayHaveOthers;
    private boolean isLookAsked;
    private volatile boolean isEnded;

    /** @param ofOthers the answers to challenges of other processes; null if they are given by name servers */
    AcmeWork(
            RunningConfig running,
            Renewals renewals,
            FleetFolder fleet,
            @Nullable FolderProofs ofOthers,
            boolean mayHaveOthers,
            Clock clock) {
        this.running = running;
        this.renewals = renewals;
        this.fleet = fleet;
        this.ofOthers = ofOthers;
        this.mayHaveOthers = mayHaveOthers;
        this.clock = clock;
    }

    /**
     * Returns work by settings.
     *
     * @param member the place in a fleet, which may not be taken yet; empty without a fleet in the configuration
     * @param listener hears of the ends of orders
     */
    static AcmeWork of(
            AcmeSettings settings,
            RunningConfig running,
            Vertx vertx,
            HttpChallenges http,
            AlpnChallenges alpn,
            Optional<FleetMember> member,
            OrderListener listener,
            Clock clock) {
        boolean isShared = settings.isShared();
        // A machine may enter the fleet at any time.
        boolean mayHaveOthers = isShared || member.isPresent();
        // A folder that machines share is enough: who has one does not need another way.
        Supplier<Optional<FleetFiles>> ofFleet = isShared ? Optional::empty : () -> member.flatMap(FleetMember::files);
        FleetFolder fleet = new FleetFolder(settings.root(), ofFleet, listener::issued);
        Proofs own = ofFront(settings, vertx, http, alpn);
        FolderProofs ofOthers = settings.challenge() == AcmeChallenge.DNS_01
                ? null
                : new FolderProofs(
                        settings.root().resolve("challenges"), own, () -> isShared || fleet.isShared(), fleet, clock);
        Renewals renewals = new Renewals(
                settings,
                (directory, key) -> new Acme4jAuthority(directory.address(), key, settings.ca()),
                ofOthers == null ? own : ofOthers,
                isShared
                        ? new LeaseRight(settings.root(), owner(), clock)
                        : new FleetRight(ofFleet, fleet, new HostRight(settings.root())),
                fleet,
                listener,
                clock,
                new SplittableRandom());
        return new AcmeWork(running, renewals, fleet, ofOthers, mayHaveOthers, clock);
    }

    private static Proofs ofFront(AcmeSettings settings, Vertx vertx, HttpChallenges http, AlpnChallenges alpn) {
        return switch (settings.challenge()) {
            case HTTP_01 -> new HttpProofs(http, HttpProofs.PORT);
            case TLS_ALPN_01 -> new AlpnProofs(alpn, AlpnProofs.PORT);
            case DNS_01 ->
                new DnsProofs(
                        settings.dns().hook().orElseThrow(),
                        new NameServer(vertx, settings.dns().server()),
                        settings.dns().patience());
        };
    }

    /** Names this process. Containers may have the same process id and the same host name. */
    private static String owner() {
        return ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    }

    List<AcmeStatus> status() {
        return renewals.status();
    }

    /** Has the certificates looked at soon. Any thread. */
    synchronized void look() {
        isLookAsked = true;
        notifyAll();
    }

    /** Has {@link #run} return soon. An order that has begun is brought to its end first. Any thread. */
    void end() {
        isEnded = true;
        renewals.end();
        look();
    }

    /** Works until {@link #end}, or until the thread is interrupted. */
    void run() throws InterruptedException {
        while (!isEnded) {
            try {
                AcmeConfig config = running.get().acme();
                Instant next = renewals.run(CertificatePlan.of(config.names(), config.bundle()));
                rest(next);
            } catch (RuntimeException | Error e) {
                LOG.errorf(
                        e,
                        "The certificates could not be looked after. They are looked at again in %d minutes.",
                        Renewals.AFTER_FAULT.toMinutes());
                restAfterFault();
            }
        }
    }

    /** A look that was asked for before the fault is asked for no more: it may be what ends in the fault. */
    private synchronized void restAfterFault() throws InterruptedException {
        isLookAsked = false;
        if (!isEnded) {
            pause(Renewals.AFTER_FAULT);
        }
    }

    /** Rests until a moment. A clock that is set back meanwhile does not prolong the rest. */
    private void rest(Instant next) throws InterruptedException {
        Deadline latest = Deadline.after(Durations.shorter(byClock(next), Renewals.LONGEST_SLEEP));
        Duration left = left(next, latest);
        while (!left.isNegative() && !left.isZero() && !takeLook() && !fleet.follow()) {
            boolean mayOthersOrder =
                    mayHaveOthers || renewals.status().stream().anyMatch(each -> each.state() == State.ELSEWHERE);
            if (mayOthersOrder) {
                if (ofOthers != null) {
                    ofOthers.followOthers();
                }
                pause(Durations.shorter(left, FolderProofs.LOOK_EVERY));
            } else {
                pause(left);
            }
            left = left(next, latest);
        }
    }

    private Duration left(Instant next, Deadline latest) {
        return Durations.shorter(byClock(next), Duration.ofMillis(latest.leftMillis()));
    }

    private Duration byClock(Instant next) {
        return Duration.between(clock.instant(), next);
    }

    private synchronized boolean takeLook() {
        boolean isAsked = isLookAsked;
        isLookAsked = false;
        return isAsked;
    }

    private synchronized void pause(Duration time) throws InterruptedException {
        if (!isLookAsked) {
            wait(Math.max(SHORTEST_REST.toMillis(), time.toMillis()));
        }
    }
}
