package dev.turnout.admin;

import dev.turnout.config.LogLimit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The open connections of the admin server, and the rule for a new connection at the limit.
 *
 * <p>The connection of the lowest {@link Standing} is closed for the new connection. So an operator gets in although idle
 * callers, or callers without the token, hold all connections. Event loop only.
 */
final class AdminConnections {

    /** The standing of a connection, in rising order. */
    enum Standing {
        /** The last answer has been sent. What still arrives is dropped. */
        LEAVING,
        /** No call on the connection has passed the guard. */
        UNKNOWN,
        /** A call on the connection has passed the guard. No call is being carried out now. */
        RESTING,
        /** A call that has passed the guard is being carried out. The connection is never closed for a new one. */
        WORKING
    }

    private static final Logger LOG = Logger.getLogger(AdminConnections.class);

    private final int most;
    private final LogLimit lines = new LogLimit();
    private final Set<AdminConnection> open = new LinkedHashSet<>();

    /** @param most how many connections there may be */
    AdminConnections(int most) {
        this.most = most;
    }

    /** Adds a new connection. Returns false at the limit if all other connections are at work. */
    boolean admit(AdminConnection connection) {
        if (open.size() >= most) {
            tell();
            Optional<AdminConnection> out = givesWay(open, AdminConnection::standing);
            if (out.isEmpty()) {
                return false;
            }
            open.remove(out.get());
            out.get().abort();
        }
        return open.add(connection);
    }

    /** Logs at most once a minute what happens at the limit. */
    private void tell() {
        if (lines.mayWrite()) {
            LOG.warnf(
                    "The admin port has %d connections, which is turnout.admin.connections: for each new one the least"
                            + " used is closed, first those without the token",
                    most);
        }
    }

    /**
     * Returns the connection that gives way: the first of the lowest standing; empty if all are at work.
     *
     * @param connections in the order of their last use
     */
    static <C> Optional<C> givesWay(Collection<C> connections, Function<C, Standing> standing) {
        C least = null;
        for (C connection : connections) {
            boolean isLess = least == null || standing.apply(connection).compareTo(standing.apply(least)) < 0;
            if (isLess && standing.apply(connection) != Standing.WORKING) {
                least = connection;
            }
        }
        return Optional.ofNullable(least);
    }

    /** Called when a connection has been used. The connection is the last of its standing to give way. */
    void used(AdminConnection connection) {
        if (open.remove(connection)) {
            open.add(connection);
        }
    }
    /** Called when a connection has ended. */
    void remove(AdminConnection connection) {
        open.remove(connection);
    }
}
