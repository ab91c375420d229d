package dev.turnout.switching;

import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import java.util.Objects;

/** Where a switch should go; which command that is depends on the state that it finds. */
public sealed interface Destination {

    /** What status and journal call it. */
    String describe();

    /** The command for a service in this state. */
    Command from(Service service);

    /** To the slot that is idle, whichever that is. */
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

    /** To a slot by name. */
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

    /** To the slot that the canary is at. */
    record CanarySlot() implements Destination {
        @Override
        public String describe() {
            return "promote the canary";
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

    /** Back to the slot that was active before the last switch. */
    record SlotBefore() implements Destination {
        @Override
        public String describe() {
            return "rollback";
        }

        @Override
        public Command from(Service service) {
            return new Command.Rollback();
        }
    }
}
