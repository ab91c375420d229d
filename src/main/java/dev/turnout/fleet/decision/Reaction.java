package dev.turnout.fleet.decision;

import java.util.List;

/**
 * What an event has made: the next state, and what is to be done.
 *
 * @param next the state from now on
 * @param actions in their order
 */
public record Reaction<S>(S next, List<FleetAction> actions) {

    public Reaction {
        actions = List.copyOf(actions);
    }

    static <S> Reaction<S> of(S next, FleetAction... actions) {
        return new Reaction<>(next, List.of(actions));
    }
}
