package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Arrival;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A paused service holds its requests, within bounds, and lets them go paced")
@Tag("alone")
final class PauseIT {

    private static final int RATE = 500;
    private static final int SECONDS_PAUSED = 5;
    private static final int SECONDS_AFTER = 3;
    private static final int BUCKET_MILLIS = 100;
    private static final String POST = "POST /upload HTTP/1.1\r\nHost: app.example\r\nContent-Length: 2000\r\n\r\n";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private Backend green;
    private TurnoutProcess.Settings settings;

    @BeforeEach
    void slots() {
        blue = arena.application("blue");
        green = arena.application("green");
        settings = TurnoutProcess.with().blue(blue).green(green);
    }

    private TurnoutProcess startPaused() {
        TurnoutProcess turnout = arena.start(settings);
        turnout.admin().post("/admin/pause").expect(200);
        return turnout;
    }

    private static void resume(TurnoutProcess turnout) {
        turnout.admin().post("/admin/resume").expect(200);
    }

    private static long held(TurnoutProcess turnout) {
        return turnout.admin().status().getLong("held");
    }

    private static void awaitHeld(TurnoutProcess turnout, long count) {
        Await.until(() -> count + " requests wait, not " + held(turnout), () -> held(turnout) == count);
    }

    /** Sends one request on a connection of its own, at an even rate, for some time. */
    private static List<RawClient> sendEvenly(TurnoutProcess turnout, int seconds) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        long started = System.nanoTime();
        for (int i = 0; i < RATE * seconds; i++) {
            LockSupport.parkNanos(started + TimeUnit.SECONDS.toNanos(i) / RATE - System.nanoTime());
            clients.add(turnout.connect().get("/"));
        }
        return clients;
    }

    @Test
    @Guards("F18")
    void what_has_waited_through_a_pause_is_let_go_paced_and_none_of_it_is_lost() throws IOException {
        TurnoutProcess turnout = startPaused();
        List<RawClient> clients = new ArrayList<>(sendEvenly(turnout, SECONDS_PAUSED));
        awaitHeld(turnout, RATE * SECONDS_PAUSED);
        assertThat(blue.requests()).isZero();

        long resumed = System.nanoTime();
        resume(turnout);
        clients.addAll(sendEvenly(turnout, SECONDS_AFTER));

        for (RawClient client : clients) {
            try (client) {
                assertThat(client.read().text()).isEqualTo("blue");
            }
        }
        int[] rate = arrivalsPerBucket(resumed);
        System.out.println("arrivals at the target per 100 ms after a pause of " + SECONDS_PAUSED + " s at " + RATE
                + " requests/s: " + Arrays.toString(rate));
        assertThat(Arrays.stream(rate).sum()).isEqualTo(RATE * (SECONDS_PAUSED + SECONDS_AFTER));
        assertThat(Arrays.stream(rate).max().orElseThrow()).isLessThan(RATE * SECONDS_PAUSED / 4);
        assertThat(held(turnout)).isZero();
    }

    private int[] arrivalsPerBucket(long since) {
        int[] rate = new int[600];
        for (Arrival arrival : blue.arrivals()) {
            rate[(int) (TimeUnit.NANOSECONDS.toMillis(arrival.nanoTime() - since) / BUCKET_MILLIS)]++;
        }
        int last = rate.length;
        while (last > 0 && rate[last - 1] == 0) {
            last--;
        }
        return Arrays.copyOf(rate, last);
    }

    private static void assertRefused(Response response, String cause) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.fields().only("X-Turnout")).contains(cause);
        assertThat(response.fields().only("Retry-After")).isPresent();
    }

    @Test
    void one_request_more_than_may_wait_is_refused_at_once() throws IOException {
        settings.set("turnout.pause.requests", "2");
        TurnoutProcess turnout = startPaused();
        try (RawClient first = turnout.connect().get("/");
                RawClient second = turnout.connect().get("/")) {
            awaitHeld(turnout, 2);
            try (RawClient third = turnout.connect().get("/")) {
                assertRefused(third.read(), "paused");
            }
            resume(turnout);
            assertThat(first.read().text()).isEqualTo("blue");
            assertThat(second.read().text()).isEqualTo("blue");
        }
        assertThat(blue.requests()).isEqualTo(2);
    }

    @Test
    void more_bytes_than_may_wait_are_refused_at_once() throws IOException {
        settings.set("turnout.pause.bytes", "1K");
        TurnoutProcess turnout = startPaused();
        try (RawClient large = turnout.connect().send(POST + "x".repeat(2000));
                RawClient small = turnout.connect().get("/")) {
            assertRefused(large.read("POST"), "paused");
            awaitHeld(turnout, 1);
            resume(turnout);
            assertThat(small.read().text()).isEqualTo("blue");
        }
    }

    /** A warning of each start would say the opposite. */
    @Test
    void there_is_memory_for_as_many_bytes_as_may_wait_by_default() {
        assertThat(startPaused().log()).doesNotContain("direct memory");
    }

    @Test
    void a_request_waits_no_longer_than_it_may() throws IOException {
        settings.set("turnout.pause.timeout", "300ms");
        TurnoutProcess turnout = startPaused();
        try (RawClient client = turnout.connect().get("/")) {
            assertRefused(client.read(), "pause-timeout");
            assertThat(held(turnout)).isZero();
            resume(turnout);
            assertThat(client.get("/").read().text()).isEqualTo("blue");
        }
        assertThat(blue.requests()).isEqualTo(1);
    }

    @Test
    void a_client_that_resets_waits_no_more() throws IOException {
        TurnoutProcess turnout = startPaused();
        try (RawClient stays = turnout.connect().get("/stays")) {
            RawClient resets = turnout.connect().get("/resets");
            awaitHeld(turnout, 2);
            resets.end(SocketEnd.RESET);
            awaitHeld(turnout, 1);

            resume(turnout);
            assertThat(stays.read().text()).isEqualTo("blue");
        }
        assertThat(blue.onlyArrival().head().target()).isEqualTo("/stays");
    }

    @Test
    void a_client_that_sends_no_more_still_waits_for_its_answer() throws IOException {
        TurnoutProcess turnout = startPaused();
        try (RawClient halfCloses = turnout.connect().get("/half-closes");
                RawClient unfinished = turnout.connect().send(POST)) {
            awaitHeld(turnout, 2);
            halfCloses.end(SocketEnd.HALF_CLOSE);
            unfinished.end(SocketEnd.HALF_CLOSE);
            awaitHeld(turnout, 1);

            resume(turnout);
            assertThat(halfCloses.read().text()).isEqualTo("blue");
        }
        assertThat(blue.onlyArrival().head().target()).isEqualTo("/half-closes");
    }

    @Test
    void a_body_waits_with_its_request() throws IOException {
        TurnoutProcess turnout = startPaused();
        try (RawClient whole = turnout.connect().send(POST + "x".repeat(2000));
                RawClient half = turnout.connect().send(POST + "x".repeat(1000))) {
            awaitHeld(turnout, 2);
            resume(turnout);
            assertThat(whole.read("POST").text()).startsWith("2000 ");
            half.send("x".repeat(1000));
            assertThat(half.read("POST").text()).startsWith("2000 ");
        }
    }

    @Test
    void what_waits_gets_the_version_that_was_switched_to_meanwhile() throws IOException {
        TurnoutProcess turnout = startPaused();
        try (RawClient client = turnout.connect().get("/")) {
            awaitHeld(turnout, 1);
            turnout.admin().switchTo("green");
            assertThat(held(turnout)).isEqualTo(1);

            resume(turnout);
            assertThat(client.read().text()).isEqualTo("green");
        }
        assertThat(blue.requests()).isZero();
    }

    @Test
    void what_is_in_flight_goes_on() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        try (RawClient upload = turnout.connect().send(POST + "x".repeat(1000))) {
            Await.until("the target has it", () -> blue.requests() == 1);
            turnout.admin().post("/admin/pause").expect(200);
            upload.send("x".repeat(1000));
            assertThat(upload.read("POST").text()).startsWith("2000 ");
        }
    }

    @Test
    void turnout_itself_stays_healthy() {
        TurnoutProcess turnout = startPaused();

        assertThat(turnout.admin().get("/q/health").status()).isEqualTo(200);
    }

    @Test
    void a_pause_outlives_a_restart() throws IOException {
        TurnoutProcess turnout = startPaused();
        turnout.kill9();
        TurnoutProcess next = arena.keep(turnout.restart());
        try (RawClient client = next.connect().get("/")) {
            awaitHeld(next, 1);
            resume(next);
            assertThat(client.read().text()).isEqualTo("blue");
        }
    }

    @Test
    void a_stop_refuses_what_waits() throws IOException {
        TurnoutProcess turnout = startPaused();
        try (RawClient client = turnout.connect().get("/")) {
            awaitHeld(turnout, 1);
            turnout.terminate();
            assertRefused(client.read(), "stopping");
        }
        assertThat(turnout.awaitExit()).isZero();
    }
}
