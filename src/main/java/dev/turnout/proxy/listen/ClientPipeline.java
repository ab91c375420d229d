package dev.turnout.proxy.listen;

import dev.turnout.config.IpText;
import dev.turnout.proxy.connection.ConnectionContext;
import dev.turnout.proxy.connection.ConnectionSettings;
import dev.turnout.proxy.connection.Http1ClientConnection;
import dev.turnout.proxy.connection.PlainEnd;
import dev.turnout.proxy.http1.ClientInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.util.function.Function;

/**
 * What a new client connection passes through, from the socket on. The one place that decides which protocol a
 * connection speaks, and what is known of its client. Event loop only.
 */
public final class ClientPipeline extends ChannelInitializer<DuplexChannel> {

    static final String HTTP = "http";
    static final String HTTPS = "https";

    private final Function<DuplexChannel, ChannelHandler> first;

    private ClientPipeline(Function<DuplexChannel, ChannelHandler> first) {
        this.first = first;
    }

    /**
     * Returns what connections to the port for plain HTTP pass through.
     *
     * @param contexts gives what the connections of a channel's event loop share
     */
    public static ClientPipeline plain(Function<Channel, ConnectionContext> contexts) {
        return new ClientPipeline(channel -> {
            ConnectionContext context = contexts.apply(channel);
            return new Http1ClientConnection(context, info(channel, context.settings(), HTTP), new PlainEnd(channel));
        });
    }

    /**
     * Returns what connections to the port for HTTPS pass through.
     *
     * @param contexts gives what the handshakes of a channel's event loop share
     */
    public static ClientPipeline tls(Function<Channel, HandshakeContext> contexts) {
        return new ClientPipeline(channel -> new TlsHandshake(contexts.apply(channel), channel));
    }

    @Override
    protected void initChannel(DuplexChannel channel) {
        channel.pipeline().addLast(first.apply(channel));
    }

    static ClientInfo info(Channel channel, ConnectionSettings settings, String scheme) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        boolean isTrusted = settings.isTrusted(peer.getAddress());
        return new ClientInfo(IpText.of(peer.getAddress()), scheme, IpText.withPort(local), isTrusted);
    }
}
