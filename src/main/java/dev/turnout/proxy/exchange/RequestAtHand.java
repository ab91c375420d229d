package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.http1.HeadEdits;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.StrictTransport;
import dev.turnout.proxy.route.RequestSettings;
import dev.turnout.proxy.route.ServiceRoute;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of an {@link Admission} have found out about the request at hand. One object serves all requests of an
 * event loop, one after the other. Event loop only.
 */
final class RequestAtHand {

    private @Nullable AdminOnFront admin;
    private @Nullable ServiceRoute route;
    private @Nullable StrictTransport strictTransport;
    private @Nullable AppliedRules applied;
    private @Nullable RequestTrace trace;

    /** Forgets the request before. */
    void begin() {
        admin = null;
        route = null;
        strictTransport = null;
        applied = null;
        trace = null;
    }

    /** Notes that the request is for the admin server. */
    void isFor(AdminOnFront server) {
        admin = server;
    }

    /**
     * Notes the route of the request.
     *
     * @param found null if the request is for no service
     * @param line the line that its answer gets; null for none
     */
    void isFor(@Nullable ServiceRoute found, @Nullable StrictTransport line) {
        route = found;
        strictTransport = line;
    }

    /** Notes what rules say of the request; null if none is for it. */
    void applied(@Nullable AppliedRules rules) {
        applied = rules;
    }

    /** Notes the trace that the request belongs to. */
    void traced(RequestTrace of) {
        trace = of;
    }

    /** Returns the admin server if the request is for it; else null. */
    @Nullable
    AdminOnFront admin() {
        return admin;
    }

    /** Returns the route of the request; null if it is for the admin server or for no service. */
    @Nullable
    ServiceRoute route() {
        return route;
    }

    /** Returns the name of the service, as failures are counted by. */
    String service() {
        return route == null ? FailedRequests.NO_SERVICE : route.service();
    }

    /** Returns the line that the answer gets; null for none. */
    @Nullable
    StrictTransport strictTransport() {
        return strictTransport;
    }

    /** Returns what rules say of the request; null if none is for it. */
    @Nullable
    AppliedRules applied() {
        return applied;
    }

    /** Returns the user whose password is known to be right; null if there is none, or none yet. */
    @Nullable
    String user() {
        return applied == null ? null : applied.user();
    }

    /** Returns the trace of the request; null if it has none, or none yet. */
    @Nullable
    RequestTrace trace() {
        return trace;
    }

    /** Returns how many bytes of the path's beginning the target does not get. */
    int stripped() {
        int ofService = route == null ? 0 : route.entrance().stripped();
        return applied == null ? ofService : applied.stripped(ofService);
    }

    /** Returns true if the target gets another path than the client has sent. */
    boolean isMoved() {
        return stripped() > 0 || applied != null && applied.rewritesPath();
    }

    /**
     * Returns what holds for the request.
     *
     * @param ofNoService what holds for requests that are for no service
     */
    RequestSettings settings(RequestSettings ofNoService) {
        return route == null ? ofNoService : route.entrance().requests();
    }

    /** Returns the lines that the target gets with the request, each with its CRLF. */
    byte[] linesForTarget(RequestHead head) {
        return admin == null ? requireNonNull(route).entrance().targets().linesForTarget(head) : admin.line();
    }

    /**
     * Returns the largest body, in bytes; 0 for none.
     *
     * @param ofService the limit of all requests of the service
     */
    long bodyLimit(long ofService) {
        return applied == null ? ofService : applied.bodyLimit(ofService);
    }

    /** Returns what changes in the head of the response. */
    List<HeadEdits> responseEdits() {
        return applied == null ? List.of() : applied.responseEdits();
    }
}
