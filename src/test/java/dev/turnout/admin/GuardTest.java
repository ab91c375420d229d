package dev.turnout.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;

import dev.turnout.routing.Service;
import dev.turnout.switching.CurrentState;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of another site could try against an admin address without a token. */
@QuarkusTest
@WithTestResource(Backends.class)
final class GuardTest {

    @Inject
    AdminServer server;

    @Inject
    CurrentState current;

    @Inject
    FrontSecret front;

    @BeforeEach
    void callTheAdminServer() {
        RestAssured.port = server.port();
        RestAssured.requestSpecification = Backends.asksForJson();
    }

    @Test
    void a_program_without_an_origin_may_switch() {
        long revision = revision();

        given().post("/admin/switch").then().statusCode(200);

        assertThat(revision()).isEqualTo(revision + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example", "http://localhost:1", "null", "http://evil.example:9000", "file://"})
    void a_fetch_of_a_page_with_a_foreign_origin_may_not_switch(String origin) {
        refused(given().header("Origin", origin).post("/admin/switch").then(), 403, "foreign-origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"canary?weight=10", "canary/promote", "pause", "resume", "targets/127.0.0.1:1/drain"})
    void nor_may_it_make_any_other_change(String call) {
        refused(
                given().header("Origin", "https://evil.example")
                        .post("/admin/" + call)
                        .then(),
                403,
                "foreign-origin");
    }

    @Test
    void nor_may_it_take_a_canary_back() {
        refused(
                given().header("Origin", "https://evil.example")
                        .delete("/admin/canary")
                        .then(),
                403,
                "foreign-origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    void a_form_of_a_page_of_another_site_may_not_switch(String site) {
        refused(
                given().header("Sec-Fetch-Site", site)
                        .formParam("to", "green")
                        .post("/admin/switch")
                        .then(),
                403,
                "foreign-origin");
    }

    @Test
    void the_dashboards_own_page_may_switch() {
        String own = "http://localhost:" + RestAssured.port;

        given().header("Host", "localhost:" + RestAssured.port)
                .header("Origin", own)
                .header("Sec-Fetch-Site", "same-origin")
                .post("/admin/switch")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9000",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "192.0.2.1"
            })
    void a_name_that_was_made_to_point_here_is_refused_for_any_call(String host) {
        refused(given().header("Host", host).post("/admin/switch").then(), 403, "unknown-host");
        refused(given().header("Host", host).get("/admin/status").then(), 403, "unknown-host");
        refused(given().header("Host", host).get("/q/metrics").then(), 403, "unknown-host");
    }

    @Test
    void a_call_without_a_readable_host_is_refused() {
        refused(given().header("Host", "[").post("/admin/switch").then(), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:1234", "127.0.0.1", "127.0.0.1:9000", "[::1]:9000"})
    void the_names_of_the_admin_address_are_known_with_any_port(String host) {
        given().header("Host", host).get("/admin/status").then().statusCode(200);
    }

    @Test
    void the_own_health_is_open_to_any_name() {
        given().header("Host", "10.1.2.3").get("/q/health/ready").then().statusCode(200);
    }

    @Test
    void what_comes_by_the_front_port_needs_a_token_even_if_none_is_configured() {
        refused(
                given().header("Host", "shop.example")
                        .header(FrontSecret.HEADER, front.value())
                        .post("/admin/switch")
                        .then(),
                401,
                "unauthorized");
    }

    @Test
    void a_made_up_mark_of_the_front_port_is_worth_nothing() {
        refused(
                given().header("Host", "shop.example")
                        .header(FrontSecret.HEADER, "0".repeat(32))
                        .post("/admin/switch")
                        .then(),
                403,
                "unknown-host");
    }

    private void refused(ValidatableResponse answer, int status, String word) {
        long revision = revision();
        answer.statusCode(status).contentType("application/problem+json").body("type", endsWith(word));
        assertThat(revision()).isEqualTo(revision);
    }

    private long revision() {
        return current.service(Service.DEFAULT).revision();
    }
}
