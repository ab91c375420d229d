package dev.turnout.proxy.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The pipes of an event loop")
final class PipesTest {

    private static final int USUAL = 4096;

    private final Pipes pipes = new Pipes(2, 1);

    @BeforeAll
    static void load() {
        Epoll.ensureAvailability();
    }

    private Pipe take() {
        return requireNonNull(pipes.take());
    }

    private static Pipe used(Pipe pipe) {
        pipe.enter();
        return pipe;
    }

    @Test
    void are_as_many_as_there_may_be_and_are_used_again() {
        Pipe first = used(take());
        Pipe second = used(take());
        assertThat(pipes.take()).isNull();

        second.leave();
        assertThat(pipes.take()).isSameAs(second);
        assertThat(pipes.open()).isEqualTo(2);

        used(second).leave();
        first.leave();
        assertThat(pipes.closeIdle()).isTrue();
        assertThat(pipes.closeIdle()).isFalse();
        assertThat(pipes.open()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 256", "64, 256", "128, 256", "129, 128", "256, 128", "257, 64", "512, 64", "100000, 64"})
    void hold_together_no_more_than_the_system_lets_a_user_have_twice(int pipes, int kibibytes) {
        assertThat(Pipes.capacity(pipes)).isEqualTo(kibibytes * 1024);
    }

    @Test
    void are_closed_at_the_stop_each_when_its_last_user_has_left() {
        Pipe pipe = used(used(take()));
        pipes.close();
        assertThat(pipes.take()).isNull();
        pipe.leave();
        assertThat(pipes.open()).isEqualTo(1);
        pipe.leave();
        assertThat(pipes.open()).isZero();
    }

    @Test
    void are_used_no_more_once_the_system_has_refused_and_what_comes_is_read() throws IOException {
        FileDescriptor[] noPipe = {FileDescriptor.from("/dev/null"), FileDescriptor.from("/dev/null")};
        EpollSocketChannel channel = new EpollSocketChannel();
        PlainSocket socket = requireNonNull(PlainSocket.of(channel));
        BodySplice splice = new BodySplice(socket, socket, new Pipe(pipes, noPipe), 1000);

        assertThat(splice.pull(USUAL)).isEqualTo(USUAL);
        assertThat(splice.take()).isNull();
        assertThat(splice.isDone()).isTrue();
        assertThat(pipes.take()).isNull();
        channel.unsafe().closeForcibly();
    }

    /** A pipe takes more only once it is empty. */
    @Test
    void make_a_channel_unwritable_by_what_is_left_in_them() {
        PlainSocket socket = requireNonNull(PlainSocket.of(new EpollSocketChannel()));
        MessageSizeEstimator.Handle sizes = PipedBytes.estimator().newHandle();
        assertThat(sizes.size(new PipedBytes(take(), socket, 10, 9)))
                .isGreaterThan(Buffers.waterMark().high());
        assertThat(sizes.size(new PipedBytes(take(), socket, 10, 10))).isZero();
        assertThat(sizes.size(Unpooled.wrappedBuffer(new byte[7]))).isEqualTo(7);
    }

    /** Nothing may overtake what waits in the queue of a channel. */
    @Test
    void are_emptied_at_once_only_into_a_socket_whose_queue_is_empty() throws Exception {
        EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EpollSocketChannel channel = connected(loops, server);
            PlainSocket socket = requireNonNull(PlainSocket.of(channel));
            assertThat(onLoop(channel, socket::isIdle)).isTrue();
            assertThat(onLoop(channel, () -> {
                        channel.write(Unpooled.wrappedBuffer(new byte[7]));
                        return socket.isIdle();
                    }))
                    .isFalse();
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).sync();
            assertThat(onLoop(channel, socket::isIdle)).isTrue();
            channel.shutdownOutput().sync();
            assertThat(onLoop(channel, socket::isIdle)).isFalse();
            channel.close().sync();
            assertThat(onLoop(channel, socket::isIdle)).isFalse();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** The system may have given the number of its descriptor to another connection. */
    @Test
    void are_not_emptied_into_a_socket_that_is_closed() {
        PipedBytes piece = PipedPiece.of(10);
        assertThatThrownBy(() -> piece.transferTo(null, 0)).isInstanceOf(ClosedChannelException.class);
        piece.release();
    }

    @Test
    void bring_what_comes_to_the_socket_that_was_named_last() throws Exception {
        EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
        try (ServerSocket server = new ServerSocket(0, 3, InetAddress.getLoopbackAddress())) {
            EpollSocketChannel from = connected(loops, server);
            Socket sender = server.accept();
            EpollSocketChannel before = connected(loops, server);
            Socket forBefore = server.accept();
            EpollSocketChannel now = connected(loops, server);
            Socket forNow = server.accept();
            BufferBudget.Sparing sizes = BufferBudget.ofDirectMemory()
                    .sparing(new FixedRecvByteBufAllocator(USUAL), new SpareBuffers(USUAL, 1));
            PipedBytes piece = onLoop(from, () -> {
                from.config().setRecvByteBufAllocator(sizes);
                ReadControl reads = new ReadControl(from);
                for (EpollSocketChannel to : List.of(before, now)) {
                    reads.splice(pipes, PlainSocket.of(from), requireNonNull(PlainSocket.of(to)), 1000);
                }
                sender.getOutputStream().write(new byte[] {1, 2, 3});
                PipedBytes moved = null;
                while (moved == null) {
                    sizes.allocate(from.alloc()).release();
                    moved = reads.takePiped();
                }
                reads.endSplice();
                return moved;
            });
            assertThat(piece.transferred()).isEqualTo(3);
            piece.release();
            forNow.setSoTimeout(20_000);
            assertThat(forNow.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
            assertThat(forBefore.getInputStream().available()).isZero();
            for (Socket socket : List.of(sender, forBefore, forNow)) {
                socket.close();
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static EpollSocketChannel connected(EpollEventLoopGroup loops, ServerSocket server) throws Exception {
        return (EpollSocketChannel) new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .option(ChannelOption.AUTO_READ, false)
                .connect(server.getLocalSocketAddress())
                .sync()
                .channel();
    }

    private static <T> T onLoop(EpollSocketChannel channel, Callable<T> task) throws Exception {
        return channel.eventLoop().submit(task).get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest(name = "{0} descriptors, {1} event loops: {2}")
    @CsvSource({"1048576, 2, 32", "20000, 64, 9", "1024, 2, 16", "1024, 8, 4", "100, 8, 0"})
    void take_a_sixteenth_of_the_descriptors_at_most(int limit, int loops, int most) {
        assertThat(new Descriptors(limit, 0, 1, 1).pipes(loops)).isEqualTo(most);
    }
}
