package dev.turnout.proxy.proxyprotocol;

import java.net.InetAddress;

/**
 * One end of a connection as a header of the PROXY protocol names it.
 *
 * @param port 0 to 65535
 */
public record Endpoint(InetAddress address, int port) {}
