package dev.turnout.proxy.connection;

import static dev.turnout.support.Http2Target.DATA;
import static dev.turnout.support.Http2Target.END_HEADERS;
import static dev.turnout.support.Http2Target.HEADERS;
import static dev.turnout.support.Http2Target.OK;
import static dev.turnout.support.Http2Target.PING;
import static dev.turnout.support.Http2Target.WINDOW_UPDATE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TargetProtocol;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.TargetSource;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.Connector;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ManualDeadlines;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.loop.Stopping;
import dev.turnout.proxy.loop.Transport;
import dev.turnout.proxy.route.Matches;
import dev.turnout.proxy.route.RoutingTable;
import dev.turnout.proxy.route.TargetConduct;
import dev.turnout.proxy.route.TargetSettings;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Http2Target;
import dev.turnout.support.Http2Target.Session;
import dev.turnout.tls.TargetWay;
import dev.turnout.tls.TargetWays;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The idle connections of one event loop: real connections, over channels or sockets whose other end the test holds. */
@Timeout(60)
final class TargetPoolTest {

    private static final long IDLE_MILLIS = 60_000;
    private static final TargetSettings SETTINGS = new TargetSettings(5000, IDLE_MILLIS, 1000, 0);
    private static final int SETTLED = (int) TargetConduct.SETTLED_MILLIS;
    private static final Target FIRST = new Target("127.0.0.1", 8080);
    private static final Target SECOND = new Target("127.0.0.1", 8081);
    private static final Target GREEN = new Target("127.0.0.1", 8082);

    private static final TurnoutConfig NAMING = new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
            .withSources(new PropertiesConfigSource(
                    Map.of(
                            "turnout.blue",
                            FIRST + "," + SECOND,
                            "turnout.green",
                            GREEN.toString(),
                            "turnout.upstream.send-proxy",
                            "v1"),
                    "test",
                    500))
            .build());

    private final ClientEnds client = client(1);
    private final ManualDeadlines time = new ManualDeadlines();
    private final Stopping stopping = new Stopping();
    private final TargetContext context = context(time.loop(new EmbeddedChannel().eventLoop(), stopping));
    private final TargetPool pool = pool(context);
    private final Map<Http1TargetConnection, EmbeddedChannel> channels = new HashMap<>();
    private final TargetState first = target(FIRST);
    private final TargetState second = target(SECOND);
    private final TargetState green = target(GREEN);

    private static ClientEnds client(int port) {
        return new ClientEnds(new InetSocketAddress("192.0.2.1", port), new InetSocketAddress("192.0.2.2", 80));
    }

    static TargetContext context(LoopContext loop) {
        return new TargetContext(
                loop, new ScanScratch(16 * 1024), new TargetWays(), new Http2TargetCounters(), new Alone());
    }

    /** One event loop without others. */
    private static final class Alone implements Neighbours {
        @Override
        public void closeIdle(TargetState target) {}

        @Override
        public void serve(int loop, TargetState target) {}

        @Override
        public void serveEverywhere(TargetState target) {}
    }

    private static TargetPool pool(TargetContext context) {
        Transport transport = new Transport("a test's", NioServerSocketChannel::new, NioSocketChannel::new, null);
        Connector.IdleConnections none = new Connector.IdleConnections() {
            @Override
            public boolean closeHere() {
                return false;
            }

            @Override
            public void closeEverywhere() {}
        };
        Connector connector =
                new Connector(context.loop(), transport, name -> Future.failedFuture(new IOException(name)), none);
        return new TargetPool(context, connector);
    }

    /** Returns a target of a service that sends its requests to the first two. */
    private static TargetState target(Target target) {
        RoutingTable routing = new RoutingTable(1, List.of(Matches.ofAll(Service.DEFAULT, SETTINGS)));
        boolean isGreen = target.equals(GREEN);
        Target other = isGreen ? FIRST : GREEN;
        Service service = Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(isGreen ? other : target)),
                Pool.of(List.of(isGreen ? target : other)),
                Instant.EPOCH);
        routing.publish(RoutingState.of(List.of(service)));
        return routing.upstreams().stream()
                .filter(state -> state.target().equals(target))
                .findFirst()
                .orElseThrow();
    }

    private Http1TargetConnection open(TargetState target, ChannelInboundHandlerAdapter... before) {
        return open(target, null, before);
    }

    private Http1TargetConnection open(
            TargetState target, @Nullable ClientEnds owner, ChannelInboundHandlerAdapter... before) {
        TargetWay way = context.ways().of(target.service(), target.target());
        Http1TargetConnection connection = new Http1TargetConnection(context, pool, target, way, owner);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(before).addLast(connection);
        channels.put(connection, channel);
        return connection;
    }

    /** Opens a connection that waits in the pool. */
    private Http1TargetConnection idle(TargetState target) {
        Http1TargetConnection connection = open(target);
        connection.standBy();
        return connection;
    }

    /** Opens a connection that waits in the pool after an exchange. */
    private Http1TargetConnection used(boolean hasContent) {
        Http1TargetConnection connection = open(first);
        connection.begin(new Unheard(), hasContent);
        connection.release(true);
        return connection;
    }

    private boolean isOpen(Http1TargetConnection connection) {
        return channels.get(connection).isOpen();
    }

    /** An exchange that hears nothing. */
    static final class Unheard implements TargetStream.Listener {

        @Override
        public void refused() {}

        @Override
        public void cancelled() {}

        @Override
        public void responseBytes() {}

        @Override
        public void interimResponse(ResponseHead response) {}

        @Override
        public void responseHead(ResponseHead response, int length, ByteBuf in) {
            in.release();
        }

        @Override
        public boolean switchProtocols(ResponseHead response, int length, ByteBuf in) {
            return false;
        }

        @Override
        public void responseBody(ByteBuf in) {
            in.release();
        }

        @Override
        public void responseBody(PipedBytes piece) {
            piece.release();
        }

        @Override
        public void badResponse(Rejection rejection) {}

        @Override
        public void readFailed() {}

        @Override
        public void inputEnded() {}

        @Override
        public void closed() {}

        @Override
        public void writabilityChanged() {}

        @Override
        public boolean hasNoResponse() {
            return false;
        }

        @Override
        public boolean isOver() {
            return false;
        }
    }

    // --- Which connection is taken ---------------------------------------------------------------------------------

    @Test
    void the_connection_used_last_is_taken_first() {
        Http1TargetConnection oldest = idle(first);
        Http1TargetConnection middle = idle(first);
        Http1TargetConnection youngest = idle(first);
        assertThat(pool.take(first, client, true)).isSameAs(youngest);
        assertThat(pool.take(first, client, true)).isSameAs(middle);
        assertThat(pool.take(first, client, true)).isSameAs(oldest);
        assertThat(pool.take(first, client, true)).isNull();
    }

    /** Has connections begin with a header that names the client, and returns an idle connection of this client. */
    private Http1TargetConnection owned(TargetState target, ClientEnds owner) {
        context.ways().prepare(NAMING).apply();
        Http1TargetConnection connection = open(target, owner);
        connection.standBy();
        return connection;
    }

    @Test
    void a_connection_that_named_a_client_is_never_given_to_another_client() {
        Http1TargetConnection connection = owned(first, client);
        assertThat(pool.size(first)).isEqualTo(1);
        assertThat(pool.take(first, client(2), true)).isNull();
        assertThat(pool.take(second, client, true)).isNull();
        assertThat(pool.take(first, client, true)).isSameAs(connection);
        assertThat(pool.take(first, client, true)).isNull();
        assertThat(pool.size(first)).isZero();
    }

    @Test
    void a_client_with_several_connections_gets_the_youngest_that_may_be_used() {
        Http1TargetConnection older = owned(first, client);
        time.pass(SETTLED);
        Http1TargetConnection youngest = owned(first, client);
        assertThat(pool.take(first, client, false)).isSameAs(older);
        assertThat(pool.take(first, client, false)).isNull();
        assertThat(pool.take(first, client, true)).isSameAs(youngest);
    }

    @Test
    void a_connection_that_named_no_client_is_not_used_where_clients_are_named() {
        Http1TargetConnection unnamed = idle(first);
        owned(second, client);
        assertThat(pool.take(first, client, true)).isNull();
        assertThat(isOpen(unnamed)).isTrue();
    }

    @Test
    void what_named_a_client_is_closed_with_the_client_and_nothing_else_is() {
        ClientEnds other = client(2);
        Http1TargetConnection idle = owned(first, client);
        Http1TargetConnection toSecond = owned(second, client);
        Http1TargetConnection ofOther = owned(first, other);
        Http1TargetConnection used = open(first, client);
        used.begin(new Unheard(), false);
        client.end();
        assertThat(isOpen(idle)).isFalse();
        assertThat(isOpen(toSecond)).isFalse();
        assertThat(isOpen(used)).isTrue();
        used.release(true);
        assertThat(isOpen(used)).isFalse();
        assertThat(pool.take(first, other, true)).isSameAs(ofOther);
        assertThat(pool.size(first) + pool.size(second)).isZero();
    }

    @Test
    void what_named_a_client_is_closed_by_whatever_closes_idle_connections() {
        Http1TargetConnection oldest = owned(first, client);
        Http1TargetConnection next = owned(first, client(2));
        assertThat(pool.closeOldest(1)).isEqualTo(1);
        assertThat(isOpen(oldest)).isFalse();
        assertThat(isOpen(next)).isTrue();
        pool.makeRoom(first);
        assertThat(isOpen(next)).isFalse();

        Http1TargetConnection toGreen = owned(green, client);
        pool.closeAll();
        assertThat(isOpen(toGreen)).isFalse();

        Http1TargetConnection timed = owned(first, client);
        time.pass(IDLE_MILLIS + ManualDeadlines.LATE_MILLIS);
        assertThat(isOpen(timed)).isFalse();
        assertThat(pool.size(first)).isZero();
    }

    @Test
    void what_named_a_client_and_was_closed_by_the_target_is_forgotten() {
        channels.get(owned(first, client)).close();
        assertThat(pool.size(first)).isZero();
        assertThat(pool.take(first, client, true)).isNull();
    }

    @Test
    void each_target_has_connections_of_its_own() {
        Http1TargetConnection connection = idle(first);
        assertThat(pool.take(second, client, true)).isNull();
        assertThat(pool.size(first)).isEqualTo(1);
        assertThat(pool.size(second)).isZero();
        assertThat(pool.take(first, client, true)).isSameAs(connection);
    }

    @Test
    void a_request_that_cannot_be_replayed_does_not_get_a_connection_that_is_too_fresh() {
        Http1TargetConnection connection = idle(first);
        time.pass(SETTLED - 1);
        assertThat(pool.take(first, client, false)).isNull();
        assertThat(pool.size(first)).isEqualTo(1);
        time.pass(1);
        assertThat(pool.take(first, client, false)).isSameAs(connection);
    }

    @Test
    void a_request_that_cannot_be_replayed_gets_the_oldest_connection_if_the_youngest_is_too_fresh() {
        Http1TargetConnection oldest = idle(first);
        Http1TargetConnection older = idle(first);
        time.pass(SETTLED);
        idle(first);
        assertThat(pool.take(first, client, false)).isSameAs(oldest);
        assertThat(pool.take(first, client, false)).isSameAs(older);
        assertThat(pool.take(first, client, false)).isNull();
        assertThat(pool.size(first)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void a_fresh_connection_that_carried_content_is_passed_over(boolean hasContent, boolean taken) {
        Http1TargetConnection connection = used(hasContent);
        assertThat(pool.take(first, client, true)).isSameAs(taken ? connection : null);
        time.pass(SETTLED);
        assertThat(pool.take(first, client, true)).isSameAs(taken ? null : connection);
    }

    @Test
    void a_target_that_has_proved_to_keep_connections_is_trusted_at_once() {
        IntStream.range(0, 8).forEach(i -> first.conduct().answeredAgain(false));
        Http1TargetConnection connection = idle(first);
        assertThat(pool.take(first, client, false)).isSameAs(connection);
    }

    @Test
    void a_target_that_closes_behind_its_answers_is_not_trusted_even_with_what_can_be_replayed() {
        first.conduct().closedBehindAnswer();
        idle(first);
        assertThat(pool.take(first, client, true)).isNull();
    }

    @Test
    void a_connection_whose_end_has_not_been_told_yet_is_skipped() {
        Http1TargetConnection alive = idle(first);
        Http1TargetConnection dead = open(first, new Deaf());
        dead.standBy();
        channels.get(dead).close();
        assertThat(pool.size(first)).isEqualTo(2);
        assertThat(pool.take(first, client, true)).isSameAs(alive);
        assertThat(pool.size(first)).isZero();
    }

    /** Tells of no end. */
    private static final class Deaf extends ChannelInboundHandlerAdapter {
        @Override
        public void channelInactive(ChannelHandlerContext handler) {}
    }

    @Test
    void a_connection_that_the_target_has_closed_is_forgotten() {
        Http1TargetConnection connection = idle(first);
        channels.get(connection).close();
        assertThat(pool.size(first)).isZero();
        assertThat(pool.take(first, client, true)).isNull();
    }

    @Test
    void a_target_that_closes_right_behind_an_answer_is_remembered() {
        channels.get(used(false)).close();
        assertThat(first.conduct().trustsAtOnce(true, false)).isFalse();
    }

    @Test
    void a_target_that_closes_a_settled_connection_is_trusted_as_before() {
        Http1TargetConnection connection = used(false);
        time.pass(SETTLED);
        channels.get(connection).close();
        assertThat(first.conduct().trustsAtOnce(true, false)).isTrue();
    }

    @Test
    void a_target_that_speaks_unasked_loses_its_connection() {
        Http1TargetConnection connection = used(true);
        ByteBuf unasked = Unpooled.copiedBuffer("HTTP/1.1 408 Request Timeout\r\n\r\n", US_ASCII);
        channels.get(connection).writeInbound(unasked);
        assertThat(isOpen(connection)).isFalse();
        assertThat(pool.size(first)).isZero();
        assertThat(unasked.refCnt()).isZero();
        assertThat(first.conduct().mistakesContent()).isTrue();
    }

    // --- How long a connection is kept -----------------------------------------------------------------------------

    @Test
    void an_idle_connection_is_closed_after_its_time() {
        Http1TargetConnection connection = idle(first);
        time.pass(IDLE_MILLIS - 1);
        assertThat(isOpen(connection)).isTrue();
        time.pass(1 + ManualDeadlines.LATE_MILLIS);
        assertThat(isOpen(connection)).isFalse();
        assertThat(pool.size(first)).isZero();
    }

    @Test
    void a_connection_in_use_is_not_closed_after_the_time_of_an_idle_one() {
        Http1TargetConnection connection = idle(first);
        pool.take(first, client, true);
        time.pass(2 * IDLE_MILLIS);
        assertThat(isOpen(connection)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"7, 6000", "3600, 60000"})
    void a_target_s_keep_alive_shortens_the_time(int seconds, long millis) {
        Http1TargetConnection connection = open(first);
        connection.begin(new Unheard(), false);
        connection.announceKeepAlive(seconds);
        connection.release(true);
        time.pass(millis - 1);
        assertThat(isOpen(connection)).isTrue();
        time.pass(1 + ManualDeadlines.LATE_MILLIS);
        assertThat(isOpen(connection)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_target_that_keeps_connections_for_no_time_loses_its_connection(int seconds) {
        Http1TargetConnection connection = open(first);
        connection.begin(new Unheard(), false);
        connection.announceKeepAlive(seconds);
        connection.release(true);
        assertThat(isOpen(connection)).isFalse();
    }

    // --- Which connection is kept ----------------------------------------------------------------------------------

    @Test
    void a_connection_that_is_not_reusable_is_closed() {
        Http1TargetConnection connection = open(first);
        connection.begin(new Unheard(), false);
        connection.release(false);
        assertThat(isOpen(connection)).isFalse();
        assertThat(pool.size(first)).isZero();
    }

    @Test
    void a_connection_to_a_target_out_of_rotation_is_not_kept() {
        Http1TargetConnection connection = open(green);
        connection.begin(new Unheard(), false);
        connection.release(true);
        assertThat(isOpen(connection)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void content_costs_the_connection_to_a_target_that_mistakes_content(boolean hasContent) {
        first.conduct().answeredTwice();
        assertThat(isOpen(used(hasContent))).isEqualTo(!hasContent);
    }

    @Test
    void no_connection_is_kept_while_turnout_stops() {
        stopping.begin();
        assertThat(isOpen(used(false))).isFalse();
    }

    @Test
    void a_connection_that_waited_unused_is_idle_but_not_reused() {
        Http1TargetConnection connection = idle(first);
        assertThat(connection.wasIdle()).isTrue();
        assertThat(connection.isReused()).isFalse();
        assertThat(used(false).isReused()).isTrue();
    }

    // --- Closing ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 2", "3, 3", "10, 3"})
    void the_longest_unused_connections_are_closed_first(int most, int closed) {
        List<Http1TargetConnection> byAge = List.of(idle(first), idle(first), idle(first));
        assertThat(pool.closeOldest(most)).isEqualTo(closed);
        for (int i = 0; i < 3; i++) {
            assertThat(isOpen(byAge.get(i))).isEqualTo(i >= closed);
        }
        assertThat(pool.size(first)).isEqualTo(3 - closed);
    }

    @Test
    void the_connections_of_all_targets_count_for_the_most_that_are_closed() {
        idle(first);
        idle(second);
        idle(green);
        assertThat(pool.closeOldest(2)).isEqualTo(2);
        assertThat(pool.size(first) + pool.size(second) + pool.size(green)).isEqualTo(1);
        assertThat(pool.closeOldest(2)).isEqualTo(1);
    }

    @Test
    void only_connections_to_targets_without_new_requests_are_closed_after_a_switch() {
        Http1TargetConnection in = idle(first);
        Http1TargetConnection out = idle(green);
        pool.closeOutOfRotation();
        assertThat(isOpen(in)).isTrue();
        assertThat(isOpen(out)).isFalse();
        assertThat(pool.size(green)).isZero();
    }

    /** Returns a target that is out of rotation, to which a connection is idle. */
    private WeakReference<TargetState> outOfRotation() {
        TargetState out = target(GREEN);
        idle(out);
        return new WeakReference<>(out);
    }

    @Test
    void nothing_is_kept_of_a_target_that_gets_no_new_requests() {
        WeakReference<TargetState> out = outOfRotation();
        pool.closeOutOfRotation();
        channels.clear();
        Await.until("the target is forgotten", () -> {
            System.gc();
            return out.get() == null;
        });
        assertThat(pool.closeOldest(1)).isZero();
    }

    @Test
    void room_is_made_at_one_target_only() {
        List<Http1TargetConnection> closing = List.of(idle(first), idle(first));
        Http1TargetConnection other = idle(second);
        pool.makeRoom(first);
        assertThat(closing).noneMatch(this::isOpen);
        assertThat(isOpen(other)).isTrue();
        assertThat(pool.size(first)).isZero();
    }

    @Test
    void where_no_room_was_made_no_answer_is_due_to_it() {
        for (int i = 0; i < 3; i++) {
            pool.makeRoom(first);
            first.conduct().answeredAfterWait();
        }
        assertThat(first.conduct().servesOneAtATime()).isFalse();
    }

    @Test
    void connections_in_use_are_left_alone_by_whatever_closes_idle_connections() {
        Http1TargetConnection connection = idle(first);
        pool.take(first, client, true);
        pool.closeAll();
        pool.makeRoom(first);
        pool.closeOutOfRotation();
        assertThat(pool.closeOldest(10)).isZero();
        assertThat(isOpen(connection)).isTrue();
    }

    @Test
    void all_idle_connections_are_closed_at_the_end() {
        List<Http1TargetConnection> all = List.of(idle(first), idle(first), idle(second), idle(green));
        pool.closeAll();
        assertThat(all).noneMatch(this::isOpen);
        assertThat(pool.size(first) + pool.size(second) + pool.size(green)).isZero();
    }

    // --- Opening ---------------------------------------------------------------------------------------------------

    /** Runs a test's body with a pool on an event loop and a target that listens. */
    private static void overSockets(OverSockets test) throws Exception {
        NioEventLoopGroup group = new NioEventLoopGroup(1);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            EventLoop eventLoop = group.next();
            TargetPool pool = pool(context(new ManualDeadlines().loop(eventLoop, new Stopping())));
            TargetState state = target(new Target("127.0.0.1", server.getLocalPort()));
            test.run(pool, eventLoop, server, state);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private interface OverSockets {
        void run(TargetPool pool, EventLoop eventLoop, ServerSocket server, TargetState target) throws Exception;
    }

    /** Takes what there is, and wants it or not. */
    private static final class Taker implements TargetSource.Waiter {

        private final CompletableFuture<TargetStream> stream = new CompletableFuture<>();
        private final boolean wants;

        Taker(boolean wants) {
            this.wants = wants;
        }

        @Override
        public boolean opened(TargetStream opened) {
            stream.complete(opened);
            return wants;
        }

        @Override
        public void failed(Throwable cause) {
            stream.completeExceptionally(cause);
        }

        @Override
        public void queued(TargetSource.Place place) {}

        @Override
        public void connecting() {}

        @Override
        public void moveOn() {}

        @Override
        public boolean isReplayable() {
            return true;
        }
    }

    /** Returns whether the waiter had been told when the call returned. */
    private static boolean connect(TargetPool pool, EventLoop eventLoop, TargetState target, Taker taker)
            throws Exception {
        return eventLoop
                .submit(() -> {
                    pool.connect(target, client(1), taker);
                    return taker.stream.isDone();
                })
                .get();
    }

    @Test
    void a_connection_is_opened_after_the_event_that_asks_for_it() throws Exception {
        overSockets((pool, eventLoop, server, target) -> {
            Taker taker = new Taker(true);
            assertThat(connect(pool, eventLoop, target, taker)).isFalse();
            try (Socket peer = server.accept()) {
                TargetStream stream = taker.stream.get();
                assertThat(stream.wasIdle()).isFalse();
                eventLoop.submit(stream::close).get();
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
        });
    }

    @Test
    void a_connection_that_nobody_wants_any_more_is_closed() throws Exception {
        overSockets((pool, eventLoop, server, target) -> {
            connect(pool, eventLoop, target, new Taker(false));
            try (Socket peer = server.accept()) {
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
        });
    }

    @Test
    void whoever_waits_is_told_that_no_connection_could_be_opened() throws Exception {
        overSockets((pool, eventLoop, server, target) -> {
            server.close();
            Taker taker = new Taker(true);
            connect(pool, eventLoop, target, taker);
            assertThat(taker.stream.handle((stream, failure) -> failure).get()).isInstanceOf(IOException.class);
            CompletableFuture<Integer> opened =
                    eventLoop.submit(() -> pool.openAhead(target, 2)).get();
            assertThat(opened.get()).isZero();
        });
    }

    @Test
    void connections_that_are_opened_ahead_wait_in_the_pool() throws Exception {
        overSockets((pool, eventLoop, server, target) -> {
            CompletableFuture<Integer> opened =
                    eventLoop.submit(() -> pool.openAhead(target, 3)).get();
            assertThat(opened.get()).isEqualTo(3);
            assertThat(eventLoop.submit(() -> pool.size(target)).get()).isEqualTo(3);
            eventLoop.submit(pool::closeAll).get();
        });
    }

    // --- Connections over HTTP/2 -----------------------------------------------------------------------------------

    @Test
    void a_response_goes_on_behind_a_goaway_once_there_is_memory_for_it_again() throws Exception {
        AtomicLong used = new AtomicLong();
        NioEventLoopGroup group = new NioEventLoopGroup(1);
        try (Http2Target server = new Http2Target()) {
            EventLoop eventLoop = group.next();
            LoopContext loop = new ManualDeadlines().loop(eventLoop, new Stopping(), used::get);
            TargetPool pool = pool(context(loop));
            loop.start();
            TargetState target = target(new Target("127.0.0.1", server.port()));
            target.speak(TargetProtocol.H2C);
            Taker taker = new Taker(true);
            connect(pool, eventLoop, target, taker);
            Session session = server.accept();
            TargetStream stream = taker.stream.get();
            eventLoop
                    .submit(() -> {
                        stream.begin(new Unheard(), false);
                        stream.write(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n\r\n", US_ASCII));
                        stream.flush();
                    })
                    .get();
            session.request();

            used.set(2);
            Await.until(
                    "memory is short",
                    () -> eventLoop.submit(loop::isTight).syncUninterruptibly().getNow());
            session.send(HEADERS, END_HEADERS, 1, OK);
            for (int i = 0; i < 16; i++) {
                session.send(DATA, 0, 1, new byte[16 * 1024]);
            }
            session.goAway(1, 0).send(PING, 0, 0, new byte[8]);
            session.next(PING);
            used.set(0);
            assertThat(session.next(WINDOW_UPDATE).stream()).isEqualTo(1);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }
}
