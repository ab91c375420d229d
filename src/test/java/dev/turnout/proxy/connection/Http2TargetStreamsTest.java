package dev.turnout.proxy.connection;

import static dev.turnout.support.Http2Target.END_HEADERS;
import static dev.turnout.support.Http2Target.END_STREAM;
import static dev.turnout.support.Http2Target.HEADERS;
import static dev.turnout.support.Http2Target.OK;
import static dev.turnout.support.Http2Target.RST_STREAM;
import static dev.turnout.support.Http2Target.SETTINGS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ManualDeadlines;
import dev.turnout.proxy.loop.SparseAllocator;
import dev.turnout.proxy.loop.Stopping;
import dev.turnout.support.Http2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The streams of a connection to a target over HTTP/2, without its target. */
final class Http2TargetStreamsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final byte[] REFUSED_STREAM = {0, 0, 0, 7};

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ManualDeadlines time = new ManualDeadlines();
    private final LoopContext loop = time.loop(channel.eventLoop(), new Stopping());
    private final SparseAllocator allocator = new SparseAllocator();
    private Http2TargetStreams streams;
    private boolean used;
    private Throwable failure;

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
        public void fail(Throwable cause) {
            failure = cause;
        }

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

    private void begin() {
        channel.config().setAllocator(allocator);
        streams = new Http2TargetStreams(Http2TargetContext.of(TargetPoolTest.context(loop)), channel, owner);
    }

    @Test
    void one_for_whose_head_there_is_no_memory_is_none_of_its_connection() {
        begin();
        Http2TargetStream unsent = stream();
        allocator.setOut(true);
        assertThatThrownBy(() -> unsent.write(request())).isInstanceOf(OutOfMemoryError.class);
        unsent.close();

        assertThat(failure).isNull();
        assertThat(streams.isEmpty()).isTrue();
        assertThat(used).isFalse();

        allocator.setOut(false);
        Http2TargetStream sent = stream();
        sent.write(request());
        assertThat(streams.isEmpty()).isFalse();
        assertThat(used).isTrue();
        sent.close();
        assertThat(streams.isEmpty()).isTrue();
        assertThat(used).isFalse();
    }

    @Test
    void one_for_whose_data_there_is_no_memory_fails_its_connection_and_keeps_no_data() {
        begin();
        Http2TargetStream stream = stream();
        stream.write(Unpooled.copiedBuffer("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n", ISO_8859_1));
        ByteBuf data = Unpooled.buffer(9000).writeZero(9000);
        allocator.setOut(true);

        stream.write(data);

        assertThat(failure).isInstanceOf(OutOfMemoryError.class);
        channel.flushOutbound();
        channel.releaseOutbound();
        assertThat(data.refCnt()).isZero();
    }

    private void receive(int type, int flags, int stream, byte... payload) {
        streams.read(Unpooled.wrappedBuffer(Http2Client.frame(type, flags, stream, payload)));
    }

    private void answer(int stream) {
        receive(HEADERS, END_HEADERS | END_STREAM, stream, OK);
    }

    @Test
    void after_a_refusal_there_may_be_one_more_with_each_round_of_those_that_end_well() {
        begin();
        receive(SETTINGS, 0, 0);
        for (int i = 0; i < 3; i++) {
            stream().write(request());
        }
        receive(RST_STREAM, 0, 5, REFUSED_STREAM);
        assertThat(streams.most()).isEqualTo(2);
        assertThat(streams.hasRoom()).isFalse();
        answer(1);
        assertThat(streams.most()).isEqualTo(2);
        answer(3);
        assertThat(streams.most()).isEqualTo(3);

        for (int id = 7; id < 13; id += 2) {
            stream().write(request());
            answer(id);
        }
        assertThat(streams.most()).isEqualTo(4);
        assertThat(streams.isEmpty()).isTrue();
    }
}
