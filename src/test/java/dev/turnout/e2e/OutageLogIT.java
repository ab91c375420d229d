package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.HttpProcess;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the log and the journal say of an application that dies, and of requests that fail. */
final class OutageLogIT {

    /** Requests that fail are summed up every ten seconds. */
    private static final Duration TWO_SUMMARIES = Duration.ofSeconds(25);

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private static List<String> lines(TurnoutProcess turnout, String what) {
        return turnout.log().lines().filter(line -> line.contains(what)).toList();
    }

    private static List<JsonObject> outages(TurnoutProcess turnout) {
        return turnout.admin().get("/admin/history").json().getJsonArray("entries").stream()
                .map(JsonObject.class::cast)
                .filter(entry -> entry.getString("verdict").startsWith("outage-"))
                .toList();
    }

    private static int ask(TurnoutProcess turnout) {
        try (RawClient client = turnout.connect()) {
            return client.get("/").read().status();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void an_application_that_is_killed_is_one_warning_and_one_error_and_its_return_is_told_with_the_duration() {
        try (HttpProcess application = HttpProcess.start()) {
            TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                    .set("turnout.blue", application.address())
                    .green(arena.application("green")));
            Await.until("the application answers", () -> ask(turnout) == 200);
            Await.until("the end of the outage of the start", () -> !lines(turnout, "ready in")
                    .isEmpty());
            Await.until(
                    "the application is up",
                    () -> turnout.admin().target("blue").getString("health").equals("UP"));
            int before = turnout.log().length();

            application.kill9();
            Await.until("the warning", () -> turnout.log().substring(before).contains("NOBODY IS LEFT"));
            for (int i = 0; i < 20; i++) {
                assertThat(ask(turnout)).isEqualTo(502);
            }
            Await.until(turnout::log, TWO_SUMMARIES, () -> turnout.log()
                    .substring(before)
                    .contains("requests failed in 10 s"));
            application.startAgain();
            Await.until("the return", () -> turnout.log().substring(before).contains("served again after"));
            Await.until("the entries", () -> outages(turnout).stream()
                    .anyMatch(entry -> entry.getString("verdict").equals("outage-ended")));

            List<String> told = turnout.log().substring(before).lines().toList();
            assertThat(told.stream().filter(line -> line.contains(" WARN ") && line.contains(" is DOWN ")))
                    .singleElement()
                    .asString()
                    .contains("default: " + application.address() + " (blue, serves) is DOWN after 3 probes: connection"
                            + " refused");
            assertThat(told.stream().filter(line -> line.contains(" ERROR ")))
                    .singleElement()
                    .asString()
                    .contains("default: NOBODY IS LEFT");
            assertThat(told.stream().filter(line -> line.contains("requests failed in 10 s")))
                    .singleElement()
                    .asString()
                    .contains("WARN  default: 20 requests failed in 10 s: connect-failed 20");
            assertThat(told.stream().filter(line -> line.contains(" INFO ")))
                    .anySatisfy(line -> assertThat(line)
                            .matches(".* default: " + application.address()
                                    + " \\(blue, serves\\) is UP again after \\d+ m?s"))
                    .anySatisfy(line -> assertThat(line).matches(".* default: served again after \\d+ m?s .*"));
        }
    }

    @Test
    void an_outage_is_two_entries_of_the_history() {
        Backend application = arena.application("blue");
        TurnoutProcess turnout = arena.start(application, arena.application("green"));
        Await.until(
                "up", () -> turnout.admin().target("blue").getString("health").equals("UP"));
        Await.until("the first look", () -> ask(turnout) == 200);

        application.kill();
        Await.until("the first entry", () -> !outages(turnout).isEmpty());
        application.revive();
        Await.until("the second entry", () -> outages(turnout).size() == 2);

        JsonObject ended = outages(turnout).get(0);
        JsonObject began = outages(turnout).get(1);
        assertThat(began.getString("verdict")).isEqualTo("outage-began");
        assertThat(began.getString("service")).isEqualTo("default");
        assertThat(began.getString("reason")).contains(application.address()).contains("connection refused");
        assertThat(ended.getString("verdict")).isEqualTo("outage-ended");
        assertThat(ended.getLong("durationMillis")).isPositive();
    }

    @Test
    void one_of_two_targets_that_dies_leaves_the_service_with_somebody() {
        Backend one = arena.application("one");
        Backend two = arena.application("two");
        TurnoutProcess turnout =
                arena.start(TurnoutProcess.with().blue(one, two).green(arena.application("green")));
        Await.until("ready", () -> turnout.admin().get("/q/health/ready").status() == 200 && ask(turnout) == 200);

        one.kill();
        Await.until("the line", () -> !lines(turnout, one.address() + " (blue, serves) is DOWN")
                .isEmpty());

        assertThat(lines(turnout, "NOBODY")).isEmpty();
        Await.until("the entry", () -> outages(turnout).size() == 1);
        assertThat(outages(turnout).get(0).getString("target")).isEqualTo(one.address());
    }

    @Test
    void a_target_that_flaps_floods_neither_the_log_nor_the_journal() {
        Backend application = arena.application("blue");
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(application)
                .green(arena.application("green"))
                .set("turnout.health.interval", "5ms")
                .set("turnout.health.rise", "1")
                .set("turnout.health.fall", "1"));
        for (int i = 0; i < 30; i++) {
            application.probes(new Effect.Application("x"));
            Await.until(
                    "up",
                    () -> turnout.admin().target("blue").getString("health").equals("UP"));
            application.kill();
            Await.until(
                    "down",
                    () -> turnout.admin().target("blue").getString("health").equals("DOWN"));
            application.revive();
        }

        assertThat(lines(turnout, "(blue, serves) is ")).hasSizeLessThanOrEqualTo(6);
        assertThat(lines(turnout, "NOBODY")).hasSizeLessThanOrEqualTo(6);
        assertThat(outages(turnout)).hasSizeLessThanOrEqualTo(20);
    }

    @Test
    void calls_that_the_admin_port_refuses_are_logged_without_their_token() throws IOException {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(arena.application("blue"))
                .green(arena.application("green"))
                .set("turnout.admin.token", "right-token"));

        try (RawClient client = RawClient.to(turnout.adminAddress())) {
            int status = client.send(
                            "GET /admin/status?service=secret-query HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization:"
                                    + " Bearer wrong-token\r\n\r\n")
                    .read()
                    .status();
            assertThat(status).isEqualTo(401);
        }
        try (RawClient client = RawClient.to(turnout.adminAddress())) {
            assertThat(client.send("GET /admin/status HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(403);
        }

        Await.until("two lines", () -> lines(turnout, "The admin port refused").size() == 2);
        assertThat(lines(turnout, "The admin port refused").get(0))
                .contains("WARN  The admin port refused GET /admin/status from 127.0.0.1 with 401: unauthorized");
        assertThat(lines(turnout, "The admin port refused").get(1)).contains("with 403: unknown-host");
        assertThat(turnout.log()).doesNotContain("wrong-token").doesNotContain("secret-query");
    }
}
