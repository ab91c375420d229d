package dev.turnout.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.loop.Transport;
import dev.turnout.support.Await;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The sockets of two processes at one port")
final class ListenerTest {

    private static final int CLIENTS = 50;

    private final EventLoopGroup loop = new EpollEventLoopGroup(1);
    private final AtomicInteger ofPredecessor = new AtomicInteger();
    private final AtomicInteger ofSuccessor = new AtomicInteger();
    private final Listener predecessor = listener(0, ofPredecessor);
    private final Listener successor = listener(predecessor.port(), ofSuccessor);

    private Listener listener(int port, AtomicInteger accepted) {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loop).childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                accepted.incrementAndGet();
                channel.close();
            }
        });
        FrontPort shared = new FrontPort("turnout.listen", "127.0.0.1", port, true);
        Listener listener = Listener.open(bootstrap, Transport.of(loop), shared, List.of());
        listener.accept();
        return listener;
    }

    private void connect() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            new Socket(InetAddress.getLoopbackAddress(), predecessor.port()).close();
        }
        Await.until("all clients", () -> ofPredecessor.get() + ofSuccessor.get() == CLIENTS);
    }

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void a_predecessor_that_closes_leaves_new_connections_to_its_successor() throws IOException {
        predecessor.close();

        connect();

        assertThat(ofSuccessor).hasValue(CLIENTS);
    }

    @Test
    void a_successor_that_withdraws_leaves_new_connections_to_its_predecessor_which_goes_on() throws IOException {
        successor.withdraw();
        successor.close();

        connect();

        assertThat(ofPredecessor).hasValue(CLIENTS);
    }
}
