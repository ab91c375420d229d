package dev.turnout;

import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.dns.NameResolver;
import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.store.StateStore;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The routing state to start with. The recorded state gets the targets that are configured now. The front says which
 * targets serve already.
 */
@Singleton
final class InitialState {

    private static final Logger LOG = Logger.getLogger("dev.turnout");

    private final StateStore store;
    private final Front front;
    private final TurnoutConfig config;
    private final Clock clock;

    InitialState(StateStore store, Front front, TurnoutConfig config, Clock clock) {
        this.store = store;
        this.front = front;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Loads the state. Saves nothing: a process that fails to start leaves no state and uses no revision. Blocks.
     */
    RoutingState load() {
        Optional<RoutingState> saved = store.load();
        List<ServiceSettings> services = ServiceSettings.of(config);
        RoutingState configured = RoutingState.of(
                services.stream().map(service -> configured(service, saved)).toList());
        RoutingState state = front.takeOver(saved, configured);
        saved.stream()
                .flatMap(old -> old.services().values().stream())
                .filter(old -> state.service(old.name()).isEmpty())
                .forEach(old -> LOG.warnf(
                        "Service '%s' is not configured any more: that its slot %s was active is forgotten",
                        old.name(), old.active()));
        return state;
    }

    private Service configured(ServiceSettings settings, Optional<RoutingState> saved) {
        Pool blue = Pool.of(settings.blue());
        Pool green = Pool.of(settings.green());
        Instant now = clock.instant();
        return saved.flatMap(state -> state.service(settings.name()))
                .map(service -> service.reconciledWith(blue, green, now))
                .orElseGet(() -> Service.initial(settings.name(), lookedUp(blue), lookedUp(green), now));
    }

    /** Returns a pool with what its names stand for, as far as that is known now. A recorded state has it already. */
    private Pool lookedUp(Pool pool) {
        NameResolver resolver = new NameResolver(() -> config.upstream().dnsServer());
        List<Target> found = pool.names().stream()
                .map(resolver::lookUp)
                .flatMap(answer ->
                        answer instanceof NameAnswer.Found targets ? targets.targets().stream() : Stream.empty())
                .toList();
        return pool.alsoWith(found);
    }
}
