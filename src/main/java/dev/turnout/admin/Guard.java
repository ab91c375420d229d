package dev.turnout.admin;

import dev.turnout.fleet.FleetMember;
import dev.turnout.switching.FleetEntry;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * The guard of every call of the admin server, except for the health of Turnout itself.
 *
 * <ul>
 *   <li>Host: must be a known name of this address ({@link AdminNames}). Otherwise a page of another site could reach the
 *       API by its own name that points here (DNS rebinding). Ports are not compared, since ports may be mapped.
 *   <li>Token: every call has to bring the configured token, but for the files of the {@link Dashboard}, and for the question
 *       of another member of the fleet, which has the fleet's own secret.
 *   <li>Origin: a call that may change something must not come from a page of another site. A browser says so by
 *       {@code Origin} or {@code Sec-Fetch-Site}; programs send neither.
 * </ul>
 *
 * <p>A call from the front port has the site's own name as Host, so its Host is not checked. Such a call always needs the
 * token, even for the health.
 */
@Singleton
final class Guard {

    private static final String HEALTH = "/q/health";

    private final AdminNames names;
    private final Optional<byte[]> token;
    private final FrontSecret front;
    private final FleetEntry fleet;

    Guard(AdminNames names, AdminToken token, FrontSecret front, FleetEntry fleet) {
        this.names = names;
        this.token = token.value().map(text -> text.getBytes(StandardCharsets.UTF_8));
        this.front = front;
        this.fleet = fleet;
    }

    /**
     * Returns why a call is refused; empty if the call may go on.
     *
     * @param path normalized, as the routes compare it
     */
    Optional<Problem> refusal(HttpServerRequest request, String path) {
        boolean fromFront = isFromFront(request);
        if (isHealth(path) && !fromFront) {
            return Optional.empty();
        }
        if (!fromFront && isPeer(request, path)) {
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
        if ((fromFront || token.isPresent()) && !Dashboard.isFile(path) && !hasToken(request)) {
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

    /** Returns true if another member of the fleet asks what this one knows. It has no token, and any name for this address. */
    private boolean isPeer(HttpServerRequest request, String path) {
        String question = request.getHeader(FleetMember.QUESTION_HEADER);
        return question != null && path.equals(FleetMember.STATE_PATH) && fleet.isPeer(question);
    }

    private static boolean isHealth(String path) {
        return path.equals(HEALTH) || path.startsWith(HEALTH + "/");
    }

    /** Returns true if a call comes from the front port. */
    boolean isFromFront(HttpServerRequest request) {
        String sent = request.getHeader(FrontSecret.HEADER);
        return sent != null && areEqual(bytes(sent), bytes(front.value()));
    }

    /** Removes the mark of the front port from a call that has made it up: nobody behind the guard has to check it again. */
    void forgetMadeUpMark(HttpServerRequest request) {
        if (!isFromFront(request)) {
            request.headers().remove(FrontSecret.HEADER);
        }
    }

    private boolean hasToken(HttpServerRequest request) {
        String sent = request.getHeader("Authorization");
        boolean isBearer = sent != null && sent.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length());
        return isBearer
                && token.isPresent()
                && areEqual(bytes(sent.substring("Bearer ".length()).strip()), token.get());
    }

    /** Compares in constant time: wherever the first difference is. */
    private static boolean areEqual(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns true if calls of a method may change something. */
    static boolean mayChange(HttpMethod method) {
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
