package dev.turnout.admin;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.turnout.routing.Service;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.switching.Announcer;
import dev.turnout.switching.ChangeEvent;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.Switching;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin API of a whole Turnout over real backends. */
@QuarkusTest
@WithTestResource(Backends.class)
final class AdminApiTest {

    Backend blue;
    Backend green;

    @Inject
    AdminServer server;

    @Inject
    CurrentState current;

    @Inject
    Announcer announcer;

    @Inject
    Switching switching;

    /** The client's first call takes seconds, which a gate that is waited at does not have. */
    @BeforeEach
    void makeTheClientFast() {
        RestAssured.port = server.port();
        RestAssured.requestSpecification = Backends.asksForJson();
        problem(when().get("/admin/nope").then(), 404, "not-found");
    }

    @AfterEach
    void makeBothSlotsWell() {
        blue.probes(Effect.ok("up"));
        green.probes(Effect.ok("up"));
    }

    @Test
    void a_switch_answers_with_its_receipt_and_the_new_revision() {
        String from = active();
        String to = idle();
        long revision = revision();

        when().post("/admin/switch")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("ETag", "\"" + (revision + 1) + "\"")
                .body("service", equalTo("default"))
                .body("changed", is(true))
                .body("from", equalTo(from))
                .body("to", equalTo(to))
                .body("revision", equalTo((int) revision + 1))
                .body("startedAt", notNullValue())
                .body("switchedAt", notNullValue())
                .body("finishedAt", notNullValue())
                .body("gate.probes.size()", greaterThan(1))
                .body("gate.targets[0].passed", is(true))
                .body("drain.drained", is(true))
                .body("drain.cut.size()", is(0))
                .body("watch", nullValue())
                // Both slots of this test are servers of its own process, which is worth a warning.
                .body("warnings", contains(containsString("are the same process")));
        assertThat(active()).isEqualTo(to);
    }

    @Test
    void to_the_active_slot_nothing_changes() {
        long revision = revision();

        given().queryParam("to", active())
                .post("/admin/switch")
                .then()
                .statusCode(200)
                .body("changed", is(false))
                .body("revision", equalTo((int) revision));
    }

    @Test
    void a_rollback_goes_back_and_then_there_is_nothing_to_roll_back() {
        String before = active();
        when().post("/admin/switch").then().statusCode(200);

        when().post("/admin/rollback").then().statusCode(200).body("to", equalTo(before));

        problem(when().post("/admin/rollback").then(), 409, "nothing-to-roll-back");
    }

    @Test
    void a_sick_slot_is_424_with_all_that_was_seen() {
        String before = active();
        idleBackend().probes(Effect.status(500, "no database"));

        problem(when().post("/admin/switch").then(), 424, "unhealthy")
                .body("detail", containsString("no database"))
                .body("gate.targets[0].passed", is(false))
                .body("gate.targets[0].tally", containsString("500"))
                .body("gate.targets[0].last.host", equalTo(idleBackend().address()));
        assertThat(active()).isEqualTo(before);
    }

    @Test
    void a_second_switch_at_the_same_time_is_409_and_the_first_one_ends_as_usual() throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        idleBackend().probes(Effect.heldUntil(word, Effect.ok("up")));
        String to = idle();
        CompletableFuture<Integer> first =
                CompletableFuture.supplyAsync(() -> when().post("/admin/switch").statusCode());
        Await.until(
                "the first is at the gate",
                () -> switching.changes().ongoing(Service.DEFAULT).isPresent());

        problem(when().post("/admin/switch").then(), 409, "busy");
        when().get("/admin/status").then().body("switching.step", equalTo("gate"));
        word.countDown();

        assertThat(first.get()).isEqualTo(200);
        assertThat(active()).isEqualTo(to);
    }

    @Test
    void a_canary_is_begun_seen_in_the_status_and_promoted_with_a_receipt() {
        String to = idle();
        long revision = revision();

        given().queryParam("weight", 10)
                .post("/admin/canary")
                .then()
                .statusCode(200)
                .header("ETag", "\"" + (revision + 1) + "\"")
                .body("service", equalTo("default"))
                .body("changed", is(true))
                .body("slot", equalTo(to))
                .body("weight", is(10))
                .body("revision", equalTo((int) revision + 1))
                .body("startedAt", notNullValue())
                .body("finishedAt", notNullValue())
                .body("gate.passed", is(true))
                .body("drain", nullValue());
        status().then().body("canary.weight", is(10)).body("canary.slot", equalTo(to));

        when().post("/admin/canary/promote")
                .then()
                .statusCode(200)
                .body("to", equalTo(to))
                .body("drain.drained", is(true));
        status().then().body("canary.weight", is(0)).body("canary.slot", nullValue());
        problem(when().post("/admin/canary/promote").then(), 409, "no-canary");
    }

    @Test
    void a_canary_is_taken_back_with_what_became_of_its_slot_and_taken_back_again_at_no_cost() {
        given().queryParam("weight", 10).post("/admin/canary").then().statusCode(200);

        when().delete("/admin/canary")
                .then()
                .statusCode(200)
                .body("changed", is(true))
                .body("slot", equalTo(idle()))
                .body("weight", is(0))
                .body("gate.skipped", is(true))
                .body("drain.drained", is(true));
        given().queryParam("force", true)
                .delete("/admin/canary")
                .then()
                .statusCode(200)
                .body("changed", is(false))
                .body("drain.drained", is(true));
    }

    @Test
    void a_canary_of_a_sick_slot_is_424_and_a_weight_that_is_none_is_400() {
        idleBackend().probes(Effect.status(500, "no database"));

        problem(given().queryParam("weight", 10).post("/admin/canary").then(), 424, "unhealthy")
                .body("detail", containsString("no database"))
                .body("gate.targets[0].passed", is(false));
        for (String weight : List.of("101", "-1", "ten", "")) {
            problem(given().queryParam("weight", weight).post("/admin/canary").then(), 400, "bad-request")
                    .body("detail", containsString("'weight'"));
        }
        problem(when().post("/admin/canary").then(), 400, "bad-request").body("detail", containsString("'weight'"));
        status().then().body("canary.weight", is(0));
    }

    @Test
    void a_pause_and_its_end_are_answered_and_seen_in_status_and_metrics() {
        when().post("/admin/pause")
                .then()
                .statusCode(200)
                .body("changed", is(true))
                .body("paused", is(true))
                .body("held", is(0))
                .body("inFlight", is(0))
                .body("startedAt", notNullValue())
                .body("drained", nullValue());
        try {
            status().then()
                    .body("paused", is(true))
                    .body("held", is(0))
                    .body("warnings", hasItem(containsString("paused since")));
            assertThat(given().accept("*/*").get("/q/metrics").asString())
                    .contains("turnout_paused{service=\"default\",} 1.0");
            problem(given().queryParam("weight", 10).post("/admin/canary").then(), 409, "paused");
            given().queryParam("wait", "drained")
                    .post("/admin/pause")
                    .then()
                    .statusCode(200)
                    .body("changed", is(false))
                    .body("drained", is(true));
        } finally {
            when().post("/admin/resume")
                    .then()
                    .statusCode(200)
                    .body("changed", is(true))
                    .body("paused", is(false));
        }
    }

    @Test
    void the_only_target_of_the_active_slot_is_409_and_a_strange_one_404() {
        String only = backend(active()).address();

        problem(when().post("/admin/targets/" + only + "/drain").then(), 409, "last-target")
                .body("detail", containsString(only));
        problem(
                when().post("/admin/targets/" + idleBackend().address() + "/drain")
                        .then(),
                404,
                "no-target");
        problem(when().post("/admin/targets/192.0.2.1:80/ready").then(), 404, "no-target");
    }

    /** RFC 3986, section 3.3: a path has no brackets, so those of an IPv6 address are sent as %5B and %5D. */
    @Test
    void a_target_is_understood_in_each_form_of_its_address() {
        for (String form : List.of("%5B::1%5D:8081", "%5B%3A%3A1%5D%3A8081", "%5b::1%5d:8081")) {
            problem(postTo("/admin/targets/" + form + "/drain"), 404, "no-target")
                    .body("detail", containsString("[::1]:8081 is not a target"));
        }
        for (String form : List.of("8081", "::1:8081", "localhost:0", "a%20b:80")) {
            problem(postTo("/admin/targets/" + form + "/drain"), 400, "bad-request");
        }
    }

    private static ValidatableResponse postTo(String encoded) {
        return given().urlEncodingEnabled(false).post(encoded).then();
    }

    @Test
    void a_target_in_rotation_is_ready_already() {
        when().post("/admin/targets/" + backend(active()).address() + "/ready")
                .then()
                .statusCode(200)
                .body("changed", is(false))
                .body("slot", equalTo(active()))
                .body("target", equalTo(backend(active()).address()))
                .body("inRotation", is(true))
                .body("drain", nullValue());
    }

    @Test
    void a_dry_run_changes_nothing() {
        long revision = revision();

        given().queryParam("dry-run", "true")
                .post("/admin/switch")
                .then()
                .statusCode(200)
                .body("dryRun", is(true))
                .body("changed", is(false))
                .body("warnings[0]", containsString("Dry run"));
        assertThat(revision()).isEqualTo(revision);
    }

    @Test
    void an_unknown_parameter_or_value_is_400_and_named() {
        problem(given().queryParam("too", "green").post("/admin/switch").then(), 400, "bad-request")
                .body("detail", containsString("'too'"));
        problem(given().queryParam("to", "purple").post("/admin/switch").then(), 400, "bad-request")
                .body("detail", containsString("'purple'"));
        problem(given().queryParam("force", "yes").post("/admin/switch").then(), 400, "bad-request")
                .body("detail", containsString("'force'"));
        problem(given().queryParam("to", "blue", "green").post("/admin/switch").then(), 400, "bad-request")
                .body("detail", containsString("twice"));
        problem(given().queryParam("limit", "0").get("/admin/history").then(), 400, "bad-request")
                .body("detail", containsString("'limit'"));
    }

    static Stream<String> bodies() {
        String multipart = "--x\r\nContent-Disposition: form-data; name=\"dry-run\"\r\n\r\ntrue\r\n--x--\r\n";
        return Stream.of(
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\ndry-run=true",
                "Content-Type: APPLICATION/X-WWW-FORM-URLENCODED\r\nContent-Length: 12\r\n\r\ndry-run=true",
                "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"dry-run\":true}",
                "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n\r\n",
                "Content-Length: 12\r\n\r\ndry-run=true",
                "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: " + multipart.length() + "\r\n\r\n"
                        + multipart,
                "Transfer-Encoding: chunked\r\n\r\n4\r\ndry-\r\n8\r\nrun=true\r\n0\r\n\r\n",
                "Transfer-Encoding: CHUNKED\r\n\r\n1\r\n{\r\n0\r\n\r\n",
                "Expect: 100-continue\r\nContent-Length: 12\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void a_body_is_refused_since_what_it_says_would_be_overlooked(String fieldsAndBody) throws IOException {
        long revision = revision();

        for (String call :
                List.of("POST /admin/switch", "POST /admin/pause", "DELETE /admin/canary", "GET /admin/idle")) {
            assertThat(send(call + " HTTP/1.1\r\nHost: localhost\r\n" + fieldsAndBody))
                    .startsWith("HTTP/1.1 400")
                    .contains("problem:bad-request", "the URL's query");
        }
        assertThat(revision()).isEqualTo(revision);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "Content-Length: 0\r\n\r\n",
                "Content-Type: application/json\r\nContent-Length: 0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void an_empty_body_is_none(String fieldsAndBody) throws IOException {
        assertThat(send("POST /admin/switch?dry-run=true HTTP/1.1\r\nHost: localhost\r\n" + fieldsAndBody))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/status?service=%zz, 400",
        "/admin/status?%, 400",
        "/admin/st%zztus, 400",
        "/admin/status%, 400",
        "/q/health?%4, 400",
        "/admin/..%, 400",
        "*, 400",
    })
    void a_target_that_cannot_be_read_is_a_problem(String target, int status) throws IOException {
        assertProblem("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n", status);
    }

    static Stream<Arguments> brokenHeads() {
        return Stream.of(
                Arguments.of("nonsense\r\n\r\n", 400),
                Arguments.of("GET /admin/" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
                Arguments.of("GET /admin HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n", 431),
                Arguments.of("GET /admin HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
                Arguments.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                Arguments.of("GET /admin HTTP/1.1\r\n\r\n", 400),
                Arguments.of("GET /admin HTTP/1.1\r\nHost: localhost\r\nbad field\r\n\r\n", 400),
                Arguments.of("POST /admin/switch HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n", 417),
                Arguments.of("POST /admin/switch HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400),
                Arguments.of(
                        "POST /admin/switch HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nzz\r\n", 400),
                Arguments.of(
                        "POST /admin/switch HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                        400),
                Arguments.of(
                        "POST /admin/switch HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n18000\r\n"
                                + "x".repeat(0x18000),
                        413));
    }

    @ParameterizedTest
    @MethodSource("brokenHeads")
    void what_is_no_call_is_a_problem_and_changes_nothing(String request, int status) throws IOException {
        long revision = revision();

        assertProblem(request, status);
        assertThat(revision()).isEqualTo(revision);
    }

    private static void assertProblem(String request, int status) throws IOException {
        assertThat(send(request)).contains(" " + status + " ", "application/problem+json", "\"detail\"");
    }

    /** Sends bytes on a connection of their own, and returns the answer's head and the piece of its body with it. */
    private static String send(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            byte[] piece = new byte[8192];
            while (!answer.toString().contains("}\n")) {
                int read = socket.getInputStream().read(piece);
                if (read < 0) {
                    break;
                }
                answer.append(new String(piece, 0, read, StandardCharsets.ISO_8859_1));
            }
            return answer.toString();
        }
    }

    @Test
    void a_large_body_is_refused_by_its_announcement() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(10_000);
            String head = "POST /admin/switch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

            assertThat(status).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void an_unknown_service_is_404_everywhere() {
        for (String path : List.of("status", "idle", "active", "history", "events")) {
            problem(given().queryParam("service", "shop").get("/admin/" + path).then(), 404, "no-service");
        }
        problem(given().queryParam("service", "shop").post("/admin/switch").then(), 404, "no-service");
        for (String path : List.of("rollback", "canary/promote", "pause", "resume", "targets/localhost:1/drain")) {
            problem(given().queryParam("service", "shop").post("/admin/" + path).then(), 404, "no-service");
        }
        problem(given().queryParam("service", "shop").delete("/admin/canary").then(), 404, "no-service");
    }

    @Test
    void a_wrong_method_is_405_with_the_right_one() {
        problem(when().get("/admin/switch").then(), 405, "method-not-allowed").header("Allow", "DELETE, POST");
        problem(when().post("/admin/status").then(), 405, "method-not-allowed").header("Allow", "GET");
        problem(when().get("/admin/canary").then(), 405, "method-not-allowed").header("Allow", "DELETE, POST");
        problem(when().get("/admin/targets/localhost:1/drain").then(), 405, "method-not-allowed")
                .header("Allow", "POST");
    }

    @Test
    void an_unknown_path_is_a_problem_too() {
        problem(when().get("/admin/nope").then(), 404, "not-found");
    }

    @Test
    @Guards("F17")
    void the_idle_and_the_active_target_are_told_to_the_letter_even_while_the_application_is_down() {
        Backend down = backend(active());
        down.kill();
        try {
            assertThat(when().get("/admin/idle").then().extract().asString())
                    .isEqualTo(idleBackend().address());
            when().get("/admin/active")
                    .then()
                    .statusCode(200)
                    .contentType("text/plain")
                    .body(equalTo(down.address()));
        } finally {
            down.revive();
        }
    }

    @Test
    void the_status_tells_everything_about_a_service() {
        Await.until(
                "both slots are up",
                () -> status().<List<String>>path("slots.blue.targets.health").equals(List.of("UP"))
                        && status().<List<String>>path("slots.green.targets.health")
                                .equals(List.of("UP")));

        status().then()
                .header("ETag", "\"" + revision() + "\"")
                .body("service", equalTo("default"))
                .body("mode", equalTo("proxy"))
                .body("active", equalTo(active()))
                .body("idle", equalTo(idle()))
                .body("paused", is(false))
                .body("canary.weight", is(0))
                .body("slots.blue.targets[0].target", equalTo(blue.address()))
                .body("slots.blue.targets[0].inRotation", is(true))
                .body("slots.green.targets[0].target", equalTo(green.address()))
                .body("slots.green.targets[0].lastProbe.status", is(200))
                .body("services.name", hasItem("default"))
                .body("turnout.version", notNullValue());
    }

    @Test
    void the_history_has_the_newest_first_with_who_what_and_verdict() {
        given().header("User-Agent", "the-deployer")
                .post("/admin/switch")
                .then()
                .statusCode(200);

        given().queryParam("limit", 2)
                .get("/admin/history")
                .then()
                .statusCode(200)
                .body("entries.size()", is(2))
                .body("entries.verdict", equalTo(List.of("drained", "switched")))
                .body("entries[0].who", containsString("the-deployer"))
                .body("entries[0].receipt.drain.drained", is(true));
    }

    @Test
    void if_match_makes_a_call_conditional() {
        long revision = revision();

        problem(
                given().header("If-Match", "\"" + (revision + 7) + "\"")
                        .post("/admin/switch")
                        .then(),
                412,
                "precondition-failed");
        problem(given().header("If-Match", "tomorrow").post("/admin/switch").then(), 400, "bad-request");
        assertThat(revision()).isEqualTo(revision);

        given().header("If-Match", "\"" + revision + "\"")
                .post("/admin/switch")
                .then()
                .statusCode(200);
        given().header("If-Match", String.valueOf(revision + 1))
                .post("/admin/switch")
                .then()
                .statusCode(200);
        given().header("If-Match", "*").post("/admin/switch").then().statusCode(200);
    }

    @Test
    void what_happens_is_announced_step_by_step() {
        List<String> kinds = new CopyOnWriteArrayList<>();
        Consumer<ChangeEvent> listener = announcement -> kinds.add(announcement.kind());
        announcer.listen(listener);
        try {
            when().post("/admin/switch").then().statusCode(200);
            assertThat(kinds).contains("step", "probe", "switched", "ended");
        } finally {
            announcer.leave(listener);
        }
    }

    @Test
    void the_dashboard_is_a_page_that_loads_its_own_files_only() {
        String page = given().header("Accept-Language", "ko-KR, en;q=0.5")
                .get("/admin")
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Content-Security-Policy", containsString("default-src 'none'; script-src 'self'"))
                .header("Content-Security-Policy", not(containsString("unsafe")))
                .header("Content-Language", "ko")
                .body(containsString("<html lang=\"ko\" data-token=\"none\">"))
                .body(not(containsString("<style")))
                .body(not(containsString("onclick")))
                .extract()
                .asString();
        List<String> files = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(files).contains("/admin/page/main.js", "/admin/page/page.css", "/admin/page/icon.svg");
        files.forEach(file -> when().get(file).then().statusCode(200));
        when().get("/admin/page/index.html").then().statusCode(404);
    }

    @Test
    void metrics_and_health_tell_of_the_traffic_and_the_front_port() {
        assertThat(given().accept("*/*").get("/q/metrics").asString())
                .contains("turnout_requests_total{", "turnout_slot_active{", "turnout_target_up{");
        when().get("/q/health").then().statusCode(200).body("checks.name", hasItem("front port"));
    }

    private static ValidatableResponse problem(ValidatableResponse answer, int status, String word) {
        return answer.statusCode(status)
                .contentType("application/problem+json")
                .body("type", endsWith(word))
                .body("status", is(status))
                .body("title", notNullValue())
                .body("detail", notNullValue());
    }

    private static Response status() {
        return when().get("/admin/status");
    }

    private Service service() {
        return current.service(Service.DEFAULT);
    }

    private String active() {
        return service().active().toString();
    }

    private String idle() {
        return service().idle().toString();
    }

    private long revision() {
        return service().revision();
    }

    private Backend backend(String slot) {
        return slot.equals("blue") ? blue : green;
    }

    private Backend idleBackend() {
        return backend(idle());
    }
}
