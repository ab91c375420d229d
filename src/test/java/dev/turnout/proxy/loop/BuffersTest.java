package dev.turnout.proxy.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What has been given to a channel")
final class BuffersTest {

    /** A peer that takes little at a time is seen to take something. */
    @Test
    void gets_less_with_each_byte_that_the_system_takes() {
        EmbeddedChannel channel = new EmbeddedChannel();
        ChannelOutboundBuffer buffer = requireNonNull(channel.unsafe().outboundBuffer());
        buffer.addMessage(Unpooled.buffer().writeZero(200_000), 200_000, channel.newPromise());
        buffer.addFlush();
        long whole = Buffers.backlog(channel);

        buffer.removeBytes(1000);
        assertThat(Buffers.backlog(channel)).isEqualTo(whole - 1000);
        buffer.removeBytes(198_999);
        assertThat(Buffers.backlog(channel)).isPositive();
        buffer.removeBytes(1);
        assertThat(Buffers.backlog(channel)).isZero();
        channel.close();
    }
}
