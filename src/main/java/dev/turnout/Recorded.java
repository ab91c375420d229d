package dev.turnout;

import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.store.StateStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The routing state to start with: what was recorded, with the targets that are configured now. */
final class Recorded {

    private final StateStore store;
    private final TurnoutConfig config;
    private final Clock clock;

    Recorded(StateStore store, TurnoutConfig config, Clock clock) {
        this.store = store;
        this.config = config;
        this.clock = clock;
    }

    /** Loads the state and saves it if the configuration has changed it. */
    RoutingState load() {
        Optional<RoutingState> saved = store.load();
        RoutingState state = RoutingState.of(List.of(configured(saved)));
        if (!saved.equals(Optional.of(state))) {
            store.save(state);
        }
        return state;
    }

    private Service configured(Optional<RoutingState> saved) {
        Pool blue = Pool.of(config.blue());
        Pool green = Pool.of(config.green());
        Instant now = clock.instant();
        return saved.flatMap(state -> state.service(Service.DEFAULT))
                .map(service -> service.reconciledWith(blue, green, now))
                .orElseGet(() -> Service.initial(Service.DEFAULT, blue, green, now));
    }
}
