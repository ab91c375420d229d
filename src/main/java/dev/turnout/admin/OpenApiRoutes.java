package dev.turnout.admin;

import io.quarkus.vertx.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The OpenAPI document, as the file of the sources has it, with the version of this program. It is read when it is asked
 * for, so that a start does not wait for it. Event loop only.
 */
@Singleton
final class OpenApiRoutes {

    static final String PATH = "/q/openapi";

    /** The file without its ending. */
    private static final String RESOURCE = "/META-INF/openapi.";

    /** What the sources have in place of a version, in either form of the document. */
    private static final String VERSION = "unreleased";

    private static final String TYPE = "application/";
    private static final String JSON = "json";
    private static final String YAML = "yaml";
    private static final List<String> FORMS = List.of(JSON, YAML);

    private final ProcessInfo process;

    OpenApiRoutes(ProcessInfo process) {
        this.process = process;
    }

    @Route(
            path = PATH,
            methods = {Route.HttpMethod.GET, Route.HttpMethod.HEAD})
    void document(RoutingContext call) {
        String form = Query.of(call, "format").word("format", FORMS).orElseGet(() -> wanted(call));
        Answers.response(call, 200, TYPE + form + ";charset=UTF-8")
                .end(new String(PackagedFile.read(RESOURCE + form), StandardCharsets.UTF_8)
                        .replaceFirst(VERSION, process.version()));
    }

    /** Returns the form that the client names first; YAML if it names none. */
    private static String wanted(RoutingContext call) {
        return Answers.accepted(call.request().headers().getAll("Accept"))
                .filter(type -> type.startsWith(TYPE))
                .map(type -> type.substring(TYPE.length()))
                .filter(FORMS::contains)
                .findFirst()
                .orElse(YAML);
    }
}
