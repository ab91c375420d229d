package dev.turnout.switching;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.GrowingPause;
import dev.turnout.health.Gate;
import dev.turnout.routing.Command.AddTarget;
import dev.turnout.routing.ContainerAnswer;
import dev.turnout.routing.ContainerSource;
import dev.turnout.routing.FoundContainer;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import dev.turnout.routing.VisibleText;
import dev.turnout.routing.Warning;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.CandidateProofs.Candidate;
import dev.turnout.switching.SeenContainers.Seen;
import dev.turnout.switching.SwitchOrder.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes containers targets when they come, as their labels ask for. One that goes stays a target until an operator removes
 * and drains it: a container that stops says nothing about what is to serve in its place.
 *
 * <p>A container that comes to a slot with traffic is probed before, outside of any change, so that one that does not answer
 * holds nobody up. Each container comes once, and again only if it has another address; then it comes to the slot that it had.
 * One thread does all of this; what is known may be asked by any thread.
 */
public final class ContainerFollower {

    private static final Logger LOG = Logger.getLogger(ContainerFollower.class);
    private static final Duration LOOK = Duration.ofMillis(250);

    /** How often the list is asked for without an event: what an engine does not tell of is seen then. */
    private static final Duration LIST = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final ChangeNote NOTE = ChangeNote.of("containers");

    private final CurrentState current;
    private final Changes changes;
    private final Adjuster adjuster;
    private final CandidateProofs proofs;
    private final Optional<ContainerSource> source;
    private final SeenContainers seen;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private final WaitingContainers waiting = new WaitingContainers();

    private volatile Optional<String> trouble = Optional.empty();
    private volatile Optional<Integer> found = Optional.empty();
    private @Nullable Thread thread;

    /**
     * What is known of the engine.
     *
     * @param isUp whether its last answer could be used; empty before the first
     * @param containers how many containers ask for a place
     * @param waiting how many of these are no targets yet
     */
    public record EngineView(Optional<Boolean> isUp, int containers, int waiting) {}

    /** @param source says which containers there are; empty if no engine is asked */
    ContainerFollower(
            CurrentState current,
            Changes changes,
            Adjuster adjuster,
            Gate gate,
            SwitchTimes times,
            Optional<ContainerSource> source,
            Path folder) {
        this.current = current;
        this.changes = changes;
        this.adjuster = adjuster;
        this.proofs = new CandidateProofs(gate, times, stopped);
        this.source = source;
        this.seen = new SeenContainers(folder);
    }

    /** Starts to ask the engine, on a new thread, if one is configured. */
    public synchronized void begin() {
        source.ifPresent(engine -> thread = DaemonThread.start("turnout-containers", () -> follow(engine)));
    }

    /** Stops to ask. */
    public synchronized void stop() {
        stopped.complete(null);
        if (thread != null) {
            thread.interrupt();
        }
        source.ifPresent(ContainerSource::close);
    }

    /** Returns what is known of the engine; empty if none is configured. */
    public Optional<EngineView> view() {
        return source.map(engine -> new EngineView(
                trouble.isPresent() ? Optional.of(false) : found.map(known -> true), found.orElse(0), waiting.count()));
    }

    /** Returns a warning for each container of a service that can't be a target, and one for an engine that does not answer. */
    List<Warning> warnings(Service service) {
        Stream<Warning> engine = trouble.stream()
                .map(why -> new Warning(
                        "containers-not-known",
                        "The container engine can't be asked: " + why
                                + ". The targets stay as they are, and no container becomes one."
                                + " turnout doctor looks at its socket.",
                        "컨테이너 엔진에 물어볼 수 없습니다: " + why + ". 대상은 그대로 유지되고 새 컨테이너는 대상이 되지 않습니다."
                                + " turnout doctor로 소켓을 확인하십시오."));
        return Stream.concat(engine, waiting.warnings(service, current.get())).toList();
    }

    /** Returns what a switch to a slot has to say of containers that still come there. */
    Optional<String> missing(Service before, Slot slot) {
        return waiting.missing(before, slot);
    }

    // --- The thread ------------------------------------------------------------------------------------------------

    private void follow(ContainerSource engine) {
        seen.read();
        GrowingPause pauses = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE);
        List<FoundContainer> known = List.of();
        long dueNanos = System.nanoTime();
        boolean hasNews = true;
        try {
            while (!stopped.isDone()) {
                if (hasNews || System.nanoTime() - dueNanos >= 0) {
                    Optional<List<FoundContainer>> answer = ask(engine);
                    if (answer.isEmpty()) {
                        TimeUnit.MILLISECONDS.sleep(pauses.next().toMillis());
                        hasNews = true;
                        continue;
                    }
                    known = answer.get();
                    pauses.reset();
                    dueNanos = System.nanoTime() + LIST.toNanos();
                }
                lookAgain(known);
                hasNews = awaitNews(engine);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for news of the engine. A failure is a reason to ask it again, and does not end the thread. */
    private boolean awaitNews(ContainerSource engine) throws InterruptedException {
        try {
            return engine.await(waiting.count() == 0 ? LIST : LOOK);
        } catch (RuntimeException | Error e) {
            if (!stopped.isDone()) {
                LOG.error("The events of the container engine could not be heard", e);
            }
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE.toMillis());
            return true;
        }
    }

    /** Returns what the engine says. A failure is an answer, and does not end the thread. */
    private static ContainerAnswer list(ContainerSource engine) {
        try {
            return engine.list();
        } catch (RuntimeException | Error e) {
            LOG.error("The container engine could not be asked", e);
            return new ContainerAnswer.Failed(String.valueOf(e));
        }
    }

    /** Returns the containers that ask for a place; empty if the engine has not said. */
    private Optional<List<FoundContainer>> ask(ContainerSource engine) {
        ContainerAnswer answer = list(engine);
        if (answer instanceof ContainerAnswer.Failed failed) {
            if (trouble.isEmpty() && !stopped.isDone()) {
                LOG.warnf("The container engine can't be asked: %s. The targets stay as they are", failed.reason());
            }
            trouble = Optional.of(failed.reason());
            return Optional.empty();
        }
        List<FoundContainer> containers = ((ContainerAnswer.Found) answer).containers();
        if (trouble.isPresent()) {
            LOG.info("The container engine answers again");
        }
        trouble = Optional.empty();
        found = Optional.of(containers.size());
        return Optional.of(containers);
    }

    /** Looks once more. A failure does not end the thread. */
    private void lookAgain(List<FoundContainer> containers) {
        try {
            Set<String> ids = containers.stream().map(FoundContainer::id).collect(Collectors.toSet());
            waiting.retain(ids);
            seen.run(ids);
            Set<Candidate> wanted = new HashSet<>();
            containers.forEach(container -> look(container, wanted));
            proofs.retain(wanted);
        } catch (RuntimeException | Error e) {
            LOG.error("The containers could not be looked at", e);
        }
    }

    private void look(FoundContainer container, Set<Candidate> wanted) {
        Service service = current.get().services().get(container.service());
        if (container.target().isEmpty() || service == null) {
            waiting.waits(
                    container, container.trouble().or(() -> Optional.of("there is no service " + container.service())));
            return;
        }
        Target target = container.target().get();
        Optional<Seen> before = seen.of(container.id());
        Slot asked = before.map(Seen::slot).orElseGet(() -> waiting.place(container, service));
        Optional<TakenAddress> taken = TakenAddress.of(container, target, asked, current.get(), seen);
        if (taken.isPresent()) {
            waiting.asksFor(container, asked);
            waiting.waits(container, taken.get());
            return;
        }
        Optional<Slot> now = TakenAddress.slotOf(service, target);
        boolean isItself = before.map(Seen::target).filter(target::equals).isPresent();
        now.ifPresent(slot -> seen.add(container.id(), new Seen(service.name(), slot, target)));
        if (now.isPresent() || isItself) {
            // It is a target, or an operator has removed it.
            waiting.remove(container);
            return;
        }
        waiting.asksFor(container, asked);
        Candidate candidate = new Candidate(service.name(), target);
        boolean hasFailed = proofs.hasFailed(candidate);
        boolean isProved = asked != service.active() && service.canary().isEmpty();
        if (!changes.mayBegin(service.name()) || waiting.rests(container)) {
            wanted.add(candidate);
            waiting.counts(container);
        } else if (isProved || wanted.add(candidate) && proofs.isGood(candidate)) {
            wanted.add(candidate);
            begin(service, container, asked, candidate);
        } else {
            waiting.waits(container, hasFailed ? Optional.of("it does not pass its health checks") : Optional.empty());
        }
    }

    private void begin(Service service, FoundContainer container, Slot slot, Candidate candidate) {
        AddTarget command = new AddTarget(slot, candidate.target(), Optional.empty());
        // What the service does not allow is asked of nobody: each refused change is an entry of the journal.
        if (Transition.apply(service, command, Instant.EPOCH, "") instanceof Outcome.Refused refused) {
            waiting.waits(container, Optional.of(refused.reason()));
            return;
        }
        waiting.counts(container);
        try {
            adjuster.begin(new AdjustmentOrder(
                            container.service(),
                            new TargetList(command),
                            Until.SWITCHED,
                            false,
                            false,
                            ExpectedRevision.none(),
                            NOTE))
                    .whenComplete((report, failure) -> ended(container, slot, candidate, failure));
        } catch (ChangeRefused later) {
            ended(container, slot, candidate, later);
        }
    }

    private void ended(FoundContainer container, Slot slot, Candidate candidate, @Nullable Throwable failure) {
        if (failure == null) {
            LOG.infof(
                    "%s: container %s has come to slot %s as %s",
                    container.service(), container.name(), slot, candidate.target());
            return;
        }
        if (ChangeRefused.isBusy(failure)) {
            return;
        }
        // What did not pass is to pass a gate of its own again, before the next change.
        proofs.forget(candidate);
        waiting.refused(
                container,
                VisibleText.of(String.valueOf(ChangeRefused.reasonOf(failure).getMessage()), VisibleText.SHORT));
    }
}
