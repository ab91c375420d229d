package dev.turnout.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The connector of an event loop")
final class ConnectorTest {

    private static final class Nobody extends ChannelInboundHandlerAdapter implements Connector.User {
        @Override
        public SslHandler encryption(ByteBufAllocator allocator) {
            return null;
        }
    }

    private final List<Throwable> failures = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final LoopContext loop = new ManualDeadlines().loop(channel.eventLoop(), new Stopping());
    private Runnable shortage = () -> {
        throw new OutOfMemoryError("unable to create native thread");
    };
    private int lookUps;

    private Future<InetAddress> lookUp(String name) {
        lookUps++;
        if (lookUps == 1) {
            shortage.run();
        }
        return Future.failedFuture(new IOException(name));
    }

    private void open(Connector connector) {
        connector.open(
                InetSocketAddress.createUnresolved("app.example", 80), 1000, new Nobody(), new Connector.Listener() {
                    @Override
                    public void opened() {}

                    @Override
                    public void failed(Throwable cause) {
                        failures.add(cause);
                    }
                });
        channel.runPendingTasks();
    }

    /** The pool of Quarkus refuses a task if it can't start a thread. */
    @Test
    void looks_a_name_up_again_after_the_pool_has_refused_it() {
        shortage = () -> {
            throw new RejectedExecutionException(new OutOfMemoryError("unable to create native thread"));
        };
        looks_a_name_up_again_after_the_system_had_no_thread_for_it();
    }

    @Test
    void looks_a_name_up_again_after_the_system_had_no_thread_for_it() {
        Connector.IdleConnections none = new Connector.IdleConnections() {
            @Override
            public boolean closeHere() {
                return false;
            }

            @Override
            public void closeEverywhere() {}
        };
        Connector connector = new Connector(
                loop,
                new Transport("a test's", NioServerSocketChannel::new, NioSocketChannel::new, null),
                this::lookUp,
                none);
        open(connector);
        open(connector);

        assertThat(failures).hasSize(2);
        assertThat(failures.get(1)).hasMessage("app.example");
        assertThat(lookUps).isEqualTo(2);
    }
}
