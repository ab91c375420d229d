package dev.turnout.config;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The address at which a process of this machine with the same configuration reaches the admin server.
 *
 * @param host a name or an IP address, never a wildcard
 */
public record AdminAddress(String host, int port) {

    /** Returns how this machine reaches a listener. A listener on {@code ::} accepts IPv4 too. */
    public static AdminAddress reaching(String host, int port) {
        return new AdminAddress(Hosts.isWildcard(host) ? "127.0.0.1" : host, port);
    }

    /**
     * Returns the URL of the admin server.
     *
     * @param isSecure true if the server speaks HTTPS
     */
    public URI url(boolean isSecure) {
        try {
            return new URI(isSecure ? "https" : "http", null, host, port, "", null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no address: " + this, e);
        }
    }
}
