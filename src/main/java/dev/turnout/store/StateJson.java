package dev.turnout.store;

import dev.turnout.routing.Canary;
import dev.turnout.routing.GivenTargets;
import dev.turnout.routing.Maintenance;
import dev.turnout.routing.MaintenanceTerms;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The routing state as JSON text. Reading is strict: every member is there and has its type, and there is no other
 * member. A state that is half understood would send traffic to the wrong targets.
 *
 * <p>The text ends with its last bracket, not with a line end. So no proper prefix of the text can be read.
 */
public final class StateJson {

    private static final int VERSION = 1;

    private static final Set<String> ROOT = Set.of("version", "services");
    private static final Set<String> POOL = Set.of("targets", "out");
    private static final Set<String> SERVICE =
            Set.of("active", "previous", "blue", "green", "canaryWeight", "paused", "revision", "since", "why");

    /** The member that is there only while there is a canary. */
    private static final String CANARY_KEY = "canaryKey";

    /** The member that is there only if something is known of a build. */
    private static final String RELEASES = "releases";

    /** The member that is there only if the targets of a slot were given at run time. */
    private static final String CONFIGURED = "configured";

    /** The member that is there only if targets have to be renewed: how long each stays without it. Milliseconds. */
    private static final String LEASES = "leases";

    /** The member that is there only while the service is under maintenance. */
    private static final String MAINTENANCE = "maintenance";

    private static final Set<String> TERMS = Set.of("message", "allow", "retryAfterSeconds", "since");

    private static final Set<String> SLOTS = Set.of("blue", "green");
    private static final Set<String> RELEASE = Set.of("version", "by", "at", "note");

    private StateJson() {}

    /** The failure to read a well-formed text of a newer version. */
    static final class NewerVersion extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        NewerVersion(long version) {
            super("its version is " + version + ", and this Turnout knows versions up to " + VERSION);
        }
    }

    static String write(RoutingState state) {
        return object(state).encodePrettily();
    }

    /** Returns a state as an object. */
    public static JsonObject object(RoutingState state) {
        JsonObject services = new JsonObject();
        state.services().forEach((name, service) -> services.put(name, json(service)));
        return new JsonObject().put("version", VERSION).put("services", services);
    }

    private static JsonObject json(Service service) {
        JsonObject json = new JsonObject()
                .put("active", service.active().toString())
                .put("previous", service.previous().map(Slot::toString).orElse(null))
                .put("blue", json(service.blue()))
                .put("green", json(service.green()))
                .put("canaryWeight", service.canaryWeight())
                .put("paused", service.paused())
                .put("revision", service.revision())
                .put("since", service.since().toString())
                .put("why", service.why());
        service.canary().ifPresent(canary -> json.put(CANARY_KEY, canary.key()));
        service.maintenance().ifPresent(maintenance -> json.put(MAINTENANCE, json(maintenance)));
        if (!service.releases().equals(SlotReleases.NONE)) {
            json.put(RELEASES, json(service.releases()));
        }
        return json;
    }

    private static JsonObject json(Maintenance maintenance) {
        MaintenanceTerms terms = maintenance.terms();
        return new JsonObject()
                .put("message", terms.message().orElse(null))
                .put("allow", new JsonArray(terms.allow()))
                .put("retryAfterSeconds", terms.retryAfter().toSeconds())
                .put("since", maintenance.since().toString());
    }

    private static JsonObject json(SlotReleases releases) {
        JsonObject json = new JsonObject();
        for (Slot slot : Slot.values()) {
            releases.of(slot)
                    .ifPresent(release -> json.put(
                            slot.toString(),
                            new JsonObject()
                                    .put("version", release.version().orElse(null))
                                    .put("by", release.by())
                                    .put("at", release.at().toString())
                                    .put("note", release.note().orElse(null))));
        }
        return json;
    }

    private static JsonObject json(Pool pool) {
        JsonObject json = new JsonObject()
                .put("targets", texts(pool.targets()))
                .put(
                        "out",
                        texts(pool.targets().stream()
                                .filter(pool.out()::contains)
                                .toList()));
        pool.given().ifPresent(given -> json.put(CONFIGURED, texts(given.configured())));
        if (!pool.leases().isEmpty()) {
            JsonObject leases = new JsonObject();
            pool.leases().forEach((target, lease) -> leases.put(target.toString(), lease.toMillis()));
            json.put(LEASES, leases);
        }
        return json;
    }

    private static JsonArray texts(List<Target> targets) {
        return new JsonArray(targets.stream().map(Target::toString).toList());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws NewerVersion if only a newer Turnout can read it
     * @throws IllegalArgumentException with half a sentence that says what is wrong
     */
    static RoutingState read(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty");
        }
        return read(JsonText.object(text));
    }

    /** Reads what {@link #object} returned, as strictly as a text. */
    public static RoutingState read(JsonObject root) {
        long version = whole(root, "version", "the state");
        if (version > VERSION) {
            throw new NewerVersion(version);
        }
        if (version != VERSION) {
            throw new IllegalArgumentException("'version' is " + version + ", and there never was such a version");
        }
        only(ROOT, root, "the state");
        JsonObject services = member(root, "services", JsonObject.class, "the state");
        List<Service> read = new ArrayList<>();
        for (String name : services.fieldNames()) {
            read.add(service(name, member(services, name, JsonObject.class, "'services'")));
        }
        return RoutingState.of(read);
    }

    private static Service service(String name, JsonObject json) {
        String where = "service '" + name + "'";
        Optional<Canary> canary = canary(json, where);
        JsonObject always =
                without(MAINTENANCE, without(RELEASES, canary.isPresent() ? without(CANARY_KEY, json) : json));
        only(SERVICE, always, where);
        try {
            return new Service(
                    name,
                    Slot.parse(text(json, "active", where)),
                    previous(json, where),
                    pool(json, "blue", where),
                    pool(json, "green", where),
                    canary,
                    member(json, "paused", Boolean.class, where),
                    maintenance(json, where),
                    whole(json, "revision", where),
                    Instant.parse(text(json, "since", where)),
                    text(json, "why", where),
                    releases(json, where));
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(e.getMessage() + " in " + where, e);
        }
    }

    private static Optional<Canary> canary(JsonObject json, String where) {
        long weight = whole(json, "canaryWeight", where);
        if (weight == 0) {
            return Optional.empty();
        }
        if (weight < 1 || weight > 100) {
            throw new IllegalArgumentException("'canaryWeight' of " + where + " is " + weight + ", not 0 to 100");
        }
        return Optional.of(new Canary((int) weight, text(json, CANARY_KEY, where)));
    }

    private static Optional<Maintenance> maintenance(JsonObject service, String where) {
        if (!service.containsKey(MAINTENANCE)) {
            return Optional.empty();
        }
        String whose = "'" + MAINTENANCE + "' of " + where;
        JsonObject json = member(service, MAINTENANCE, JsonObject.class, where);
        only(TERMS, json, whose);
        MaintenanceTerms terms = new MaintenanceTerms(
                optionalText(json, "message", whose),
                texts(json, "allow", whose),
                Duration.ofSeconds(whole(json, "retryAfterSeconds", whose)));
        return Optional.of(new Maintenance(terms, Instant.parse(text(json, "since", whose))));
    }

    private static SlotReleases releases(JsonObject service, String where) {
        if (!service.containsKey(RELEASES)) {
            return SlotReleases.NONE;
        }
        JsonObject json = member(service, RELEASES, JsonObject.class, where);
        only(SLOTS, json, "'" + RELEASES + "' of " + where);
        return new SlotReleases(release(json, Slot.BLUE, where), release(json, Slot.GREEN, where));
    }

    private static Optional<SlotRelease> release(JsonObject releases, Slot slot, String where) {
        String name = slot.toString();
        if (!releases.containsKey(name)) {
            return Optional.empty();
        }
        String whose = "the release of slot " + name + " of " + where;
        JsonObject json = member(releases, name, JsonObject.class, whose);
        only(RELEASE, json, whose);
        return Optional.of(new SlotRelease(
                optionalText(json, "version", whose),
                text(json, "by", whose),
                Instant.parse(text(json, "at", whose)),
                optionalText(json, "note", whose)));
    }

    private static JsonObject without(String member, JsonObject json) {
        JsonObject rest = json.copy();
        rest.remove(member);
        return rest;
    }

    private static Optional<Slot> previous(JsonObject json, String where) {
        return optionalText(json, "previous", where).map(Slot::parse);
    }

    private static Pool pool(JsonObject service, String slot, String where) {
        JsonObject json = member(service, slot, JsonObject.class, where);
        JsonObject always = json.containsKey(CONFIGURED) ? without(CONFIGURED, without(LEASES, json)) : json;
        only(POOL, always, "'" + slot + "' of " + where);
        Optional<GivenTargets> given = json.containsKey(CONFIGURED)
                ? Optional.of(new GivenTargets(targets(json, CONFIGURED, where), leases(json, where)))
                : Optional.empty();
        return new Pool(targets(json, "targets", where), new LinkedHashSet<>(targets(json, "out", where)), given);
    }

    private static Map<Target, Duration> leases(JsonObject pool, String where) {
        if (!pool.containsKey(LEASES)) {
            return Map.of();
        }
        JsonObject json = member(pool, LEASES, JsonObject.class, where);
        Map<Target, Duration> leases = new HashMap<>();
        json.fieldNames()
                .forEach(target -> leases.put(Target.parse(target), Duration.ofMillis(whole(json, target, where))));
        return leases;
    }

    private static List<Target> targets(JsonObject pool, String name, String where) {
        return texts(pool, name, where).stream().map(Target::parse).toList();
    }

    private static List<String> texts(JsonObject json, String name, String where) {
        List<String> texts = new ArrayList<>();
        for (Object entry : member(json, name, JsonArray.class, where)) {
            if (!(entry instanceof String text)) {
                throw new IllegalArgumentException("'" + name + "' of " + where + " holds something that is no text");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Returns a text that may be null. The member has to be there. */
    private static Optional<String> optionalText(JsonObject json, String name, String where) {
        return json.containsKey(name) && json.getValue(name) == null
                ? Optional.empty()
                : Optional.of(text(json, name, where));
    }

    private static String text(JsonObject json, String name, String where) {
        return member(json, name, String.class, where);
    }

    private static long whole(JsonObject json, String name, String where) {
        Number number = member(json, name, Number.class, where);
        if (!(number instanceof Integer || number instanceof Long)) {
            throw new IllegalArgumentException("'" + name + "' of " + where + " is not a whole number");
        }
        return number.longValue();
    }

    private static <T> T member(JsonObject json, String name, Class<T> type, String where) {
        Object value = json.getValue(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "'" + name + "' of " + where + " is " + (value == null ? "missing" : "not what it should be"));
        }
        return type.cast(value);
    }

    private static void only(Set<String> known, JsonObject json, String where) {
        for (String name : json.fieldNames()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' is not a member of " + where);
            }
        }
    }
}
