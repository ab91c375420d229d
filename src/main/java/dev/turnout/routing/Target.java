package dev.turnout.routing;

import java.util.Comparator;
import java.util.Objects;

/**
 * One running instance of a service; in a configured list also a name whose addresses are the instances.
 *
 * @param scheme whether it is spoken to over TLS; a Unix socket is spoken to in clear
 * @param address where connections to it are opened
 */
public record Target(TargetScheme scheme, TargetAddress address) implements Comparable<Target> {

    private static final Comparator<Target> ORDER =
            Comparator.comparing(Target::address).thenComparing(Target::scheme);

    public Target {
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(address, "address");
        if (address instanceof UnixAddress && scheme != TargetScheme.HTTP) {
            throw new IllegalArgumentException("a Unix socket is spoken to in clear");
        }
    }

    /** Makes a target that is spoken to as its service says. */
    public Target(String host, int port) {
        this(TargetScheme.OF_SERVICE, new TcpAddress(host, port));
    }

    /**
     * Reads {@code host:port}, {@code [ipv6]:port}, {@code dns:name:port}, {@code srv:name}, one of them behind {@code
     * http://} or {@code https://}, or {@code unix:/path}.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    public static Target parse(String text) {
        if (text.startsWith(UnixAddress.PREFIX)) {
            return new Target(TargetScheme.HTTP, new UnixAddress(text.substring(UnixAddress.PREFIX.length())));
        }
        for (TargetScheme scheme : TargetScheme.values()) {
            if (scheme != TargetScheme.OF_SERVICE && text.startsWith(scheme.prefix())) {
                String rest = text.substring(scheme.prefix().length());
                return new Target(
                        scheme,
                        NameAddress.isNamedBy(rest) ? NameAddress.parse(rest) : addressBehind(scheme.prefix(), text));
            }
        }
        return new Target(
                TargetScheme.OF_SERVICE,
                NameAddress.isNamedBy(text) ? NameAddress.parse(text) : TcpAddress.parse(text));
    }

    private static TcpAddress addressBehind(String prefix, String text) {
        String rest = text.substring(prefix.length());
        if (rest.startsWith(UnixAddress.PREFIX)) {
            throw new IllegalArgumentException(
                    "'" + text + "' has a scheme; a Unix socket is spoken to in clear, and stands as unix:/path");
        }
        if (rest.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + text + "' has a path; a target is " + prefix + "host:port");
        }
        return TcpAddress.parse(rest);
    }

    /** Returns true if the target is a Unix socket of this machine. */
    public boolean isUnix() {
        return address instanceof UnixAddress;
    }

    /** Returns true if it is a name whose addresses are the targets. */
    public boolean isName() {
        return address instanceof NameAddress;
    }

    /** Returns true if both targets are the same instance: they have one address. */
    public boolean isAtPlaceOf(Target other) {
        return address.equals(other.address);
    }

    /**
     * Returns the address in the network.
     *
     * @throws IllegalStateException for a Unix socket
     */
    public TcpAddress tcp() {
        if (address instanceof TcpAddress tcp) {
            return tcp;
        }
        throw new IllegalStateException(this + " has no port");
    }

    @Override
    public int compareTo(Target other) {
        return ORDER.compare(this, other);
    }

    /** Returns the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return address instanceof UnixAddress ? address.toString() : scheme.prefix() + address;
    }
}
