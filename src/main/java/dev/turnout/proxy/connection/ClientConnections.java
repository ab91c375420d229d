package dev.turnout.proxy.connection;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The client connections of one event loop that are open. Event loop only. */
public final class ClientConnections {

    private final Set<OpenConnection> open = new LinkedHashSet<>();
    private final AtomicLong onAllLoops;

    /** @param onAllLoops counts the open client connections of all event loops */
    public ClientConnections(AtomicLong onAllLoops) {
        this.onAllLoops = onAllLoops;
    }

    /** Adds a connection, and returns how many are open on all event loops. */
    public long add(OpenConnection client) {
        open.add(client);
        return onAllLoops.incrementAndGet();
    }

    /** Forgets a connection that has ended. */
    public void remove(OpenConnection client) {
        open.remove(client);
        onAllLoops.decrementAndGet();
    }

    /** Has one connection take the place of another, which is counted already. */
    void replace(OpenConnection before, OpenConnection after) {
        open.remove(before);
        open.add(after);
    }

    /** Returns the connections of now, as a list that does not change. */
    public List<OpenConnection> list() {
        return List.copyOf(open);
    }

    /**
     * Closes connections that have been without a request for a time, the oldest connections first.
     *
     * @param most how many at the most
     * @return true if one was closed
     */
    public boolean closeIdle(long leastIdleMillis, int most) {
        int closed = 0;
        for (OpenConnection client : list()) {
            if (closed < most && client.closeIfIdle(leastIdleMillis)) {
                closed++;
            }
        }
        return closed > 0;
    }
}
