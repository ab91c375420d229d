package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Command;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TrafficPlane.OnDrift;
import dev.turnout.routing.Transition;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.NoCertificates;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TestLoops;
import dev.turnout.support.wire.Response;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients and targets, before several event loops. */
@DisplayName("With a limit of connections to a target, further requests wait in turn and none is lost")
@Timeout(60)
final class ConnectionLimitTest {

    private static final int LOOPS = 3;

    @TempDir
    private Path folder;

    private final List<RawClient> clients = new ArrayList<>();
    private final CountDownLatch word = new CountDownLatch(1);
    private final Backend blue = Backend.start();
    private final Backend other = Backend.start();
    private final Backend green = Backend.start();
    private Vertx vertx;
    private final TargetWays ways = new TargetWays();
    private DataPlane plane;
    private Service service;

    @BeforeEach
    void held() {
        blue.always(Effect.heldUntil(word, Effect.ok("blue")));
        other.always(Effect.ok("other"));
        green.always(Effect.ok("green"));
    }

    @AfterEach
    void end() throws IOException {
        word.countDown();
        for (RawClient client : clients) {
            client.close();
        }
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        blue.close();
        other.close();
        green.close();
        assertThat(blue.violations()).isEmpty();
    }

    private static Target target(Backend backend) {
        return new Target("127.0.0.1", backend.port());
    }

    private void start(String... settings) {
        start(List.of(target(blue)), settings);
    }

    private void start(List<Target> targets, String... settings) {
        start(LOOPS, targets, settings);
    }

    private void start(int loops, List<Target> targets, String... settings) {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
        TurnoutConfig config = TargetPlane.config(
                folder, Map.of("turnout.upstream.connections", "2", "turnout.upstream.queue.timeout", "5m"), settings);
        ways.prepare(config).apply();
        plane = new DataPlane(TestLoops.of(vertx), config, new NoCertificates(), ways);
        service = Service.initial(Service.DEFAULT, Pool.of(targets), Pool.of(List.of(target(green))), Instant.EPOCH);
        plane.start(RoutingState.of(List.of(service)));
    }

    private void apply(Command command) {
        service = ((Outcome.Changed) Transition.apply(service, command, Instant.EPOCH, "a test")).service();
        plane.publish(RoutingState.of(List.of(service)), OnDrift.FAIL);
    }

    private RawClient get() throws IOException {
        return get("/");
    }

    private RawClient get(String path) throws IOException {
        return connect().get(path);
    }

    private RawClient connect() throws IOException {
        RawClient client =
                RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()));
        clients.add(client);
        return client;
    }

    private List<RawClient> gets(int count) throws IOException {
        List<RawClient> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(get());
        }
        return sent;
    }

    private TargetTraffic traffic(Backend backend) {
        return plane.traffic(Service.DEFAULT).get(target(backend));
    }

    private void awaitWaiting(int count) {
        Await.until(
                () -> count + " requests wait, not " + traffic(blue).waiting(),
                Duration.ofSeconds(10),
                () -> traffic(blue).waiting() == count);
    }

    private long inFlight(Backend backend) {
        return ((InFlight.Known) plane.inFlight(Service.DEFAULT, List.of(target(backend)))).requests();
    }

    private static String cause(Response response) {
        return response.status() + " " + String.join(",", response.fields().all("X-Turnout"));
    }

    private static void assertAnswered(List<RawClient> asking, String text) throws IOException {
        for (RawClient client : asking) {
            assertThat(client.read().text()).isEqualTo(text);
        }
    }

    // --- How many --------------------------------------------------------------------------------------------------

    @Test
    void a_target_gets_no_more_connections_than_it_may_from_all_event_loops_together() throws IOException {
        start();
        List<RawClient> asking = gets(20);
        awaitWaiting(18);
        Await.until("two are there", () -> blue.requests() >= 2);
        assertThat(blue.openConnections()).isEqualTo(2);
        assertThat(blue.requests()).isEqualTo(2);
        assertThat(traffic(blue).connections()).isEqualTo(2);

        word.countDown();
        assertAnswered(asking, "blue");
        assertThat(traffic(blue).waiting()).isZero();
        Await.until("nothing is in flight", () -> inFlight(blue) == 0);
    }

    @Test
    void many_requests_through_few_connections_are_all_answered() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        blue.always(exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            now.decrementAndGet();
            Effect.ok("blue").on(exchange);
        });
        start();
        List<Thread> threads = new ArrayList<>();
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < 30; i++) {
            RawClient client = get();
            Thread thread = new Thread(() -> {
                try {
                    for (int n = 0; n < 100; n++) {
                        if (n > 0) {
                            client.get("/");
                        }
                        if (client.read().text().equals("blue")) {
                            answered.incrementAndGet();
                        }
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answered).hasValue(3000);
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000", "0"})
    void an_event_loop_without_a_connection_gets_one_from_another_where_it_is_idle(String queue) throws IOException {
        blue.always(Effect.ok("blue"));
        start("turnout.upstream.connections", "1", "turnout.upstream.idle", "1m", "turnout.upstream.queue", queue);
        // As many clients as it takes to have one on each event loop.
        for (int i = 0; i < LOOPS * 4; i++) {
            assertThat(get().read().text()).isEqualTo("blue");
            Await.until("nothing is in flight", () -> inFlight(blue) == 0);
        }
        // The one that was closed for another is known to be closed a moment later.
        Await.until(() -> blue.openConnections() + " are open", () -> blue.openConnections() == 1);
    }

    @Test
    void an_idle_connection_that_a_request_must_not_use_makes_room_for_another_even_without_a_queue()
            throws IOException {
        blue.always(Effect.ok("blue"));
        start(1, List.of(target(blue)), "turnout.upstream.connections", "1", "turnout.upstream.queue", "0");
        // The connection of the first is too fresh for a request that must not go twice.
        RawClient client = connect().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx".repeat(2));
        assertThat(client.read().text()).isEqualTo("blue");
        assertThat(client.read().text()).isEqualTo("blue");
    }

    @Test
    void an_event_loop_without_a_connection_gets_its_turn_while_the_others_are_busy() throws Exception {
        blue.always(new Effect.Slow(Duration.ofMillis(2), Effect.ok("blue")));
        start("turnout.upstream.connections", "1");
        boolean[] over = new boolean[1];
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawClient client = get();
            Thread thread = new Thread(() -> {
                try {
                    while (!over[0]) {
                        client.read();
                        client.get("/");
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            busy.add(thread);
            thread.start();
        }
        for (int i = 0; i < 12; i++) {
            assertThat(cause(get().read())).isEqualTo("200 ");
        }
        over[0] = true;
        for (Thread thread : busy) {
            thread.join();
        }
    }

    @Test
    void without_a_limit_each_request_gets_its_connection() throws IOException {
        start("turnout.upstream.connections", "0");
        List<RawClient> asking = gets(20);
        Await.until("all are there", () -> blue.requests() == 20);
        word.countDown();
        assertAnswered(asking, "blue");
    }

    @Test
    void a_connection_that_fails_gives_its_place_back() throws IOException {
        blue.always(Effect.cutBeforeHead(SocketEnd.CLOSE));
        start();
        for (int i = 0; i < 10; i++) {
            assertThat(get().read().status()).isEqualTo(502);
        }
        blue.kill();
        for (int i = 0; i < 10; i++) {
            assertThat(get().read().status()).isEqualTo(502);
        }
        blue.revive();
        blue.always(Effect.ok("blue"));
        assertThat(get().read().text()).isEqualTo("blue");
    }

    // --- The queue -------------------------------------------------------------------------------------------------

    @Test
    void requests_that_wait_on_one_event_loop_go_in_the_order_in_which_they_came() throws IOException {
        start(1, List.of(target(blue)), "turnout.upstream.connections", "1");
        List<RawClient> asking = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            asking.add(get("/" + i));
            awaitWaiting(i);
        }
        word.countDown();
        assertAnswered(asking, "blue");
        List<String> order =
                blue.arrivals().stream().map(arrival -> arrival.head().target()).toList();
        assertThat(order).containsExactly("/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9");
    }

    @Test
    void a_client_that_sends_many_requests_at_once_waits_in_turn_with_each_of_them() throws IOException {
        start(1, List.of(target(blue)), "turnout.upstream.connections", "1");
        RawClient many = connect().send("GET /many HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20));
        Await.until("the first is there", () -> blue.requests() == 1);
        RawClient one = get("/one");
        awaitWaiting(1);
        word.countDown();
        assertAnswered(List.of(one), "blue");
        for (int i = 0; i < 20; i++) {
            assertThat(many.read().text()).isEqualTo("blue");
        }
        List<String> order =
                blue.arrivals().stream().map(arrival -> arrival.head().target()).toList();
        assertThat(order).hasSize(21).startsWith("/many", "/one", "/many");
    }

    @Test
    void a_request_that_finds_the_queue_full_is_refused_at_once() throws IOException {
        start("turnout.upstream.queue", "3");
        List<RawClient> asking = gets(5);
        awaitWaiting(3);
        Response refused = get().read();
        assertThat(cause(refused)).isEqualTo("503 queue-full");
        assertThat(refused.fields().all("Retry-After")).isNotEmpty();
        assertThat(traffic(blue).waiting()).isEqualTo(3);

        word.countDown();
        assertAnswered(asking, "blue");
    }

    @Test
    void a_request_waits_no_longer_than_it_may_and_then_another_has_its_place() throws IOException {
        start("turnout.upstream.queue.timeout", "300ms", "turnout.upstream.queue", "1");
        List<RawClient> asking = gets(2);
        Await.until("both are there", () -> blue.requests() == 2);
        long begun = System.nanoTime();
        assertThat(cause(get().read())).isEqualTo("503 queue-timeout");
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(traffic(blue).waiting()).isZero();
        assertThat(cause(get().read())).isEqualTo("503 queue-timeout");

        word.countDown();
        assertAnswered(asking, "blue");
    }

    @Test
    void a_client_that_goes_leaves_the_queue() throws IOException {
        start();
        List<RawClient> asking = gets(2);
        Await.until("both are there", () -> blue.requests() == 2);
        RawClient gone = get();
        awaitWaiting(1);
        gone.end(SocketEnd.RESET);
        awaitWaiting(0);
        assertThat(inFlight(blue)).isEqualTo(2);

        word.countDown();
        assertAnswered(asking, "blue");
        assertThat(blue.requests()).isEqualTo(2);
    }

    @Test
    void the_body_of_a_request_that_waited_arrives_whole() throws IOException {
        blue.always(Effect.heldUntil(word, new Effect.Receive()));
        start("turnout.upstream.connections", "1");
        get();
        Await.until("one is there", () -> blue.requests() == 1);
        RawClient uploading = connect();
        uploading.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
        awaitWaiting(1);
        word.countDown();
        assertThat(uploading.read().text()).contains("100000");
    }

    // --- Other targets, drains and flips ---------------------------------------------------------------------------

    @Test
    void another_target_with_room_gets_the_request() throws IOException {
        start(List.of(target(blue), target(other)));
        List<RawClient> held = new ArrayList<>();
        while (blue.requests() < 2) {
            long before = blue.requests() + other.requests();
            held.add(get());
            Await.until("it is there", () -> blue.requests() + other.requests() > before);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(get().read().text()).isEqualTo("other");
        }
        assertThat(traffic(blue).waiting()).isZero();
    }

    @Test
    void what_waits_for_a_target_goes_to_another_one_once_that_has_room() throws IOException {
        CountDownLatch others = new CountDownLatch(1);
        other.always(Effect.heldUntil(others, Effect.ok("other")));
        start(List.of(target(blue), target(other)));
        List<RawClient> asking = gets(4);
        Await.until("four are there", () -> blue.requests() + other.requests() == 4);
        List<RawClient> waiting = gets(10);
        Await.until("all wait", () -> traffic(blue).waiting() + traffic(other).waiting() == 10);
        others.countDown();
        assertAnswered(waiting, "other");
        word.countDown();
        for (RawClient client : asking) {
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void at_a_flip_what_waits_goes_to_the_new_slot_and_what_was_sent_stays() throws IOException {
        start();
        List<RawClient> sent = gets(2);
        Await.until("both are there", () -> blue.requests() == 2);
        List<RawClient> waiting = gets(20);
        awaitWaiting(20);
        apply(new Command.SwitchTo(Slot.GREEN));
        assertAnswered(waiting, "green");
        assertThat(inFlight(blue)).isEqualTo(2);
        word.countDown();
        assertAnswered(sent, "blue");
        Await.until("blue is drained", () -> inFlight(blue) == 0);
        assertThat(blue.requests()).isEqualTo(2);
    }

    @Test
    void what_waits_when_its_service_is_paused_goes_on_and_not_to_the_new_slot() throws IOException {
        start();
        List<RawClient> sent = gets(2);
        Await.until("both are there", () -> blue.requests() == 2);
        List<RawClient> waiting = gets(5);
        awaitWaiting(5);
        apply(new Command.Pause());
        apply(new Command.SwitchTo(Slot.GREEN));
        assertThat(traffic(blue).waiting()).isEqualTo(5);
        word.countDown();
        assertAnswered(sent, "blue");
        assertAnswered(waiting, "blue");
        assertThat(green.requests()).isZero();
    }

    @Test
    void what_waits_is_cut_with_its_target_after_a_drain_that_took_too_long() throws IOException {
        start();
        gets(2);
        Await.until("both are there", () -> blue.requests() == 2);
        RawClient waiting = get();
        awaitWaiting(1);
        plane.cut(Service.DEFAULT, List.of(target(blue))).toCompletableFuture().join();
        assertThat(cause(waiting.read())).isEqualTo("503 drain-timeout");
        assertThat(traffic(blue).waiting()).isZero();
    }
}
