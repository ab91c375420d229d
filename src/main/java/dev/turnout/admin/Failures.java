package dev.turnout.admin;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** Makes every error of the admin API a problem, those too that no route of it has seen. */
@Singleton
final class Failures {

    private static final String[] PATHS = {"/admin", "/admin/*"};

    /** Before all routes: a failure is handed to the first failure handler that matches. */
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

    /** RFC 9110, section 15.5.6: the answer has to tell. */
    private static String allowed(Router router, String path) {
        return router.getRoutes().stream()
                .filter(route -> isOf(path, route) && route.methods() != null)
                .flatMap(route -> route.methods().stream())
                .map(HttpMethod::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** A route's path may have names of parameters in the places of segments. */
    private static boolean isOf(String path, Route route) {
        return route.getPath() != null && path.matches(route.getPath().replaceAll("/:\\w+", "/[^/]+"));
    }

    private static void answer(RoutingContext call) {
        boolean isThrown = call.statusCode() == 500 && call.failure() != null;
        Answers.problem(call, isThrown ? Problems.of(call.failure()) : Problems.status(call.statusCode()));
    }
}
