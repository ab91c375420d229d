package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The gate of the admin server")
final class AcceptGateTest {

    private final EventLoopGroup acceptors = new NioEventLoopGroup(1);
    private final EventLoopGroup others = new NioEventLoopGroup(1);
    private final AtomicInteger accepted = new AtomicInteger();

    @AfterEach
    void end() {
        acceptors.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        others.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void accepts_nobody_before_it_is_opened_and_those_who_wait_afterwards() throws IOException {
        AcceptGate gate = new AcceptGate();
        Channel server = new ServerBootstrap()
                .group(acceptors, others)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.incrementAndGet();
                        gate.arrived(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .awaitUninterruptibly()
                .channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        gate.install(acceptors, port).toCompletableFuture().join();

        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(client.isConnected()).isTrue();
            for (int i = 0; i < 10; i++) {
                acceptors.next().submit(() -> {}).awaitUninterruptibly();
            }
            assertThat(accepted).hasValue(0);
            gate.open();
            Await.until("the client", () -> accepted.get() == 1);
        }
    }
}
