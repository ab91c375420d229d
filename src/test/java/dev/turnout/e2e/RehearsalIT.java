package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TargetExchange;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A rehearsal keeps a worse version from serving, and lets the good one pass")
final class RehearsalIT {

    private static final int NEEDED = 1_500;
    private static final int CLIENTS = 8;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.backend();
    private final Backend green = arena.backend();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();

    /** An application whose answers take some time, and of which some fail. */
    private record Version(String name, double millis, double errors, Random random) implements Effect {

        Version(String name, double millis, double errors) {
            this(name, millis, errors, new Random(1));
        }

        @Override
        public void on(TargetExchange exchange) throws IOException {
            exchange.pause(Duration.ofNanos((long) (millis * 1e6)));
            Effect answer = random.nextDouble() < errors ? Effect.status(500, name) : Effect.ok(name);
            answer.on(exchange);
        }
    }

    private TurnoutProcess start(String... settings) {
        blue.always(new Version("blue", 20, 0));
        TurnoutProcess.Settings all = TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.rehearsal.rate", "10000/s")
                .set("turnout.rehearsal.gate.requests", String.valueOf(NEEDED))
                .set("turnout.rehearsal.gate.timeout", "60s");
        for (int i = 0; i < settings.length; i += 2) {
            all.set(settings[i], settings[i + 1]);
        }
        return arena.start(all);
    }

    private List<Thread> load(TurnoutProcess turnout) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> {
                try (RawClient connection = turnout.connect()) {
                    while (!ended.get()) {
                        String text = connection
                                .send("GET / HTTP/1.1\r\nHost: app.example\r\n\r\n")
                                .read()
                                .text();
                        (text.equals("blue") || text.equals("green") ? answered : wrong).incrementAndGet();
                    }
                } catch (IOException e) {
                    wrong.incrementAndGet();
                }
            });
            client.start();
            clients.add(client);
        }
        return clients;
    }

    private void end(List<Thread> clients) throws InterruptedException {
        ended.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(wrong).hasValue(0);
        assertThat(answered).hasPositiveValue();
    }

    private static JsonObject refusal(Admin admin) {
        Admin.Answer refused = admin.post("/admin/switch").expect(424);
        assertThat(refused.problem()).isEqualTo("rehearsal");
        assertThat(admin.active()).isEqualTo("blue");
        return refused.json().getJsonObject("rehearsal");
    }

    @Test
    void one_error_in_a_hundred_and_times_that_are_longer_are_found_and_the_good_version_passes() throws Exception {
        green.always(new Version("green", 20, 0.03));
        TurnoutProcess turnout = start();
        Admin admin = turnout.admin();
        List<Thread> clients = load(turnout);

        admin.post("/admin/rehearsal?share=100").expect(200);
        JsonObject failing = refusal(admin);
        assertThat(failing.getString("verdict")).isEqualTo("fails");
        assertThat(failing.getLong("requests")).isGreaterThanOrEqualTo(NEEDED);
        assertThat(failing.getJsonObject("idle").getLong("errors")).isPositive();
        assertThat(failing.getJsonObject("active").getLong("errors")).isZero();

        green.always(new Version("green", 45, 0));
        admin.post("/admin/rehearsal?share=100").expect(200);
        assertThat(refusal(admin).getString("verdict")).isEqualTo("slower");

        green.always(new Version("green", 18, 0));
        admin.post("/admin/rehearsal?share=100").expect(200);
        JsonObject receipt = admin.post("/admin/switch").expect(200).json();
        assertThat(receipt.getBoolean("changed")).isTrue();
        assertThat(receipt.getJsonObject("rehearsal").getString("verdict")).isEqualTo("better-or-same");
        assertThat(admin.active()).isEqualTo("green");
        end(clients);
    }

    @Test
    void the_calls_begin_it_show_it_and_end_it_and_a_switch_without_copies_is_refused_at_once() throws Exception {
        green.always(new Version("green", 1, 0));
        TurnoutProcess turnout = start();
        Admin admin = turnout.admin();

        assertThat(refusal(admin).getString("verdict")).isEqualTo("too-few");
        admin.post("/admin/rehearsal").expect(400);
        admin.post("/admin/rehearsal?share=0").expect(400);
        admin.post("/admin/rehearsal?share=101").expect(400);
        admin.post("/admin/rehearsal?share=5&service=none").expect(404);
        JsonObject begun =
                admin.post("/admin/rehearsal?share=100").expect(200).json().getJsonObject("rehearsal");
        assertThat(begun.getDouble("share")).isEqualTo(100);
        assertThat(begun.getBoolean("atRunTime")).isTrue();

        List<Thread> clients = load(turnout);
        Await.until(
                "requests are compared",
                () -> admin.get("/admin/rehearsal")
                                .expect(200)
                                .json()
                                .getJsonObject("rehearsal")
                                .getLong("requests")
                        > 20);
        assertThat(admin.status().getJsonObject("rehearsal").getDouble("share")).isEqualTo(100);
        assertThat(admin.metric("turnout_rehearsal_share{service=\"default\"}")).isEqualTo(100);
        assertThat(admin.metric("turnout_rehearsal_requests{service=\"default\"}"))
                .isPositive();
        assertThat(admin.metric(
                        "turnout_rehearsal_latency_seconds{service=\"default\",slot=\"blue\",percentile=\"50\"}"))
                .isGreaterThan(0.015);

        assertThat(admin.delete("/admin/rehearsal")
                        .expect(200)
                        .json()
                        .getJsonObject("rehearsal")
                        .getDouble("share"))
                .isZero();
        end(clients);
    }
}
