package dev.turnout.proxy.listen;

import dev.turnout.proxy.loop.BufferBudget;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.PipedBytes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.util.function.Supplier;

/**
 * What a listening channel is made with: who decides when to accept, and what an accepted connection passes through.
 *
 * @param acceptor makes the handler of a listening channel, which decides when to accept
 * @param clients what a client connection passes through
 */
public record FrontBootstrap(Supplier<ChannelHandler> acceptor, ClientPipeline clients) {

    /** Returns a bootstrap with everything but the kind of channel and the address. */
    public ServerBootstrap bootstrap(EventLoopGroup loops, BufferBudget buffers) {
        return new ServerBootstrap()
                .group(loops, loops)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(acceptor.get());
                    }
                })
                .childOption(ChannelOption.TCP_NODELAY, true)
                // A tunnel may be silent without end: only the system can tell that its client's machine is gone.
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Buffers.waterMark())
                .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, PipedBytes.estimator())
                .childHandler(clients);
    }
}
