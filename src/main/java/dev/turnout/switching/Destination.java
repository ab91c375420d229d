package dev.turnout.switching;

import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import java.util.Objects;

/** The destination of a switch. The state of the service decides which command leads there. */
public sealed interface Destination {

    /** Returns the name of the switch in status and journal. */
    String describe();

    /** Returns the command for a service in this state. */
    Command from(Service service);

    /** Returns true if the destination implies the build that its slot is known to have. */
    default boolean isSameBuild() {
        return false;
    }

    /** The slot that is idle when the switch begins. */
    record OtherSlot() implements Destination {
        @Override
        public String describe() {
            return "switch to the idle slot";
        }

        @Override
        public Command from(Service service) {
            return new Command.SwitchTo(service.idle());
        }
    }

    /** A slot by name. */
    record NamedSlot(Slot slot) implements Destination {
        public NamedSlot {
            Objects.requireNonNull(slot, "slot");
        }

        @Override
        public String describe() {
            return "switch to " + slot;
        }

        @Override
        public Command from(Service service) {
            return new Command.SwitchTo(slot);
        }
    }

    /** The slot that has the canary. */
    record CanarySlot() implements Destination {
        @Override
        public String describe() {
            return "promote the canary";
        }

        @Override
        public boolean isSameBuild() {
            return true;
        }

        /** @throws ChangeRefused if there is no canary */
        @Override
        public Command from(Service service) {
            if (service.canary().isEmpty()) {
                throw new ChangeRefused(
                        ChangeRefused.Reason.NO_CANARY,
                        "Service '" + service.name() + "' has no canary: slot " + service.active()
                                + " gets all of the traffic. Nothing was done; POST /admin/canary?weight=N begins one.");
            }
            return new Command.SwitchTo(service.idle());
        }
    }

    /** The slot that was active before the last switch. */
    record SlotBefore() implements Destination {
        @Override
        public String describe() {
            return "rollback";
        }

        @Override
        public boolean isSameBuild() {
            return true;
        }

        @Override
        public Command from(Service service) {
            return new Command.Rollback();
        }
    }
}
