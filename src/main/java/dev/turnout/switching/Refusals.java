package dev.turnout.switching;

import dev.turnout.routing.Outcome.Refused;
import dev.turnout.routing.Service;

/** The map from refusals of the routing core to refusals of changes. */
final class Refusals {

    private Refusals() {}

    static ChangeRefused of(Refused refused, Service now) {
        ChangeRefused.Reason reason =
                switch (refused.refusal()) {
                    case INVALID -> ChangeRefused.Reason.INVALID;
                    case NOTHING_TO_ROLL_BACK -> ChangeRefused.Reason.NOTHING_TO_ROLL_BACK;
                    case LAST_TARGET -> ChangeRefused.Reason.LAST_TARGET;
                    case NO_SUCH_TARGET -> ChangeRefused.Reason.NO_TARGET;
                    case IN_OTHER_SLOT -> ChangeRefused.Reason.IN_OTHER_SLOT;
                    case FOLLOWS_NAMES -> ChangeRefused.Reason.FOLLOWS_NAMES;
                    case TOO_MANY_TARGETS -> ChangeRefused.Reason.TOO_MANY_TARGETS;
                    case PAUSED -> ChangeRefused.Reason.PAUSED;
                };
        return new ChangeRefused(reason, "Nothing was done at service '" + now.name() + "': " + refused.reason() + ".");
    }
}
