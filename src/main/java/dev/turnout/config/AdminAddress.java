package dev.turnout.config;

import io.smallrye.config.SmallRyeConfig;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where another process of this machine reaches the admin server, if both have the same configuration.
 *
 * @param host a name or an IP address, never a wildcard
 */
public record AdminAddress(String host, int port) {

    /** The address by this process's configuration, which {@link StartCheck} has found sound. */
    public static AdminAddress configured() {
        SmallRyeConfig config = StartCheck.read();
        return reaching(value(config, Key.ADMIN_HOST), Integer.parseInt(value(config, Key.ADMIN_PORT)));
    }

    /** How this machine reaches what listens on a host and port; whoever listens on {@code ::} has IPv4's clients too. */
    public static AdminAddress reaching(String host, int port) {
        return new AdminAddress(Hosts.isWildcard(host) ? "127.0.0.1" : host, port);
    }

    private static String value(SmallRyeConfig config, Key<?> key) {
        return config.getOptionalValue(key.name(), String.class)
                .or(key::standard)
                .orElseThrow();
    }

    /** The address of a path of it. */
    public URI resolve(String path) {
        try {
            return new URI("http", null, host, port, path, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no address: " + this, e);
        }
    }
}
