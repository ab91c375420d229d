package dev.turnout.proxy.connection;

import dev.turnout.proxy.route.TargetState;

/** What the connections of one event loop to targets ask of other event loops. Any thread. */
public interface Neighbours {

    /** Has all event loops close their idle connections to a target, soon. */
    void closeIdle(TargetState target);

    /** Has an event loop serve the requests that wait there for a connection to a target, soon. */
    void serve(int loop, TargetState target);

    /** As {@link #serve}, on all event loops: those where none waits close idle connections for the others. */
    void serveEverywhere(TargetState target);
}
