package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCapabilities;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to be in flight at the slot that nginx has left. */
@RequiresProgram(value = "nginx", debianPackage = "nginx")
final class NginxDrainTest {

    private static final InFlight NOTHING = new InFlight.Known(0, 0);

    @TempDir
    private Path folder;

    @Test
    void a_request_at_the_old_slot_keeps_it_from_being_drained_until_it_has_ended() throws Exception {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder).adopt();
                RawClient client = RawClient.to(fixture.nginx.front())) {
            CountDownLatch word = heldAtBlue(fixture, client);

            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.inFlight(fixture.blue))
                    .isInstanceOfSatisfying(InFlight.Unknown.class, unknown -> assertThat(unknown.reason())
                            .contains("old workers")
                            // A probe may be there too.
                            .containsPattern("[1-9] to " + fixture.blue.address()));

            word.countDown();
            assertThat(client.read().text()).isEqualTo("late");
            Await.until("blue is drained", () -> fixture.inFlight(fixture.blue).equals(NOTHING));
        }
    }

    /** nginx reads an upload whole before it connects: no connection to the target is no proof. */
    @Test
    void an_upload_that_has_not_reached_the_old_slot_yet_keeps_it_from_being_drained() throws Exception {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder).adopt();
                RawClient client = RawClient.to(fixture.nginx.front())) {
            client.send("POST /upload HTTP/1.1\r\nHost: app.example\r\nContent-Length: 10\r\n\r\nhalf-");
            Await.until("a worker has the connection", () -> workersConnections(fixture) >= 1);

            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.inFlight(fixture.blue))
                    .isInstanceOfSatisfying(InFlight.Unknown.class, unknown -> assertThat(unknown.reason())
                            .contains("0 to " + fixture.blue.address()));

            client.send("there");
            assertThat(client.read("POST").text()).isEqualTo("blue");
            Await.until("blue is drained", () -> fixture.inFlight(fixture.blue).equals(NOTHING));
        }
    }

    @Test
    void a_request_at_the_workers_from_before_an_upgrade_of_nginx_keeps_the_old_slot_from_being_drained()
            throws Exception {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder).asDaemon().adopt();
                RawClient client = RawClient.to(fixture.nginx.front())) {
            CountDownLatch word = heldAtBlue(fixture, client);
            fixture.nginx.upgrade();
            fixture.nginx.endBeforeUpgrade();

            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.answer()).isEqualTo("green");
            assertThat(fixture.inFlight(fixture.blue)).isInstanceOf(InFlight.Unknown.class);

            word.countDown();
            assertThat(client.read().text()).isEqualTo("late");
            Await.until("blue is drained", () -> fixture.inFlight(fixture.blue).equals(NOTHING));
        }
    }

    @Test
    void workers_from_before_an_upgrade_of_nginx_are_found_at_a_start_too() throws Exception {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder).asDaemon().adopt();
                RawClient client = RawClient.to(fixture.nginx.front())) {
            CountDownLatch word = heldAtBlue(fixture, client);
            fixture.switchTo(Slot.GREEN);
            fixture.nginx.upgrade();
            fixture.nginx.endBeforeUpgrade();

            fixture.adopt(Optional.of(fixture.service()));
            assertThat(fixture.inFlight(fixture.blue)).isInstanceOf(InFlight.Unknown.class);

            word.countDown();
            assertThat(client.read().text()).isEqualTo("late");
            Await.until("blue is drained", () -> fixture.inFlight(fixture.blue).equals(NOTHING));
        }
    }

    @Test
    void an_idle_old_slot_is_drained_as_soon_as_the_old_workers_are_gone() throws Exception {
        try (Fixture fixture = Fixture.of(Style.UPSTREAM, folder).adopt()) {
            fixture.answer();
            fixture.switchTo(Slot.GREEN);
            Await.until("blue is drained", () -> fixture.inFlight(fixture.blue).equals(NOTHING));
        }
    }

    @Test
    void of_the_slot_that_serves_nothing_is_claimed() throws Exception {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder).adopt()) {
            assertThat(fixture.inFlight(fixture.blue)).isInstanceOf(InFlight.Unknown.class);
        }
    }

    @Test
    void without_a_pid_file_nothing_is_claimed_of_the_old_slot_either() throws Exception {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder)
                .set("pid", folder.resolve("nowhere").toString())
                .adopt()) {
            fixture.switchTo(Slot.GREEN);
            assertThat(fixture.inFlight(fixture.blue))
                    .isInstanceOfSatisfying(InFlight.Unknown.class, unknown -> assertThat(unknown.reason())
                            .contains("turnout.nginx.pid"));
        }
    }

    @Test
    void cutting_is_not_pretended() throws Exception {
        try (Fixture fixture = Fixture.of(Style.VARIABLE, folder).adopt()) {
            assertThat(TrafficCapabilities.ofRouting(fixture.plane())
                            .drain()
                            .cut("default", List.of(Fixture.target(fixture.blue)))
                            .toCompletableFuture()
                            .join()
                            .isEmpty())
                    .isTrue();
        }
    }

    /** Sends a request that blue answers after a word. */
    private static CountDownLatch heldAtBlue(Fixture fixture, RawClient client) throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        long before = fixture.blue.requests();
        fixture.blue.next(Effect.heldUntil(word, Effect.ok("late")));
        client.get("/slow");
        Await.until("the request is at blue", () -> fixture.blue.requests() == before + 1);
        return word;
    }

    private static long workersConnections(Fixture fixture) {
        return new NginxProcesses(fixture.nginx.pid())
                .connectionsTo(new Target("127.0.0.1", fixture.nginx.front().getPort()));
    }
}
