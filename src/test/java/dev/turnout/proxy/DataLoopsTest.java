package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The event loops of the traffic are apart from those of Vert.x")
final class DataLoopsTest {

    private static final int COUNT = 3;

    private final VertxInternal vertx = (VertxInternal)
            Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    private final EventLoopGroup group = DataLoops.beside(vertx, COUNT).group();

    @AfterEach
    void end() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Set<EventExecutor> all(EventLoopGroup loops) {
        return StreamSupport.stream(loops.spliterator(), false).collect(Collectors.toSet());
    }

    @Test
    void they_are_others_of_the_same_transport() {
        assertThat(group).hasSameClassAs(vertx.getEventLoopGroup());
        assertThat(all(group)).hasSize(COUNT).doesNotContainAnyElementsOf(all(vertx.getEventLoopGroup()));
    }

    @Test
    void they_go_on_while_those_of_vertx_stand_still_and_do_not_keep_the_process_alive() throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        vertx.getEventLoopGroup().forEach(loop -> loop.execute(() -> await(word)));
        try {
            for (EventExecutor loop : group) {
                Thread thread = loop.submit(Thread::currentThread).get(10, TimeUnit.SECONDS);

                assertThat(thread.getName()).startsWith("turnout-loop-");
                assertThat(thread.isDaemon()).isTrue();
            }
        } finally {
            word.countDown();
        }
    }

    private static void await(CountDownLatch word) {
        try {
            word.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
