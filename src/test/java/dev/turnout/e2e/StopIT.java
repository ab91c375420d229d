package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("SIGTERM: what has begun is finished, and nobody is left in the dark")
final class StopIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    @Test
    void what_is_in_flight_is_finished_and_the_exit_code_is_0() throws IOException {
        TurnoutProcess turnout = arena.start(blue, green);
        CountDownLatch word = new CountDownLatch(1);
        blue.next(Effect.heldUntil(word, Effect.ok("finished")));
        try (RawClient client = turnout.connect()) {
            client.get("/long");
            Await.until("the request at blue", () -> blue.requests() == 1);
            turnout.terminate();
            awaitNoMoreConnections(turnout);
            assertThat(turnout.isAlive()).isTrue();
            word.countDown();
            Response response = client.read();
            assertThat(response.text()).isEqualTo("finished");
            assertThat(response.fields().lists("Connection", "close")).isTrue();
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(turnout.awaitExit()).isZero();
    }

    @Test
    void sighup_does_not_end_it() throws IOException {
        TurnoutProcess turnout = arena.start(blue, green);
        turnout.signal("HUP");
        turnout.signal("HUP");
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().text()).isEqualTo("blue");
        }
        turnout.signal("INT");
        assertThat(turnout.awaitExit()).isZero();
    }

    @Test
    void with_nothing_in_flight_it_ends_soon() throws IOException {
        TurnoutProcess turnout = arena.start(blue, green);
        try (RawClient idle = turnout.connect()) {
            idle.get("/").read();
            long started = System.nanoTime();
            turnout.terminate();
            assertThat(turnout.awaitExit()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void the_beginning_of_an_empty_line_holds_no_stop() throws IOException {
        TurnoutProcess turnout = arena.start(blue, green);
        try (RawClient idle = turnout.connect()) {
            idle.get("/").send("\r").read();
            long started = System.nanoTime();
            turnout.terminate();
            assertThat(turnout.awaitExit()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void what_does_not_end_within_the_drain_timeout_is_cut_and_named() throws IOException {
        TurnoutProcess turnout =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.drain.timeout", "500ms"));
        blue.next(Effect.heldUntil(new CountDownLatch(1), Effect.ok("never")));
        try (RawClient client = turnout.connect()) {
            client.get("/endless");
            Await.until("the request at blue", () -> blue.requests() == 1);
            turnout.terminate();
            assertThat(turnout.awaitExit()).isZero();
        }
        assertThat(turnout.log()).contains("/endless");
    }

    @Test
    @Guards("F7")
    @DisplayName("A request that is on the wire when a stop begins is answered")
    void an_idle_connection_may_still_send_a_request_during_the_stop() throws IOException {
        TurnoutProcess turnout = arena.start(blue, green);
        CountDownLatch word = new CountDownLatch(1);
        try (RawClient kept = turnout.connect();
                RawClient held = turnout.connect()) {
            kept.get("/first").read();
            blue.next(Effect.heldUntil(word, Effect.ok("finished")));
            held.get("/long");
            Await.until("the long request at blue", () -> blue.requests() == 2);
            turnout.terminate();
            awaitNoMoreConnections(turnout);
            Response response = kept.get("/second").read();
            assertThat(response.text()).isEqualTo("blue");
            assertThat(response.fields().lists("Connection", "close")).isTrue();
            word.countDown();
            assertThat(held.read().text()).isEqualTo("finished");
        }
        assertThat(turnout.awaitExit()).isZero();
    }

    @Test
    @Guards("F7")
    @DisplayName("Under load each keep-alive connection is announced to close before it is closed")
    void every_busy_connection_ends_with_an_announcement() throws Exception {
        TurnoutProcess turnout = arena.start(blue, green);
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch busy = new CountDownLatch(16);
        List<Thread> clients = IntStream.range(0, 16)
                .mapToObj(i -> new Thread(() -> askUntilTold(turnout, busy, failures)))
                .toList();
        clients.forEach(Thread::start);
        busy.await();
        turnout.terminate();
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
        assertThat(turnout.awaitExit()).isZero();
    }

    private static void askUntilTold(
            TurnoutProcess turnout, CountDownLatch busy, ConcurrentLinkedQueue<String> failures) {
        try (RawClient client = turnout.connect()) {
            for (int i = 0; ; i++) {
                if (i == 50) {
                    busy.countDown();
                }
                Response response = client.get("/" + i).read();
                if (response.status() != 200) {
                    failures.add(response.toString());
                }
                if (response.announcesClose()) {
                    return;
                }
                Await.pause(Duration.ofMillis(2));
            }
        } catch (IOException e) {
            failures.add(e.toString());
        } finally {
            busy.countDown();
        }
    }

    private static void awaitNoMoreConnections(TurnoutProcess turnout) {
        Await.until("new connections to be refused", () -> {
            try {
                turnout.connect().close();
                return false;
            } catch (ConnectException e) {
                return true;
            } catch (SocketException e) {
                // It stood in the queue of the socket that was being closed.
                return false;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
