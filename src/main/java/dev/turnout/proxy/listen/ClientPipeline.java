package dev.turnout.proxy.listen;

import dev.turnout.config.IpText;
import dev.turnout.proxy.connection.ConnectionContext;
import dev.turnout.proxy.connection.ConnectionSettings;
import dev.turnout.proxy.connection.Http1ClientConnection;
import dev.turnout.proxy.http1.ClientInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.function.Function;

/**
 * What a new client connection passes through, from the socket on. The one place that decides which protocol a
 * connection speaks, and what is known of its client. Event loop only.
 */
public final class ClientPipeline extends ChannelInitializer<Channel> {

    private static final String SCHEME = "http";

    private final Function<Channel, ConnectionContext> contexts;

    /** @param contexts gives what the connections of a channel's event loop share */
    public ClientPipeline(Function<Channel, ConnectionContext> contexts) {
        this.contexts = contexts;
    }

    @Override
    protected void initChannel(Channel channel) {
        ConnectionContext context = contexts.apply(channel);
        channel.pipeline().addLast(new Http1ClientConnection(context, info(channel, context.settings())));
    }

    private static ClientInfo info(Channel channel, ConnectionSettings settings) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        boolean isTrusted = settings.isTrusted(peer.getAddress());
        return new ClientInfo(IpText.of(peer.getAddress()), SCHEME, IpText.withPort(local), isTrusted);
    }
}
