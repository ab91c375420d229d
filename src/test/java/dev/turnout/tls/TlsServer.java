package dev.turnout.tls;

import dev.turnout.tls.Choice.Refuse;
import dev.turnout.tls.Choice.Serve;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A server on loopback that answers each handshake as a choice says, and each line with the same line. */
final class TlsServer implements AutoCloseable {

    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    private final HandshakeChoices choices;
    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final AtomicInteger faults = new AtomicInteger();
    private final Queue<String> clients = new ConcurrentLinkedQueue<>();
    private final Channel listener;

    TlsServer(HandshakeChoices choices) {
        this.choices = choices;
        listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Hello(), new Echo());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Returns how many choices could not be used. */
    int faults() {
        return faults.get();
    }

    /** Returns the names in the certificates of clients, one for each handshake. Empty for no certificate. */
    Queue<String> clients() {
        return clients;
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Hello extends ByteToMessageDecoder {

        private final ClientHello hello = new ClientHello();

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (hello.scan(in) != ClientHello.Progress.COMPLETE) {
                return;
            }
            Choice choice = choices.choose(hello);
            if (choice instanceof Serve serve) {
                try {
                    SslHandler handler = serve.context().newHandler(context.alloc());
                    context.pipeline().replace(this, "tls", handler);
                } catch (RuntimeException e) {
                    faults.incrementAndGet();
                    context.close();
                }
                return;
            }
            in.skipBytes(in.readableBytes());
            if (choice instanceof Refuse) {
                context.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME));
            }
            context.close();
        }
    }

    private final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
                clients.add(client(context.pipeline().get(SslHandler.class)));
            }
        }

        private static String client(SslHandler handler) {
            try {
                Certificate[] chain = handler.engine().getSession().getPeerCertificates();
                return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
            } catch (SSLPeerUnverifiedException e) {
                return "";
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            boolean isLast = bytes.toString(StandardCharsets.US_ASCII).contains("bye");
            context.writeAndFlush(bytes).addListener(done -> {
                if (isLast) {
                    context.close();
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
