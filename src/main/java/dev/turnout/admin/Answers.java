package dev.turnout.admin;

import dev.turnout.text.ChangeText;
import dev.turnout.text.Language;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The answers of the admin API. Event loop only. */
final class Answers {

    private static final String TEXT = "text/plain;charset=UTF-8";
    private static final Set<String> ANSWERED = Set.of("text/plain", "application/json", Problem.CONTENT_TYPE);

    /** Further ranges of a header are not read. */
    private static final int MOST_RANGES = 32;

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

    /** Answers a change whose state has a revision: the entity tag. */
    static void change(RoutingContext call, JsonObject body, long revision) {
        call.response().putHeader("ETag", "\"" + revision + "\"");
        change(call, body);
    }

    /** Answers a change, as lines of text for callers that ask for text. */
    static void change(RoutingContext call, JsonObject body) {
        HttpServerRequest request = call.request();
        if (wantsText(request)) {
            text(request.response(), 200, body, request);
        } else {
            json(call, body);
        }
    }

    private static void text(HttpServerResponse response, int status, JsonObject body, HttpServerRequest request) {
        Language language = Language.ofAcceptLanguage(request.getHeader("Accept-Language"));
        response(response, status, TEXT).end(String.join("\n", ChangeText.of(body, language)) + "\n");
    }

    /** Returns true if a call that may change something asks for text: by {@code text/plain}, or as plain curl does. */
    private static boolean wantsText(HttpServerRequest request) {
        return Guard.mayChange(request.method())
                && prefersText(request.headers().getAll("Accept"));
    }

    /** Returns true if the only range is {@code *}{@code /*}, or {@code text/plain} comes before any JSON. */
    static boolean prefersText(List<String> accept) {
        List<String> ranges = accepted(accept).toList();
        return ranges.equals(List.of("*/*"))
                || ranges.stream()
                        .filter(ANSWERED::contains)
                        .findFirst()
                        .filter("text/plain"::equals)
                        .isPresent();
    }

    /** Returns the ranges of an Accept header in their order, without parameters. Weights are not read. */
    static Stream<String> accepted(List<String> accept) {
        return accept.stream()
                .flatMap(header -> Stream.of(header.split(",", MOST_RANGES)))
                .map(range -> range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    /** Answers with text that has no newline, for a script's variable. */
    static void text(RoutingContext call, String body) {
        response(call, 200, TEXT).end(body);
    }

    /** Answers with a problem. */
    static void problem(RoutingContext call, Problem problem) {
        problem(call.request(), problem);
    }

    /** Answers with a problem, unless the answer has been sent or the client is gone. */
    static void problem(HttpServerRequest request, Problem problem) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        problem.headers().forEach(response::putHeader);
        if (wantsText(request)) {
            text(response, problem.status(), problem.json(), request);
        } else {
            response(response, problem.status(), Problem.CONTENT_TYPE).end(problem.text());
        }
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
