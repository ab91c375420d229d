package dev.turnout.routing;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The means to open connections to targets before they get traffic. Any thread. */
@FunctionalInterface
public interface ConnectAhead {

    /** Opens nothing. */
    ConnectAhead NONE = (service, targets) -> CompletableFuture.completedStage(0);

    /**
     * Opens connections to targets that are about to get traffic, so that the first requests do not wait. Unused
     * connections are closed after a while. Does not block.
     *
     * @return completes with how many have been opened; never exceptionally
     */
    CompletionStage<Integer> connectAhead(String service, Collection<Target> targets);
}
