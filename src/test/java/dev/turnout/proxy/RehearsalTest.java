package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.support.Arrival;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code turnout.rehearsal}, over real sockets. */
@DisplayName("Safe requests are copied to the idle slot, and nobody notices")
final class RehearsalTest {

    @TempDir
    private Path folder;

    private TlsPlane plane;
    private Backend green;
    private RawClient client;

    private void start(String... settings) throws IOException {
        plane = TlsPlane.start(folder, "jdk", settings);
        plane.backend().always(new Effect.Application("blue"));
        green = plane.openIdle();
        green.always(new Effect.Application("green"));
        client = RawClient.to(
                URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        plane.close();
    }

    private Response ask(String method, String path, String lines) throws IOException {
        return client.send(method + " " + path + " HTTP/1.1\r\nHost: shop.kr\r\n" + lines + "\r\n")
                .read(method);
    }

    private RehearsalFigures figures() {
        return plane.plane().figures(Service.DEFAULT);
    }

    private void awaitPairs(int count) {
        Await.until("there are " + count + " pairs", () -> figures().pairs() == count);
    }

    private long idleInFlight() {
        return plane.plane().inFlight(Service.DEFAULT, List.of(plane.idleTarget())) instanceof InFlight.Known known
                ? known.requests()
                : -1;
    }

    @Test
    void a_copy_is_the_same_request_with_a_line_that_says_so() throws IOException {
        start("turnout.rehearsal", "100%");

        assertThat(ask("GET", "/a?b=c", "Cookie: session=1\r\nX-Turnout-Rehearsal: forged\r\n")
                        .text())
                .isEqualTo("blue");
        awaitPairs(1);

        Arrival copy = green.onlyArrival();
        assertThat(copy.head().target()).isEqualTo("/a?b=c");
        assertThat(copy.head().fields().only("Cookie")).contains("session=1");
        assertThat(copy.head().fields().all("X-Turnout-Rehearsal")).containsExactly("1");
        assertThat(copy.head().fields().only("X-Request-Id"))
                .isEqualTo(plane.backend().onlyArrival().head().fields().only("X-Request-Id"));
        assertThat(plane.backend().onlyArrival().head().fields().all("X-Turnout-Rehearsal"))
                .isEmpty();
        assertThat(green.violations()).isEmpty();
        assertThat(figures().statusDiffers()).isZero();
        assertThat(figures().active().count()).isOne();
        assertThat(figures().idle().count()).isOne();
        assertThat(idleInFlight()).isZero();
    }

    @Test
    void what_a_file_answers_no_target_gets() throws IOException {
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.writeString(files.resolve("a.txt"), "a file");
        start(
                "turnout.rehearsal",
                "100%",
                "turnout.rules.\"10\".path",
                "/files",
                "turnout.rules.\"10\".folder",
                files.toString());

        assertThat(ask("GET", "/files/a.txt", "").text()).isEqualTo("a file");
        ask("GET", "/", "");
        awaitPairs(1);

        assertThat(green.onlyArrival().head().target()).isEqualTo("/");
    }

    @Test
    void header_fields_can_be_kept_back() throws IOException {
        start("turnout.rehearsal", "100%", "turnout.rehearsal.remove", "Cookie,Authorization");

        ask("GET", "/", "Cookie: session=1\r\nAuthorization: Basic eDp5\r\n");
        awaitPairs(1);

        assertThat(green.onlyArrival().head().fields().all("Cookie")).isEmpty();
        assertThat(green.onlyArrival().head().fields().all("Authorization")).isEmpty();
        assertThat(plane.backend().onlyArrival().head().fields().only("Cookie")).contains("session=1");
    }

    @Test
    void only_safe_requests_without_a_body_and_with_an_end_are_copied() throws IOException {
        start("turnout.rehearsal", "100%");

        ask("POST", "/", "Content-Length: 0\r\n");
        ask("DELETE", "/", "");
        client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").read();
        ask("GET", "/", "Accept: text/event-stream\r\n");
        ask("GET", "/", "Connection: Upgrade\r\nUpgrade: websocket\r\n");
        ask("GET", "/", "Content-Type: application/grpc\r\n");
        ask("HEAD", "/", "");
        ask("OPTIONS", "/", "");
        awaitPairs(2);

        assertThat(green.arrivals())
                .extracting(arrival -> arrival.head().method())
                .containsExactly("HEAD", "OPTIONS");
    }

    @Test
    void copies_share_a_connection_and_a_large_answer_is_not_read_whole() throws IOException {
        start("turnout.rehearsal", "100%");
        for (int i = 1; i <= 20; i++) {
            ask("GET", "/", "");
            awaitPairs(i);
        }
        assertThat(green.openConnections()).isOne();

        green.next(Effect.raw("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n" + "x".repeat(1_000_000)));
        ask("GET", "/", "");
        awaitPairs(21);
        Await.until("the connection is closed", () -> green.openConnections() == 0);
    }

    @Test
    void errors_and_other_statuses_are_counted_for_the_slot_that_made_them() throws IOException {
        start("turnout.rehearsal", "100%");
        green.next(Effect.status(500, "no"));
        ask("GET", "/", "");
        awaitPairs(1);
        green.next(Effect.status(404, "no"));
        ask("GET", "/", "");
        awaitPairs(2);
        plane.backend().next(Effect.status(503, "no"));
        ask("GET", "/", "");
        awaitPairs(3);
        plane.backend().next(Effect.status(500, "no"));
        green.next(Effect.cutInHead(SocketEnd.CLOSE));
        ask("GET", "/", "");
        awaitPairs(4);

        RehearsalFigures figures = figures();
        assertThat(figures.statusDiffers()).isEqualTo(4);
        assertThat(figures.idleErrors()).isEqualTo(2);
        assertThat(figures.activeErrors()).isEqualTo(2);
        assertThat(figures.onlyIdle()).isOne();
        assertThat(figures.onlyActive()).isOne();
        assertThat(figures.idle().count()).isEqualTo(3);
        assertThat(plane.plane()
                        .traffic(Service.DEFAULT)
                        .get(plane.idleTarget())
                        .requests())
                .as("a copy is no traffic")
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "dead"})
    void a_real_request_never_waits_for_an_idle_slot_that_is_silent_or_dead(String how) throws IOException {
        start("turnout.rehearsal", "100%", "turnout.rehearsal.timeout", "300ms", "turnout.rehearsal.in-flight", "3");
        CountDownLatch never = new CountDownLatch(1);
        if (how.equals("silent")) {
            green.always(Effect.heldUntil(never, Effect.ok("late")));
        } else {
            green.kill();
        }
        for (int i = 0; i < 50; i++) {
            assertThat(ask("GET", "/", "").text()).isEqualTo("blue");
        }
        Await.until("copies have failed", () -> figures().idleErrors() > 0);
        Await.until("no copy is left", () -> idleInFlight() == 0);
        if (how.equals("silent")) {
            assertThat(figures().dropped()).as("over the most in flight").isPositive();
            assertThat(green.arrivals()).hasSizeLessThan(50);
        }
        assertThat(figures().activeErrors()).isZero();
        never.countDown();
    }

    @Test
    void no_more_copies_than_the_rate() throws IOException {
        start("turnout.rehearsal", "100%", "turnout.rehearsal.rate", "2/s");
        for (int i = 0; i < 40; i++) {
            ask("GET", "/", "");
        }
        Await.until("copies have come", () -> figures().pairs() > 0);
        assertThat(figures().dropped()).isPositive();
        assertThat(figures().pairs()).isLessThan(40);
    }

    @Test
    void a_share_of_the_requests_is_copied_as_the_call_says_until_the_call_that_ends_it() throws IOException {
        start();
        ask("GET", "/", "");
        plane.plane().begin(Service.DEFAULT, 50);
        for (int i = 0; i < 200; i++) {
            ask("GET", "/", "");
        }
        Await.until("no copy is under way", () -> idleInFlight() == 0);
        int copied = green.arrivals().size();
        assertThat(copied).isBetween(60, 140);
        assertThat(figures().percent()).isEqualTo(50);

        plane.plane().end(Service.DEFAULT);
        for (int i = 0; i < 20; i++) {
            ask("GET", "/", "");
        }
        assertThat(green.arrivals()).hasSize(copied);
    }

    @Test
    void a_slot_that_was_left_gets_copies_once_another_version_runs_there() throws IOException {
        start("turnout.rehearsal", "100%");
        ask("GET", "/", "");
        awaitPairs(1);

        plane.command(new Command.SwitchTo(Slot.GREEN));
        assertThat(figures().pairs()).as("counts begin anew").isZero();
        plane.backend().forget();
        assertThat(ask("GET", "/", "").text()).isEqualTo("green");
        plane.plane().retire(Service.DEFAULT, List.of(plane.activeTarget()), Duration.ofSeconds(1));
        assertThat(ask("GET", "/", "").text()).isEqualTo("green");
        assertThat(plane.backend().arrivals()).isEmpty();

        plane.plane().probed(Service.DEFAULT, plane.activeTarget(), false, true);
        plane.plane().probed(Service.DEFAULT, plane.activeTarget(), true, false);
        assertThat(ask("GET", "/", "").text()).isEqualTo("green");
        awaitPairs(1);
        assertThat(plane.backend().arrivals()).hasSize(1);
    }

    @Test
    void not_during_a_pause_a_maintenance_or_a_canary() throws IOException {
        start("turnout.rehearsal", "100%");
        plane.command(new Command.SetCanary(1, "0123456789abcdef0123456789abcdef"));
        for (int i = 0; i < 10; i++) {
            ask("GET", "/", "Cookie: turnout_slot=forged\r\n");
        }
        assertThat(figures().pairs()).isZero();
        assertThat(green.arrivals())
                .noneMatch(arrival ->
                        arrival.head().fields().only("X-Turnout-Rehearsal").isPresent());
    }

    @Test
    void requests_over_http2_are_copied_too() throws IOException {
        start("turnout.rehearsal", "100%");
        try (Http2Client http2 = Http2Client.to(plane.plane().plainPort().orElseThrow())) {
            http2.get(1, "/x");
            assertThat(http2.answer(1).body()).isEqualTo("blue");
        }
        awaitPairs(1);
        assertThat(green.onlyArrival().head().target()).isEqualTo("/x");
    }
}
