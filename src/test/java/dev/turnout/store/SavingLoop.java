package dev.turnout.store;

import dev.turnout.routing.Command.SwitchTo;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A program that switches and saves as fast as it can until it is killed, and says each revision that is saved. How
 * long the text of a state is changes all the time.
 */
final class SavingLoop {

    private SavingLoop() {}

    public static void main(String... folder) {
        PrintStream acknowledged = new PrintStream(System.out, true);
        StateStore store = new StateStore(Path.of(folder[0])).open();
        RoutingState state = store.load().orElseGet(SavingLoop::initial);
        while (true) {
            Service service = state.services().get(Service.DEFAULT);
            String why = "x".repeat((int) (service.revision() * 7919 % 20_000));
            Changed changed = (Changed) Transition.apply(service, new SwitchTo(service.idle()), Instant.now(), why);
            state = state.with(changed.service());
            store.save(state);
            acknowledged.println(changed.service().revision());
        }
    }

    private static RoutingState initial() {
        return RoutingState.of(List.of(Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(Target.parse("a:1"))),
                Pool.of(List.of(Target.parse("b:1"))),
                Instant.now())));
    }
}
