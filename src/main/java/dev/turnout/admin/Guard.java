package dev.turnout.admin;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Stands before every call that the admin server gets, but for its own health.
 *
 * <ul>
 *   <li>Host: it must be a known name of this address ({@link AdminNames}), else a page of another site could reach it
 *       by letting its own name point here (DNS rebinding). Ports are not compared: they may be mapped.
 *   <li>Token: with one configured every call has to bring it.
 *   <li>Origin: a call that may change something must not come from a page of another site. A browser says so by
 *       {@code Origin} or {@code Sec-Fetch-Site}; programs send neither.
 * </ul>
 *
 * <p>A call that the front port has handed on bears the site's own name as Host, so that is not checked; it always
 * needs the token, for the health too.
 */
@Singleton
final class Guard {

    private static final String HEALTH = "/q/health";

    private final AdminNames names;
    private final Optional<byte[]> token;
    private final FrontSecret front;

    Guard(AdminNames names, AdminToken token, FrontSecret front) {
        this.names = names;
        this.token = token.value().map(text -> text.getBytes(StandardCharsets.UTF_8));
        this.front = front;
    }

    /**
     * Returns why a call is refused, if it is.
     *
     * @param path normalized, as the routes compare it
     */
    Optional<Problem> refusal(HttpServerRequest request, String path) {
        boolean fromFront = isFromFront(request);
        if (isHealth(path) && !fromFront) {
            return Optional.empty();
        }
        if (!fromFront && !names.isKnown(request)) {
            return Optional.of(Problem.of(
                    "unknown-host",
                    403,
                    "This is not a name of the admin address",
                    "The Host '" + request.getHeader("Host") + "' is not a known name of the admin address, so the"
                            + " call may come from a page of another site. Nothing was done. If the name is yours, add"
                            + " it to turnout.admin.names."));
        }
        if ((fromFront || token.isPresent()) && !hasToken(request)) {
            return Optional.of(Problem.of(
                            "unauthorized",
                            401,
                            "The token is missing or wrong",
                            "Nothing was done. Send the value of turnout.admin.token as 'Authorization: Bearer'.")
                    .withHeader("WWW-Authenticate", "Bearer realm=\"turnout\""));
        }
        if (mayChange(request.method()) && isForeign(request)) {
            return Optional.of(
                    Problem.of(
                            "foreign-origin",
                            403,
                            "The call comes from a page of another site",
                            "Nothing was done: by its Origin or Sec-Fetch-Site the call comes from elsewhere, and may only ask."));
        }
        return Optional.empty();
    }

    private static boolean isHealth(String path) {
        return path.equals(HEALTH) || path.startsWith(HEALTH + "/");
    }

    /** Returns true if the front port has handed a call on. */
    boolean isFromFront(HttpServerRequest request) {
        String sent = request.getHeader(FrontSecret.HEADER);
        return sent != null && areEqual(bytes(sent), bytes(front.value()));
    }

    private boolean hasToken(HttpServerRequest request) {
        String sent = request.getHeader("Authorization");
        boolean isBearer = sent != null && sent.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length());
        return isBearer
                && token.isPresent()
                && areEqual(bytes(sent.substring("Bearer ".length()).strip()), token.get());
    }

    /** Takes as long whether the first byte differs or the last. */
    private static boolean areEqual(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean mayChange(HttpMethod method) {
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD) && !method.equals(HttpMethod.OPTIONS);
    }

    private static boolean isForeign(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        List<String> origins = request.headers().getAll("Origin");
        return !origins.isEmpty() && (origins.size() > 1 || !Origin.isOf(origins.get(0), request.getHeader("Host")));
    }
}
