package dev.turnout.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.turnout.support.ApiDocument;
import dev.turnout.support.ApiDocument.Operation;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the OpenAPI document against the running routes. */
@QuarkusTest
@WithTestResource(Backends.class)
@DisplayName("The OpenAPI document")
final class ApiDocumentTest {

    private static final ApiDocument DOCUMENT = ApiDocument.ofSources();

    private static final Pattern KNOWN = Pattern.compile("There is no parameter 'zz' here; there is ([^.]+)\\.");

    @Inject
    AdminServer server;

    @Inject
    Router router;

    @BeforeEach
    void call() {
        RestAssured.port = server.port();
        RestAssured.requestSpecification = Backends.asksForJson();
    }

    static Stream<Operation> operationsOfTurnout() {
        return DOCUMENT.operations().stream()
                .filter(operation -> operation.path().startsWith("/admin"));
    }

    @Test
    @DisplayName("has each route, and no route that is not there")
    void the_document_has_each_route() {
        Set<String> routes = router.getRoutes().stream()
                .filter(route ->
                        route.getPath() != null && route.getPath().startsWith("/admin") && route.methods() != null)
                .filter(route -> !route.getPath().startsWith("/admin/page/"))
                .flatMap(route -> route.methods().stream()
                        .map(method -> method + " " + route.getPath().replaceAll(":(\\w+)", "{$1}")))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(operationsOfTurnout().map(Operation::toString)).containsExactlyInAnyOrderElementsOf(routes);
    }

    @Test
    @DisplayName("is served in JSON and YAML as it is in the sources, with the version of the program")
    void the_document_is_served() throws IOException {
        ObjectNode expected = DOCUMENT.root().deepCopy();
        ((ObjectNode) expected.get("info"))
                .put("version", ConfigProvider.getConfig().getValue("quarkus.application.version", String.class));

        JsonNode json = new ObjectMapper().readTree(served("json"));
        JsonNode yaml = new ObjectMapper(new YAMLFactory()).readTree(served("yaml"));

        assertThat(json).isEqualTo(expected);
        assertThat(yaml).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', yaml",
        "'', */*, yaml",
        "'', text/html, yaml",
        "'', application/json, json",
        "'', APPLICATION/JSON;q=0.5, json",
        "'', 'text/html, application/json;q=0.9, */*;q=0.1', json",
        "'', 'application/yaml, application/json', yaml",
        "yaml, application/json, yaml",
        "json, application/yaml, json"
    })
    @DisplayName("is in the form that the call names, or that it accepts first, or else in YAML")
    void the_document_has_the_form_that_is_asked_for(String format, String accept, String expected) {
        RequestSpecification call = format.isEmpty() ? given() : given().queryParam("format", format);

        call.header("Accept", accept)
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .header("Content-Type", "application/" + expected + ";charset=UTF-8");
    }

    @Test
    @DisplayName("is not there in another form, nor with another parameter")
    void the_document_has_two_forms() {
        for (String parameter : new String[] {"format=xml", "form=json"}) {
            given().get("/q/openapi?" + parameter).then().statusCode(400).contentType("application/problem+json");
        }
    }

    private static String served(String format) {
        return given().queryParam("format", format)
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @ParameterizedTest
    @MethodSource("operationsOfTurnout")
    @DisplayName("has each parameter of a route, and no parameter that the route does not know")
    void the_document_has_each_parameter(Operation operation) {
        Response answer = calling(operation).queryParam("zz", "1").request(operation.method(), path(operation));

        Matcher known = KNOWN.matcher(answer.then().statusCode(400).extract().path("detail"));
        assertThat(known.find()).isTrue();
        Set<String> parameters = new TreeSet<>(Set.of(known.group(1).split(", ")));
        // Every route lets the service be named, if only to ignore it.
        parameters.remove("service");
        assertThat(parametersIn(operation, "query").filter(name -> !name.equals("service")))
                .containsExactlyInAnyOrderElementsOf(parameters);
    }

    @ParameterizedTest
    @MethodSource("operationsOnServices")
    @DisplayName("says which calls are conditional")
    void the_document_has_each_if_match(Operation operation) {
        if (operation.method().equals("GET")) {
            return;
        }
        String answer = calling(operation)
                .header("If-Match", "not a revision")
                .queryParams(operation.toString().equals("POST /admin/canary") ? Map.of("weight", "0") : Map.of())
                .request(operation.method(), path(operation))
                .asString();

        assertThat(parametersIn(operation, "header").anyMatch("If-Match"::equals))
                .isEqualTo(answer.contains("If-Match holds revisions"));
    }

    /** Returns all but the reload, which is of all services at any revision. It would wait for the targets of this machine's files. */
    static Stream<Operation> operationsOnServices() {
        return operationsOfTurnout()
                .filter(operation -> !operation.path().equals("/admin/reload")
                        && !operation.path().contains("/services/"));
    }

    @ParameterizedTest
    @MethodSource("operationsOnServices")
    @DisplayName("says where a service may be named")
    void the_document_has_each_service(Operation operation) {
        String answer = calling(operation)
                .queryParam("service", "nobody-s")
                .request(operation.method(), path(operation))
                .asString();

        // A call without a parameter that it needs does not get as far as its service.
        assertThat(parametersIn(operation, "query").anyMatch("service"::equals))
                .isEqualTo(answer.contains("urn:turnout:problem:no-service") || answer.contains("is missing"));
    }

    @Test
    @DisplayName("gives each parameter a schema, and each response a content")
    void nothing_is_left_open() {
        assertThat(DOCUMENT.operations()).isNotEmpty().allSatisfy(operation -> {
            assertThat(DOCUMENT.parameters(operation))
                    .allSatisfy(parameter -> assertThat(parameter.has("schema")).isTrue());
            assertThat(operation.node().get("responses")).allSatisfy(response -> assertThat(
                            DOCUMENT.resolved(response).path("content"))
                    .isNotEmpty());
        });
    }

    private static Stream<String> parametersIn(Operation operation, String place) {
        return DOCUMENT.parameters(operation).stream()
                .filter(parameter -> parameter.get("in").asText().equals(place))
                .map(parameter -> parameter.get("name").asText());
    }

    /** Returns a call, with a body if the operation has one. */
    private static RequestSpecification calling(Operation operation) {
        return operation.node().has("requestBody")
                ? given().body(operation.path().contains("/services/") ? "{\"hosts\":\"a.example\"}" : "[]")
                : given();
    }

    private static String path(Operation operation) {
        return operation
                .path()
                .replace("{slot}", "green")
                .replace("{name}", "nobody-s-own")
                .replace("{member}", "nobody")
                .replace("{change}", "nothing")
                .replace("{target}", Backends.setting("turnout.blue"));
    }
}
