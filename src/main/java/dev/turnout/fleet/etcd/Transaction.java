package dev.turnout.fleet.etcd;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Writes that are made together, in one revision, if all conditions hold, and not at all otherwise.
 *
 * @param when all conditions
 * @param then what is written
 */
public record Transaction(List<Compare> when, List<Write> then) {

    /** The most conditions or writes that etcd takes by default. */
    public static final int MOST_OPERATIONS = 128;

    public Transaction {
        when = List.copyOf(when);
        then = List.copyOf(then);
        if (when.size() > MOST_OPERATIONS || then.size() > MOST_OPERATIONS) {
            throw new IllegalArgumentException(
                    "a transaction has at most " + MOST_OPERATIONS + " conditions and writes");
        }
    }

    JsonObject json() {
        return new JsonObject()
                .put("compare", new JsonArray(when.stream().map(Compare::json).toList()))
                .put("success", new JsonArray(then.stream().map(Write::json).toList()));
    }

    /**
     * What a transaction has come to.
     *
     * @param succeeded whether the conditions held and the writes were made, at the revision of the header
     */
    public record Outcome(Header header, boolean succeeded) {}
}
