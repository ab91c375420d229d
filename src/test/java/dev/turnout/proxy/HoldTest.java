package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.RawClient;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestLoops;
import dev.turnout.tls.TargetWays;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service whose new requests are held")
@Timeout(120)
final class HoldTest {

    @TempDir
    private Path folder;

    private final Backend blue = Backend.start().always(Effect.ok("blue"));
    private final Backend green = Backend.start().always(Effect.ok("green"));
    private Vertx vertx;
    private DataPlane plane;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
        TurnoutConfig config = TargetPlane.config(folder, Map.of(), "turnout.pause.timeout", "60s");
        TargetWays ways = new TargetWays();
        plane = new DataPlane(TestLoops.of(vertx), config, new NoCertificates(), ways);
        plane.start(state(Slot.BLUE, false));
    }

    @AfterEach
    void end() {
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        blue.close();
        green.close();
    }

    private RoutingState state(Slot active, boolean paused) {
        return RoutingState.of(List.of(new Service(
                Service.DEFAULT,
                active,
                Optional.empty(),
                Pool.of(List.of(Target.parse(blue.address()))),
                Pool.of(List.of(Target.parse(green.address()))),
                Optional.empty(),
                paused,
                Optional.empty(),
                1,
                Instant.EPOCH,
                "",
                SlotReleases.NONE)));
    }

    private void publish(Slot active) {
        plane.publish(state(active, false), OnDrift.FAIL).toCompletableFuture().join();
    }

    private void hold() {
        plane.hold(Service.DEFAULT).toCompletableFuture().join();
    }

    private void release() {
        plane.release(Service.DEFAULT);
    }

    private Backend of(Slot slot) {
        return slot == Slot.BLUE ? blue : green;
    }

    private boolean isIdle(Slot slot) {
        return plane.inFlight(Service.DEFAULT, List.of(Target.parse(of(slot).address())))
                        instanceof InFlight.Known known
                && known.requests() == 0;
    }

    private RawClient connect() throws IOException {
        return RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()));
    }

    /** Clients of HTTP/1 and HTTP/2 that send one request after another until they are stopped. */
    private final class Clients implements AutoCloseable {

        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong answers = new AtomicLong();
        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        void http1() {
            run(() -> {
                try (RawClient client = connect()) {
                    while (!over.get()) {
                        took(client.get("/").read().status());
                    }
                }
            });
        }

        void http2() {
            run(() -> {
                try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
                    for (int stream = 1; !over.get(); stream += 2) {
                        client.get(stream, "/");
                        took(client.answer(stream).status());
                    }
                }
            });
        }

        private void took(int status) {
            answers.incrementAndGet();
            if (status != 200) {
                wrong.add("status " + status);
            }
        }

        private void run(Running client) {
            Thread thread = new Thread(() -> {
                try {
                    client.run();
                } catch (IOException e) {
                    wrong.add(e.toString());
                }
            });
            thread.start();
            threads.add(thread);
        }

        @Override
        public void close() {
            over.set(true);
            Await.until("the clients have ended", () -> threads.stream().noneMatch(Thread::isAlive));
        }
    }

    private interface Running {
        void run() throws IOException;
    }

    @Test
    @DisplayName("sends nothing to any target from the moment that nothing is in flight there, over HTTP/1 and HTTP/2")
    void nothingArrives() throws Exception {
        Clients clients = new Clients();
        try (clients) {
            for (int i = 0; i < 4; i++) {
                clients.http1();
                clients.http2();
            }
            Slot active = Slot.BLUE;
            for (int round = 0; round < Rounds.of(200, 5_000); round++) {
                long answered = clients.answers.get();
                Await.until("a request is answered", () -> clients.answers.get() > answered);
                hold();
                Slot old = active;
                Await.until("nothing is in flight", () -> isIdle(old));
                long before = blue.requests() + green.requests();
                active = old.other();
                publish(active);
                Thread.yield();
                assertThat(isIdle(Slot.BLUE)).isTrue();
                assertThat(isIdle(Slot.GREEN)).isTrue();
                assertThat(blue.requests() + green.requests()).isEqualTo(before);
                long left = of(old).requests();
                release();
                long goOn = clients.answers.get();
                Await.until("a request is answered", () -> clients.answers.get() > goOn);
                assertThat(of(old).requests()).isEqualTo(left);
            }
        }
        assertThat(clients.wrong).isEmpty();
    }

    @Test
    @DisplayName("lets all that wait go to where the state in force says")
    void letsGo() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        hold();
        for (int i = 0; i < 100; i++) {
            clients.add(connect().get("/"));
        }
        Await.until("all wait", () -> plane.held(Service.DEFAULT) == 100);
        publish(Slot.GREEN);
        assertThat(plane.held(Service.DEFAULT)).isEqualTo(100);

        release();
        Await.until("all have gone", () -> plane.held(Service.DEFAULT) == 0);
        for (RawClient client : clients) {
            assertThat(client.read().text()).isEqualTo("green");
            client.close();
        }
        assertThat(blue.requests()).isZero();
    }

    @Test
    @DisplayName("does not let go what waits for a resume")
    void pausedOnes() throws Exception {
        plane.publish(state(Slot.BLUE, true), OnDrift.FAIL)
                .toCompletableFuture()
                .join();
        try (RawClient client = connect().get("/")) {
            Await.until("it waits", () -> plane.held(Service.DEFAULT) == 1);
            hold();
            release();
            assertThat(client.hasMoreWithin(Duration.ofMillis(200))).isFalse();
            assertThat(plane.held(Service.DEFAULT)).isEqualTo(1);

            publish(Slot.BLUE);
            assertThat(client.read().text()).isEqualTo("blue");
        }
    }

    @Test
    @DisplayName("does not touch what is in flight")
    void inFlight() throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        blue.always(Effect.heldUntil(word, Effect.ok("blue")));
        try (RawClient client = connect().get("/")) {
            Await.until("it is in flight", () -> !isIdle(Slot.BLUE));
            hold();
            publish(Slot.GREEN);
            word.countDown();
            assertThat(client.read().text()).isEqualTo("blue");
            release();
        }
    }
}
