package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.turnout.support.Arrival;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.CutShort;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Nobody waits for ever")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TimeoutsIT {

    private static final Duration LIMIT = Duration.ofMillis(600);
    private static final Duration WELL_BELOW = Duration.ofMillis(150);
    private static final String SOUND = "sound";

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private TurnoutProcess turnout;

    @BeforeAll
    void start() {
        blue = arena.backend();
        turnout = arena.start(limited(blue));
    }

    @BeforeEach
    void forget() {
        blue.forget();
        blue.always(Effect.ok(SOUND));
    }

    @Test
    void a_slow_head_gets_408_however_steadily_it_trickles() throws IOException {
        try (RawClient client = turnout.connect()) {
            long started = System.nanoTime();
            client.send("GET / HTTP/1.1\r\nHost: a\r\n");
            for (int i = 0; i < 100 && !client.hasMore(); i++) {
                client.send("X");
                Await.pause(Duration.ofMillis(50));
            }
            Response response = client.read();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.fields().only("X-Turnout")).isPresent();
            assertThat(client.isClosedByPeer()).isTrue();
            assertTookAboutTheLimit(started);
        }
        assertThat(blue.arrivals()).isEmpty();
    }

    @Test
    void a_connection_that_says_nothing_is_closed() throws IOException {
        try (RawClient client = turnout.connect()) {
            long started = System.nanoTime();
            client.readUntilClosed();
            assertTookAboutTheLimit(started);
        }
    }

    @Test
    void an_idle_connection_is_closed_without_a_word() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.get("/").read();
            long started = System.nanoTime();
            assertThat(client.readUntilClosed()).isEmpty();
            assertTookAboutTheLimit(started);
        }
    }

    @Test
    void a_target_that_sends_no_head_is_a_504() throws IOException {
        blue.next(Effect.heldUntil(new CountDownLatch(1), Effect.ok("late")));
        try (RawClient client = turnout.connect()) {
            long started = System.nanoTime();
            Response response = client.get("/").read();
            assertThat(response.status()).isEqualTo(504);
            assertThat(response.fields().only("X-Turnout")).isPresent();
            assertTookAboutTheLimit(started);
        }
        assertNextIsServedOnAnotherConnection();
    }

    @Test
    void a_target_that_stops_in_its_head_is_a_504() throws IOException {
        blue.next(Effect.cutInHead(SocketEnd.STALL));
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().status()).isEqualTo(504);
        }
        assertNextIsServedOnAnotherConnection();
    }

    @Test
    void a_target_that_stops_in_its_body_ends_the_response_short() throws IOException {
        blue.next(Effect.cutInBody(SocketEnd.STALL));
        try (RawClient client = turnout.connect()) {
            long started = System.nanoTime();
            client.get("/");
            assertThat(catchThrowable(client::read)).isInstanceOfAny(CutShort.class, SocketException.class);
            assertTookAboutTheLimit(started);
        }
        assertNextIsServedOnAnotherConnection();
    }

    @Test
    void a_client_that_stops_in_its_body_is_let_go_and_so_is_the_target() throws IOException {
        blue.next(new Effect.Receive());
        try (RawClient client = turnout.connect()) {
            long started = System.nanoTime();
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
            client.readUntilClosed();
            assertTookAboutTheLimit(started);
        }
        assertNextIsServedOnAnotherConnection();
        assertThat(blue.arrivals().get(0).body()).isEmpty();
    }

    @Test
    void a_slow_but_steady_response_is_not_cut() throws IOException {
        byte[] body = "0123456789".getBytes(StandardCharsets.US_ASCII);
        blue.next(new Effect.First(
                List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
                new Effect.Dribble(body, 1, WELL_BELOW, SocketEnd.STALL)));
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().text()).isEqualTo("0123456789");
        }
    }

    @Test
    void a_slow_but_steady_upload_is_not_cut() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
            for (int i = 0; i < 10; i++) {
                Await.pause(WELL_BELOW);
                client.send("x");
            }
            assertThat(client.read("POST").status()).isEqualTo(200);
        }
    }

    @Test
    void a_target_that_accepts_no_connection_is_not_waited_for() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> fillers = new ArrayList<>();
            try {
                fill(full, fillers);
                TurnoutProcess waiting =
                        arena.start(limited(blue).set("turnout.blue", "127.0.0.1:" + full.getLocalPort()));
                try (RawClient client = waiting.connect()) {
                    long started = System.nanoTime();
                    Response response = client.get("/").read();
                    assertThat(response.status()).isIn(502, 503, 504);
                    assertThat(response.fields().only("X-Turnout")).isPresent();
                    assertTookAboutTheLimit(started);
                }
            } finally {
                for (Socket filler : fillers) {
                    filler.close();
                }
            }
        }
    }

    /** Takes every place in the queue of connections that nobody accepts. */
    private static void fill(ServerSocket full, List<Socket> fillers) throws IOException {
        for (int i = 0; i < 16; i++) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(full.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new AssertionError("the queue is never full");
    }

    private TurnoutProcess.Settings limited(Backend target) {
        String limit = LIMIT.toMillis() + "ms";
        return TurnoutProcess.with()
                .blue(target)
                .green(arena.backend())
                .set("turnout.client.head", limit)
                .set("turnout.client.body", limit)
                .set("turnout.client.idle", limit)
                .set("turnout.upstream.connect", limit)
                .set("turnout.upstream.head", limit)
                .set("turnout.upstream.body", limit);
    }

    private void assertNextIsServedOnAnotherConnection() throws IOException {
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/next").read().text()).isEqualTo(SOUND);
        }
        assertThat(blue.arrivals()).hasSize(2).extracting(Arrival::connection).doesNotHaveDuplicates();
    }

    /** Coarse timers may be late, but never early and never by seconds. */
    private static void assertTookAboutTheLimit(long started) {
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isBetween(LIMIT.minusMillis(50), LIMIT.plusSeconds(3));
    }
}
