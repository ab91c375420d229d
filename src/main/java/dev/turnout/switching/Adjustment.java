package dev.turnout.switching;

import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetChange;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A change of which targets share the traffic, with the active slot left as it is. */
public sealed interface Adjustment {

    /** Returns the name of the change in status and journal. */
    default String describe() {
        return command().describe();
    }

    /** Returns the command for the routing core. */
    Command command();

    /** Returns the place that the change is about, in words: {@code slot green}, {@code target 127.0.0.1:8081}. */
    String place(Service service);

    /** Returns the targets that would get more traffic than before. These targets have to pass the gate. */
    List<Target> gaining(Service before, Service next);

    /** Returns the slot whose build gets traffic by the change; empty if no build does. */
    default Optional<Slot> deployedTo(Service before) {
        return Optional.empty();
    }

    /** Returns the targets that get no new requests any more in the state after the change. */
    List<Target> left(Service before, Service next);

    /** Returns true if Turnout makes the change by itself: nobody waits for its drain, so its drain keeps nobody waiting. */
    default boolean isUnattended() {
        return false;
    }

    /** A share of the clients for the idle slot. */
    record CanaryWeight(Command.SetCanary command) implements Adjustment {
        public CanaryWeight {
            Objects.requireNonNull(command, "command");
        }

        /** @param percent 0 ends the canary */
        public static CanaryWeight of(int percent) {
            return new CanaryWeight(new Command.SetCanary(percent, newKey()));
        }

        private static String newKey() {
            return UUID.randomUUID().toString().replace("-", "");
        }

        @Override
        public String place(Service service) {
            return "slot " + service.idle();
        }

        @Override
        public List<Target> gaining(Service before, Service next) {
            boolean rises = command.weight() > before.canaryWeight();
            return rises ? before.pool(before.idle()).targets() : List.of();
        }

        @Override
        public Optional<Slot> deployedTo(Service before) {
            return command.weight() > before.canaryWeight() ? Optional.of(before.idle()) : Optional.empty();
        }

        @Override
        public List<Target> left(Service before, Service next) {
            return next.canary().isPresent() ? List.of() : next.idleTargets();
        }
    }

    /** A target of the active slot out of rotation. */
    record TargetDrain(Command.TakeOut command) implements Adjustment {
        public TargetDrain {
            Objects.requireNonNull(command, "command");
        }

        @Override
        public String place(Service service) {
            return "target " + command.target();
        }

        @Override
        public List<Target> gaining(Service before, Service next) {
            return List.of();
        }

        /** Returns no target if the canary's slot has the target too: the target goes on getting the canary's share. */
        @Override
        public List<Target> left(Service before, Service next) {
            boolean isOfCanary = next.canary().isPresent()
                    && next.pool(next.idle()).inRotation().contains(command.target());
            return isOfCanary ? List.of() : List.of(command.target());
        }
    }

    /** A target of the active slot back into rotation. */
    record TargetReady(Command.PutBack command) implements Adjustment {
        public TargetReady {
            Objects.requireNonNull(command, "command");
        }

        @Override
        public String place(Service service) {
            return "target " + command.target();
        }

        @Override
        public List<Target> gaining(Service before, Service next) {
            return List.of(command.target());
        }

        @Override
        public Optional<Slot> deployedTo(Service before) {
            return Optional.of(before.active());
        }

        @Override
        public List<Target> left(Service before, Service next) {
            return List.of();
        }
    }

    /** Other targets in a slot. Only those that come and get requests are proved, and those that leave are drained. */
    record TargetList(Command.OfTargets command) implements Adjustment {
        public TargetList {
            Objects.requireNonNull(command, "command");
        }

        @Override
        public boolean isUnattended() {
            return command instanceof Command.FollowNames || command instanceof Command.ExpireTarget;
        }

        @Override
        public String place(Service service) {
            return "slot " + command.slot();
        }

        @Override
        public List<Target> gaining(Service before, Service next) {
            return TargetChange.of(before, next).gaining();
        }

        @Override
        public List<Target> left(Service before, Service next) {
            return TargetChange.of(before, next).left();
        }
    }
}
