package dev.turnout.routing;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A request to change the routing state of one service. {@link Transition#apply} grants or refuses a command. */
public sealed interface Command {

    /** Returns what the journal and the status say of this command. */
    String describe();

    /** Makes a slot the active one, and ends a canary. A paused service stays paused. */
    record SwitchTo(Slot to) implements Command {
        public SwitchTo {
            Objects.requireNonNull(to, "to");
        }

        @Override
        public String describe() {
            return "switch to " + to;
        }
    }

    /** Makes the slot active again that was active before the last switch. */
    record Rollback() implements Command {
        @Override
        public String describe() {
            return "rollback";
        }
    }

    /**
     * Sends a share of the clients to the idle slot. All targets of the slot are in rotation when a canary begins.
     *
     * @param weight in percent; 0 ends the canary
     * @param key signs the cookies of a new canary; a running canary keeps its own key
     */
    record SetCanary(int weight, String key) implements Command {
        public SetCanary {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String describe() {
            return "canary " + weight + " %";
        }
    }

    /** Takes a target of the active slot out of rotation; if forced, even the last target. */
    record TakeOut(Target target, boolean force) implements Command {
        public TakeOut {
            Objects.requireNonNull(target, "target");
        }

        @Override
        public String describe() {
            return "take " + target + " out of rotation";
        }
    }

    /** Puts a target of the active slot back into rotation. */
    record PutBack(Target target) implements Command {
        public PutBack {
            Objects.requireNonNull(target, "target");
        }

        @Override
        public String describe() {
            return "put " + target + " back into rotation";
        }
    }

    /** Changes which targets a slot has, whatever the configuration says. */
    sealed interface OfTargets extends Command {

        /** Returns the slot. */
        Slot slot();
    }

    /**
     * Gives a slot one more target.
     *
     * @param lease for how long the target stays without being renewed; empty if it stays
     */
    record AddTarget(Slot slot, Target target, Optional<Duration> lease) implements OfTargets {
        public AddTarget {
            Objects.requireNonNull(slot, "slot");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(lease, "lease");
        }

        @Override
        public String describe() {
            return "add " + target + " to slot " + slot
                    + lease.map(time -> " for " + time.toSeconds() + " s").orElse("");
        }
    }

    /**
     * Takes a target from a slot because it was not renewed. The last one in rotation that is up stays.
     *
     * @param up the targets of the service that are up
     */
    record ExpireTarget(Slot slot, Target target, Set<Target> up) implements OfTargets {
        public ExpireTarget {
            Objects.requireNonNull(slot, "slot");
            Objects.requireNonNull(target, "target");
            up = Set.copyOf(up);
        }

        @Override
        public String describe() {
            return "remove " + target + " from slot " + slot + ", which was not renewed";
        }
    }

    /** Takes a target from a slot; if forced, even the last one that gets requests. */
    record RemoveTarget(Slot slot, Target target, boolean force) implements OfTargets {
        public RemoveTarget {
            Objects.requireNonNull(slot, "slot");
            Objects.requireNonNull(target, "target");
        }

        @Override
        public String describe() {
            return "remove " + target + " from slot " + slot;
        }
    }

    /** Replaces the targets of a slot; if forced, by none even if requests are sent there. */
    record SetTargets(Slot slot, List<Target> targets, boolean force) implements OfTargets {
        public SetTargets {
            Objects.requireNonNull(slot, "slot");
            targets = List.copyOf(targets);
        }

        @Override
        public String describe() {
            return "set the targets of slot " + slot;
        }
    }

    /**
     * Gives a slot the targets that its configured names stand for now, beside its other configured targets.
     *
     * @param targets all targets of the slot
     */
    record FollowNames(Slot slot, List<Target> targets) implements OfTargets {
        public FollowNames {
            Objects.requireNonNull(slot, "slot");
            targets = List.copyOf(targets);
        }

        @Override
        public String describe() {
            return "follow the names of slot " + slot;
        }
    }

    /** Gives a slot the configured targets back. */
    record ResetTargets(Slot slot) implements OfTargets {
        public ResetTargets {
            Objects.requireNonNull(slot, "slot");
        }

        @Override
        public String describe() {
            return "reset the targets of slot " + slot;
        }
    }

    /** Holds new requests, and ends a canary. */
    record Pause() implements Command {
        @Override
        public String describe() {
            return "pause";
        }
    }

    /** Lets the held requests go. */
    record Resume() implements Command {
        @Override
        public String describe() {
            return "resume";
        }
    }

    /** Answers 503 to all clients but those that are allowed, or changes on which terms that is done. */
    record BeginMaintenance(MaintenanceTerms terms) implements Command {
        public BeginMaintenance {
            Objects.requireNonNull(terms, "terms");
        }

        @Override
        public String describe() {
            return "maintenance on";
        }
    }

    /** Serves all clients again. */
    record EndMaintenance() implements Command {
        @Override
        public String describe() {
            return "maintenance off";
        }
    }
}
