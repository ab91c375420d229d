package dev.turnout.proxy.exchange;

import dev.turnout.proxy.loop.Descriptors;
import dev.turnout.proxy.route.TargetState;
import org.jspecify.annotations.Nullable;

/** Where exchanges get their streams to targets from. Event loop only. */
public interface TargetSource {

    /** Whoever waits for a stream. Exactly one of the methods is called, once. */
    interface Waiter {

        /**
         * Called with the stream.
         *
         * @return false if nobody wants it any more
         */
        boolean opened(TargetStream stream);

        /**
         * Called when no connection could be opened.
         *
         * @param cause a {@link Descriptors.Missing} if the reason is on this side; {@link QueueFull} if as many requests
         *     wait as may
         */
        void failed(Throwable cause);

        /** Called when a request for which {@link TargetSource#connect} has returned no place has to wait after all. */
        void queued(Place place);

        /** Called when a request that has waited in its {@link Place} has a connection opened for it. */
        void connecting();

        /** Called from time to time while the request waits in its {@link Place}: it may go elsewhere. */
        void moveOn();

        /** Returns true if the request can go again if the target has just closed the connection. */
        boolean isReplayable();
    }

    /** The place of a request among those that wait for a connection. */
    interface Place {

        /** Ends the wait. Does nothing if it is over. */
        void leave();
    }

    /**
     * Returns a stream over an idle connection. Null if there is none that the request may use.
     *
     * @param client who the request is from
     * @param isReplayable whether the request can go again if the target has just closed the connection
     */
    @Nullable
    TargetStream take(TargetState target, ClientEnds client, boolean isReplayable);

    /**
     * Opens a connection, or lets the request wait for one. The waiter is never called before this method has returned.
     *
     * @return where the request waits; null if a connection is being opened for it, or the waiter is told later that it is
     *     refused or waits
     */
    @Nullable
    Place connect(TargetState target, ClientEnds client, Waiter waiter);
}
