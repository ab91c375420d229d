package dev.turnout.admin;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** The failure handlers that answer every error of the admin API with a problem, even if no route matches. */
@Singleton
final class Failures {

    private static final String[] PATHS = {"/admin", "/admin/*", OpenApiRoutes.PATH};

    /** The order before all routes, since the first failure handler that matches gets a failure. */
    private static final int FIRST = -10_000;

    void install(@Observes Router router) {
        for (String path : PATHS) {
            router.route(path).order(FIRST).failureHandler(Failures::answer);
        }
        router.errorHandler(404, call -> Answers.problem(call, Problems.status(404)));
        router.errorHandler(
                405,
                call -> Answers.problem(
                        call, Problems.status(405).withHeader("Allow", allowed(router, call.normalizedPath()))));
    }

    /** Returns the methods for Allow, which a 405 needs (RFC 9110, section 15.5.6). */
    private static String allowed(Router router, String path) {
        return router.getRoutes().stream()
                .filter(route -> isOf(path, route) && route.methods() != null)
                .flatMap(route -> route.methods().stream())
                .map(HttpMethod::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Returns true if a path matches a route, whose path may have parameters as segments. */
    private static boolean isOf(String path, Route route) {
        return route.getPath() != null && path.matches(route.getPath().replaceAll("/:\\w+", "/[^/]+"));
    }

    private static void answer(RoutingContext call) {
        boolean isThrown = call.statusCode() == 500 && call.failure() != null;
        Answers.problem(call, isThrown ? Problems.of(call.failure()) : Problems.status(call.statusCode()));
    }
}
