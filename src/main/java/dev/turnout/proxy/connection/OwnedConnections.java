package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.route.TargetState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The idle target connections that serve one client each, since they began with a header that names the client. They are
 * closed with the client's connection. Event loop only.
 */
final class OwnedConnections<C extends IdleConnection> {

    private final Map<ClientEnds, List<C>> ofClients = new HashMap<>();

    /** In the order in which they became idle. */
    private final Set<C> all = new LinkedHashSet<>();

    /** Returns the client's youngest connection to a target that the request may use, and keeps it no longer. */
    @Nullable
    C take(TargetState target, ClientEnds client, boolean replayable) {
        List<C> connections = ofClients.getOrDefault(client, List.of());
        for (int i = connections.size() - 1; i >= 0; i--) {
            C connection = connections.get(i);
            if (connection.target() == target && connection.isUsable(replayable)) {
                forget(connection, client);
                return connection;
            }
        }
        return null;
    }

    void keep(C connection, ClientEnds client) {
        List<C> connections = ofClients.get(client);
        if (connections == null) {
            connections = new ArrayList<>(1);
            ofClients.put(client, connections);
            client.atEnd(() -> close(client));
        }
        connections.add(connection);
        all.add(connection);
    }

    void forget(C connection, ClientEnds client) {
        all.remove(connection);
        List<C> connections = ofClients.get(client);
        if (connections != null) {
            connections.remove(connection);
        }
    }

    private void close(ClientEnds client) {
        Objects.requireNonNull(ofClients.remove(client)).forEach(IdleConnection::close);
    }

    /** Returns all of them, the longest unused first. */
    Set<C> all() {
        return all;
    }
}
