package dev.turnout.routing;

import java.util.Objects;

/**
 * A name whose addresses are the targets. It stands in a configured list only: it is asked again and again, and each of its
 * addresses becomes a target of its own.
 *
 * @param kind which records are asked for
 * @param name at most 253 characters, without a dot at its end
 * @param port of each address; 0 for records that have the port
 */
public record NameAddress(Kind kind, String name, int port) implements TargetAddress {

    private static final int MOST = 253;

    /** Which records say where the targets are. */
    public enum Kind {
        /** Addresses: A and AAAA. */
        ADDRESSES("dns:"),
        /** Hosts and ports: SRV (RFC 2782). */
        SERVICES("srv:");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** Returns what stands before the name. */
        String prefix() {
            return prefix;
        }
    }

    public NameAddress {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.length() > MOST || !name.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")) {
            throw new IllegalArgumentException("'" + name + "' is not a name that can be looked up");
        }
        if (name.matches("[0-9.]+") || name.contains("..") || name.matches("(.*\\.)?[^.]{64,}(\\..*)?")) {
            throw new IllegalArgumentException("'" + name + "' is not a name that can be looked up");
        }
        boolean hasPort = port >= 1 && port <= 65535;
        if (kind == Kind.ADDRESSES ? !hasPort : port != 0) {
            throw new IllegalArgumentException("a port is 1 to 65535, and SRV records have their own: " + port);
        }
    }

    /**
     * Reads {@code dns:name:port} or {@code srv:name}.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    static NameAddress parse(String text) {
        if (text.startsWith(Kind.SERVICES.prefix)) {
            return new NameAddress(Kind.SERVICES, text.substring(Kind.SERVICES.prefix.length()), 0);
        }
        HostPort address = HostPort.parse(text.substring(Kind.ADDRESSES.prefix.length()));
        return new NameAddress(Kind.ADDRESSES, address.host(), address.port());
    }

    /** Returns true if a text says that it is such a name. */
    static boolean isNamedBy(String text) {
        return text.startsWith(Kind.ADDRESSES.prefix) || text.startsWith(Kind.SERVICES.prefix);
    }

    @Override
    public String host() {
        return name;
    }

    @Override
    public String authority() {
        return name;
    }

    @Override
    public String toString() {
        return kind == Kind.ADDRESSES ? kind.prefix + name + ":" + port : kind.prefix + name;
    }
}
