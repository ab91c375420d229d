package dev.turnout.routing;

/** Where connections to a target are opened. */
public sealed interface TargetAddress extends Comparable<TargetAddress> permits TcpAddress, UnixAddress, NameAddress {

    /**
     * Returns the host that a target at this address is asked for, and that its certificate has to be for, where nothing
     * else is configured. An IPv6 address stands without its brackets.
     */
    String host();

    /** Returns what stands in the {@code Host} field of a request to this address, where nothing else is configured. */
    String authority();

    private static int rank(TargetAddress address) {
        if (address instanceof TcpAddress) {
            return 0;
        }
        return address instanceof UnixAddress ? 1 : 2;
    }

    /** Addresses of the network come before sockets of this machine, and those before names. */
    @Override
    default int compareTo(TargetAddress other) {
        if (this instanceof TcpAddress one && other instanceof TcpAddress two) {
            int byHost = one.host().compareTo(two.host());
            return byHost != 0 ? byHost : Integer.compare(one.port(), two.port());
        }
        return rank(this) == rank(other) ? toString().compareTo(other.toString()) : rank(this) - rank(other);
    }
}
