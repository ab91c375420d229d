package dev.turnout.proxy.connection;

import dev.turnout.config.Cidr;
import dev.turnout.config.TurnoutConfig.ProxyProtocol;
import dev.turnout.proxy.http1.ForwardedHops;
import dev.turnout.proxy.http1.RequestHead;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for client connections.
 *
 * @param limit the most client connections at a time
 * @param handshakeMillis how long a client may take for its TLS handshake. Milliseconds.
 * @param headMillis how long a client may take to send a head. Milliseconds.
 * @param bodyMillis how long a body may stand still at a client. Milliseconds.
 * @param idleMillis how long a connection without a request is kept. Milliseconds.
 * @param trustedProxies the peers whose statements about the client are taken
 * @param proxyProtocol whether the connections of these peers begin with a header of the PROXY protocol
 * @param http2 what holds for HTTP/2
 */
public record ConnectionSettings(
        int limit,
        long handshakeMillis,
        long headMillis,
        long bodyMillis,
        long idleMillis,
        List<Cidr> trustedProxies,
        ProxyProtocol proxyProtocol,
        Http2Settings http2) {

    public ConnectionSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Returns true if the statements of a peer about its client are taken. */
    public boolean isTrusted(InetAddress peer) {
        return Cidr.anyContains(trustedProxies, peer);
    }

    /**
     * Returns the address of the client that sent a request: the nearest address that is no trusted proxy's. Null if a
     * trusted proxy does not tell the address.
     *
     * @param peer the other end of the connection
     */
    @Nullable
    InetAddress origin(InetAddress peer, RequestHead head) {
        if (!isTrusted(peer)) {
            return peer;
        }
        InetAddress farthest = peer;
        List<String> hops = ForwardedHops.of(head);
        for (int i = hops.size() - 1; i >= 0; i--) {
            InetAddress hop = NetUtil.createInetAddressFromIpAddressString(hops.get(i));
            if (hop == null || !isTrusted(hop)) {
                return hop;
            }
            farthest = hop;
        }
        return farthest;
    }
}
