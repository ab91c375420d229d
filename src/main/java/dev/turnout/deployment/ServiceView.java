package dev.turnout.deployment;

import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A service as Turnout shows it.
 *
 * @param revision the revision of its routing state
 * @param active the slot that serves
 * @param previous the slot that a rollback goes back to
 * @param step the step of the change that is under way
 * @param canary the share of the idle slot, in percent
 * @param slots the targets of both slots
 * @param versions the version of each slot that has one
 */
record ServiceView(
        long revision,
        Slot active,
        Optional<Slot> previous,
        Optional<String> step,
        int canary,
        Map<Slot, List<TargetView>> slots,
        Map<Slot, String> versions) {

    /**
     * A target.
     *
     * @param requests that were sent to it since Turnout's start
     * @param errors its responses of 500 and above
     */
    record TargetView(Target target, boolean inRotation, String health, long requests, long errors) {

        boolean isUp() {
            return health.equals("UP");
        }

        boolean isDown() {
            return health.equals("DOWN");
        }
    }

    /**
     * Reads the status of a service.
     *
     * @throws RuntimeException if it has another form
     */
    static ServiceView of(JsonObject status) {
        Map<Slot, List<TargetView>> slots = new EnumMap<>(Slot.class);
        Map<Slot, String> versions = new EnumMap<>(Slot.class);
        for (Slot slot : Slot.values()) {
            JsonObject one = status.getJsonObject("slots").getJsonObject(slot.toString());
            JsonArray targets = one.getJsonArray("targets");
            slots.put(
                    slot,
                    IntStream.range(0, targets.size())
                            .mapToObj(i -> target(targets.getJsonObject(i)))
                            .toList());
            Optional.ofNullable(one.getString("version")).ifPresent(version -> versions.put(slot, version));
        }
        return new ServiceView(
                status.getLong("revision"),
                Slot.parse(status.getString("active")),
                Optional.ofNullable(status.getString("previous")).map(Slot::parse),
                Optional.ofNullable(status.getJsonObject("switching")).map(change -> change.getString("step")),
                status.getJsonObject("canary").getInteger("weight"),
                slots,
                versions);
    }

    private static TargetView target(JsonObject target) {
        return new TargetView(
                Target.parse(target.getString("target")),
                target.getBoolean("inRotation"),
                target.getString("health"),
                target.getLong("requests"),
                target.getJsonObject("responses").getLong("5xx"));
    }

    Slot idle() {
        return active.other();
    }

    List<TargetView> views(Slot slot) {
        return slots.getOrDefault(slot, List.of());
    }

    List<Target> targets(Slot slot) {
        return views(slot).stream().map(TargetView::target).toList();
    }

    /** Returns which slot serves, the share of the canary, and the step of a change that is under way, for people. */
    Phrase traffic() {
        return new Phrase(
                "slot " + active + " serves, the canary has " + canary + " %"
                        + step.map(now -> ", a change is at the step '" + now + "'")
                                .orElse(""),
                active + " 슬롯이 서비스 중, 카나리 " + canary + "%"
                        + step.map(now -> ", 진행 중인 변경의 단계 '" + now + "'").orElse(""));
    }

    /** Returns the addresses of a slot's targets, for people. */
    String addresses(Slot slot) {
        return join(targets(slot));
    }

    static String join(List<Target> targets) {
        return targets.stream().map(Target::toString).collect(Collectors.joining(" "));
    }
}
