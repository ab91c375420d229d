package dev.turnout.proxy;

import static dev.turnout.support.Http2Target.END_HEADERS;
import static dev.turnout.support.Http2Target.END_STREAM;
import static dev.turnout.support.Http2Target.HEADERS;
import static dev.turnout.support.Http2Target.MAX_CONCURRENT_STREAMS;
import static dev.turnout.support.Http2Target.OK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.support.Await;
import dev.turnout.support.Http2Target;
import dev.turnout.support.Http2Target.Session;
import dev.turnout.support.RawClient;
import dev.turnout.support.wire.Response;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
        "With a limit of connections, a target over HTTP/2 gets as many requests at a time as these connections take")
@Timeout(60)
final class Http2ConnectionLimitTest {

    /** Longer than a connection stays on its event loop while a request on another one waits. */
    private static final Duration LONG_WAIT = Duration.ofMillis(150);

    @TempDir
    private Path folder;

    private final List<RawClient> clients = new ArrayList<>();
    private Http2Target target;
    private Vertx vertx;
    private DataPlane plane;

    @BeforeEach
    void listen() throws IOException {
        target = new Http2Target();
    }

    private void start(int loops, String... settings) {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
        plane = Http2TargetPlane.start(vertx, folder, target.port(), settings);
    }

    @AfterEach
    void end() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        target.close();
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private RawClient get() throws IOException {
        return connect().get("/");
    }

    private RawClient connect() throws IOException {
        RawClient client =
                RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()));
        clients.add(client);
        return client;
    }

    private TargetTraffic traffic() {
        return plane.traffic(Service.DEFAULT).get(new Target("127.0.0.1", target.port()));
    }

    private void awaitWaiting(int count) {
        Await.until("so many requests wait", () -> traffic().waiting() == count);
    }

    @Test
    void a_request_beyond_the_streams_of_all_connections_waits_for_a_stream_to_end() throws IOException {
        start(1, "turnout.upstream.connections", "1", "turnout.upstream.queue.timeout", "5m");
        RawClient first = get();
        Session session = target.accept(MAX_CONCURRENT_STREAMS, 2);
        session.request();
        RawClient second = get();
        session.request();
        RawClient third = get();
        RawClient fourth = get();
        awaitWaiting(2);
        assertThat(target.isAlone()).isTrue();

        session.answer(1, "one");
        assertThat(first.read().text()).isEqualTo("one");
        assertThat(session.next(HEADERS).stream()).isEqualTo(5);
        awaitWaiting(1);
        session.answer(3, "two");
        assertThat(second.read().text()).isEqualTo("two");
        assertThat(session.next(HEADERS).stream()).isEqualTo(7);
        session.answer(7, "four").answer(5, "three");
        assertThat(third.read().text()).isEqualTo("three");
        assertThat(fourth.read().text()).isEqualTo("four");
        assertThat(traffic().waiting()).isZero();
    }

    @Test
    void further_connections_are_opened_up_to_the_limit() throws IOException {
        start(1, "turnout.upstream.connections", "2", "turnout.upstream.queue.timeout", "5m");
        get();
        Session one = target.accept(MAX_CONCURRENT_STREAMS, 1);
        one.request();
        get();
        Session two = target.accept(MAX_CONCURRENT_STREAMS, 1);
        two.request();
        RawClient third = get();
        awaitWaiting(1);
        assertThat(target.isAlone()).isTrue();
        two.answer(1, "two");
        assertThat(two.next(HEADERS).stream()).isEqualTo(3);
        two.answer(3, "three");
        assertThat(third.read().text()).isEqualTo("three");
    }

    @Test
    void a_connection_that_ends_gives_its_place_to_a_request_that_waits() throws IOException {
        start(1, "turnout.upstream.connections", "2", "turnout.upstream.queue.timeout", "5m");
        get();
        Session one = target.accept(MAX_CONCURRENT_STREAMS, 1);
        one.request();
        get();
        Session two = target.accept(MAX_CONCURRENT_STREAMS, 1);
        two.request();
        RawClient third = get();
        awaitWaiting(1);
        two.close();
        Session three = target.accept(MAX_CONCURRENT_STREAMS, 1);
        three.request();
        three.answer(1, "three");
        assertThat(third.read().text()).isEqualTo("three");
    }

    @Test
    void each_event_loop_may_have_a_connection_whatever_the_limit_is() throws IOException {
        start(2, "turnout.upstream.connections", "1", "turnout.upstream.queue.timeout", "5m");
        // Clients are spread over the event loops: two in a row come to both.
        get();
        Session one = target.accept(MAX_CONCURRENT_STREAMS, 1);
        one.request();
        List<RawClient> more = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            more.add(get());
        }
        Session two = target.accept(MAX_CONCURRENT_STREAMS, 1);
        two.request();
        awaitWaiting(7);
        two.send(HEADERS, END_HEADERS | END_STREAM, 1, OK);
        int answered = 0;
        for (RawClient client : more) {
            answered += client.hasMoreWithin(Duration.ofMillis(200)) ? 1 : 0;
        }
        assertThat(answered).isOne();
    }

    @Test
    void an_event_loop_opens_its_own_connection_though_a_request_waits_longer_on_another() throws IOException {
        start(2, "turnout.upstream.connections", "1", "turnout.upstream.queue.timeout", "5m");
        // Clients come to the event loops by turns.
        RawClient here = connect();
        RawClient there = connect();
        here.get("/");
        Session one = target.accept(MAX_CONCURRENT_STREAMS, 1);
        one.request();
        get();
        awaitWaiting(1);
        Await.pause(LONG_WAIT);

        there.get("/");
        Session two = target.accept(MAX_CONCURRENT_STREAMS, 1);
        two.request();
        two.answer(1, "two");
        assertThat(there.read().text()).isEqualTo("two");
        assertThat(traffic().waiting()).isOne();
    }

    @Test
    void a_stream_that_ends_is_for_its_own_event_loop_though_a_request_waits_longer_on_another() throws IOException {
        start(2, "turnout.upstream.connections", "1", "turnout.upstream.queue.timeout", "5m");
        RawClient here = connect();
        RawClient there = connect();
        here.get("/");
        Session one = target.accept(MAX_CONCURRENT_STREAMS, 1);
        one.request();
        there.get("/");
        Session two = target.accept(MAX_CONCURRENT_STREAMS, 1);
        two.request();
        RawClient longest = get();
        awaitWaiting(1);
        Await.pause(LONG_WAIT);
        RawClient next = get();
        awaitWaiting(2);

        two.answer(1, "two");
        assertThat(two.next(HEADERS).stream()).isEqualTo(3);
        two.answer(3, "next");
        assertThat(next.read().text()).isEqualTo("next");
        one.answer(1, "one");
        assertThat(one.next(HEADERS).stream()).isEqualTo(3);
        one.answer(3, "longest");
        assertThat(longest.read().text()).isEqualTo("longest");
    }

    @Test
    void a_request_that_finds_the_queue_full_has_the_place_of_one_that_is_about_to_get_a_stream() throws IOException {
        start(
                1,
                "turnout.upstream.connections",
                "1",
                "turnout.upstream.queue",
                "1",
                "turnout.upstream.queue.timeout",
                "5m");
        RawClient first = connect().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2));
        Session session = target.accept(MAX_CONCURRENT_STREAMS, 1);
        session.request();
        RawClient second = get();
        awaitWaiting(1);
        session.answer(1, "one");
        assertThat(session.next(HEADERS).stream()).isEqualTo(3);
        session.answer(3, "two");
        assertThat(session.next(HEADERS).stream()).isEqualTo(5);
        session.answer(5, "three");
        assertThat(second.read().text()).isEqualTo("two");
        assertThat(first.read().text()).isEqualTo("one");
        assertThat(first.read().text()).isEqualTo("three");
    }

    @Test
    void a_request_waits_for_a_stream_no_longer_than_it_may() throws IOException {
        start(1, "turnout.upstream.connections", "1", "turnout.upstream.queue.timeout", "200ms");
        get();
        Session one = target.accept(MAX_CONCURRENT_STREAMS, 1);
        one.request();
        Response refused = get().read();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.fields().all("X-Turnout")).containsExactly("queue-timeout");
        assertThat(traffic().waiting()).isZero();
    }
}
