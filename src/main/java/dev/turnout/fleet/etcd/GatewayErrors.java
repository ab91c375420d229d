package dev.turnout.fleet.etcd;

import dev.turnout.fleet.etcd.EtcdFailed.Kind;
import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonObject;

/** What an answer of etcd's gateway that is no success means. */
final class GatewayErrors {

    private static final int DENIED = 403;
    private static final int NO_TOKEN = 401;

    private GatewayErrors() {}

    /** Returns what an answer of this status says. */
    static EtcdFailed of(int status, String body) {
        String message = message(body);
        if (status == NO_TOKEN || status == DENIED || isAboutLogin(message)) {
            return new EtcdFailed(Kind.NOT_ALLOWED, "etcd refuses the user: " + message);
        }
        // 503 and 504 are also said of a proposal that may be agreed upon later.
        return new EtcdFailed(status >= 500 ? Kind.UNKNOWN : Kind.REFUSED, "etcd answered " + status + ": " + message);
    }

    /** Returns true if a new token may help: the old one has ended, or the rights have changed since. */
    static boolean needsNewToken(int status, String body) {
        return status == NO_TOKEN || message(body).contains("auth store is old");
    }

    private static boolean isAboutLogin(String message) {
        return message.contains("user name is empty") || message.contains("authentication failed");
    }

    private static String message(String body) {
        try {
            return message(GatewayJson.object(body));
        } catch (IllegalArgumentException e) {
            return VisibleText.of(body, VisibleText.SHORT);
        }
    }

    /** Returns the message of an error, in the form of an answer or of a stream. */
    static String message(JsonObject json) {
        Object error = json.getValue("error");
        Object found = error instanceof JsonObject nested ? nested.getValue("message") : error;
        Object text = found == null ? json.getValue("message") : found;
        return VisibleText.of(String.valueOf(text), VisibleText.SHORT);
    }
}
