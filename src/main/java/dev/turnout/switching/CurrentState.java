package dev.turnout.switching;

import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import java.util.Objects;

/** The routing state in force. Read on any thread; replaced by {@link Commit} only. */
public final class CurrentState {

    private volatile RoutingState state;

    public CurrentState(RoutingState state) {
        this.state = Objects.requireNonNull(state, "state");
    }

    public RoutingState get() {
        return state;
    }

    /**
     * A service as it is now.
     *
     * @throws ChangeRefused with {@link ChangeRefused.Reason#NO_SERVICE} if none has this name
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
