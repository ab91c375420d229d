package dev.turnout.proxy.connection;

import dev.turnout.proxy.route.TargetState;

/** A connection to a target that waits for its next request. Event loop only. */
interface IdleConnection {

    /** Returns the target that the connection leads to. */
    TargetState target();

    /** Tells whether the next request may go out on it. A request that can't be replayed needs a younger one. */
    boolean isUsable(boolean replayable);

    /** Closes the connection. */
    void close();
}
