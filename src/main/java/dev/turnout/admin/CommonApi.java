package dev.turnout.admin;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.quarkus.smallrye.openapi.OpenApiFilter.RunStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.Parameter.In;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * The part of the OpenAPI document that all calls share: the parameter {@code service}, {@code If-Match}, the problems
 * and the token. An operation describes only what differs; its own description of a status stays. Runs in the build.
 */
@OpenApiFilter(stages = RunStage.BUILD)
public final class CommonApi implements OASFilter {

    /** The description of 424 for calls that prove and warm up what is to get traffic. */
    static final String UNHEALTHY = "unhealthy: the gate was not passed; not-warm: a required warm-up failed";

    static final String WAIT = "drained (default), or switched: answer as soon as the change is in force";
    static final String FORCE = "true: without the gate";
    static final String VERSION = "The version of the build that gets the traffic, up to 100 characters";
    static final String BY = "Who asks, up to 100 characters";
    static final String NOTE = "A few words for the history, up to 500 characters";
    static final String VERBOSE = "true: all probes of the gate; else the tally, and the last failures of a refusal";
    static final String DRY_RUN = "true: only the gate; nothing changes";

    private static final String DASHBOARD = "/admin";
    private static final String EVENTS = "/admin/events";
    private static final String TOKEN = "token";
    private static final String PROBLEM = "Problem";

    private static final Map<String, String> OF_ALL = Map.of(
            "400", "bad-request: a parameter is unknown or not well written",
            "401", "unauthorized: the token is missing or wrong",
            "403", "unknown-host, or foreign-origin: the call may come from a page of another site",
            "500", "internal: the log has the details");

    private static final Map<String, String> OF_SERVICES = Map.of("404", "no-service");

    private static final Map<String, String> OF_CHANGES = Map.of(
            "409", "busy: another change of this service has not ended",
            "412", "precondition-failed: the revision is another one",
            "502", "nginx-failed: nginx did not take the change",
            "503", "starting, stopping, or too-many-calls",
            "507", "state-not-saved: the disk is full or cannot be written");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents().addSchema(PROBLEM, problem()).addSecurityScheme(TOKEN, token());
        // Without turnout.admin.token a call needs no token.
        api.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(TOKEN))
                .addSecurityRequirement(OASFactory.createSecurityRequirement());
        api.getPaths().getPathItems().forEach((path, item) -> item.getOperations()
                .forEach((method, operation) -> complete(operation, path, method)));
    }

    private static void complete(Operation operation, String path, HttpMethod method) {
        Map<String, APIResponse> responses =
                new TreeMap<>(operation.getResponses().getAPIResponses());
        add(responses, OF_ALL);
        List<Parameter> parameters = new ArrayList<>();
        if (!path.equals(DASHBOARD)) {
            parameters.add(parameter(
                    "service",
                    In.QUERY,
                    path.equals(EVENTS) ? "Which service; all if absent" : "Which service; 'default' if absent"));
            add(responses, OF_SERVICES);
        }
        if (operation.getParameters() != null) {
            parameters.addAll(operation.getParameters());
        }
        if (method != HttpMethod.GET) {
            parameters.add(parameter("If-Match", In.HEADER, "The revision that the change may start from"));
            add(responses, OF_CHANGES);
        }
        responses.forEach((status, response) -> {
            if (status.compareTo("400") >= 0) {
                response.setContent(OASFactory.createContent()
                        .addMediaType(
                                Problem.CONTENT_TYPE,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(PROBLEM))));
            }
        });
        APIResponses all = OASFactory.createAPIResponses();
        responses.forEach(all::addAPIResponse);
        operation.setResponses(all);
        operation.setParameters(parameters);
    }

    /** Adds responses, where the operation has not described this status itself. */
    private static void add(Map<String, APIResponse> responses, Map<String, String> descriptions) {
        descriptions.forEach((status, description) ->
                responses.putIfAbsent(status, OASFactory.createAPIResponse().description(description)));
    }

    private static Parameter parameter(String name, In in, String description) {
        return OASFactory.createParameter().name(name).in(in).description(description);
    }

    private static SecurityScheme token() {
        return OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("The value of turnout.admin.token, if there is one");
    }

    private static Schema problem() {
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .description("RFC 9457: 'type' ends in the word that the response's description names")
                .addProperty("type", text())
                .addProperty("title", text())
                .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
                .addProperty("detail", text());
    }

    private static Schema text() {
        return OASFactory.createSchema().addType(SchemaType.STRING);
    }
}
