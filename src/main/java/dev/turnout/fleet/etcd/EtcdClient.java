package dev.turnout.fleet.etcd;

import dev.turnout.fleet.etcd.EtcdFailed.Kind;
import dev.turnout.fleet.etcd.Gateway.Repeat;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The calls of etcd: range, transaction, watch, grant, keep-alive, revoke, status; and authenticate, which the other
 * calls make when etcd asks for it. Any thread that may block.
 *
 * <p>All reads are by quorum. A transaction is never sent twice: if its answer is lost, it fails with {@link
 * EtcdFailed.Kind#UNKNOWN}, and the caller reads what became of it.
 */
public final class EtcdClient {

    private static final int MOST_KEYS = 10_000;

    private final Gateway gateway;

    public EtcdClient(EtcdSettings settings) {
        this.gateway = new Gateway(settings);
    }

    /** Returns the key; empty if there is none. */
    public Optional<KeyValue> get(String key) throws EtcdFailed {
        List<KeyValue> found = read(GatewayJson.key(key)).keys();
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    /**
     * Returns all keys that begin with a prefix, as they were in one revision.
     *
     * @throws EtcdFailed also if there are more than any fleet has
     */
    public KeyRange all(String prefix) throws EtcdFailed {
        return read(GatewayJson.prefix(prefix).put("limit", String.valueOf(MOST_KEYS)));
    }

    /**
     * Returns all keys from one on, up to another one that is not part of them, as they were in one revision.
     *
     * @throws EtcdFailed also if there are more than any fleet has
     */
    public KeyRange between(String from, String before) throws EtcdFailed {
        return read(GatewayJson.between(from, before).put("limit", String.valueOf(MOST_KEYS)));
    }

    private KeyRange read(JsonObject range) throws EtcdFailed {
        JsonObject answer = gateway.call("/v3/kv/range", range, Repeat.SAFE);
        if (Boolean.TRUE.equals(answer.getValue("more"))) {
            throw new EtcdFailed(Kind.REFUSED, "etcd has more than " + MOST_KEYS + " keys there");
        }
        return parsed(answer, json -> new KeyRange(GatewayJson.header(json), GatewayJson.keys(json)));
    }

    /** Makes a transaction, or learns that its conditions do not hold. */
    public Transaction.Outcome commit(Transaction transaction) throws EtcdFailed {
        JsonObject answer = gateway.call("/v3/kv/txn", transaction.json(), Repeat.NEVER);
        return parsed(
                answer,
                json -> new Transaction.Outcome(
                        GatewayJson.header(json), Boolean.TRUE.equals(json.getValue("succeeded"))));
    }

    /**
     * Opens a watch of all keys that begin with a prefix. What has happened since the revision comes first.
     *
     * @param from the first revision that is told, such as the next one after a read
     */
    public Watch watch(String prefix, long from) throws EtcdFailed {
        JsonObject create = GatewayJson.prefix(prefix).put("startRevision", String.valueOf(from));
        return new Watch(gateway.stream("/v3/watch", new JsonObject().put("createRequest", create)));
    }

    /** Begins a lease and returns its number. */
    public long grant(Duration life) throws EtcdFailed {
        JsonObject answer = gateway.call(
                "/v3/lease/grant", new JsonObject().put("TTL", String.valueOf(life.toSeconds())), Repeat.SAFE);
        return parsed(answer, json -> GatewayJson.number(json, "ID"));
    }

    /**
     * Renews a lease once.
     *
     * @return false if there is no such lease any more, with all of its keys
     */
    public boolean keepAlive(long lease) throws EtcdFailed {
        JsonObject answer = gateway.call("/v3/lease/keepalive", id(lease), Repeat.SAFE);
        // A lease that has ended is answered 200 too, without its time.
        return answer.getValue("result") instanceof JsonObject result
                && parsed(result, json -> GatewayJson.number(json, "TTL")) > 0;
    }

    /** Ends a lease and deletes its keys. A lease that has ended is no failure. */
    public void revoke(long lease) throws EtcdFailed {
        try {
            gateway.call("/v3/lease/revoke", id(lease), Repeat.SAFE);
        } catch (EtcdFailed failed) {
            if (!String.valueOf(failed.getMessage()).contains("lease not found")) {
                throw failed;
            }
        }
    }

    /** Returns the version of the node that answers, such as {@code 3.4.23}. */
    public String version() throws EtcdFailed {
        JsonObject answer = gateway.call("/v3/maintenance/status", new JsonObject(), Repeat.SAFE);
        return answer.getValue("version") instanceof String version ? version : "unknown";
    }

    private static JsonObject id(long lease) {
        return new JsonObject().put("ID", String.valueOf(lease));
    }

    private static <T> T parsed(JsonObject answer, Function<JsonObject, T> parser) throws EtcdFailed {
        try {
            return parser.apply(answer);
        } catch (IllegalArgumentException e) {
            throw new EtcdFailed(Kind.UNKNOWN, "etcd's answer can't be understood: " + e.getMessage(), e);
        }
    }
}
