package dev.turnout.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.turnout.routing.Service;
import dev.turnout.support.ApiDocument;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.switching.Change;
import dev.turnout.switching.ChangeEvent;
import dev.turnout.switching.Step;
import dev.turnout.switching.Switching;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers say about a change, how they cancel a change, and how deployers take turns. */
@QuarkusTest
@WithTestResource(Backends.class)
final class ChangeApiTest {

    Backend blue;
    Backend green;

    @Inject
    AdminServer server;

    @Inject
    Switching switching;

    @BeforeEach
    void makeTheClientFast() {
        RestAssured.port = server.port();
        RestAssured.requestSpecification = Backends.asksForJson();
        given().get("/admin/nope").then().statusCode(404);
    }

    @AfterEach
    void makeBothSlotsWell() {
        blue.probes(Effect.ok("up"));
        green.probes(Effect.ok("up"));
    }

    private static String status(String path) {
        return given().get("/admin/status").path(path);
    }

    private Backend idleBackend() {
        return status("idle").equals("blue") ? blue : green;
    }

    private static ValidatableResponse problem(Response response, int status, String word) {
        return response.then().statusCode(status).body("type", endsWith(":" + word));
    }

    @Test
    void a_version_with_its_deployer_is_in_receipt_status_history_and_metrics() {
        String to = status("idle");

        given().queryParam("version", "1.4.2+g3f2a")
                .queryParam("by", "민지")
                .queryParam("note", "결제 오류를 고침")
                .post("/admin/switch")
                .then()
                .statusCode(200)
                .body("version", equalTo("1.4.2+g3f2a"));

        given().get("/admin/status")
                .then()
                .body("slots." + to + ".version", equalTo("1.4.2+g3f2a"))
                .body("slots." + to + ".deployedBy", equalTo("민지"))
                .body("slots." + to + ".deployedAt", notNullValue())
                .body("slots." + to + ".note", equalTo("결제 오류를 고침"));
        given().queryParam("limit", 2)
                .get("/admin/history")
                .then()
                .body("entries.version", hasItem("1.4.2+g3f2a"))
                .body("entries.by", hasItem("민지"))
                .body("entries.note", hasItem("결제 오류를 고침"));
        assertThat(given().accept("*/*").get("/q/metrics").asString())
                .contains("turnout_slot_info{service=\"default\",slot=\"" + to + "\",version=\"1.4.2+g3f2a\",} 1.0");

        given().queryParam("version", "1.4.3").post("/admin/switch").then().statusCode(200);
        given().queryParam("version", "1.4.4").post("/admin/switch").then().statusCode(200);
        assertThat(given().accept("*/*").get("/q/metrics").asString())
                .contains("version=\"1.4.3\"", "version=\"1.4.4\"")
                .doesNotContain("1.4.2+g3f2a");
    }

    @Test
    void a_text_that_is_empty_too_long_or_not_visible_is_400_and_named() {
        for (String[] bad : List.of(
                new String[] {"version", ""},
                new String[] {"version", "x".repeat(101)},
                new String[] {"by", "x".repeat(101)},
                new String[] {"by", "a\u001b[2Jb"},
                new String[] {"note", "x".repeat(501)},
                new String[] {"note", "two\nlines"})) {
            problem(given().queryParam(bad[0], bad[1]).post("/admin/switch"), 400, "bad-request")
                    .body("detail", containsString("'" + bad[0] + "'"));
        }
        problem(given().queryParam("version", "1").post("/admin/pause"), 400, "bad-request");
    }

    @Test
    void a_switch_at_its_gate_is_cancelled_and_both_callers_are_told() {
        String active = status("active");
        idleBackend().probes(Effect.status(503, "starting"));
        CompletableFuture<Response> asked = CompletableFuture.supplyAsync(
                () -> given().queryParam("by", "minji").post("/admin/switch"));
        Await.until("it is at the gate", () -> switching
                .changes()
                .ongoing(Service.DEFAULT)
                .map(Change::step)
                .equals(Optional.of(Step.GATE)));

        given().queryParam("by", "jun")
                .delete("/admin/switch")
                .then()
                .statusCode(200)
                .body("service", equalTo("default"))
                .body("cancelled.what", equalTo("switch to the idle slot"))
                .body("cancelled.by", equalTo("minji"));

        assertThat(asked).succeedsWithin(10, TimeUnit.SECONDS);
        problem(asked.join(), 409, "cancelled")
                .body("detail", containsString("jun"))
                .body("gate.passed", equalTo(false));
        assertThat(status("active")).isEqualTo(active);
        problem(given().delete("/admin/switch"), 409, "nothing-to-cancel");
    }

    @Test
    void deployers_take_turns_and_the_status_tells_whose_turn_it_is() {
        String id = given().queryParam("owner", "minji@ci")
                .queryParam("ttl", "30s")
                .post("/admin/deployment")
                .then()
                .statusCode(200)
                .body("owner", equalTo("minji@ci"))
                .body("expiresAt", notNullValue())
                .extract()
                .path("id");

        problem(given().queryParam("owner", "jun").post("/admin/deployment"), 409, "deploying")
                .body("owner", equalTo("minji@ci"))
                .body("id", nullValue());
        given().get("/admin/status")
                .then()
                .body("deployment.owner", equalTo("minji@ci"))
                .body("deployment.id", nullValue());
        given().queryParam("id", id)
                .queryParam("owner", "minji@ci")
                .put("/admin/deployment")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
        problem(given().queryParam("id", "another").delete("/admin/deployment"), 409, "deploying");
        given().queryParam("id", id).delete("/admin/deployment").then().statusCode(200);
        given().get("/admin/status").then().body("deployment", nullValue());
        problem(given().post("/admin/deployment"), 400, "bad-request").body("detail", containsString("'owner'"));
    }

    @Test
    void plain_curl_gets_a_receipt_in_at_most_ten_lines() {
        String to = status("idle");

        Response answer = given().accept("*/*").queryParam("version", "2.0").post("/admin/switch");

        answer.then().statusCode(200).contentType("text/plain;charset=UTF-8").header("ETag", notNullValue());
        assertThat(answer.asString().lines().toList())
                .hasSizeLessThanOrEqualTo(10)
                .first()
                .asString()
                .startsWith("Switched: " + to + " (version 2.0) serves instead of ");
    }

    @Test
    void a_refusal_is_told_in_the_language_that_is_asked_for() {
        idleBackend().probes(Effect.status(404, "nothing here"));

        Response english = given().accept("text/plain").post("/admin/switch");
        Response korean = given().accept("text/plain")
                .header("Accept-Language", "ko-KR,ko;q=0.9")
                .post("/admin/switch");

        assertThat(english.statusCode()).isEqualTo(424);
        assertThat(english.asString().lines().toList())
                .hasSizeBetween(4, 10)
                .anySatisfy(
                        line -> assertThat(line).startsWith("Not switched: ").contains("404"))
                .anySatisfy(line -> assertThat(line).startsWith("Still serving: "))
                .anySatisfy(line -> assertThat(line).startsWith("Next: ").contains("turnout.health.path"));
        assertThat(korean.asString()).contains("전환하지 않았습니다", "다음: ", "turnout.health.path");
    }

    @Test
    void other_refusals_of_a_change_are_text_too_and_questions_stay_as_they_are() {
        for (String path : List.of("/admin/switch?to=purple", "/admin/switch?service=nope", "/admin/nope")) {
            given().accept("*/*")
                    .urlEncodingEnabled(false)
                    .post(path)
                    .then()
                    .contentType("text/plain;charset=UTF-8")
                    .body(containsString("Next: "));
        }
        given().accept("*/*")
                .header("Origin", "https://evil.example")
                .post("/admin/switch")
                .then()
                .statusCode(403)
                .contentType("text/plain;charset=UTF-8")
                .body(containsString("another site"));
        given().accept("*/*").get("/admin/nope").then().contentType("application/problem+json");
        given().accept("*/*").get("/admin/status").then().contentType("application/json");
    }

    @Test
    void a_refused_gate_has_the_last_five_failures_and_with_verbose_all() {
        idleBackend().probes(Effect.status(404, "nothing here"));

        problem(given().post("/admin/switch"), 424, "unhealthy")
                .body("gate.probes.size()", equalTo(5))
                .body("gate.targets[0].count", greaterThan(20))
                .body("gate.path", equalTo(Backend.PROBE_PATH))
                .body("serving.slot", equalTo(status("active")));
        given().get("/admin/history").then().body("entries[0].problem.gate.probes.size()", equalTo(5));
        problem(given().queryParam("verbose", "true").post("/admin/switch"), 424, "unhealthy")
                .body("gate.probes.size()", greaterThan(20));
    }

    @Test
    void targets_are_listed_a_line_each_and_as_json() {
        // A test before this one may have left a target down.
        Await.until(
                "both targets are up",
                () -> !given().accept("*/*").get("/admin/targets").asString().contains("DOWN"));
        given().accept("*/*")
                .get("/admin/targets")
                .then()
                .statusCode(200)
                .contentType("text/plain;charset=UTF-8")
                .body(matchesPattern("blue " + blue.address() + " in UP 0-in-flight\n" + "green " + green.address()
                        + " in UP 0-in-flight\n"));
        given().accept("application/json")
                .get("/admin/targets")
                .then()
                .contentType("application/json")
                .body("targets.slot", contains("blue", "green"))
                .body("targets[0].target", equalTo(blue.address()))
                .body("targets[0].health", equalTo("UP"));
    }

    @Test
    void what_an_event_has_is_what_the_description_says() {
        List<ChangeEvent> events = new CopyOnWriteArrayList<>();
        Consumer<ChangeEvent> listener = events::add;
        switching.announcer().listen(listener);
        try {
            given().post("/admin/switch").then().statusCode(200);
        } finally {
            switching.announcer().leave(listener);
        }

        assertThat(events).extracting(ChangeEvent::kind).contains("step", "probe", "switched", "ended");
        events.forEach(event -> ApiDocument.ofSources()
                .checkEvent(
                        event.kind(),
                        new JsonObject()
                                .put("service", event.service())
                                .mergeIn(event.detail())
                                .encode()));
    }
}
