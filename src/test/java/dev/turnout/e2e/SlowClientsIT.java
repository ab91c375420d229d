package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Hundreds of clients that are slow on purpose keep nobody else from being served")
@Tag("alone")
final class SlowClientsIT {

    private static final int SLOW = 500;
    private static final int NORMAL_REQUESTS = 300;
    private static final int LONG = 10 * 1024 * 1024;

    /** Less than a third of what so many downloads that nobody reads would like to take. */
    private static final String LITTLE = "32m";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final TurnoutProcess turnout = arena.start(
            TurnoutProcess.with().blue(blue).green(arena.backend()).jvm("-XX:MaxDirectMemorySize=" + LITTLE));
    private final Footprint footprint = Footprint.of(turnout);
    private final List<RawClient> slow = new ArrayList<>();

    @AfterEach
    void nothingIsLost() throws IOException {
        for (RawClient client : slow) {
            client.close();
        }
        footprint.assertRegained();
    }

    @Test
    void slow_heads() throws IOException {
        for (int i = 0; i < SLOW; i++) {
            slow.add(turnout.connect().send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "));
        }
        assertOthersAreServed();
    }

    @Test
    void slow_bodies() throws IOException {
        for (int i = 0; i < SLOW; i++) {
            slow.add(turnout.connect().send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 8192\r\n\r\nx"));
        }
        Await.until("every upload at blue", () -> blue.requests() == SLOW);
        assertOthersAreServed();
    }

    @Test
    void slow_reads() throws IOException {
        for (int i = 0; i < SLOW; i++) {
            slow.add(RawClient.to(turnout.front(), 1024).get("/download?" + LONG));
        }
        Await.until("every download at blue", () -> blue.requests() == SLOW);
        assertOthersAreServed();
        assertThat(slow.get(SLOW - 1).read().body().length()).isEqualTo(LONG);
    }

    private void assertOthersAreServed() throws IOException {
        for (RawClient client : slow) {
            client.send("y");
        }
        try (RawClient normal = turnout.connect()) {
            for (int i = 0; i < NORMAL_REQUESTS; i++) {
                assertThat(normal.get("/normal").read().text()).isEqualTo("blue");
            }
        }
        assertThat(turnout.admin().metric("turnout_clients")).isEqualTo(SLOW);
        assertThat(turnout.log()).doesNotContain("fault of Turnout's own");
    }
}
