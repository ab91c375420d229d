package dev.turnout.tls;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** New connections at a steady rate: each makes a full handshake, sends a line and reads it back. */
final class HandshakeLoad implements AutoCloseable {

    private static final String LINE = "bye\n";

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Bootstrap bootstrap;
    private final String request;
    private final String answer;

    HandshakeLoad(String name, int port, int perSecond) throws SSLException {
        this(
                name,
                port,
                perSecond,
                SslContextBuilder.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build());
    }

    HandshakeLoad(String name, int port, int perSecond, SslContext context) {
        this(name, port, perSecond, context, LINE, LINE);
    }

    /**
     * @param request what each connection sends
     * @param answer what the answer has to begin with
     */
    HandshakeLoad(String name, int port, int perSecond, SslContext context, String request, String answer) {
        this.request = request;
        this.answer = answer;
        bootstrap = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .remoteAddress("127.0.0.1", port)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler handler = context.newHandler(channel.alloc(), name, port);
                        channel.pipeline().addLast(handler, new Line());
                    }
                });
        loops.scheduleAtFixedRate(this::begin, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    private void begin() {
        begun.incrementAndGet();
        bootstrap.connect().addListener(connected -> {
            if (!connected.isSuccess()) {
                failures.add(String.valueOf(connected.cause()));
            }
        });
    }

    int done() {
        return done.get();
    }

    int begun() {
        return begun.get();
    }

    Queue<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Line extends ChannelInboundHandlerAdapter {

        private boolean isAnswered;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            String begin = bytes.toString(StandardCharsets.US_ASCII);
            bytes.release();
            if (!isAnswered) {
                isAnswered = true;
                if (begin.startsWith(answer)) {
                    done.incrementAndGet();
                } else {
                    failures.add(begin);
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!isAnswered && !loops.isShuttingDown()) {
                failures.add("ended without an answer");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!loops.isShuttingDown()) {
                failures.add(cause.toString());
            }
            context.close();
        }
    }
}
