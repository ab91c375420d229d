package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("alone")
@DisplayName("Idle clients over TLS cost little more memory than plain ones")
final class IdleTlsClientsIT {

    private static final int CLIENTS = Rounds.of(500, 5_000);

    /** KiB for each client beyond a plain one. Few clients tell little: the heap grows in steps. */
    private static final long MOST_KIB = Rounds.of(64, 12);

    private static final String NAME = "app.example";
    private static final String REQUEST = "GET /small HTTP/1.1\r\nHost: " + NAME + "\r\n\r\n";
    private static final int AT_A_TIME = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private TurnoutProcess turnout;

    /** Clients that each have sent a request and got the answer, and say nothing more. */
    private static final class Idle implements AutoCloseable {

        private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
        private final AtomicInteger answered = new AtomicInteger();
        private final List<Channel> channels = new ArrayList<>();

        Idle(URI front, int count) throws SSLException {
            SslContext tls = SslContextBuilder.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build();
            boolean isSecure = front.getScheme().equals("https");
            Bootstrap bootstrap = new Bootstrap()
                    .group(loops)
                    .channel(NioSocketChannel.class)
                    .remoteAddress(front.getHost(), front.getPort())
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            if (isSecure) {
                                channel.pipeline().addLast(tls.newHandler(channel.alloc(), NAME, front.getPort()));
                            }
                            channel.pipeline().addLast(new Answer());
                        }
                    });
            while (channels.size() < count) {
                channels.add(bootstrap.connect().syncUninterruptibly().channel());
                int open = channels.size();
                if (open % AT_A_TIME == 0 || open == count) {
                    Await.until(() -> open + " clients are answered", PATIENCE, () -> answered.get() >= open);
                }
            }
        }

        private final class Answer extends SimpleChannelInboundHandler<ByteBuf> {

            private boolean isAnswered;

            @Override
            public void channelActive(ChannelHandlerContext context) {
                context.writeAndFlush(Unpooled.copiedBuffer(REQUEST, StandardCharsets.US_ASCII));
            }

            @Override
            protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                if (!isAnswered) {
                    isAnswered = true;
                    answered.incrementAndGet();
                }
            }
        }

        @Override
        public void close() {
            channels.forEach(Channel::close);
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Returns by how many bytes Turnout grows with idle clients. */
    private long growth(URI front) throws SSLException {
        Await.until(() -> "no client", PATIENCE, () -> turnout.admin().metric("turnout_clients") == 0);
        long before = turnout.residentBytes();
        try (Idle idle = new Idle(front, CLIENTS)) {
            assertThat(turnout.admin().metric("turnout_clients")).isEqualTo(idle.channels.size());
            return turnout.residentBytes() - before;
        }
    }

    @Test
    void beside_plain_ones() throws SSLException {
        turnout = arena.start(TurnoutProcess.with()
                .blue(arena.application("blue"))
                .green(arena.application("green"))
                .set("turnout.client.idle", "10m")
                .tls(TestAuthority.root("test"), NAME));
        // What each first client costs is the program's, not a client's.
        for (URI front : List.of(turnout.front(), turnout.secureFront())) {
            new Idle(front, CLIENTS / 5).close();
        }

        long plain = growth(turnout.front());
        long secure = growth(turnout.secureFront());

        System.out.println(CLIENTS + " idle clients, KiB each: plain " + plain / 1024.0 / CLIENTS + ", TLS "
                + secure / 1024.0 / CLIENTS);
        assertThat(secure - Math.max(plain, 0)).isLessThan(MOST_KIB * 1024 * CLIENTS);
    }
}
