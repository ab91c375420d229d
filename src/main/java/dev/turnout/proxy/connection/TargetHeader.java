package dev.turnout.proxy.connection;

import dev.turnout.config.SendProxy;
import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.proxyprotocol.Endpoint;
import dev.turnout.proxy.proxyprotocol.ProxyHeaderWriter;
import java.net.InetSocketAddress;

/** The header of the PROXY protocol that connections to targets begin with. */
public final class TargetHeader {

    private TargetHeader() {}

    /** Returns the header of a connection that is Turnout's own. */
    public static byte[] ofNobody(SendProxy version) {
        return version == SendProxy.V1 ? ProxyHeaderWriter.unknown() : ProxyHeaderWriter.local();
    }

    /** Returns the header that names a client. */
    static byte[] of(SendProxy version, ClientEnds ends) {
        Endpoint source = endpoint(ends.client());
        Endpoint destination = endpoint(ends.local());
        return version == SendProxy.V1
                ? ProxyHeaderWriter.text(source, destination)
                : ProxyHeaderWriter.binary(source, destination);
    }

    private static Endpoint endpoint(InetSocketAddress address) {
        return new Endpoint(address.getAddress(), address.getPort());
    }
}
