package dev.turnout.switching;

import dev.turnout.routing.Command;
import dev.turnout.routing.Service;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The maintenance of a service, and its end. Nothing is cut: requests in flight end, and WebSockets stay open. Every other
 * change is possible meanwhile.
 */
public final class Maintaining {

    private final Changes changes;
    private final ChangeSteps steps;

    Maintaining(Changes changes, ChangeSteps steps) {
        this.changes = changes;
        this.steps = steps;
    }

    /**
     * Begins a maintenance, changes its terms, or ends it, and returns at once. Any thread.
     *
     * @return completes with the report, or exceptionally with {@link ChangeRefused}: nothing has changed then
     */
    public CompletionStage<MaintenanceReport> begin(MaintenanceOrder order) {
        steps.service(order.service());
        Command command =
                order.terms().<Command>map(Command.BeginMaintenance::new).orElseGet(Command.EndMaintenance::new);
        return changes.begin(
                order.service(), command.describe(), order.note(), (change, early) -> perform(order, command, change));
    }

    private MaintenanceReport perform(MaintenanceOrder order, Command command, Change change) {
        Service before = steps.before(order);
        StepResults results = StepResults.begun(before, change);
        Optional<Service> planned = steps.plan(before, command, change);
        if (planned.isEmpty()) {
            return new MaintenanceReport(results.warned(Optional.of(
                    order.terms().isPresent()
                            ? "Nothing was done: maintenance was on already, on the same terms."
                            : "Nothing was done: maintenance was not on.")));
        }
        Service next = planned.get();
        List<String> warnings = steps.commit(next, false, change);
        return steps.recorder()
                .changed(
                        change,
                        new MaintenanceReport(results.inForce(next, true).warned(warnings)));
    }
}
