package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ManualDeadlines;
import dev.turnout.proxy.loop.Stopping;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The streams of a connection to a target over HTTP/2, without its target. */
final class Http2TargetStreamsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ManualDeadlines time = new ManualDeadlines();
    private final LoopContext loop = time.loop(channel.eventLoop(), new Stopping());
    private final Sparse allocator = new Sparse();
    private Http2TargetStreams streams;
    private boolean used;

    /** Has no memory when told so. */
    private static final class Sparse extends AbstractByteBufAllocator {
        private boolean isOut;

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (isOut) {
                throw new OutOfMemoryError("none");
            }
            return new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private final Http2TargetStreams.Owner owner = new Http2TargetStreams.Owner() {
        @Override
        public void settled() {}

        @Override
        public void begun() {
            used = true;
        }

        @Override
        public void streamEnded() {}

        @Override
        public void allEnded() {
            used = false;
        }

        @Override
        public void drained() {}

        @Override
        public void unanswered() {}

        @Override
        public void violated(Violation violation) {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isOver() {
            return false;
        }
    };

    private Http2TargetStream stream() {
        Http2TargetStream stream = new Http2TargetStream(streams, true);
        stream.begin(new TargetPoolTest.Unheard(), false);
        return stream;
    }

    private static ByteBuf request() {
        return Unpooled.copiedBuffer(GET, ISO_8859_1);
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    @Test
    void one_for_whose_head_there_is_no_memory_is_none_of_its_connection() {
        channel.config().setAllocator(allocator);
        streams = new Http2TargetStreams(Http2TargetContext.of(TargetPoolTest.context(loop)), channel, owner);
        Http2TargetStream unsent = stream();
        allocator.isOut = true;
        assertThatThrownBy(() -> unsent.write(request())).isInstanceOf(OutOfMemoryError.class);
        unsent.close();

        assertThat(streams.isEmpty()).isTrue();
        assertThat(used).isFalse();

        allocator.isOut = false;
        Http2TargetStream sent = stream();
        sent.write(request());
        assertThat(streams.isEmpty()).isFalse();
        assertThat(used).isTrue();
        sent.close();
        assertThat(streams.isEmpty()).isTrue();
        assertThat(used).isFalse();
    }
}
