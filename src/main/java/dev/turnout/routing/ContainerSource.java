package dev.turnout.routing;

import java.time.Duration;

/** Says which running containers are to be targets. One thread at a time; blocks. */
public interface ContainerSource {

    /** Returns what the engine says now. Blocks for a bounded time. */
    ContainerAnswer list();

    /**
     * Blocks until containers may have come since the last {@link #list}.
     *
     * @param most how long to wait
     * @return true if containers may have come
     */
    boolean await(Duration most) throws InterruptedException;

    /** Closes the connections to the engine. Any thread. */
    void close();
}
