package dev.turnout.proxy.connection;

import dev.turnout.config.IpText;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.loop.HeadBudget;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a client's connection: its peer, or the client that a trusted proxy names in the header of
 * the PROXY protocol.
 *
 * @param client the client's address
 * @param local the address that the client connected to
 * @param overTls whether a proxy says that the client speaks TLS with the proxy
 */
public record Peer(InetSocketAddress client, InetSocketAddress local, boolean overTls) {

    private static final String HTTP = "http";
    private static final String HTTPS = "https";

    /** Returns the peer of a channel. */
    public static Peer of(Channel channel) {
        return new Peer((InetSocketAddress) channel.remoteAddress(), (InetSocketAddress) channel.localAddress(), false);
    }

    /** Returns true if what the client says of itself is taken. */
    public boolean isTrusted(ConnectionSettings settings) {
        return settings.isTrusted(client.getAddress());
    }

    /** Returns what the client's part of the memory for heads is counted by; null for a client whose part has no limit. */
    public @Nullable Object headBudgetKey(ConnectionSettings settings) {
        return isTrusted(settings) ? null : HeadBudget.key(client.getAddress());
    }

    /** Returns what targets are told of a client that speaks plain HTTP with Turnout. */
    public ClientInfo plain(ConnectionSettings settings) {
        return info(settings, overTls ? HTTPS : HTTP);
    }

    /** Returns what targets are told of a client that speaks TLS with Turnout. */
    public ClientInfo secure(ConnectionSettings settings) {
        return info(settings, HTTPS);
    }

    private ClientInfo info(ConnectionSettings settings, String scheme) {
        return new ClientInfo(IpText.of(client.getAddress()), scheme, IpText.withPort(local), isTrusted(settings));
    }
}
