package dev.turnout.proxy.listen;

import dev.turnout.config.TurnoutConfig.ProxyProtocol;
import dev.turnout.proxy.connection.ConnectionContext;
import dev.turnout.proxy.connection.ConnectionSettings;
import dev.turnout.proxy.connection.Http1ClientConnection;
import dev.turnout.proxy.connection.Peer;
import dev.turnout.proxy.connection.PlainEnd;
import dev.turnout.proxy.loop.Buffers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.Function;

/**
 * What a new client connection passes through, from the socket on. The one place that decides which protocol a
 * connection speaks, and what is known of its client. Event loop only.
 */
public final class ClientPipeline extends ChannelInitializer<DuplexChannel> {

    private final Function<DuplexChannel, ChannelHandler> first;

    private ClientPipeline(Function<DuplexChannel, ChannelHandler> first) {
        this.first = first;
    }

    /**
     * Returns what connections to the port for plain HTTP pass through.
     *
     * @param contexts gives what the connections of a channel's event loop share
     */
    public static ClientPipeline plain(Function<Channel, ConnectionContext> contexts, HeaderRefusals refusals) {
        return new ClientPipeline(channel -> {
            ConnectionContext context = contexts.apply(channel);
            return behindHeader(
                    context,
                    refusals,
                    channel,
                    peer -> new Http1ClientConnection(
                            context, channel, peer, peer.plain(context.settings()), null, new PlainEnd(channel)));
        });
    }

    /**
     * Returns what connections to the port for HTTPS pass through.
     *
     * @param contexts gives what the handshakes of a channel's event loop share
     */
    public static ClientPipeline tls(Function<Channel, HandshakeContext> contexts, HeaderRefusals refusals) {
        return new ClientPipeline(channel -> {
            HandshakeContext context = contexts.apply(channel);
            return behindHeader(
                    context.connections(), refusals, channel, peer -> new TlsHandshake(context, channel, peer));
        });
    }

    @Override
    protected void initChannel(DuplexChannel channel) {
        channel.pipeline().addLast(first.apply(channel));
    }

    /** Returns the handler of a protocol, or the handler of the header that stands before the protocol. */
    private static ChannelHandler behindHeader(
            ConnectionContext context,
            HeaderRefusals refusals,
            Channel channel,
            Function<Peer, ChannelHandler> protocol) {
        channel.config().setRecvByteBufAllocator(Buffers.receive(context.loop()));
        Peer peer = Peer.of(channel);
        return readsHeader(context.settings(), peer)
                ? new ProxyHeaderWait(context, refusals, channel, peer, protocol)
                : protocol.apply(peer);
    }

    /** The header of a peer that is not trusted is not read: to the protocol it is what it is, no request. */
    private static boolean readsHeader(ConnectionSettings settings, Peer peer) {
        return settings.proxyProtocol() == ProxyProtocol.REQUIRE
                || settings.proxyProtocol() == ProxyProtocol.ACCEPT && peer.isTrusted(settings);
    }
}
