package dev.turnout.fleet.etcd;

import io.vertx.core.json.JsonObject;

/** An operation of a transaction. */
public sealed interface Write {

    /** Writes a key. A lease of 0 is no lease. */
    record Put(String key, String value, long lease) implements Write {}

    /** Deletes one key, if there is one. */
    record Delete(String key) implements Write {}

    /** Deletes all keys that begin with a prefix. */
    record DeleteAll(String prefix) implements Write {}

    /** Returns a write of a key without a lease. */
    static Write put(String key, String value) {
        return new Put(key, value, 0);
    }

    /** Returns the form of the gateway. */
    default JsonObject json() {
        if (this instanceof Put put) {
            JsonObject body = GatewayJson.key(put.key()).put("value", GatewayJson.base64(put.value()));
            return new JsonObject()
                    .put("requestPut", put.lease() == 0 ? body : body.put("lease", String.valueOf(put.lease())));
        }
        JsonObject range = this instanceof DeleteAll all
                ? GatewayJson.prefix(all.prefix())
                : GatewayJson.key(((Delete) this).key());
        return new JsonObject().put("requestDeleteRange", range);
    }
}
