package dev.turnout.proxy.proxyprotocol;

import org.jspecify.annotations.Nullable;

/**
 * What the first bytes of a connection are, read as a header of the PROXY protocol.
 *
 * @see <a href="https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt">The PROXY protocol, versions 1 and 2</a>
 */
public sealed interface ProxyHeader {

    /** The longest header that is read, in bytes: a load balancer's own fields fit in. */
    int MOST_BYTES = 4096;

    /** There may be a header, and its end has not come yet. */
    record Incomplete() implements ProxyHeader {}

    /** The bytes do not begin a header. */
    record Absent() implements ProxyHeader {}

    /**
     * The bytes begin as a header does, and break a rule of the protocol.
     *
     * @param reason for the log
     */
    record Broken(String reason) implements ProxyHeader {}

    /**
     * A whole header.
     *
     * @param length in bytes
     * @param source the client; null if the header names none: LOCAL, UNKNOWN, or a client on a UNIX socket
     * @param destination where the client connected to; null if {@code source} is
     * @param overTls whether the proxy says that the client speaks TLS with the proxy
     */
    record Complete(
            int length, @Nullable Endpoint source, @Nullable Endpoint destination, boolean overTls)
            implements ProxyHeader {}
}
