package dev.turnout.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.loop.Descriptors;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AcceptBackoffTest {

    private static final IOException EMFILE = new IOException("accept(..) failed: Too many open files");

    private final AtomicInteger out = new AtomicInteger();
    private final AtomicInteger full = new AtomicInteger();
    private final Descriptors descriptors = new Descriptors(300, 160, 20_000, 10_000);
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new AcceptBackoff(descriptors, out::incrementAndGet, full::incrementAndGet));

    AcceptBackoffTest() {
        channel.freezeTime();
    }

    @Test
    void each_failure_doubles_the_pause_up_to_a_second() {
        for (long pause : new long[] {100, 200, 400, 800, 1000, 1000}) {
            fail(EMFILE);
            assertPause(pause);
        }
        assertThat(out).hasValue(6);
    }

    @Test
    void a_connection_that_is_accepted_ends_it() {
        fail(EMFILE);
        assertPause(100);
        fail(EMFILE);
        assertPause(200);
        EmbeddedChannel accepted = new EmbeddedChannel();
        channel.writeInbound(accepted);
        fail(EMFILE);
        assertPause(100);
        assertThat(channel.inboundMessages()).containsExactly(accepted);
    }

    @Test
    void as_many_clients_as_the_descriptors_carry_are_accepted_and_a_further_one_when_one_has_gone() {
        List<EmbeddedChannel> clients = new ArrayList<>();
        while (channel.config().isAutoRead()) {
            clients.add(new EmbeddedChannel());
            channel.writeInbound(clients.get(clients.size() - 1));
        }
        assertThat(clients).hasSize(descriptors.clients());
        assertThat(descriptors.warning()).isPresent();
        channel.advanceTimeBy(10, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(full.get()).as("times that room was asked for").isPositive();
        clients.get(0).close();
        channel.advanceTimeBy(AcceptBackoff.FIRST_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(descriptors.warning()).isEmpty();
    }

    @Test
    void another_failure_is_no_want_of_descriptors() {
        fail(new IOException("Software caused connection abort"));
        assertPause(100);
        assertThat(out).hasValue(0);
    }

    /** Netty's own acceptor, which would log each failure, does not hear of it. */
    private void fail(IOException failure) {
        channel.pipeline().fireExceptionCaught(failure);
        channel.checkException();
        assertThat(channel.config().isAutoRead()).as("accepts").isFalse();
    }

    private void assertPause(long millis) {
        channel.advanceTimeBy(millis - 1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).as("accepts early").isFalse();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).as("accepts").isTrue();
    }
}
