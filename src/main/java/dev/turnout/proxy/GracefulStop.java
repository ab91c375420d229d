package dev.turnout.proxy;

import dev.turnout.config.Deadline;
import dev.turnout.proxy.exchange.LocalReplies;
import dev.turnout.proxy.listen.FrontSockets;
import dev.turnout.routing.CutRequests;
import dev.turnout.text.Counted;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * The wait for the clients once the data plane stops: they get their time, and what is left then is cut and named in
 * the log. Any thread.
 */
final class GracefulStop {

    private static final Logger LOG = Logger.getLogger(GracefulStop.class);

    private static final long POLL_MILLIS = 10;

    private final EventLoops loops;
    private final AtomicLong clients;
    private final Deadline deadline;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /** @param clients how many client connections are open */
    GracefulStop(EventLoops loops, AtomicLong clients, Duration timeout) {
        this.loops = loops;
        this.clients = clients;
        this.deadline = Deadline.after(timeout);
    }

    /**
     * Closes the listeners and waits for the clients.
     *
     * @return completes when no client is connected any more, or all requests have been cut
     */
    CompletionStage<Void> after(FrontSockets sockets) {
        // A connection that was accepted last has a client once every event loop has been passed through.
        sockets.close().thenCompose(closed -> loops.passThrough()).thenRun(this::awaitClients);
        return stopped;
    }

    private void awaitClients() {
        if (clients.get() == 0) {
            stopped.complete(null);
        } else if (!deadline.isOver()) {
            loops.first().eventLoop().schedule(this::awaitClients, POLL_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            loops.cut(request -> true, LocalReplies.STOPPING).thenAccept(cut -> {
                tell(cut);
                stopped.complete(null);
            });
        }
    }

    private static void tell(CutRequests cut) {
        cut.named()
                .forEach(request -> LOG.warnf(
                        "Cut at the stop, after %d ms: %s %s at %s",
                        request.ageMillis(), request.method(), request.path(), request.target()));
        if (cut.unnamed() > 0) {
            LOG.warnf("Cut at the stop: %s, %d of them not named", Counted.requests(cut.count()), cut.unnamed());
        }
    }
}
