package dev.turnout.proxy.exchange;

import dev.turnout.proxy.route.Retirement;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.CutRequest;
import org.jspecify.annotations.Nullable;

/** A request in flight, as whoever drains targets or stops Turnout sees it. Event loop only. */
public abstract class ActiveRequest {

    /** Neighbours in the list of {@link ActiveRequests}. */
    @Nullable
    ActiveRequest previous;

    @Nullable
    ActiveRequest next;

    /** Returns the target. Null as long as the request waits for one. */
    public abstract @Nullable TargetState target();

    /** Returns true if the drain of its target does not wait for the request, and does not cut it. Only with a target. */
    public abstract boolean isBesideDrain();

    /** Returns true if the exchange may have no end of its own, so that a drain gives it one. */
    public abstract boolean isRetirable();

    /** Ends the exchange as {@link Farewell} says, once a delay has passed. Milliseconds. */
    public abstract void retire(Retirement retirement, long delayMillis);

    /**
     * Ends the exchange before it is done.
     *
     * @param reply what the client is told, if nothing of a response has gone to it
     * @return what was cut; null if the exchange had ended before
     */
    public abstract @Nullable CutRequest cut(LocalReply reply);

    /** Called when memory may be had again, or what is kept may have been taken. */
    public abstract void goOn();
}
