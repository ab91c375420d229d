package dev.turnout.routing;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The means to end requests at targets that are drained. Any thread. No method blocks. */
public interface DrainControl {

    /** Ends nothing: requests at such a plane end by themselves. */
    DrainControl NONE = new DrainControl() {
        @Override
        public Retired retire(String service, Collection<Target> targets, Duration over) {
            return Retired.NOTHING;
        }

        @Override
        public CompletionStage<CutRequests> cut(String service, Collection<Target> targets) {
            return CompletableFuture.completedStage(CutRequests.NONE);
        }
    };

    /**
     * Ends what has no end of its own at these targets of a service: WebSockets, event streams, polls. The ends are
     * spread over a time, so that the clients do not all come back at once. No state in force sends anything new to
     * these targets when this is called.
     *
     * <p>Requests that ask for the slot of such a target are refused from now on. They are served again after {@link
     * TargetStatus#proved}, after a failed probe and a later good probe, or when a state sends requests there again.
     *
     * @return tells at any time what has been ended so far
     */
    Retired retire(String service, Collection<Target> targets, Duration over);

    /** Returns about how many sessions still may come to these targets of a service, which are out of rotation. */
    default long sessions(String service, Collection<Target> targets) {
        return 0;
    }

    /**
     * Ends what is in flight at these targets of a service, at once.
     *
     * @return completes when nothing is in flight there any more, with the requests that were cut
     */
    CompletionStage<CutRequests> cut(String service, Collection<Target> targets);
}
