package dev.turnout.cli;

import dev.turnout.client.ServiceStatus;
import dev.turnout.client.ServiceStatus.TargetState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the status of a service says if a change was made and is in force. Asked only if the answer was lost. */
@FunctionalInterface
interface ExpectedOutcome {

    Pattern PERCENT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,9})?");

    /** Of a call that only checks. */
    ExpectedOutcome NOTHING = (before, now) -> false;

    /** Returns true if the change is in force. */
    boolean isMet(ServiceStatus before, ServiceStatus now);

    /** Returns the outcome of a switch. */
    static ExpectedOutcome serving(Optional<String> slot) {
        return (before, now) ->
                slot.map(now.active()::equals).orElseGet(() -> !now.active().equals(before.active()));
    }

    /** Returns the outcome of a canary that gets a share of the new clients. Percent. */
    static ExpectedOutcome canary(long weight) {
        return (before, now) -> now.active().equals(before.active()) && now.canaryWeight() == weight;
    }

    static ExpectedOutcome paused(boolean isPaused) {
        return (before, now) -> now.paused() == isPaused;
    }

    /** Returns the outcome of a maintenance. If it was on before, only a new revision tells that its terms are others. */
    static ExpectedOutcome maintenance(boolean isOn) {
        return (before, now) -> now.isInMaintenance() == isOn && (!isOn || now.revision() != before.revision());
    }

    /** Returns the outcome of a rehearsal, whose share has no revision. Empty: nothing is copied. */
    static ExpectedOutcome rehearsal(Optional<String> share) {
        double percent = share.map(text -> PERCENT.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN)
                .orElse(0.0);
        return (before, now) -> now.rehearsalShare() == percent;
    }

    /** Returns the outcome for a target of the active slot. */
    static ExpectedOutcome rotation(String target, boolean isInRotation) {
        return (before, now) -> now.slot(now.active()).targets().stream()
                .anyMatch(known -> known.address().equals(target) && known.inRotation() == isInRotation);
    }

    /** Returns the outcome for a slot that has these targets and no others. */
    static ExpectedOutcome targets(String slot, List<String> targets) {
        return (before, now) -> addresses(now, slot).equals(new HashSet<>(targets));
    }

    /** Returns the outcome for a slot that has a target, or has it no longer. */
    static ExpectedOutcome target(String slot, String target, boolean isThere) {
        return (before, now) -> addresses(now, slot).contains(target) == isThere;
    }

    /** Returns the outcome for a slot whose targets are the configured ones. */
    static ExpectedOutcome configured(String slot) {
        return (before, now) -> now.slot(slot).configured().isEmpty();
    }

    private static Set<String> addresses(ServiceStatus status, String slot) {
        return status.slot(slot).targets().stream().map(TargetState::address).collect(Collectors.toSet());
    }
}
