package dev.turnout.admin;

import dev.turnout.config.BadConfiguration;
import dev.turnout.store.StoreFailed;
import dev.turnout.switching.ChangeRefused;
import dev.turnout.switching.GateDetail;
import dev.turnout.switching.GateJson;
import dev.turnout.switching.Receipt;
import dev.turnout.switching.WatchReport;
import dev.turnout.switching.WatchVerdict;
import io.vertx.core.json.JsonArray;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** The single map from failures and refusals to problems and status codes. */
final class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);

    private static final String UNHEALTHY = "The slot or target is not fit for traffic";
    private static final String BAD_CONFIGURATION = "The configuration can't be brought into force";

    private Problems() {}
    /** Returns the problem of a failure. */
    static Problem of(Throwable failure) {
        return of(failure, GateDetail.FAILURES);
    }

    /** Returns the problem of a failure, with probes of the gate as far as the detail says. */
    static Problem of(Throwable failure, GateDetail detail) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return of(failure.getCause(), detail);
        }
        if (failure instanceof ChangeRefused refused) {
            Problem problem = refused(refused.reason(), refused.getMessage()).with(refused.facts());
            return refused.gate()
                    .map(gate -> problem.with("gate", GateJson.of(gate, detail)))
                    .orElse(problem);
        }
        if (failure instanceof BadConfiguration bad) {
            return badConfiguration(bad);
        }
        if (failure instanceof BadRequest) {
            return Problem.of("bad-request", 400, "The call can't be understood", message(failure));
        }
        if (failure instanceof StoreFailed) {
            return Problem.of("store-failed", 500, "The state folder can't be read", message(failure));
        }
        LOG.error("A call of the admin API ended in an error", failure);
        return Problem.of(
                "internal",
                500,
                "Something in Turnout is broken",
                "The log has the details; GET /admin/status tells what state things are in.");
    }

    private static Problem badConfiguration(BadConfiguration bad) {
        String detail = "The configuration has "
                + (bad.errors().size() == 1 ? "one error" : bad.errors().size() + " errors")
                + ", and nothing has changed: " + String.join(" ", bad.errors());
        return Problem.of("bad-configuration", 422, BAD_CONFIGURATION, detail)
                .with("errors", new JsonArray(bad.errors()));
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    /** Returns the problem of a switch to a slot that its watch found worse, or that a rollback took back. */
    static Problem worse(Receipt receipt, GateDetail gate) {
        WatchReport watch = receipt.watch().orElseThrow();
        String detail = "Service '" + receipt.service() + "' was switched to slot " + watch.to()
                + ", which had the traffic for "
                + watch.took().toMillis() + " ms. "
                + (watch.verdict() == WatchVerdict.WORSE
                        ? "Slot " + watch.to() + " is worse than slot " + watch.from() + ": " + watch.reason() + ". "
                        : "Then a rollback took the switch back. ")
                + (watch.flippedBack()
                        ? "Slot " + watch.from() + " serves again."
                        : "Slot " + watch.to()
                                + " stays active for the reason among the receipt's warnings; stop neither slot.");
        return Problem.of("unhealthy", 424, UNHEALTHY, detail).with("receipt", receipt.json(gate));
    }

    /** Returns the problem of a status that HTTP itself demands. */
    static Problem status(int status) {
        return switch (status) {
            case 404 ->
                Problem.of(
                        "not-found", 404, "There is nothing here", "GET /q/openapi lists all calls of the admin API.");
            case 405 ->
                Problem.of(
                        "method-not-allowed",
                        405,
                        "Not with this method",
                        "Nothing was done: GET asks, POST, PUT and DELETE change. GET /q/openapi lists all calls.");
            case 408 ->
                Problem.of(
                        "too-slow",
                        408,
                        "The call did not arrive in time",
                        "Nothing was done. A call has turnout.admin.arrival to arrive.");
            case 413 ->
                Problem.of("too-large", 413, "The body is too large", "Nothing was done: a body has 64 KiB at most.");
            case 414 -> Problem.of("uri-too-long", 414, "The URL is too long", "Nothing was done.");
            case 417 ->
                Problem.of(
                        "expectation-failed",
                        417,
                        "The expectation is not known",
                        "Nothing was done: 'Expect: 100-continue' is the only one.");
            case 431 -> Problem.of("head-too-large", 431, "The head is too large", "Nothing was done.");
            case 503 ->
                Problem.of(
                        "too-many-connections",
                        503,
                        "Too many calls are being carried out",
                        "Nothing was done: all connections that turnout.admin.connections allows are at work. Try"
                                + " again once one of them has ended.");
            case 505 ->
                Problem.of(
                        "unsupported-version",
                        505,
                        "The version of HTTP is not known",
                        "Nothing was done: the admin server speaks HTTP/1.1.");
            default ->
                status < 500
                        ? Problem.of("bad-request", status, "The call can't be understood", "Nothing was done.")
                        : Problem.of("internal", status, "Something in Turnout is broken", "The log has the details.");
        };
    }

    /** Returns the problem of a call with a body. */
    static Problem body() {
        return Problem.of(
                "bad-request",
                400,
                "The call can't be understood",
                "Nothing was done: parameters belong into the URL's query, as in /admin/switch?to=green, and the body"
                        + " has to be empty.");
    }

    /** Returns the word of the problem that a refusal is answered with, by the name of its reason. */
    static String word(String reason) {
        return refused(ChangeRefused.Reason.valueOf(reason), "").word();
    }

    private static Problem refused(ChangeRefused.Reason reason, String detail) {
        return switch (reason) {
            case NO_SERVICE -> Problem.of("no-service", 404, "There is no such service", detail);
            case BUSY -> Problem.of("busy", 409, "Another change has not ended", detail);
            case PRECONDITION_FAILED -> Problem.of("precondition-failed", 412, "The revision is another one", detail);
            case NOTHING_TO_ROLL_BACK ->
                Problem.of("nothing-to-roll-back", 409, "There is nothing to roll back", detail);
            case NO_CANARY -> Problem.of("no-canary", 409, "There is no canary", detail);
            case LAST_TARGET -> Problem.of("last-target", 409, "It is the last target in rotation", detail);
            case NO_TARGET -> Problem.of("no-target", 404, "There is no such target", detail);
            case IN_OTHER_SLOT -> Problem.of("in-other-slot", 409, "The other slot has the target", detail);
            case FOLLOWS_NAMES ->
                Problem.of("follows-names", 409, "The slot has the targets that names stand for", detail);
            case TOO_MANY_TARGETS ->
                Problem.of("too-many-targets", 409, "The slot has no place for more targets", detail);
            case PAUSED -> Problem.of("paused", 409, "The service is paused", detail);
            case INVALID -> Problem.of("bad-request", 400, "The call can't be understood", detail);
            case UNSUPPORTED -> Problem.of("unsupported", 409, "What carries the traffic can't do this", detail);
            case DRIFT -> Problem.of("drift", 409, "Somebody else has changed where the traffic goes", detail);
            case UNHEALTHY -> Problem.of("unhealthy", 424, UNHEALTHY, detail);
            case REHEARSAL -> Problem.of("rehearsal", 424, "The rehearsal was not passed", detail);
            case NOT_WARM -> Problem.of("not-warm", 424, "The warm-up failed", detail);
            case STATE_NOT_SAVED -> Problem.of("state-not-saved", 507, "The new state could not be saved", detail);
            case NOT_PUBLISHED -> Problem.of("nginx-failed", 502, "The new state was not taken", detail);
            case CANCELLED -> Problem.of("cancelled", 409, "The change was cancelled", detail);
            case TOO_LATE -> Problem.of("too-late", 409, "The change can no longer be cancelled", detail);
            case NOTHING_TO_CANCEL -> Problem.of("nothing-to-cancel", 409, "There is nothing to cancel", detail);
            case BAD_CONFIGURATION -> Problem.of("bad-configuration", 422, BAD_CONFIGURATION, detail);
            case CONFIGURED_SERVICE ->
                Problem.of("configured-service", 409, "The service stands in the configuration", detail);
            case IN_USE -> Problem.of("in-use", 409, "The service has requests in flight or waiting", detail);
            case FLEET_UNREACHABLE ->
                Problem.of("fleet-unreachable", 503, "The store of the fleet can't be used", detail);
            case FLEET_NOT_KNOWN ->
                Problem.of("fleet-not-known", 503, "It is not known whether the change was made", detail);
            case FLEET_EXISTS -> Problem.of("fleet-exists", 409, "That place in a fleet is taken", detail);
            case NO_FLEET -> Problem.of("no-fleet", 409, "There is no such fleet", detail);
            case FLEET_DIFFERS -> Problem.of("fleet-differs", 409, "The fleet routes otherwise", detail);
            case FLEET_IN_ORDER -> Problem.of("fleet-in-order", 409, "There is nothing to recover", detail);
            case NO_MEMBER -> Problem.of("no-member", 404, "The fleet has no such member", detail);
            case MEMBER_MISSING -> Problem.of("member-missing", 409, "A member of the fleet is missing", detail);
            case MEMBER_REFUSED -> Problem.of("member-refused", 424, "A member of the fleet has refused", detail);
            case MEMBER_SLOW -> Problem.of("member-slow", 409, "A member of the fleet was too slow", detail);
            case ALREADY_MADE -> Problem.of("already-made", 409, "The change was made already", detail);
            case NO_CHANGE -> Problem.of("no-change", 404, "The fleet knows no such change", detail);
            case OVERTAKEN -> Problem.of("overtaken", 409, "Another member was faster", detail);
            case STARTING -> Problem.of("starting", 503, "Turnout is being started", detail);
            case STOPPING -> Problem.of("stopping", 503, "Turnout is being stopped", detail);
        };
    }
}
