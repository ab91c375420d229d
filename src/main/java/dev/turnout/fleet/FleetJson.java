package dev.turnout.fleet;

import dev.turnout.fleet.decision.ChangeKind;
import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue;
import dev.turnout.fleet.decision.FleetValue.Applied;
import dev.turnout.fleet.decision.FleetValue.Configured;
import dev.turnout.fleet.decision.FleetValue.Counts;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.fleet.decision.FleetValue.Done;
import dev.turnout.fleet.decision.FleetValue.FleetReceipt;
import dev.turnout.fleet.decision.FleetValue.Here;
import dev.turnout.fleet.decision.FleetValue.Intent;
import dev.turnout.fleet.decision.FleetValue.IntentStep;
import dev.turnout.fleet.decision.FleetValue.Ready;
import dev.turnout.fleet.decision.FleetValue.ReceiptState;
import dev.turnout.fleet.decision.FleetValue.Recovered;
import dev.turnout.fleet.decision.FleetValue.Refusal;
import dev.turnout.fleet.decision.FleetValue.RefusalReason;
import dev.turnout.fleet.decision.FleetValue.Removed;
import dev.turnout.fleet.decision.FleetValue.Roster;
import dev.turnout.fleet.decision.FleetValue.Started;
import dev.turnout.fleet.decision.FleetValue.Vote;
import dev.turnout.fleet.decision.FleetValue.Watching;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.VisibleText;
import dev.turnout.store.JsonText;
import dev.turnout.store.StateJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The values of a fleet's keys as JSON. Each has its format and the id of its fleet. Reading is strict, as that of the state
 * on disk: a decision that is half understood would send traffic to the wrong targets.
 */
final class FleetJson {

    /** The newest format that this Turnout reads, and the one it writes. */
    static final int FORMAT = 1;

    /** The most members of a fleet: a commit compares two keys of each. */
    static final int MOST_MEMBERS = 60;

    /** The most services that a member may have. */
    static final int MOST_SERVICES = 1_000;

    /** The most characters of the address of a member: a URL with a host name of 253 characters. */
    static final int ADDRESS = 512;

    private static final int NAME = 256;
    private static final int SENTENCE = VisibleText.LONG;
    private static final int REPORT = 65_536;

    private FleetJson() {}

    /**
     * Returns the value of a key as text. A text for people is shortened to what may be read.
     *
     * @throws IllegalArgumentException if {@link #read} would not take the value: no member could read the store then
     */
    static String write(FleetKey key, FleetValue value, String fleet) {
        JsonObject json = marked(fleet).mergeIn(json(value));
        read(key, json);
        return json.encode();
    }

    /** Returns the value of the key {@code fleet}. */
    static String mark(String fleet, String secret, String by) {
        return marked(fleet).put("secret", secret).put("by", by).encode();
    }

    static JsonObject marked(String fleet) {
        return new JsonObject().put("format", FORMAT).put("fleet", fleet);
    }

    private static JsonObject json(FleetValue value) {
        JsonObject json = new JsonObject();
        if (value instanceof Decision decision) {
            return json.put("change", decision.change()).put("state", state(decision.service()));
        }
        if (value instanceof Intent intent) {
            return json.put("change", intent.change())
                    .put("base", intent.base())
                    .put("kind", Members.word(intent.kind()))
                    .put("strict", intent.strict())
                    .put("step", Members.word(intent.step()))
                    .put("member", intent.member())
                    .put("process", intent.process())
                    .put("nextFormat", intent.format())
                    .put("next", state(intent.next()));
        }
        if (value instanceof Roster roster) {
            JsonObject members = new JsonObject();
            roster.members().forEach(members::put);
            return json.put("members", members);
        }
        if (value instanceof Here here) {
            return json.put("process", here.process());
        }
        if (value instanceof Started started) {
            return json.put("process", started.process());
        }
        if (value instanceof Ready ready) {
            return json.put("service", ready.service()).put("problem", VisibleText.of(ready.problem(), SENTENCE));
        }
        if (value instanceof Vote vote) {
            return json.put("service", vote.service()).put("started", vote.started());
        }
        if (value instanceof Refusal refusal) {
            return json.put("service", refusal.service()).put("reason", Members.word(refusal.reason()));
        }
        if (value instanceof Applied applied) {
            return json.put("epoch", applied.epoch()).put("process", applied.process());
        }
        if (value instanceof Done done) {
            return json.put("service", done.service())
                    .put("epoch", done.epoch())
                    .put("report", done.report());
        }
        if (value instanceof Recovered recovered) {
            return json.put("id", recovered.id());
        }
        if (value instanceof Configured configured) {
            return json.put("services", new JsonArray(List.copyOf(configured.services())))
                    .put("mark", configured.mark());
        }
        if (value instanceof Removed removed) {
            return json.put("epoch", removed.epoch());
        }
        if (value instanceof Watching watching) {
            return json.put("epoch", watching.epoch()).put("process", watching.process());
        }
        if (value instanceof Counts counts) {
            return json.put("epoch", counts.epoch()).put("traffic", counts.traffic());
        }
        FleetReceipt receipt = (FleetReceipt) value;
        JsonObject reports = new JsonObject();
        receipt.reports().forEach(reports::put);
        return json.put("change", receipt.change())
                .put("state", Members.word(receipt.state()))
                .put("leftOut", new JsonArray(List.copyOf(receipt.leftOut())))
                .put("reports", reports);
    }

    static JsonObject state(Service service) {
        return StateJson.object(RoutingState.of(List.of(service)));
    }

    /** Returns the id of the fleet that a value belongs to. */
    static String fleet(JsonObject json) {
        return Members.text(json, "fleet", NAME);
    }

    /** Returns the secret by which the members of a fleet know each other. */
    static String secret(JsonObject json) {
        return Members.text(json, "secret", NAME);
    }

    /**
     * Reads an object of a format that is known.
     *
     * @throws IllegalArgumentException with half a sentence that says what is wrong
     */
    static JsonObject object(String text) {
        JsonObject json;
        try {
            json = JsonText.object(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it is not one JSON object", e);
        }
        long format = Members.whole(json, "format");
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "its format is " + format + ", and this Turnout reads format " + FORMAT + " only");
        }
        return json;
    }

    /** Reads the value of a key. */
    static FleetValue read(FleetKey key, JsonObject json) {
        String path = key.path();
        int slash = path.indexOf('/');
        return switch (slash < 0 ? path : path.substring(0, slash)) {
            case "state" -> new Decision(service(json, "state"), change(json));
            case "change" -> intent(json);
            case "roster" -> new Roster(Members.texts(json, "members", MOST_MEMBERS, ADDRESS));
            case "here" -> new Here(Members.text(json, "process", NAME));
            case "started" -> new Started(Members.text(json, "process", NAME));
            case "ready" -> new Ready(serviceName(json), Members.text(json, "problem", SENTENCE));
            case "armed" -> new Vote(serviceName(json), Members.whole(json, "started"));
            case "refused" -> new Refusal(serviceName(json), Members.word(json, "reason", RefusalReason.class));
            case "configured" ->
                new Configured(Members.set(json, "services", MOST_SERVICES), Members.text(json, "mark", NAME));
            case "removed" -> new Removed(Members.whole(json, "epoch"));
            case "recovered" -> new Recovered(Members.text(json, "id", NAME));
            case "applied" -> new Applied(Members.whole(json, "epoch"), Members.text(json, "process", NAME));
            case "done" ->
                new Done(serviceName(json), Members.whole(json, "epoch"), Members.text(json, "report", REPORT));
            case "watch" -> new Watching(Members.whole(json, "epoch"), Members.text(json, "process", NAME));
            case "counts" -> new Counts(Members.whole(json, "epoch"), Members.text(json, "traffic", REPORT));
            case "receipt" ->
                new FleetReceipt(
                        change(json),
                        Members.word(json, "state", ReceiptState.class),
                        Members.set(json, "leftOut", MOST_MEMBERS),
                        Members.texts(json, "reports", MOST_MEMBERS, REPORT));
            default -> throw new IllegalArgumentException("no fleet has such a key");
        };
    }

    private static Intent intent(JsonObject json) {
        return new Intent(
                change(json),
                Members.whole(json, "base"),
                Members.word(json, "kind", ChangeKind.class),
                Members.of(json, "strict", Boolean.class),
                Members.word(json, "step", IntentStep.class),
                Members.text(json, "member", NAME),
                Members.text(json, "process", NAME),
                (int) Members.whole(json, "nextFormat"),
                service(json, "next"));
    }

    private static String change(JsonObject json) {
        return Members.text(json, "change", NAME);
    }

    private static String serviceName(JsonObject json) {
        return Members.text(json, "service", NAME);
    }

    static Service service(JsonObject json, String name) {
        RoutingState state = StateJson.read(Members.of(json, name, JsonObject.class));
        if (state.services().size() != 1) {
            throw new IllegalArgumentException(
                    "'" + name + "' has " + state.services().size() + " services");
        }
        return state.services().values().iterator().next();
    }
}
