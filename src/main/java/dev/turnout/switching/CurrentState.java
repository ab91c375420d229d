package dev.turnout.switching;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import java.util.List;

/** The routing state in force. Any thread may read; only {@link Commit} replaces the state. */
public final class CurrentState {

    private volatile RoutingState state = RoutingState.of(List.of());

    /** Returns the routing state in force; no services before the start has loaded a state. */
    public RoutingState get() {
        return state;
    }

    /**
     * Returns a service as it is now.
     *
     * @throws ChangeRefused with {@link ChangeRefused.Reason#NO_SERVICE} if no service has this name
     */
    public Service service(String name) {
        RoutingState now = state;
        return now.service(name)
                .orElseThrow(() -> new ChangeRefused(
                        ChangeRefused.Reason.NO_SERVICE,
                        "There is no service '" + name + "'; there is "
                                + String.join(", ", now.services().keySet()) + "."));
    }

    void set(RoutingState next) {
        state = next;
    }
}
