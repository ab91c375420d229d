package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The admin port holds against callers who want to keep it")
final class AdminLimitsIT {

    private static final String TOKEN = "a-token-of-these-tests";
    private static final String AUTHORIZATION = "Authorization: Bearer " + TOKEN + "\r\n";
    private static final int MOST = 16;
    private static final int STRANGERS = 80;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final CountDownLatch word = new CountDownLatch(1);
    private final List<RawClient> clients = new ArrayList<>();
    private final Backend blue = arena.application("blue");
    private final TurnoutProcess.Settings settings = TurnoutProcess.with()
            .blue(blue)
            .set("turnout.admin.connections", String.valueOf(MOST))
            .set("turnout.admin.token", TOKEN);

    @AfterEach
    void closeClients() throws IOException {
        word.countDown();
        for (RawClient client : clients) {
            client.close();
        }
    }

    private RawClient connect(TurnoutProcess turnout) throws IOException {
        RawClient client = RawClient.to(turnout.adminAddress());
        clients.add(client);
        return client;
    }

    private static String call(String line, String fields) {
        return line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    }

    /** Its sockets, less those of targets and clients. */
    private static long adminSockets(TurnoutProcess turnout) {
        return turnout.openFiles().stream()
                        .filter(file -> file.startsWith("socket:"))
                        .count()
                - turnout.trafficSockets();
    }

    private void strangersCome(TurnoutProcess turnout) throws IOException {
        for (int i = 0; i < STRANGERS; i++) {
            RawClient stranger = connect(turnout);
            switch (i % 4) {
                case 0 -> stranger.send("GET /admin/sta");
                case 1 -> stranger.send(call("GET /admin/status", "")).read();
                case 2 -> stranger.send(call("POST /admin/switch", "Content-Length: 100\r\n"));
                default -> {
                    // Says nothing.
                }
            }
        }
    }

    @Test
    void callers_without_the_token_hold_no_more_places_than_there_are_and_an_operator_gets_in() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        strangersCome(turnout);

        assertThat(connect(turnout)
                        .send(call("GET /admin/status", AUTHORIZATION))
                        .read()
                        .status())
                .isEqualTo(200);
        assertThat(connect(turnout).send(call("GET /q/health", "")).read().status())
                .isEqualTo(200);
        Await.until("as many sockets as there are places", () -> adminSockets(turnout) <= MOST + 1);
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().text()).isEqualTo("blue");
        }
    }

    @Test
    void a_call_that_is_carried_out_gives_way_to_nobody() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        RawClient events = connect(turnout).send(call("GET /admin/events", AUTHORIZATION));
        assertThat(events.read("HEAD").status()).isEqualTo(200);
        strangersCome(turnout);

        connect(turnout).send(call("POST /admin/pause", AUTHORIZATION)).read();

        byte[] piece = new byte[65536];
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().contains("event: changed")) {
            int read = events.readSome(piece, piece.length);
            assertThat(read).isPositive();
            seen.append(new String(piece, 0, read, StandardCharsets.UTF_8));
        }
    }

    @Test
    void calls_that_wait_and_event_streams_leave_places_for_others() throws IOException {
        blue.always(Effect.heldUntil(word, Effect.ok("late")));
        TurnoutProcess turnout = arena.start(settings);
        try (RawClient busy = turnout.connect()) {
            busy.get("/");
            Await.until(
                    "a request in flight", () -> turnout.admin().target("blue").getInteger("inFlight") == 1);
            List<Integer> streams = new ArrayList<>();
            for (int i = 0; i <= MOST / 4; i++) {
                RawClient stream = connect(turnout).send(call("GET /admin/events", AUTHORIZATION));
                streams.add(stream.read("HEAD").status());
            }
            assertThat(streams).containsExactly(200, 200, 200, 200, 503);

            RawClient waits = connect(turnout).send(call("POST /admin/pause?wait=drained", AUTHORIZATION));
            assertThat(connect(turnout)
                            .send(call("GET /admin/status", AUTHORIZATION))
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(waits.hasMore()).isFalse();
        }
    }

    @Test
    void what_does_not_arrive_in_time_is_closed() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.admin.arrival", "500ms"));

        assertThat(connect(turnout).isClosedByPeer()).isTrue();
        assertThat(connect(turnout).send("GET /admin/sta").isClosedByPeer()).isTrue();
        RawClient slowBody = connect(turnout)
                .send(call("POST /admin/switch", AUTHORIZATION + "Content-Length: 5\r\n"))
                .send("ab");
        Response late = slowBody.read();
        assertThat(late.status()).isEqualTo(408);
        assertThat(late.fields().only("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(slowBody.isClosedByPeer()).isTrue();
    }

    @Test
    void a_head_that_drips_is_closed_in_the_same_time() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.admin.arrival", "500ms"));
        RawClient drip = connect(turnout).send("GET /admin/status HTTP/1.1\r\nX: ");
        long begun = System.nanoTime();

        while (!drip.hasMoreWithin(Duration.ofMillis(50))) {
            drip.send("x");
            assertThat(System.nanoTime() - begun)
                    .isLessThan(Duration.ofSeconds(15).toNanos());
        }
        assertThat(drip.isClosedByPeer()).isTrue();
    }

    @Test
    void a_connection_without_a_call_is_closed_and_one_with_a_call_lives() throws IOException {
        blue.always(Effect.heldUntil(word, Effect.ok("late")));
        TurnoutProcess turnout = arena.start(settings.set("turnout.admin.idle", "500ms")
                .set("turnout.admin.arrival", "500ms")
                .set("turnout.drain.timeout", "4s"));
        try (RawClient busy = turnout.connect()) {
            busy.get("/");
            Await.until(
                    "a request in flight", () -> turnout.admin().target("blue").getInteger("inFlight") == 1);
            RawClient events = connect(turnout).send(call("GET /admin/events", AUTHORIZATION));
            assertThat(events.read("HEAD").status()).isEqualTo(200);
            RawClient waits = connect(turnout).send(call("POST /admin/pause?wait=drained", AUTHORIZATION));
            RawClient idle = connect(turnout).send(call("GET /admin/idle", AUTHORIZATION));
            assertThat(idle.read().status()).isEqualTo(200);

            assertThat(idle.isClosedByPeer()).isTrue();
            assertThat(waits.read().status()).isEqualTo(200);
            byte[] piece = new byte[65536];
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().contains("event: changed")) {
                int read = events.readSome(piece, piece.length);
                assertThat(read).isPositive();
                seen.append(new String(piece, 0, read, StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void by_the_front_port_an_unfinished_call_without_the_token_is_answered_and_closed() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.admin.on-front", "true"));
        for (int i = 0; i < STRANGERS; i++) {
            RawClient stranger = turnout.connect();
            clients.add(stranger);
            stranger.send("POST /admin/switch HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\n");
            assertThat(stranger.read().status()).isEqualTo(401);
            assertThat(stranger.isClosedByPeer()).isTrue();
        }
    }
}
