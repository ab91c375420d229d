package dev.turnout.switching;

import dev.turnout.health.WarmUp;
import dev.turnout.health.WarmUpReport;
import dev.turnout.routing.ConnectAhead;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The warm-up as a step of a change, after the gate. The targets do their slow first work and get open connections before
 * clients come. A failed warm-up refuses the change only if the warm-up is required.
 */
final class WarmUpStep {

    private static final long CONNECT_SECONDS = 5;

    private final WarmUp warmUp;
    private final ConnectAhead connections;
    private final Changes changes;
    private final Announcer announcer;

    WarmUpStep(WarmUp warmUp, ConnectAhead connections, Changes changes, Announcer announcer) {
        this.warmUp = warmUp;
        this.connections = connections;
        this.changes = changes;
        this.announcer = announcer;
    }

    /**
     * The outcome of a warm-up.
     *
     * @param warmUp the report of the requests; empty if no requests are configured
     * @param connections how many connections were opened
     */
    public record WarmUpOutcome(Optional<WarmUpReport> warmUp, int connections) {

        /** Returns what the operator should know of the warm-up. */
        List<String> warnings() {
            return warmUp.map(WarmUpOutcome::warnings).orElse(List.of());
        }

        private static List<String> warnings(WarmUpReport report) {
            List<String> warnings = new ArrayList<>();
            report.complaints().forEach(complaint -> warnings.add("Warm-up: " + complaint + "."));
            if (!report.complete()) {
                warnings.add("Warm-up: its deadline was over after " + report.requests() + " requests"
                        + (report.settled().isPresent() ? ", with answers that may still get faster." : "."));
            }
            return warnings;
        }
    }

    /**
     * Blocks until the targets are warm, or their time is over.
     *
     * @param place where the targets are, in words
     * @throws ChangeRefused if a path of a required warm-up has failed, or Turnout is being stopped
     */
    WarmUpOutcome of(Service service, String place, List<Target> targets, Change change) {
        change.enter(Step.WARMUP);
        Optional<WarmUpReport> report = warmUp.plan(service.name()).paths().isEmpty()
                ? Optional.empty()
                : Optional.of(requests(service, place, targets, change));
        return new WarmUpOutcome(report, connections(service, targets));
    }

    private WarmUpReport requests(Service service, String place, List<Target> targets, Change change) {
        WarmUpReport report = changes.await(
                warmUp.run(
                        service.name(),
                        targets,
                        round -> announcer.announce(ChangeEvent.warmUp(change, round)),
                        changes.givenUp(change)),
                place + " of service '" + service.name() + "' was being warmed up",
                service,
                change);
        if (warmUp.plan(service.name()).required() && !report.complaints().isEmpty()) {
            throw new ChangeRefused(
                    ChangeRefused.Reason.NOT_WARM,
                    "The warm-up failed at " + place + " of service '" + service.name() + "', and"
                            + " turnout.warmup.required=true: " + String.join("; ", report.complaints())
                            + ". Nothing has changed: slot " + service.active() + " serves.");
        }
        return report;
    }

    /** Opens connections ahead, and returns how many. A connection that fails now is opened when a request needs it. */
    private int connections(Service service, List<Target> targets) {
        try {
            return connections
                    .connectAhead(service.name(), targets)
                    .toCompletableFuture()
                    .get(CONNECT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } catch (ExecutionException | TimeoutException e) {
            return 0;
        }
    }
}
