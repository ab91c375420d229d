package dev.turnout.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.startsWith;

import dev.turnout.routing.Service;
import dev.turnout.switching.CurrentState;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An admin address with a token, served on the front port too. */
@QuarkusTest
@TestProfile(TokenTest.WithToken.class)
@WithTestResource(Backends.class)
final class TokenTest {

    private static final String TOKEN = "s3cret-of-the-test";

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

    /** The settings. */
    public static class WithToken implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("turnout.admin.token", TOKEN, "turnout.admin.names", "deploy.example");
        }
    }

    @Test
    void the_token_opens_every_call() {
        given().header("Authorization", "Bearer " + TOKEN)
                .get("/admin/status")
                .then()
                .statusCode(200);
        given().header("Authorization", "bearer " + TOKEN)
                .post("/admin/switch")
                .then()
                .statusCode(200);
    }

    @Test
    void without_the_token_every_call_is_401() {
        for (String path :
                new String[] {"/admin/status", "/admin/idle", "/admin/history", "/admin", "/q/metrics", "/q/openapi"}) {
            given().get(path)
                    .then()
                    .statusCode(401)
                    .header("WWW-Authenticate", startsWith("Bearer"))
                    .body("type", endsWith("unauthorized"));
        }
        given().post("/admin/switch").then().statusCode(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer ",
                "Bearer",
                "s3cret-of-the-test",
                "Basic czNjcmV0",
                "Bearer s3cret-of-the-tesT"
            })
    void a_wrong_token_is_401_and_changes_nothing(String authorization) {
        long revision = current.service(Service.DEFAULT).revision();

        given().header("Authorization", authorization)
                .post("/admin/switch")
                .then()
                .statusCode(401);

        assertThat(current.service(Service.DEFAULT).revision()).isEqualTo(revision);
    }

    @Test
    void the_token_does_not_open_a_foreign_origin_or_name() {
        given().header("Authorization", "Bearer " + TOKEN)
                .header("Origin", "https://evil.example")
                .post("/admin/switch")
                .then()
                .statusCode(403);
        given().header("Authorization", "Bearer " + TOKEN)
                .header("Host", "evil.example")
                .post("/admin/switch")
                .then()
                .statusCode(403);
    }

    @Test
    void a_configured_name_is_known() {
        given().header("Authorization", "Bearer " + TOKEN)
                .header("Host", "deploy.example:9000")
                .get("/admin/status")
                .then()
                .statusCode(200);
    }

    @Test
    void by_the_front_port_the_sites_own_name_is_right_and_its_own_page_no_stranger() {
        given().header(FrontSecret.HEADER, front.value())
                .header("Host", "shop.example")
                .header("Origin", "https://shop.example")
                .header("Authorization", "Bearer " + TOKEN)
                .post("/admin/switch")
                .then()
                .statusCode(200);
        given().header(FrontSecret.HEADER, front.value())
                .header("Host", "shop.example")
                .header("Origin", "https://evil.example")
                .header("Authorization", "Bearer " + TOKEN)
                .post("/admin/switch")
                .then()
                .statusCode(403);
    }

    @Test
    void who_switched_by_the_front_port_is_in_the_history_with_the_address_of_the_client() {
        given().header(FrontSecret.HEADER, front.value())
                .header("Host", "shop.example")
                .header("X-Forwarded-For", "198.51.100.9")
                .header("Authorization", "Bearer " + TOKEN)
                .post("/admin/switch")
                .then()
                .statusCode(200);

        assertThat(newestCaller()).startsWith("198.51.100.9 through the front port");
    }

    @Test
    void a_made_up_mark_of_the_front_port_changes_no_name_in_the_history() {
        given().header(FrontSecret.HEADER, "0".repeat(32))
                .header("X-Forwarded-For", "198.51.100.9")
                .header("Authorization", "Bearer " + TOKEN)
                .post("/admin/switch")
                .then()
                .statusCode(200);

        assertThat(newestCaller()).startsWith("127.0.0.1");
    }

    private static String newestCaller() {
        return given().header("Authorization", "Bearer " + TOKEN)
                .get("/admin/history")
                .then()
                .statusCode(200)
                .extract()
                .path("entries[0].who");
    }

    @Test
    void a_person_without_the_token_gets_the_page_that_asks_for_it() {
        given().accept("text/html")
                .get("/admin")
                .then()
                .statusCode(401)
                .contentType("text/html")
                .header("WWW-Authenticate", startsWith("Bearer"))
                .body(containsString("data-token=\"needed\""));
    }

    @Test
    void by_the_front_port_the_own_health_needs_the_token_and_is_no_page_of_it() {
        given().header(FrontSecret.HEADER, front.value())
                .get("/q/health")
                .then()
                .statusCode(401);
        given().header(FrontSecret.HEADER, front.value())
                .header("Authorization", "Bearer " + TOKEN)
                .get("/q/health")
                .then()
                .statusCode(404);
    }

    @Test
    void the_own_health_needs_no_token() {
        given().get("/q/health").then().statusCode(200);
    }
}
