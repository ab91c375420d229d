package dev.turnout.acme;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.RunningConfig;
import dev.turnout.tls.AlpnChallenges;
import dev.turnout.tls.HttpChallenges;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private final OrderListener listener;
    private final Clock clock;
    private volatile @Nullable AcmeWork work;
    private @Nullable Thread worker;

    /**
     * @param http answers HTTP-01 on the front; without it no certificate is ordered
     * @param alpn answers TLS-ALPN-01 on the front
     * @param listener hears of the ends of orders
     */
    public Acme(
            Vertx vertx,
            RunningConfig running,
            Optional<HttpChallenges> http,
            AlpnChallenges alpn,
            OrderListener listener,
            Clock clock) {
        this.vertx = vertx;
        this.running = running;
        this.http = http;
        this.alpn = alpn;
        this.listener = listener;
        this.clock = clock;
    }

    /** Begins to order what is due, if an authority is configured. Called once the front answers challenges. */
    public void start() {
        Path state = running.get().state().directory();
        Optional<AcmeSettings> settings = AcmeSettings.of(running.get().acme(), state);
        if (settings.isPresent() && http.isPresent()) {
            worker = DaemonThread.start("turnout-acme", () -> work(settings.get(), http.get()));
        }
    }

    /** Has the certificates looked at soon: names may have changed. Any thread. */
    public void look() {
        AcmeWork current = work;
        if (current != null) {
            current.look();
        }
    }

    /** Returns what is known of each certificate; none before the first look. Any thread. */
    public List<AcmeStatus> status() {
        AcmeWork current = work;
        return current == null ? List.of() : current.status();
    }

    /** Ends. An order that has begun is left to the next process. Blocks for seconds at most. */
    public void stop() {
        Thread current = worker;
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

    private void work(AcmeSettings settings, HttpChallenges front) {
        AcmeWork own = new AcmeWork(settings, running, vertx, front, alpn, listener, clock);
        work = own;
        try {
            own.run();
        } catch (InterruptedException e) {
            LOG.debug("No more certificates are ordered by this process");
        }
    }
}
