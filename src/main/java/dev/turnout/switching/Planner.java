package dev.turnout.switching;

import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Outcome.Refused;
import dev.turnout.routing.Service;
import dev.turnout.routing.Transition;
import java.time.Clock;
import java.util.Optional;

/** Asks the routing core what a service would be after a command; changes nothing. */
final class Planner {

    private final Clock clock;

    Planner(Clock clock) {
        this.clock = clock;
    }

    /**
     * The next state, or nothing if the service is what the command wants already.
     *
     * @param change that the new state's {@code why} tells of
     * @throws ChangeRefused if the command is not legal now
     */
    Optional<Service> next(Service before, Command command, Change change) {
        return next(before, command, change.what() + ", asked for by " + change.who());
    }

    /** As above, with other words for the new state's {@code why}. */
    Optional<Service> next(Service before, Command command, String why) {
        Outcome outcome = Transition.apply(before, command, clock.instant(), why);
        if (outcome instanceof Refused refused) {
            throw Refusals.of(refused, before);
        }
        return outcome instanceof Changed changed ? Optional.of(changed.service()) : Optional.empty();
    }
}
