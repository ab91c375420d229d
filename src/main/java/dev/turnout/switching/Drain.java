package dev.turnout.switching;

import dev.turnout.config.Deadline;
import dev.turnout.routing.CutRequests;
import dev.turnout.routing.DrainControl;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.InFlight.Known;
import dev.turnout.routing.InFlight.Unknown;
import dev.turnout.routing.RequestsInFlight;
import dev.turnout.routing.Retired;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The drain of targets that get no new requests: waits until nothing is in flight, and cuts the rest at the timeout.
 *
 * <p>The drain polls: at first every millisecond, since most drains end at once, then less often. The drain holds no lock
 * that a request needs.
 */
final class Drain {

    private static final long FIRST_LOOK_MILLIS = 1;
    private static final long SLOWEST_LOOK_MILLIS = 20;
    private static final long CUT_SECONDS = 5;
    private static final Duration PROGRESS = Duration.ofMillis(500);

    private final RequestsInFlight requests;
    private final DrainControl control;
    private final SwitchTimes times;

    /** @param times how long requests in flight may take to end */
    Drain(RequestsInFlight requests, DrainControl control, SwitchTimes times) {
        this.requests = requests;
        this.control = control;
        this.times = times;
    }

    /** Returns how long requests in flight of a service may take to end, by the settings in force. */
    Duration timeout(String service) {
        return times.drain(service);
    }

    /** Returns what is in flight now, without waiting. */
    DrainReport look(String service, Collection<Target> targets) {
        return reached(requests.inFlight(service, targets), new Known(0, 0), System.nanoTime());
    }

    /** What is drained, and what others may do meanwhile. */
    interface Subject {

        /** Returns the targets that are still to be drained. One that gets requests again is left out from then on. */
        Collection<Target> left();

        /** Waits. Others may change the service meanwhile, if the drain is not to keep them waiting. */
        <T> T during(Supplier<T> waiting);

        /** Returns targets that nobody else changes until they are drained. */
        static Subject of(Collection<Target> targets) {
            return new Subject() {
                @Override
                public Collection<Target> left() {
                    return targets;
                }

                @Override
                public <T> T during(Supplier<T> waiting) {
                    return waiting.get();
                }
            };
        }
    }

    /**
     * Blocks until the targets are drained or the timeout has passed and the rest is cut.
     *
     * @param progress is called at most twice a second, while something is known to be in flight
     */
    DrainReport await(String service, Collection<Target> targets, Consumer<DrainProgress> progress) {
        return await(service, Subject.of(targets), progress);
    }

    /** As {@link #await(String, Collection, Consumer)}, with a timeout that was asked for before. */
    DrainReport await(String service, Collection<Target> targets, Duration timeout, Consumer<DrainProgress> progress) {
        return await(service, Subject.of(targets), () -> timeout, progress);
    }

    /** As {@link #await(String, Collection, Consumer)}, for targets that others may change while the drain waits. */
    DrainReport await(String service, Subject subject, Consumer<DrainProgress> progress) {
        return await(service, subject, () -> timeout(service), progress);
    }

    private DrainReport await(
            String service, Subject subject, Supplier<Duration> time, Consumer<DrainProgress> progress) {
        Sessions sessions = subject.during(() -> awaitSessions(service, subject, time, progress));
        long startedNanos = System.nanoTime();
        Duration timeout = time.get();
        // Counted first: requests that retiring ends at once have been in flight, too.
        InFlight before = requests.inFlight(service, subject.left());
        Retired retired = control.retire(service, subject.left(), timeout);
        Pace pace = new Pace(PROGRESS);
        Consumer<InFlight> look = now -> {
            if (now instanceof Known known && pace.isDue()) {
                Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
                progress.accept(new DrainProgress(known.requests(), known.tunnels(), 0, elapsed, timeout));
            }
        };
        Seen seen = subject.during(() -> look(service, subject, before, Deadline.after(timeout), () -> true, look));
        boolean isOver = !Thread.currentThread().isInterrupted();
        if (isOver && seen.now() instanceof Known left && left.requests() > 0) {
            return cut(service, subject.left(), left, seen.most(), startedNanos)
                    .with(retired)
                    .with(sessions);
        }
        return reached(seen.now(), seen.most(), startedNanos).with(retired).with(sessions);
    }

    /**
     * Sessions that were kept at drained targets.
     *
     * @param most how many there were
     * @param waitedMillis how long the drain let them go on. Milliseconds.
     */
    record Sessions(long most, long waitedMillis) {}

    /** Blocks as long as sessions may go on to the targets. The plane says when their time is over. */
    private Sessions awaitSessions(
            String service, Subject subject, Supplier<Duration> time, Consumer<DrainProgress> progress) {
        long startedNanos = System.nanoTime();
        Pace pace = new Pace(PROGRESS);
        long most = 0;
        long left = control.sessions(service, subject.left());
        while (left > 0) {
            most = Math.max(most, left);
            if (pace.isDue() && requests.inFlight(service, subject.left()) instanceof Known known) {
                Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
                progress.accept(new DrainProgress(known.requests(), known.tunnels(), left, elapsed, time.get()));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(SLOWEST_LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            left = control.sessions(service, subject.left());
        }
        return new Sessions(most, most == 0 ? 0 : millisSince(startedNanos));
    }

    /** Blocks until the targets are drained, the timeout has passed, or waiting is to end. Cuts nothing. */
    DrainReport watch(String service, Collection<Target> targets, BooleanSupplier isToGoOn) {
        long startedNanos = System.nanoTime();
        InFlight before = requests.inFlight(service, targets);
        Seen seen = look(service, Subject.of(targets), before, Deadline.after(timeout(service)), isToGoOn, now -> {});
        return reached(seen.now(), seen.most(), startedNanos);
    }

    /** What was in flight at the last look, and the maximum of all looks. */
    private record Seen(InFlight now, Known most) {}

    /** Polls until the targets are drained. An interrupted thread stops polling, and stays interrupted. */
    private Seen look(
            String service,
            Subject subject,
            InFlight before,
            Deadline deadline,
            BooleanSupplier isToGoOn,
            Consumer<InFlight> progress) {
        Known most = before instanceof Known known ? known : new Known(0, 0);
        Collection<Target> targets = subject.left();
        InFlight now = requests.inFlight(service, targets);
        most = most(most, now);
        long pause = FIRST_LOOK_MILLIS;
        while (!isZero(now) && !deadline.isOver() && isToGoOn.getAsBoolean()) {
            progress.accept(now);
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Seen(requests.inFlight(service, subject.left()), most);
            }
            pause = Math.min(pause * 2, SLOWEST_LOOK_MILLIS);
            Collection<Target> left = subject.left();
            if (left.size() < targets.size()) {
                most = without(most, requests.inFlight(service, returned(targets, left)));
                targets = left;
            }
            now = requests.inFlight(service, targets);
            most = most(most, now);
        }
        return new Seen(now, most);
    }

    private static Collection<Target> returned(Collection<Target> before, Collection<Target> left) {
        return before.stream().filter(target -> !left.contains(target)).toList();
    }

    /** Returns what was in flight without what goes on at targets that have come back: it has not ended. */
    private static Known without(Known most, InFlight goingOn) {
        return goingOn instanceof Known known
                ? new Known(
                        Math.max(0, most.requests() - known.requests()), Math.max(0, most.tunnels() - known.tunnels()))
                : most;
    }

    private static Known most(Known most, InFlight now) {
        return now instanceof Known known
                ? new Known(Math.max(most.requests(), known.requests()), Math.max(most.tunnels(), known.tunnels()))
                : most;
    }

    private static boolean isZero(InFlight inFlight) {
        return inFlight instanceof Known known && known.requests() == 0;
    }

    private static DrainReport reached(InFlight now, Known most, long startedNanos) {
        long waited = millisSince(startedNanos);
        if (now instanceof Unknown unknown) {
            return new DrainReport(false, waited, 0, CutRequests.NONE, 0, 0, 0, 0, Optional.of(unknown.reason()));
        }
        Known left = (Known) now;
        boolean drained = left.requests() == 0;
        Optional<String> notKnown =
                drained ? Optional.empty() : Optional.of(left.requests() + " are in flight and were not waited for");
        return report(drained, waited, most, left, CutRequests.NONE, notKnown);
    }

    private DrainReport cut(String service, Collection<Target> targets, Known left, Known most, long startedNanos) {
        try {
            CutRequests cut =
                    control.cut(service, targets).toCompletableFuture().get(CUT_SECONDS, TimeUnit.SECONDS);
            long waited = millisSince(startedNanos);
            if (!isZero(requests.inFlight(service, targets))) {
                return report(false, waited, most, left, cut, notCut(left, "they are still in flight"));
            }
            if (cut.isEmpty()) {
                return report(true, waited, most, new Known(0, 0), cut, Optional.empty());
            }
            return report(false, waited, most, left, cut, Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return report(
                    false,
                    millisSince(startedNanos),
                    most,
                    left,
                    CutRequests.NONE,
                    notCut(left, "Turnout was stopped"));
        } catch (TimeoutException e) {
            String reason = "they did not end within " + CUT_SECONDS + " s";
            return report(false, millisSince(startedNanos), most, left, CutRequests.NONE, notCut(left, reason));
        } catch (ExecutionException e) {
            String reason = cause(e);
            return report(false, millisSince(startedNanos), most, left, CutRequests.NONE, notCut(left, reason));
        }
    }

    private static String cause(ExecutionException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }

    private static Optional<String> notCut(Known left, String reason) {
        return Optional.of(left.requests() + " were to be cut, and it is not known that they were: " + reason);
    }

    private static DrainReport report(
            boolean drained, long waited, Known most, Known left, CutRequests cut, Optional<String> notKnown) {
        long webSockets = most.tunnels() - left.tunnels();
        long completed = most.requests() - most.tunnels() - (left.requests() - left.tunnels());
        return new DrainReport(
                drained, waited, Math.max(0, completed), cut, Math.max(0, webSockets), 0, 0, 0, notKnown);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
