package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The memory for heads is bounded")
@Tag("alone")
@Tag("jars")
final class HeadMemoryIT {

    private static final int MANY = 3000;
    private static final String LONG = "GET /" + "a".repeat(15_000);
    private static final String END = " HTTP/1.1\r\nHost: a\r\n\r\n";
    /** Comes in one read. */
    private static final String WHOLE = "GET /" + "a".repeat(1500) + END;

    private static final long MEBIBYTE = 1024 * 1024;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final TurnoutProcess.Settings settings = TurnoutProcess.with()
            .blue(blue)
            .green(arena.application("green"))
            .set("turnout.health.interval", "30s")
            .set("turnout.client.head", "60s")
            .jvm("-Dio.netty.leakDetection.level=disabled");

    @Test
    void the_oldest_unfinished_heads_are_answered_and_everybody_else_is_served() throws Exception {
        TurnoutProcess turnout = arena.start(settings.set("turnout.limits.heads", "8M"));
        long before = MemoryUse.of(turnout).direct();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                clients.add(turnout.connect().send(LONG));
            }
            try (RawClient normal = turnout.connect()) {
                assertThat(normal.get("/").read().text()).isEqualTo("blue");
            }
            Response refused = clients.get(0).read();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.fields().only("X-Turnout")).contains("too-many-heads");
            assertThat(refused.announcesClose()).isTrue();
            assertThat(MemoryUse.of(turnout).direct() - before).as("held").isLessThan(24 * MEBIBYTE);
            assertThat(clients.get(MANY - 1).send(END).read().text()).isEqualTo("blue");
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void requests_in_flight_past_it_are_refused_until_others_have_ended() throws Exception {
        TurnoutProcess turnout = arena.start(settings.set("turnout.limits.heads", "1M"));
        CountDownLatch word = new CountDownLatch(1);
        blue.always(Effect.heldUntil(word, new Effect.Application("held")));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                clients.add(turnout.connect().send(WHOLE));
            }
            Response refused = clients.get(MANY - 1).read();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.fields().only("X-Turnout")).contains("no-memory");
            assertThat(refused.announcesClose()).isFalse();
            word.countDown();
            assertThat(clients.get(0).read().text()).isEqualTo("held");
            Await.until(
                    "nothing in flight", () -> turnout.admin().target("blue").getLong("inFlight") == 0);
            assertThat(clients.get(MANY - 1).send(WHOLE).read().text()).isEqualTo("held");
        } finally {
            word.countDown();
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void what_waits_for_a_paused_service_holds_no_more_than_it_is_counted_for() throws Exception {
        TurnoutProcess turnout = arena.start(settings.set("turnout.pause.bytes", "4M"));
        blue.always(new Effect.Receive());
        List<RawClient> clients = new ArrayList<>();
        byte[] large = new byte[600_000];
        try {
            for (int i = 0; i < 200; i++) {
                // Grows the reads of this connection to their largest size.
                RawClient client = turnout.connect();
                client.send("POST /warm HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n")
                        .send(large);
                assertThat(client.read("POST").status()).isEqualTo(200);
                clients.add(client);
            }
            long before = MemoryUse.of(turnout).direct();
            turnout.admin().post("/admin/pause").expect(200);
            for (RawClient client : clients) {
                client.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "y".repeat(17_000));
            }
            Await.until("all wait", () -> turnout.admin().status().getLong("held") == 200);
            assertThat(MemoryUse.of(turnout).direct() - before).as("held").isLessThan(8 * MEBIBYTE);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
