package dev.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.turnout.text.Language;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words that change something. */
final class ChangingWordsTest {

    private static final JsonObject RECEIPT = new JsonObject()
            .put("service", "default")
            .put("changed", true)
            .put("from", "blue")
            .put("to", "green")
            .put("revision", 8)
            .put("gate", new JsonObject().put("skipped", false).put("targets", new JsonArray()))
            .put("warnings", new JsonArray());

    private final AdminStub admin = new AdminStub();

    @AfterEach
    void stop() {
        admin.close();
    }

    private static JsonObject probe(String target, Object status, long passed) {
        return new JsonObject()
                .put("target", target)
                .put("path", "/actuator/health")
                .put("good", Integer.valueOf(200).equals(status))
                .put("status", status)
                .put("cause", String.valueOf(status))
                .put("goodInARow", 1)
                .put("needed", 2)
                .put("elapsedMillis", passed)
                .put("deadlineMillis", 60_000);
    }

    private static JsonObject step(String step) {
        return new JsonObject().put("what", "switch").put("step", step);
    }

    /** A switch whose gate sees 404 five times, and then 200. */
    private void switchWithProgress() {
        admin.reply("POST /admin/switch", call -> {
            admin.event("step", step("gate"));
            for (int i = 0; i < 5; i++) {
                admin.event("probe", probe("127.0.0.1:8082", 404, i * 1_000));
            }
            admin.event("probe", probe("127.0.0.1:8082", 200, 7_000));
            admin.event("switched", RECEIPT);
            admin.event("step", step("drain"));
            admin.event(
                    "drain",
                    new JsonObject()
                            .put("inFlight", 12)
                            .put("elapsedMillis", 3_000)
                            .put("timeoutMillis", 30_000));
            Thread.sleep(1_000);
            AdminStub.json(200, RECEIPT).to(call);
        });
    }

    @Test
    void progress_in_a_pipe_is_a_line_for_each_change_of_state() {
        switchWithProgress();

        CommandRun run = CommandRun.of("switch", "--url", admin.url());

        assertThat(run.exit()).isZero();
        assertThat(run.out()).doesNotContain("\u001b", "\r");
        assertThat(run.out().lines().limit(4))
                .containsExactly(
                        "127.0.0.1:8082 GET /actuator/health: 404 (0 of 60 s)",
                        "127.0.0.1:8082 GET /actuator/health: 200, good 1 of 2 (7 of 60 s)",
                        "switched: green serves, no longer blue",
                        "waiting until the requests in flight have ended");
    }

    @Test
    void progress_on_a_terminal_is_replaced() {
        switchWithProgress();

        CommandRun run = CommandRun.in(Language.ENGLISH, true, false, Map.of(), "switch", "--url", admin.url());

        assertThat(run.out())
                .contains("127.0.0.1:8082 GET /actuator/health: 404 (4 of 60 s)\n\u001b[1A")
                .contains("drain: 12 in flight (3 of 30 s)\n")
                .contains("switched: green serves, no longer blue\n");
    }

    @Test
    void a_watch_shows_both_slots_and_the_time_left() {
        admin.reply("POST /admin/switch", call -> {
            admin.event("switched", RECEIPT);
            admin.event("step", step("watch"));
            admin.event(
                    "watch",
                    new JsonObject()
                            .put("leftMillis", 12_000)
                            .put("before", side("blue", 900, 1))
                            .put("after", side("green", 200, 3)));
            Thread.sleep(500);
            AdminStub.json(200, RECEIPT).to(call);
        });

        CommandRun terminal =
                CommandRun.in(Language.ENGLISH, true, false, Map.of(), "switch", "--watch=30s", "--url", admin.url());
        CommandRun pipe = CommandRun.of("switch", "--watch=30s", "--url", admin.url());

        assertThat(terminal.out())
                .contains("watching green 200 requests, 3 errors (1.50 %), p99 20 ms; before: blue 900 requests,");
        assertThat(pipe.out()).contains("green is watched for 30 s\n").doesNotContain("watching");
    }

    private static JsonObject side(String slot, int requests, int errors) {
        return new JsonObject()
                .put("slot", slot)
                .put("requests", requests)
                .put("errors", errors)
                .put("errorRate", (double) errors / requests)
                .put("p99Millis", 20);
    }

    @Test
    void who_asks_is_sent_along() {
        admin.reply("POST /admin/switch", AdminStub.json(200, RECEIPT));

        CommandRun.in(
                Language.ENGLISH,
                false,
                false,
                Map.of("SUDO_USER", "민지", "USER", "root"),
                "switch",
                "--to=green",
                "--watch=30s",
                "--version=1.4.2",
                "--note=a b",
                "--force",
                "--url",
                admin.url());

        assertThat(admin.calls())
                .contains("POST /admin/switch?to=green&service=default&by=%EB%AF%BC%EC%A7%80&note=a%20b&force=true"
                        + "&version=1.4.2&watch=30s");
    }

    @Test
    void json_is_the_receipt_and_nothing_else() {
        switchWithProgress();

        CommandRun run = CommandRun.of("switch", "--json", "--url", admin.url());

        assertThat(new JsonObject(run.out())).isEqualTo(RECEIPT);
    }

    @Test
    void quiet_prints_nothing() {
        switchWithProgress();

        assertThat(CommandRun.of("switch", "-q", "--url", admin.url())).isEqualTo(new CommandRun(0, "", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "409, busy, 4",
        "409, deploying, 4",
        "412, precondition-failed, 4",
        "409, overtaken, 4",
        "503, fleet-not-known, 6",
        "424, unhealthy, 1",
        "409, cancelled, 1",
        "400, bad-request, 2",
        "507, state-not-saved, 1",
        "503, stopping, 3",
        "401, unauthorized, 3"
    })
    void a_refusal_has_its_exit_code(int status, String type, int exit) {
        admin.reply("POST /admin/switch", AdminStub.problem(status, type, "It is refused."));

        CommandRun run = CommandRun.of("switch", "--url", admin.url());

        assertThat(run.exit()).isEqualTo(exit);
        assertThat(run.err()).startsWith("turnout: ");
        assertThat(CommandRun.of("switch", "--json", "--url", admin.url()).exit())
                .isEqualTo(exit);
    }

    @Test
    void a_lost_answer_of_a_change_that_was_made_is_a_success() {
        admin.reply("POST /admin/switch", call -> {
            admin.reply(
                    "GET /admin/status",
                    AdminStub.json(
                            200, AdminStub.status().put("active", "green").put("revision", 8)));
            AdminStub.lost().to(call);
        });

        CommandRun run = CommandRun.of("switch", "--url", admin.url());

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("The change was made: green serves, revision 8.");
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void a_proxy_that_gives_up_does_not_make_it_another_programs_address(int status) {
        admin.reply("POST /admin/switch", call -> {
            admin.reply(
                    "GET /admin/status",
                    AdminStub.json(
                            200, AdminStub.status().put("active", "green").put("revision", 8)));
            AdminStub.send(status, "text/html", "<h1>Time-out</h1>").to(call);
        });

        CommandRun run = CommandRun.of("switch", "--url", admin.url());

        assertThat(run.err()).doesNotContain("is not Turnout's admin address");
        assertThat(run.out()).contains("The change was made: green serves, revision 8.");
        assertThat(run.exit()).isZero();
    }

    @Test
    void a_proxy_that_gives_up_leaves_a_reload_unknown() {
        admin.reply("POST /admin/reload", AdminStub.send(504, "text/html", "<h1>Time-out</h1>"));

        CommandRun run = CommandRun.of("reload", "--url", admin.url());

        assertThat(run.exit()).isEqualTo(ExitCode.UNKNOWN.code());
        assertThat(run.err()).contains("HTTP 504", "It is not known whether the configuration was loaded");
    }

    /** Interrupts this process, and keeps the call without an answer. A process in the background may ignore Ctrl-C. */
    private static void interruptDuring(HttpExchange call) throws IOException, InterruptedException {
        new ProcessBuilder(
                        "kill", "-TERM", String.valueOf(ProcessHandle.current().pid()))
                .start()
                .waitFor();
        new CountDownLatch(1).await();
    }

    @Test
    void a_change_that_is_interrupted_before_it_is_asked_for_is_not_made() {
        admin.reply("GET /admin/events", ChangingWordsTest::interruptDuring);

        CommandRun run = CommandRun.of("switch", "--url", admin.url());

        assertThat(run.exit()).isEqualTo(ExitCode.TERMINATED.code());
        assertThat(run.err()).contains("Cancelled. Nothing has changed: blue serves.");
        assertThat(admin.calls()).noneMatch(call -> call.startsWith("POST"));
    }

    @ParameterizedTest
    @CsvSource({"publish, the change is being made", "drain, the change is in force"})
    void an_interrupt_that_comes_too_late_says_whether_the_change_is_in_force(String step, String said) {
        admin.reply("POST /admin/switch", ChangingWordsTest::interruptDuring);
        admin.reply(
                "DELETE /admin/switch",
                AdminStub.send(
                        409,
                        "application/problem+json",
                        new JsonObject()
                                .put("type", "urn:turnout:problem:too-late")
                                .put("switching", step(step))
                                .encode()));

        CommandRun run = CommandRun.of("switch", "--url", admin.url());

        assertThat(run.exit()).isEqualTo(ExitCode.TERMINATED.code());
        assertThat(run.err()).contains("It is too late to cancel: " + said);
    }

    /** Has Turnout lose the answer of a call. Its status has changed by then. */
    private void lose(String call, JsonObject status) {
        admin.reply(call, exchange -> {
            admin.reply("GET /admin/status", AdminStub.json(200, status));
            AdminStub.lost().to(exchange);
        });
    }

    @Test
    void a_lost_answer_of_a_switch_that_was_taken_back_is_a_failure() {
        lose("POST /admin/switch", AdminStub.status().put("revision", 9));

        CommandRun run = CommandRun.of("switch", "--url", admin.url());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("The change is not in force: blue serves, revision 9. Turnout has taken the change back, or"
                        + " another change was made.");
    }

    @ParameterizedTest
    @CsvSource({"--json", "--quiet"})
    void a_lost_answer_is_told_on_the_error_output_if_the_other_one_is_for_programs(String option) {
        lose("POST /admin/switch", AdminStub.status().put("active", "green").put("revision", 8));

        CommandRun run = CommandRun.of("switch", option, "--url", admin.url());

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("The change was made: green serves, revision 8.");
    }

    @ParameterizedTest
    @CsvSource({
        "switch --to green, POST /admin/switch",
        "switch --dry-run, POST /admin/switch",
        "rollback --json, POST /admin/rollback",
        "canary promote, POST /admin/canary/promote",
        "canary 10, POST /admin/canary",
        "pause, POST /admin/pause",
        "maintenance on, POST /admin/maintenance",
        "rehearsal on, POST /admin/rehearsal",
        "drain 127.0.0.1:8080, POST /admin/targets/127.0.0.1:8080/drain",
        "targets set green 127.0.0.1:9090, PUT /admin/slots/green/targets",
        "targets add green 127.0.0.1:9090, PUT /admin/slots/green/targets/127.0.0.1:9090",
        "targets remove green 127.0.0.1:8082, DELETE /admin/slots/green/targets/127.0.0.1:8082"
    })
    void another_change_meanwhile_does_not_pass_for_the_one_whose_answer_was_lost(String line, String call) {
        lose(call, AdminStub.status().put("revision", 8));

        CommandRun run = CommandRun.of((line + " --url " + admin.url()).split(" "));

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("or another change was made");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "switch --to green; POST /admin/switch; {'active': 'green', 'revision': 8}",
                "canary 10; POST /admin/canary; {'canary': {'weight': 10}, 'revision': 8}",
                "canary abort; DELETE /admin/canary; {'revision': 8}",
                "pause; POST /admin/pause; {'paused': true, 'revision': 8}",
                "resume; POST /admin/resume; {'revision': 8}",
                "maintenance on; POST /admin/maintenance; {'maintenance': {}, 'revision': 8}",
                "maintenance off; DELETE /admin/maintenance; {'revision': 8}",
                "rehearsal on --share 2.5; POST /admin/rehearsal; {'rehearsal': {'share': 2.5}}",
                "rehearsal off; DELETE /admin/rehearsal; {'rehearsal': {'share': 0}}",
                "ready 127.0.0.1:8080; POST /admin/targets/127.0.0.1:8080/ready; {'revision': 8}",
                "targets set green 127.0.0.1:8082; PUT /admin/slots/green/targets; {'revision': 8}",
                "targets add green 127.0.0.1:8082; PUT /admin/slots/green/targets/127.0.0.1:8082; {'revision': 8}",
                "targets remove green 127.0.0.1:1; DELETE /admin/slots/green/targets/127.0.0.1:1; {'revision': 8}",
                "targets reset green; DELETE /admin/slots/green/targets; {'revision': 8}"
            })
    void a_lost_answer_is_a_success_if_what_the_word_asked_for_holds(String line, String call, String status) {
        lose(call, AdminStub.status().mergeIn(new JsonObject(status.replace('\'', '"'))));

        CommandRun run = CommandRun.of((line + " --url " + admin.url()).split(" "));

        assertThat(run.err()).doesNotContain("not in force", "was not made");
        assertThat(run.exit()).isZero();
    }

    @Test
    void a_lost_answer_of_a_change_that_was_not_made_is_a_failure() {
        admin.reply("POST /admin/switch", AdminStub.lost());

        CommandRun run = CommandRun.of("switch", "--url", admin.url());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("The change was not made: blue serves as before.");
    }

    @ParameterizedTest
    @CsvSource({
        "canary 10, POST /admin/canary?weight=10&service=default&by=minji",
        "canary promote, POST /admin/canary/promote?service=default&by=minji",
        "canary abort, DELETE /admin/canary?service=default&by=minji",
        "pause, POST /admin/pause?service=default&by=minji",
        "resume, POST /admin/resume?service=default&by=minji",
        "drain 127.0.0.1:8080, POST /admin/targets/127.0.0.1:8080/drain?service=default&by=minji",
        "targets set green 127.0.0.1:8080 --dry-run, PUT /admin/slots/green/targets?service=default&by=minji&dry-run=true",
        "ready a/b, POST /admin/targets/a%2Fb/ready?service=default&by=minji",
        "rollback --dry-run, POST /admin/rollback?service=default&by=minji&dry-run=true"
    })
    void each_word_makes_its_call(String line, String call) {
        String path = call.replaceFirst("\\?.*", "").replace("%2F", "/");
        admin.reply(path, AdminStub.json(200, RECEIPT));

        CommandRun run = CommandRun.of((line + " --url " + admin.url()).split(" "));

        assertThat(run.err()).isEmpty();
        assertThat(admin.calls()).contains(call);
    }
}
