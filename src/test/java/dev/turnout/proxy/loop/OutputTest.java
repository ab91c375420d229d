package dev.turnout.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is written to a connection")
final class OutputTest {

    private final PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);
    private final EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
    private final AtomicInteger queued = new AtomicInteger();
    private ServerSocket server;
    private EpollSocketChannel channel;
    private Socket peer;
    private Output output;

    /** Counts what takes the way through the pipeline. */
    private final class Counter extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            queued.incrementAndGet();
            context.write(message, promise);
        }
    }

    @BeforeEach
    void connect() throws Exception {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        channel = (EpollSocketChannel) new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.SO_SNDBUF, 16 * 1024)
                .handler(new Counter())
                .connect(server.getLocalSocketAddress())
                .sync()
                .channel();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                // A write that fails is told here.
            }
        });
        peer = server.accept();
        output = new Output(channel, PlainSocket.of(channel));
    }

    @AfterEach
    void nothing_is_left() throws Exception {
        channel.close().sync();
        loops.submit(output::release).sync();
        peer.close();
        server.close();
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();

        assertThat(allocator.pinnedDirectMemory()).isZero();
    }

    private void onLoop(Runnable task) throws Exception {
        loops.submit(task).sync();
    }

    private ByteBuf bytes(String text) {
        return allocator.directBuffer().writeBytes(text.getBytes());
    }

    private String read(int count) throws Exception {
        return new String(peer.getInputStream().readNBytes(count));
    }

    @Test
    void goes_at_once_if_it_is_alone() throws Exception {
        onLoop(() -> {
            output.write(bytes("one"));
            output.flush();
            output.write(bytes("two"));
            output.flush();
        });

        assertThat(read(6)).isEqualTo("onetwo");
        assertThat(queued).hasValue(0);
    }

    @Test
    void goes_in_order_if_there_is_more() throws Exception {
        onLoop(() -> {
            output.write(bytes("one"));
            output.write(bytes("two"));
            output.write(bytes("three"));
            output.flush();
        });

        assertThat(read(11)).isEqualTo("onetwothree");
        assertThat(queued).hasValue(3);
    }

    @Test
    void goes_behind_what_waits_in_the_channel() throws Exception {
        onLoop(() -> {
            channel.write(bytes("one"));
            output.write(bytes("two"));
            output.flush();
        });

        assertThat(read(6)).isEqualTo("onetwo");
        assertThat(queued).hasValue(2);
    }

    @Test
    void goes_through_the_handlers_that_change_it() {
        EmbeddedChannel changed = new EmbeddedChannel();
        Output through = new Output(changed, PlainSocket.of(changed));
        through.write(bytes("one"));
        through.flush();

        ByteBuf written = changed.readOutbound();
        assertThat(written.readableBytes()).isEqualTo(3);
        written.release();
        changed.finishAndReleaseAll();
    }

    /** Random pieces, some alone and some not, of which the system takes only a part. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void arrives_whole_and_in_order_at_a_slow_reader(long seed) throws Exception {
        Random random = new Random(seed);
        int total = 4_000_000;
        loops.execute(new Runnable() {
            private int sent;

            @Override
            public void run() {
                for (int pieces = 1 + random.nextInt(3); pieces > 0 && sent < total; pieces--) {
                    int size = Math.min(total - sent, 1 + random.nextInt(random.nextBoolean() ? 100 : 100_000));
                    ByteBuf piece = allocator.directBuffer(size);
                    for (int i = 0; i < size; i++) {
                        piece.writeByte((sent + i) * 31 >>> 8);
                    }
                    sent += size;
                    output.write(piece);
                }
                output.flush();
                if (sent < total) {
                    loops.execute(this);
                }
            }
        });

        InputStream in = peer.getInputStream();
        byte[] some = new byte[10_000];
        int at = 0;
        while (at < total) {
            int count = in.read(some);
            assertThat(count).isPositive();
            for (int i = 0; i < count; i++) {
                if (some[i] != (byte) ((at + i) * 31 >>> 8)) {
                    throw new AssertionError("octet " + (at + i));
                }
            }
            at += count;
        }
        assertThat(queued.get()).isPositive();
    }

    @Test
    void is_released_if_the_peer_has_reset_the_connection() throws Exception {
        peer.setSoLinger(true, 0);
        peer.close();
        Thread.sleep(50);

        onLoop(() -> {
            for (int i = 0; i < 5; i++) {
                output.write(bytes("nobody reads it"));
                output.flush();
            }
        });
    }

    @Test
    void is_released_if_the_connection_closes_before_the_flush() throws Exception {
        onLoop(() -> {
            output.write(bytes("unflushed"));
            channel.close();
            output.flush();
            output.write(bytes("behind the end"));
            output.flush();
        });
        onLoop(() -> output.write(bytes("never flushed")));
    }

    @Test
    void goes_to_no_other_connection_that_has_got_the_descriptor() throws Exception {
        Socket[] other = new Socket[1];
        loops.submit(() -> {
                    output.write(bytes("secret"));
                    channel.close();
                    other[0] = new Socket(server.getInetAddress(), server.getLocalPort());
                    output.flush();
                    other[0].shutdownOutput();
                    return null;
                })
                .sync();
        try (Socket wrong = server.accept()) {
            assertThat(wrong.getInputStream().readAllBytes()).isEmpty();
        } finally {
            other[0].close();
        }
    }

    @Test
    void keeps_no_large_buffers_for_small_pieces_that_wait() throws Exception {
        int pieces = 500;
        onLoop(() -> {
            output.write(allocator.directBuffer(8_000_000).writeZero(8_000_000));
            output.flush();
        });
        long before = allocator.pinnedDirectMemory();
        onLoop(() -> {
            for (int i = 0; i < pieces; i++) {
                output.write(allocator.directBuffer(2048).writeByte(i));
                output.flush();
            }
        });

        assertThat(allocator.pinnedDirectMemory() - before).isLessThan(pieces * 512);
    }

    /** A write that makes the channel unwritable tells of it before it returns. */
    @Test
    void goes_once_if_whoever_hears_of_the_full_channel_flushes() throws Exception {
        int total = 3_000_000;
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                output.flush();
            }
        });
        onLoop(() -> {
            output.write(allocator.directBuffer(total).writeZero(total));
            output.flush();
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> channel.shutdownOutput());
        });

        assertThat(peer.getInputStream().readAllBytes()).hasSize(total);
    }
}
