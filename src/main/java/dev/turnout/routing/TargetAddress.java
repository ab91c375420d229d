package dev.turnout.routing;

/** Where connections to a target are opened. */
public sealed interface TargetAddress extends Comparable<TargetAddress> permits TcpAddress, UnixAddress {

    /**
     * Returns the host that a target at this address is asked for, and that its certificate has to be for, where nothing
     * else is configured. An IPv6 address stands without its brackets.
     */
    String host();

    /** Returns what stands in the {@code Host} field of a request to this address, where nothing else is configured. */
    String authority();

    /** Addresses of the network come before sockets of this machine. */
    @Override
    default int compareTo(TargetAddress other) {
        if (this instanceof TcpAddress one && other instanceof TcpAddress two) {
            int byHost = one.host().compareTo(two.host());
            return byHost != 0 ? byHost : Integer.compare(one.port(), two.port());
        }
        if (this instanceof UnixAddress one && other instanceof UnixAddress two) {
            return one.path().compareTo(two.path());
        }
        return this instanceof TcpAddress ? -1 : 1;
    }
}
