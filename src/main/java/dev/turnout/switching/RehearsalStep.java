package dev.turnout.switching;

import dev.turnout.routing.RehearsalControl;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.Service;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rehearsal as a step of a switch, after the gate: waits until as many requests have been rehearsed as it takes, and
 * refuses the switch if the idle slot is worse.
 *
 * <p>The last requests are judged. A version that is slow at its beginning gets three times as many requests to become fast.
 */
final class RehearsalStep {

    private static final long LOOK_MILLIS = 250;
    private static final Duration PROGRESS = Duration.ofSeconds(1);

    /** A slow version is judged anew up to this multiple of the requests. */
    private static final int PATIENCE = 3;

    /** The requests that are judged are as many as it takes, and up to so many parts more. */
    private static final int PARTS = 16;

    private final RehearsalControl control;
    private final Function<String, RehearsalGate> gates;
    private final Changes changes;
    private final Announcer announcer;

    RehearsalStep(
            RehearsalControl control, Function<String, RehearsalGate> gates, Changes changes, Announcer announcer) {
        this.control = control;
        this.gates = gates;
        this.changes = changes;
        this.announcer = announcer;
    }

    /**
     * Blocks until the rehearsal says that the idle slot is no worse.
     *
     * @return empty if the switch takes no rehearsal
     * @throws ChangeRefused if it is worse, too few requests were rehearsed in time, or the change is given up
     */
    Optional<RehearsalReport> of(Service service, Change change) {
        RehearsalGate gate = gates.apply(service.name());
        if (gate.requests() == 0 || !control.isPossible() || service.canary().isPresent()) {
            return Optional.empty();
        }
        long deadline = System.nanoTime() + gate.timeout().toNanos();
        Pace pace = new Pace(PROGRESS);
        Window window = new Window(gate.requests());
        while (true) {
            RehearsalReport report = window.judged(service, control.figures(service.name()));
            boolean isOver = System.nanoTime() - deadline >= 0 || isHopeless(service, report);
            switch (report.judgement().verdict()) {
                case BETTER_OR_SAME -> {
                    return Optional.of(report);
                }
                case FAILS -> throw refused(service, report, change);
                case SLOWER -> isOver |= window.isSpent();
                case TOO_FEW -> {}
            }
            if (isOver) {
                throw refused(service, report, change);
            }
            if (pace.isDue()) {
                announcer.announce(ChangeEvent.rehearsal(service.name(), change.what(), report));
            }
            changes.rest(LOOK_MILLIS, "the rehearsal of service '" + service.name() + "' went on", service, change);
        }
    }

    /** Returns true if no request is copied now. */
    private static boolean isHopeless(Service service, RehearsalReport report) {
        return !report.figures().isOn()
                || service.paused()
                || service.maintenance().isPresent();
    }

    private static ChangeRefused refused(Service service, RehearsalReport report, Change change) {
        String why = report.judgement().reason();
        String advice = report.judgement().verdict() != RehearsalVerdict.TOO_FEW
                ? " Correct the version, or switch with force=true."
                : report.figures().isOn()
                        ? " Wait for more requests, copy a larger share, or set turnout.rehearsal.gate.requests."
                        : " No request is copied: set turnout.rehearsal, or call 'turnout rehearsal on'.";
        return new ChangeRefused(
                        ChangeRefused.Reason.REHEARSAL,
                        "The rehearsal of service '" + service.name() + "' does not let slot " + service.idle()
                                + " serve: " + why + "." + " Nothing has changed: slot " + service.active() + " serves."
                                + advice)
                .with("what", change.what())
                .with("slot", service.idle().toString())
                .with("rehearsal", RehearsalJson.of(report));
    }

    /** The figures of the last requests: as many as it takes, or a few more. */
    private static final class Window {
        private final int needed;
        private final Deque<RehearsalFigures> starts = new ArrayDeque<>();
        private long begun;
        private long seen;

        Window(int needed) {
            this.needed = needed;
        }

        RehearsalReport judged(Service service, RehearsalFigures now) {
            RehearsalFigures last = starts.peekLast();
            if (last == null || last.run() != now.run()) {
                starts.clear();
                starts.add(now.since(now));
                begun = now.pairs();
            } else if (now.pairs() - last.pairs() >= Math.max(1, needed / PARTS)) {
                starts.add(now);
            }
            seen = now.pairs();
            starts.removeIf(start -> isBeforeAnother(start, now));
            RehearsalFigures window = now.since(starts.getFirst());
            RehearsalJudgement judgement =
                    window.pairs() < needed ? RehearsalJudgement.tooFew(window, needed) : RehearsalJudgement.of(window);
            return new RehearsalReport(service.active(), window, needed, judgement);
        }

        /** Returns true if a later start has enough requests behind it too. */
        private boolean isBeforeAnother(RehearsalFigures start, RehearsalFigures now) {
            return starts.stream()
                    .anyMatch(later -> later.pairs() > start.pairs() && now.pairs() - later.pairs() >= needed);
        }

        /** Returns true if a slow version has had its time. */
        boolean isSpent() {
            return seen - begun >= (long) (PATIENCE - 1) * needed;
        }
    }
}
