package dev.turnout.routing;

import java.util.Objects;

/**
 * A port of a host.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port 1 to 65535
 */
public record TcpAddress(String host, int port) implements TargetAddress {

    public TcpAddress {
        Objects.requireNonNull(host, "host");
        if (host.isEmpty() || !host.chars().allMatch(TcpAddress::isHostCharacter)) {
            throw new IllegalArgumentException("'" + host + "' is not a host name or address");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
    }

    /**
     * Reads {@code host:port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    public static TcpAddress parse(String text) {
        HostPort address = HostPort.parse(text);
        return new TcpAddress(address.host(), address.port());
    }

    private static boolean isHostCharacter(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '.'
                || c == '-'
                || c == '_'
                || c == ':'
                || c == '%';
    }

    @Override
    public String authority() {
        return toString();
    }

    /** Returns the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return new HostPort(host, port).toString();
    }
}
