package dev.turnout.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read as the answer of a change. */
final class ChangeTextTest {

    private static JsonObject serving() {
        return new JsonObject()
                .put("service", "default")
                .put("slot", "blue")
                .put("targets", new JsonArray().add("127.0.0.1:8080"))
                .put("version", "1.4.1")
                .put("revision", 7)
                .put("paused", false);
    }

    private static JsonObject problem(String word) {
        return new JsonObject()
                .put("type", "urn:turnout:problem:" + word)
                .put("title", "The title")
                .put("status", 409)
                .put("detail", "The detail.")
                .put("cancelledBy", "jun")
                .put("serving", serving());
    }

    private static JsonObject refusedGate(String cause, String tally) {
        return problem("unhealthy")
                .put("what", "switch to green")
                .put("slot", "green")
                .put(
                        "gate",
                        new JsonObject()
                                .put("skipped", false)
                                .put("passed", false)
                                .put("tookMillis", 60_003)
                                .put("path", "/")
                                .put("statuses", "200-399")
                                .put(
                                        "targets",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("target", "127.0.0.1:8082")
                                                        .put("passed", false)
                                                        .put("count", 116)
                                                        .put("tally", tally)
                                                        .put("last", new JsonObject().put("cause", cause)))));
    }

    private static JsonObject receipt() {
        return new JsonObject()
                .put("service", "default")
                .put("changed", true)
                .put("dryRun", false)
                .put("from", "green")
                .put("fromVersion", "1.4.0")
                .put("to", "blue")
                .put("version", "1.4.1")
                .put(
                        "gate",
                        new JsonObject()
                                .put("skipped", false)
                                .put("passed", true)
                                .put("tookMillis", 512)
                                .put("path", "/health")
                                .put(
                                        "targets",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("target", "127.0.0.1:8080")
                                                        .put("tally", "200 2x"))))
                .put(
                        "drain",
                        new JsonObject()
                                .put("drained", true)
                                .put("waitedMillis", 2_500)
                                .put("completed", 12)
                                .put("cutCount", 0))
                .put("warnings", new JsonArray())
                .put("serving", serving());
    }

    @Test
    void a_refused_gate_says_what_was_seen_what_serves_and_which_key_to_set() {
        assertThat(ChangeText.of(refusedGate("404", "refused 14x, then 404 102x"), Language.ENGLISH))
                .containsExactly(
                        "Not switched: 127.0.0.1:8082 (green) answered 404 to GET /.",
                        "Gate: 116 probes in 60 s, refused 14x, then 404 102x.",
                        "Still serving: blue 127.0.0.1:8080, version 1.4.1. Nothing has changed.",
                        "Next: set turnout.health.path to a path that answers 200-399, for example /actuator/health.");
    }

    @Test
    void a_refused_gate_is_told_in_korean_with_the_same_facts() {
        assertThat(ChangeText.of(refusedGate("404", "404 116x"), Language.KOREAN))
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).contains("127.0.0.1:8082", "404"))
                .anySatisfy(line -> assertThat(line).contains("blue 127.0.0.1:8080", "1.4.1"))
                .last()
                .asString()
                .startsWith("다음: ")
                .contains("turnout.health.path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | permitAll",
                "403 | permitAll",
                "500 | log",
                "503 | turnout.health.deadline",
                "302 | turnout.health.status",
                "refused | start the application",
                "timeout | turnout.health.timeout",
                "no answer before the deadline | turnout.health.timeout",
                "unknown host | DNS",
                "garbage: no HTTP | curl -i http://127.0.0.1:8082/"
            })
    void each_cause_of_a_refused_gate_has_its_own_next_step(String cause, String next) {
        List<String> lines = ChangeText.of(refusedGate(cause, cause + " 3x"), Language.ENGLISH);

        assertThat(lines.get(lines.size() - 1)).startsWith("Next: ").contains(next);
    }

    @Test
    void the_keys_of_another_service_are_named_as_that_service_has_them() {
        JsonObject problem = refusedGate("404", "404 3x");
        problem.getJsonObject("serving").put("service", "shop");

        assertThat(String.join("\n", ChangeText.of(problem, Language.ENGLISH)))
                .contains("turnout.services.\"shop\".health.path");
    }

    @Test
    void a_process_that_has_ended_is_named() {
        JsonObject problem = refusedGate("refused", "200 1x, then refused 2x");
        problem.getJsonObject("gate")
                .getJsonArray("targets")
                .getJsonObject(0)
                .put("ended", "the process that listened on 127.0.0.1:8082 (pid 123, java) has ended");

        assertThat(ChangeText.of(problem, Language.ENGLISH).get(0))
                .isEqualTo("Not switched: the process that listened on 127.0.0.1:8082 (pid 123, java) has ended.");
    }

    @Test
    void a_switch_says_what_serves_what_became_of_the_old_slot_and_how_to_go_back() {
        assertThat(ChangeText.of(receipt(), Language.ENGLISH))
                .containsExactly(
                        "Switched: blue (version 1.4.1) serves instead of green (version 1.4.0).",
                        "Gate: passed in 512 ms, GET /health: 127.0.0.1:8080 200 2x.",
                        "Drain: 12 requests ended in 2.5 s, none was cut.",
                        "Serving: blue 127.0.0.1:8080, version 1.4.1, revision 7.",
                        "Next: the process of slot green may be stopped. turnout rollback (POST /admin/rollback) goes back.");
    }

    @Test
    void a_switch_that_is_not_drained_yet_warns_of_stopping_the_old_process() {
        JsonObject receipt = receipt().put("drain", null);

        List<String> lines = ChangeText.of(receipt, Language.ENGLISH);

        assertThat(lines.get(lines.size() - 1)).startsWith("Next: do not stop slot green");
    }

    @Test
    void cut_requests_are_counted_and_the_first_are_named() {
        JsonArray cut = new JsonArray();
        for (int i = 0; i < 5; i++) {
            cut.add(new JsonObject().put("method", "GET").put("path", "/slow/" + i));
        }
        JsonObject receipt = receipt();
        receipt.getJsonObject("drain").put("drained", false).put("cutCount", 5).put("cut", cut);

        assertThat(ChangeText.of(receipt, Language.ENGLISH))
                .contains("Drain: 5 requests were cut after 2.5 s: GET /slow/0, GET /slow/1, GET /slow/2.");
    }

    @Test
    void a_switch_that_was_taken_back_says_that_it_was_made_and_how_many_requests_failed() {
        JsonObject watch = new JsonObject()
                .put("verdict", "worse")
                .put("reason", "it fails more often")
                .put("tookMillis", 12_000)
                .put("flippedBack", true)
                .put("before", side("blue", 5_000, 2))
                .put("after", side("green", 410, 29));
        JsonObject problem = problem("unhealthy").put("receipt", receipt().put("watch", watch));

        List<String> lines = ChangeText.of(problem, Language.ENGLISH);

        assertThat(lines.get(0))
                .isEqualTo(
                        "Switched, then switched back: slot green had the traffic for 12 s, and slot blue serves again.");
        assertThat(lines.get(1)).contains("green failed 29 of 410 requests", "blue failed 2 of 5000 requests");
        assertThat(lines).noneMatch(line -> line.contains("Nothing has changed"));
    }

    private static JsonObject side(String slot, int requests, int errors) {
        return new JsonObject()
                .put("slot", slot)
                .put("requests", requests)
                .put("errors", errors)
                .put("p99Millis", 38.4);
    }

    static Stream<String> words() {
        return Stream.of(
                "no-service",
                "busy",
                "precondition-failed",
                "nothing-to-roll-back",
                "no-canary",
                "last-target",
                "no-target",
                "paused",
                "bad-request",
                "unsupported",
                "drift",
                "not-warm",
                "rehearsal",
                "state-not-saved",
                "nginx-failed",
                "cancelled",
                "too-late",
                "nothing-to-cancel",
                "starting",
                "stopping",
                "deploying",
                "unauthorized",
                "unknown-host",
                "foreign-origin",
                "not-found",
                "method-not-allowed",
                "too-many-calls",
                "too-many-connections",
                "store-failed",
                "internal",
                "fleet-unreachable",
                "fleet-not-known",
                "fleet-exists",
                "no-fleet",
                "fleet-differs",
                "fleet-in-order",
                "no-member",
                "member-missing",
                "member-refused",
                "member-slow",
                "already-made",
                "no-change",
                "overtaken");
    }

    @ParameterizedTest
    @MethodSource("words")
    void every_refusal_says_its_next_step_in_both_languages(String word) {
        for (Language language : Language.values()) {
            List<String> lines = ChangeText.of(problem(word), language);

            assertThat(lines).hasSizeBetween(3, ChangeText.MOST_LINES);
            assertThat(lines.get(lines.size() - 1)).startsWith(language.of("Next: ", "다음: "));
            assertThat(lines.get(0)).doesNotContain("?");
            if (language == Language.KOREAN) {
                assertThat(lines.get(0)).containsPattern("[가-힣]");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fleet-not-known", "already-made", "too-late", "internal"})
    void a_refusal_of_what_may_have_been_made_does_not_say_that_nothing_has_changed(String word) {
        assertThat(ChangeText.of(problem(word), Language.ENGLISH))
                .noneMatch(line -> line.contains("Nothing has changed"))
                .anyMatch(line -> line.startsWith("Serving: "));
        assertThat(ChangeText.of(problem(word), Language.KOREAN)).noneMatch(line -> line.contains("바뀐 것은 없습니다"));
    }

    @Test
    void a_way_back_that_has_failed_does_not_say_that_nothing_has_changed() {
        JsonObject problem = problem("nginx-failed").put("inForce", "unknown");

        assertThat(ChangeText.of(problem, Language.ENGLISH))
                .noneMatch(line -> line.contains("Nothing has changed") || line.contains("Not done"))
                .anyMatch(line -> line.startsWith("Serving: "))
                .anyMatch(line -> line.startsWith("Next: stop neither version."));
        assertThat(ChangeText.of(problem, Language.KOREAN)).noneMatch(line -> line.contains("바뀐 것은 없습니다"));
        assertThat(ChangeText.of(problem("nginx-failed"), Language.ENGLISH))
                .anyMatch(line -> line.contains("Nothing has changed"));
    }

    @Test
    void a_change_that_runs_is_told_with_who_asked() {
        JsonObject change = new JsonObject()
                .put("what", "switch to green")
                .put("by", "minji")
                .put("who", "127.0.0.1")
                .put("since", "2026-01-02T03:04:05Z")
                .put("step", "watch");

        List<String> lines = ChangeText.of(problem("busy").put("switching", change), Language.ENGLISH);

        assertThat(lines.get(1)).contains("switch to green", "minji, 127.0.0.1", "watch");
        assertThat(lines.get(lines.size() - 1)).contains("POST /admin/rollback");
    }

    @ParameterizedTest
    @CsvSource({
        "persist, being made, 적용하는 중, turnout status",
        "publish, being made, 적용하는 중, turnout status",
        "watch, has been made, 이미 전환, turnout rollback",
        "drain, has been made, 이미 전환, turnout rollback"
    })
    void a_change_that_can_no_longer_be_cancelled_is_in_force_only_after_its_commit(
            String step, String english, String korean, String next) {
        JsonObject problem = problem("too-late")
                .put(
                        "switching",
                        new JsonObject()
                                .put("what", "switch to green")
                                .put("who", "127.0.0.1")
                                .put("since", "2026-01-02T03:04:05Z")
                                .put("step", step));

        for (Language language : Language.values()) {
            List<String> lines = ChangeText.of(problem, language);

            assertThat(lines.get(0)).contains(language.of(english, korean));
            assertThat(lines.get(lines.size() - 1)).contains(next);
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void an_answer_of_any_size_takes_ten_lines_at_most_and_ends_with_what_to_do(Language language) {
        JsonObject receipt = receipt()
                .put("warnings", new JsonArray(Collections.nCopies(40, "w".repeat(5_000))))
                .put("watch", new JsonObject().put("verdict", "inconclusive"));

        List<String> lines = ChangeText.of(receipt, language);

        assertThat(lines).hasSizeLessThanOrEqualTo(ChangeText.MOST_LINES);
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThan(500));
        assertThat(lines.get(lines.size() - 1)).startsWith(language.of("Next: ", "다음: "));
    }

    @Test
    void what_a_target_sends_cannot_break_a_line() {
        JsonObject problem = refusedGate("garbage: \u001b[2J\nall is well", "garbage 3x");

        assertThat(ChangeText.of(problem, Language.ENGLISH))
                .allSatisfy(line -> assertThat(line).doesNotContain("\u001b", "\n"));
    }

    @Test
    void a_watch_that_cancels_is_named_in_korean_and_a_person_as_the_person_is_called() {
        String watch = "the watch, which has found slot green worse and switches back by itself";

        assertThat(ChangeText.of(problem("cancelled").put("cancelledBy", watch), Language.KOREAN))
                .anyMatch(line -> line.contains("감시(슬롯 green이(가) 더 나빠서 스스로 되돌립니다)"));
        assertThat(ChangeText.of(problem("cancelled").put("cancelledBy", "jun (X11; Linux)"), Language.KOREAN))
                .anyMatch(line -> line.contains("jun (X11; Linux)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"paused\":true,\"held\":3,\"changed\":true} | Paused: new requests wait, 3 now. | /admin/resume",
                "{\"slot\":\"green\",\"weight\":10,\"changed\":true} | Canary: slot green gets 10 % of the clients. | promote",
                "{\"slot\":\"blue\",\"target\":\"a:1\",\"inRotation\":false,\"changed\":true,\"drain\":{\"drained\":true}} | Taken out: a:1 gets no new requests. | /admin/targets/a:1/ready",
                "{\"cancelled\":{\"what\":\"switch to green\",\"by\":\"jun\",\"who\":\"::1\"}} | Cancelled: switch to green, asked for by jun, ::1. Nothing has changed. | Cancelled"
            })
    void other_changes_have_a_headline_and_a_next_step_too(String json, String headline, String anywhere) {
        List<String> lines = ChangeText.of(new JsonObject(json), Language.ENGLISH);

        assertThat(lines.get(0)).isEqualTo(headline);
        assertThat(String.join("\n", lines)).contains(anywhere);
    }

    @Test
    void an_empty_object_is_told_without_an_error() {
        assertThat(ChangeText.of(new JsonObject(), Language.KOREAN)).hasSize(1);
        assertThat(ChangeText.of(new JsonObject().put("type", "x").put("title", "y"), Language.KOREAN))
                .isNotEmpty();
    }
}
