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
         * @param cause a {@link Descriptors.Missing} if the reason is on this side
         */
        void failed(Throwable cause);
    }

    /**
     * Returns a stream over an idle connection. Null if there is none that the request may use.
     *
     * @param client who the request is from
     * @param isReplayable whether the request can go again if the target has just closed the connection
     */
    @Nullable
    TargetStream take(TargetState target, ClientEnds client, boolean isReplayable);

    /** Opens a connection. The waiter is never called before this method has returned. */
    void connect(TargetState target, ClientEnds client, Waiter waiter);
}
