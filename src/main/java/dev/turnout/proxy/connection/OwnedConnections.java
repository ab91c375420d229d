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
final class OwnedConnections {

    private final Map<ClientEnds, List<Http1TargetConnection>> ofClients = new HashMap<>();

    /** In the order in which they became idle. */
    private final Set<Http1TargetConnection> all = new LinkedHashSet<>();

    /** Returns the client's youngest connection to a target that the request may use, and keeps it no longer. */
    @Nullable
    Http1TargetConnection take(TargetState target, ClientEnds client, boolean replayable) {
        List<Http1TargetConnection> connections = ofClients.getOrDefault(client, List.of());
        for (int i = connections.size() - 1; i >= 0; i--) {
            Http1TargetConnection connection = connections.get(i);
            if (connection.target() == target && connection.isUsable(replayable)) {
                forget(connection, client);
                return connection;
            }
        }
        return null;
    }

    void keep(Http1TargetConnection connection, ClientEnds client) {
        List<Http1TargetConnection> connections = ofClients.get(client);
        if (connections == null) {
            connections = new ArrayList<>(1);
            ofClients.put(client, connections);
            client.atEnd(() -> close(client));
        }
        connections.add(connection);
        all.add(connection);
    }

    void forget(Http1TargetConnection connection, ClientEnds client) {
        all.remove(connection);
        List<Http1TargetConnection> connections = ofClients.get(client);
        if (connections != null) {
            connections.remove(connection);
        }
    }

    private void close(ClientEnds client) {
        Objects.requireNonNull(ofClients.remove(client)).forEach(Http1TargetConnection::close);
    }

    /** Returns all of them, the longest unused first. */
    Set<Http1TargetConnection> all() {
        return all;
    }
}
