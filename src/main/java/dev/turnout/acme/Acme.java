package dev.turnout.acme;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.RunningConfig;
import dev.turnout.fleet.FleetMember;
import dev.turnout.tls.AlpnChallenges;
import dev.turnout.tls.HttpChallenges;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The orders of certificates, on a thread of their own: no handshake and no request waits for an authority. Without a
 * directory in the configuration nothing is started, and no class of acme4j is loaded.
 */
public final class Acme {

    private static final Logger LOG = Logger.getLogger("dev.turnout.acme");
    private static final Duration LAST_STEP = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final RunningConfig running;
    private final Optional<HttpChallenges> http;
    private final AlpnChallenges alpn;
    private final Supplier<Optional<FleetMember>> fleet;
    private final OrderListener listener;
    private final Clock clock;
    private boolean isStarted;
    private Optional<AcmeSettings> wanted = Optional.empty();
    private @Nullable Thread worker;
    private volatile @Nullable AcmeWork work;

    /**
     * @param http answers HTTP-01 on the front; without it no certificate is ordered
     * @param alpn answers TLS-ALPN-01 on the front
     * @param fleet returns the place in a fleet, which may not be taken yet; empty without a fleet in the configuration
     * @param listener hears of the ends of orders
     */
    public Acme(
            Vertx vertx,
            RunningConfig running,
            Optional<HttpChallenges> http,
            AlpnChallenges alpn,
            Supplier<Optional<FleetMember>> fleet,
            OrderListener listener,
            Clock clock) {
        this.vertx = vertx;
        this.running = running;
        this.http = http;
        this.alpn = alpn;
        this.fleet = fleet;
        this.listener = listener;
        this.clock = clock;
    }

    /** Begins to order what is due, if an authority is configured. Called once the front answers challenges. */
    public synchronized void start() {
        isStarted = true;
        apply();
    }

    /**
     * Goes on by the configuration in force: the names may have changed, or the settings. With other settings an order
     * that has begun is brought to its end first. Any thread; does not block.
     */
    public synchronized void apply() {
        if (!isStarted || http.isEmpty()) {
            return;
        }
        AcmeWork current = work;
        Optional<AcmeSettings> next =
                AcmeSettings.of(running.get().acme(), running.get().state().directory());
        if (!next.equals(wanted)) {
            wanted = next;
            begin();
            if (current != null) {
                current.end();
            }
        } else if (current != null) {
            current.look();
        }
    }

    private void begin() {
        if (worker == null) {
            worker = DaemonThread.start("turnout-acme", this::work);
        }
        notifyAll();
    }

    /** Returns what is known of each certificate; none before the first look. Any thread. */
    public List<AcmeStatus> status() {
        AcmeWork current = work;
        return current == null ? List.of() : current.status();
    }

    /** Ends. An order that has begun is left to the next process. Blocks for seconds at most. */
    public void stop() {
        Thread current = endWorker();
        if (current == null) {
            return;
        }
        current.interrupt();
        try {
            current.join(LAST_STEP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Thread endWorker() {
        isStarted = false;
        return worker;
    }

    private void work() {
        try {
            while (true) {
                next().run();
            }
        } catch (InterruptedException e) {
            LOG.debug("No more certificates are ordered by this process");
        }
    }

    /** Waits until certificates are to be ordered. Returns what orders them by the settings that hold now. */
    private synchronized AcmeWork next() throws InterruptedException {
        work = null;
        while (wanted.isEmpty()) {
            wait();
        }
        AcmeWork next =
                AcmeWork.of(wanted.get(), running, vertx, http.orElseThrow(), alpn, fleet.get(), listener, clock);
        work = next;
        return next;
    }
}
