package dev.turnout.admin;

import dev.turnout.switching.Report;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The answers of the admin API. Event loop only. */
final class Answers {

    private Answers() {}

    /** Answers with JSON. The future completes when the answer has been written, or cannot be written. */
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

    /** Answers with text that has no newline, for a script's variable. */
    static void text(RoutingContext call, String body) {
        response(call, 200, "text/plain;charset=UTF-8").end(body);
    }
    /** Answers with a problem. */
    static void problem(RoutingContext call, Problem problem) {
        problem(call.response(), problem);
    }
    /** Answers with a problem, unless the answer has been sent or the client is gone. */
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
