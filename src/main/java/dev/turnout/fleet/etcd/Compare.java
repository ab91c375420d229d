package dev.turnout.fleet.etcd;

import io.vertx.core.json.JsonObject;

/** A condition of a transaction. */
public sealed interface Compare {

    /** Holds if the key was written last at this revision; 0 if there has to be no such key. */
    record Written(String key, long modRevision) implements Compare {}

    /** Holds if this life of the key began at this revision; 0 if there has to be no such key. */
    record Created(String key, long createRevision) implements Compare {}

    /** Holds if there is the key. */
    record Exists(String key) implements Compare {}

    /** Returns the condition that there is no such key. */
    static Compare absent(String key) {
        return new Created(key, 0);
    }

    /** Returns the form of the gateway. */
    default JsonObject json() {
        if (this instanceof Written written) {
            return GatewayJson.compare(written.key(), "MOD", "EQUAL", "modRevision", written.modRevision());
        }
        if (this instanceof Created created) {
            return GatewayJson.compare(created.key(), "CREATE", "EQUAL", "createRevision", created.createRevision());
        }
        return GatewayJson.compare(((Exists) this).key(), "CREATE", "GREATER", "createRevision", 0);
    }
}
