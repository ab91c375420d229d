package dev.turnout.client;

import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/** The outcome of a call of the admin API. All texts are visible text, of bounded length. */
public sealed interface AdminOutcome {

    /**
     * Turnout did what it was asked to do.
     *
     * @param status 200 to 299
     * @param contentType without parameters, in lower case; empty if there was none
     * @param body the whole body; each line is visible text
     */
    record Answered(int status, String contentType, String body) implements AdminOutcome {

        /** Returns the body as JSON; empty if the body is not one JSON object. */
        public Optional<JsonObject> json() {
            return JsonReader.object(body);
        }
    }

    /**
     * Turnout answered with a problem (RFC 9457).
     *
     * @param status of the answer, 400 or more
     * @param type the word at the end of the problem's type, such as {@code busy}
     * @param json the problem
     * @param body the problem as it was sent; each line is visible text
     */
    record Refused(int status, String type, JsonObject json, String body) implements AdminOutcome {

        private static final Set<String> OF_ANOTHER = Set.of("busy", "deploying", "precondition-failed", "overtaken");

        /** Returns the sentence that says what happened, or the title if there is none. */
        public String detail() {
            return json.getValue("detail") instanceof String detail
                    ? detail
                    : String.valueOf(json.getValue("title", type));
        }

        /** Returns true if another change or another deployment is the reason. */
        public boolean isDueToAnother() {
            return OF_ANOTHER.contains(type);
        }

        /** Returns true if it is not known whether the change was made: both versions may serve. */
        public boolean isNotKnown() {
            return type.equals("fleet-not-known") || "unknown".equals(json.getValue("inForce"));
        }
    }

    /** Turnout wants a token, and the call's token was missing or wrong. Nothing was done. */
    record Unauthorized(boolean hadToken) implements AdminOutcome {}

    /**
     * No connection could be opened. Nothing was sent.
     *
     * @param reason a few words
     */
    record Unreachable(String reason) implements AdminOutcome {}

    /**
     * The connection could not be secured by TLS. Nothing was done.
     *
     * @param reason what happened, without a full stop
     * @param advice what to do, without a full stop
     */
    record Insecure(Phrase reason, Phrase advice) implements AdminOutcome {}

    /**
     * Something answered that is not an admin server of Turnout.
     *
     * @param seen a few words about the answer
     */
    record NotTurnout(String seen) implements AdminOutcome {}

    /**
     * The call was sent, and the whole answer did not come: the connection or the time ended before, or a gateway on the way
     * got no answer. It is not known whether Turnout did what it was asked to do.
     *
     * @param reason a few words
     */
    record Lost(String reason) implements AdminOutcome {}
}
