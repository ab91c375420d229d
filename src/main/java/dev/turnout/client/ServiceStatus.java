package dev.turnout.client;

import dev.turnout.text.Facts;
import dev.turnout.text.Language;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The status of a service as {@code GET /admin/status} tells it. What is not told has the value of nothing.
 *
 * @param json the whole status
 */
public record ServiceStatus(JsonObject json) {

    private static final JsonObject NOTHING = new JsonObject();

    /** Returns the status, unless the JSON is that of another program. */
    public static Optional<ServiceStatus> of(JsonObject json) {
        boolean isTurnout = json.getValue("turnout") instanceof JsonObject
                && json.getValue("slots") instanceof JsonObject
                && json.getValue("active") instanceof String;
        return isTurnout ? Optional.of(new ServiceStatus(json)) : Optional.empty();
    }

    public String service() {
        return text(json.getValue("service")).orElse("");
    }

    /** Returns the slot that serves. */
    public String active() {
        return text(json.getValue("active")).orElse("");
    }

    /** Returns the other slot. */
    public String idle() {
        return text(json.getValue("idle")).orElse("");
    }

    public long revision() {
        return number(json.getValue("revision"));
    }

    public boolean paused() {
        return Boolean.TRUE.equals(json.getValue("paused"));
    }

    /** Returns true if clients get 503 because maintenance is on. */
    public boolean isInMaintenance() {
        return json.getValue("maintenance") != null;
    }

    /** Returns how many requests wait while the service is paused. */
    public long held() {
        return number(json.getValue("held"));
    }

    /** Returns the instant since which the active slot serves. */
    public Optional<String> since() {
        return text(json.getValue("since"));
    }

    /** Returns the share of new clients that the idle slot gets. Percent. */
    public long canaryWeight() {
        return number(object(json.getValue("canary")).getValue("weight"));
    }

    /** Returns the share of the safe requests that is copied to the idle slot. Percent. */
    public double rehearsalShare() {
        return object(json.getValue("rehearsal")).getValue("share") instanceof Number share ? share.doubleValue() : 0;
    }

    /** Returns the change that is under way: {@code what, who, since, step}. */
    public Optional<JsonObject> switching() {
        return json.getValue("switching") instanceof JsonObject change ? Optional.of(change) : Optional.empty();
    }

    /** Returns the version of Turnout. */
    public String turnoutVersion() {
        return text(object(json.getValue("turnout")).getValue("version")).orElse("");
    }

    /** Returns sentences for the operator. A Turnout of before has them in English only. */
    public List<String> warnings(Language language) {
        return texts(json.getValue(
                language == Language.KOREAN && json.containsKey("koreanWarnings") ? "koreanWarnings" : "warnings"));
    }

    /** Returns the names of all services. */
    public List<String> services() {
        return new Facts(json)
                .objects("services").stream()
                        .map(Facts::json)
                        .flatMap(service -> text(service.getValue("name")).stream())
                        .toList();
    }

    /** Returns a slot. */
    public SlotStatus slot(String name) {
        JsonObject slot = object(object(json.getValue("slots")).getValue(name));
        return new SlotStatus(
                name,
                text(slot.getValue("version")),
                text(slot.getValue("deployedBy")),
                text(slot.getValue("deployedAt")),
                texts(slot.getValue("configured")),
                new Facts(slot)
                        .objects("targets").stream()
                                .map(Facts::json)
                                .map(TargetState::of)
                                .toList());
    }

    /**
     * A slot.
     *
     * @param version of the application, if it was told
     * @param deployedBy who has told it
     * @param deployedAt an instant
     * @param configured the configured targets, if others were given at run time; empty if the configuration holds
     */
    public record SlotStatus(
            String name,
            Optional<String> version,
            Optional<String> deployedBy,
            Optional<String> deployedAt,
            List<String> configured,
            List<TargetState> targets) {

        public SlotStatus {
            configured = List.copyOf(configured);
            targets = List.copyOf(targets);
        }

        /** Returns how many targets answer their probes. */
        public long up() {
            return targets.stream().filter(TargetState::isUp).count();
        }

        public long inFlight() {
            return targets.stream().mapToLong(TargetState::inFlight).sum();
        }

        public long requests() {
            return targets.stream().mapToLong(TargetState::requests).sum();
        }
    }

    /**
     * A target.
     *
     * @param health {@code UP}, {@code DOWN} or {@code UNKNOWN}
     * @param cause of the last probe; empty if there was none
     * @param sessions about how many clients stay at the target
     * @param requests since the start of Turnout
     */
    public record TargetState(
            String address,
            String health,
            String cause,
            boolean inRotation,
            long inFlight,
            long sessions,
            long requests) {

        static TargetState of(JsonObject json) {
            return new TargetState(
                    text(json.getValue("target")).orElse(""),
                    text(json.getValue("health")).orElse("UNKNOWN"),
                    text(object(json.getValue("lastProbe")).getValue("cause")).orElse(""),
                    !Boolean.FALSE.equals(json.getValue("inRotation")),
                    number(json.getValue("inFlight")),
                    number(json.getValue("sessions")),
                    number(json.getValue("requests")));
        }

        public boolean isUp() {
            return health.equals("UP");
        }
    }

    private static Optional<String> text(@Nullable Object value) {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private static JsonObject object(@Nullable Object value) {
        return value instanceof JsonObject object ? object : NOTHING;
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof JsonArray array
                ? array.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }
}
