package dev.turnout.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.turnout.routing.Service;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.switching.Change;
import dev.turnout.switching.Step;
import dev.turnout.switching.Switching;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
        json().get("/admin/nope").then().statusCode(404);
    }

    @AfterEach
    void makeBothSlotsWell() {
        blue.probes(Effect.ok("up"));
        green.probes(Effect.ok("up"));
    }

    private static RequestSpecification json() {
        return given().accept("application/json");
    }

    private static String status(String path) {
        return json().get("/admin/status").path(path);
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

        json().queryParam("version", "1.4.2+g3f2a")
                .queryParam("by", "민지")
                .queryParam("note", "결제 오류를 고침")
                .post("/admin/switch")
                .then()
                .statusCode(200)
                .body("version", equalTo("1.4.2+g3f2a"));

        json().get("/admin/status")
                .then()
                .body("slots." + to + ".version", equalTo("1.4.2+g3f2a"))
                .body("slots." + to + ".deployedBy", equalTo("민지"))
                .body("slots." + to + ".deployedAt", notNullValue())
                .body("slots." + to + ".note", equalTo("결제 오류를 고침"));
        json().queryParam("limit", 2)
                .get("/admin/history")
                .then()
                .body("entries.version", hasItem("1.4.2+g3f2a"))
                .body("entries.by", hasItem("민지"))
                .body("entries.note", hasItem("결제 오류를 고침"));
        assertThat(given().get("/q/metrics").asString())
                .contains("turnout_slot_info{service=\"default\",slot=\"" + to + "\",version=\"1.4.2+g3f2a\"} 1.0");

        json().queryParam("version", "1.4.3").post("/admin/switch").then().statusCode(200);
        json().queryParam("version", "1.4.4").post("/admin/switch").then().statusCode(200);
        assertThat(given().get("/q/metrics").asString())
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
            problem(json().queryParam(bad[0], bad[1]).post("/admin/switch"), 400, "bad-request")
                    .body("detail", containsString("'" + bad[0] + "'"));
        }
        problem(json().queryParam("version", "1").post("/admin/pause"), 400, "bad-request");
    }

    @Test
    void a_switch_at_its_gate_is_cancelled_and_both_callers_are_told() {
        String active = status("active");
        idleBackend().probes(Effect.status(503, "starting"));
        CompletableFuture<Response> asked = CompletableFuture.supplyAsync(
                () -> json().queryParam("by", "minji").post("/admin/switch"));
        Await.until("it is at the gate", () -> switching
                .changes()
                .ongoing(Service.DEFAULT)
                .map(Change::step)
                .equals(Optional.of(Step.GATE)));

        json().queryParam("by", "jun")
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
        problem(json().delete("/admin/switch"), 409, "nothing-to-cancel");
    }

    @Test
    void deployers_take_turns_and_the_status_tells_whose_turn_it_is() {
        String id = json().queryParam("owner", "minji@ci")
                .queryParam("ttl", "30s")
                .post("/admin/deployment")
                .then()
                .statusCode(200)
                .body("owner", equalTo("minji@ci"))
                .body("expiresAt", notNullValue())
                .extract()
                .path("id");

        problem(json().queryParam("owner", "jun").post("/admin/deployment"), 409, "deploying")
                .body("owner", equalTo("minji@ci"))
                .body("id", nullValue());
        json().get("/admin/status")
                .then()
                .body("deployment.owner", equalTo("minji@ci"))
                .body("deployment.id", nullValue());
        json().queryParam("id", id)
                .queryParam("owner", "minji@ci")
                .put("/admin/deployment")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
        problem(json().queryParam("id", "another").delete("/admin/deployment"), 409, "deploying");
        json().queryParam("id", id).delete("/admin/deployment").then().statusCode(200);
        json().get("/admin/status").then().body("deployment", nullValue());
        problem(json().post("/admin/deployment"), 400, "bad-request").body("detail", containsString("'owner'"));
    }
}
