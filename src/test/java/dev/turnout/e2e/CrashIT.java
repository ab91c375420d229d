package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.ReadyLine;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Guards("F9")
@DisplayName("After a crash the state is the one of the last receipt")
final class CrashIT {

    private static final int CRASHES = Rounds.of(15, 50);
    private static final int LONGEST_LIFE_MILLIS = 120;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    /** What the last answered receipt said. */
    private record Known(String active, long revision) {

        String other() {
            return active.equals("blue") ? "green" : "blue";
        }

        /** The only other state that a crash may leave: the change that was under way. */
        Known next() {
            return new Known(other(), revision + 1);
        }
    }

    @Test
    @DisplayName("kill -9 at random moments during flips: each start is in step with the last answered receipt")
    void every_start_after_a_crash_finds_the_old_state_or_the_new_one() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.health.interval", "10ms")
                .set("turnout.health.rise", "1"));
        Known known = new Known("blue", 1);
        for (int crash = 0; crash < CRASHES; crash++) {
            Known start = known;
            TurnoutProcess running = turnout;
            CountDownLatch firstReceipt = new CountDownLatch(1);
            CompletableFuture<Known> flips =
                    CompletableFuture.supplyAsync(() -> flipUntilItDies(running, start, firstReceipt));
            if (crash % 2 == 0) {
                firstReceipt.await();
            }
            Await.pause(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
            running.kill9();
            known = flips.get();
            turnout = arena.keep(running.restart());
            ReadyLine ready = turnout.awaitReady();
            Known found = new Known(ready.active(), ready.revision());
            assertThat(found).as("seed " + seed + ", crash " + crash).isIn(known, known.next());
            assertThat(turnout.admin().active()).isEqualTo(found.active());
            try (RawClient client = turnout.connect()) {
                assertThat(client.get("/").read().text()).isEqualTo(found.active());
            }
            known = found;
        }
        assertThat(known.revision()).as("flips that were seen").isGreaterThan(CRASHES / 2);
    }

    /** Flips until there is no answer any more. */
    private static Known flipUntilItDies(TurnoutProcess turnout, Known start, CountDownLatch firstReceipt) {
        Known known = start;
        try {
            while (true) {
                JsonObject receipt = turnout.admin().switchTo(known.other());
                known = new Known(receipt.getString("to"), receipt.getLong("revision"));
                firstReceipt.countDown();
            }
        } catch (UncheckedIOException e) {
            return known;
        } finally {
            firstReceipt.countDown();
        }
    }

    @Test
    @DisplayName("a state file that cannot be read refuses the start and says what to do")
    void an_unreadable_state_is_never_replaced_by_a_fresh_one() throws IOException {
        TurnoutProcess.Settings settings = TurnoutProcess.with().blue(blue).green(green);
        TurnoutProcess first = arena.start(settings);
        first.admin().switchTo("green");
        first.kill9();
        Path state = settings.stateDirectory().resolve("state.json");
        Files.writeString(state, "{\"version\":1,\"serv");
        TurnoutProcess second = arena.keep(settings.launch());
        assertThat(second.awaitExit()).isNotZero();
        assertThat(second.log()).contains("state.json");
        assertThat(Files.readString(state)).isEqualTo("{\"version\":1,\"serv");
    }
}
