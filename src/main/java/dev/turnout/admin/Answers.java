package dev.turnout.admin;

import dev.turnout.switching.Report;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Writes the answers of the admin API. To be called on the request's event loop. */
final class Answers {

    private Answers() {}

    /** Answers with JSON; the result completes when it was written, or can't be. */
    static Future<Void> json(RoutingContext call, JsonObject body) {
        return response(call, 200, "application/json").end(body.encodePrettily() + "\n");
    }

    /** JSON that is about one revision of a service. */
    static void json(RoutingContext call, JsonObject body, long revision) {
        call.response().putHeader("ETag", "\"" + revision + "\"");
        json(call, body);
    }

    /** Answers with the report of a change, whose revision is the entity tag. */
    static void report(RoutingContext call, Report<?> report) {
        json(call, report.json(), report.revision());
    }

    /** Text to the letter: what a script puts into a variable. */
    static void text(RoutingContext call, String body) {
        response(call, 200, "text/plain;charset=UTF-8").end(body);
    }

    static void problem(RoutingContext call, Problem problem) {
        problem(call.response(), problem);
    }

    static void problem(HttpServerResponse response, Problem problem) {
        if (response.ended() || response.closed()) {
            return;
        }
        problem.headers().forEach(response::putHeader);
        response(response, problem.status(), Problem.CONTENT_TYPE).end(problem.text());
    }

    static HttpServerResponse response(RoutingContext call, int status, String contentType) {
        return response(call.response(), status, contentType);
    }

    static HttpServerResponse response(HttpServerResponse response, int status, String contentType) {
        return response.setStatusCode(status)
                .putHeader("Content-Type", contentType)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
    }
}
