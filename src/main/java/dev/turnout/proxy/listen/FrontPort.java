package dev.turnout.proxy.listen;

import dev.turnout.routing.HostPort;

/**
 * A port that clients connect to.
 *
 * @param key begins the names of the keys that say so
 * @param host the address to listen on
 * @param port the port to listen on; 0 lets the system choose
 * @param reusePort whether a successor may listen there too
 */
public record FrontPort(String key, String host, int port, boolean reusePort) {

    @Override
    public String toString() {
        return key + " " + new HostPort(host, port);
    }
}
