package dev.turnout.switching;

import dev.turnout.config.StatusRanges;
import dev.turnout.config.TargetProtocol;
import dev.turnout.health.Gate;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.ProbePlan;
import dev.turnout.health.WarmUp;
import dev.turnout.health.WarmUpPlan;
import dev.turnout.routing.ContainerSource;
import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCapabilities;
import dev.turnout.store.Journal;
import dev.turnout.store.StateStore;
import dev.turnout.support.Backend;
import dev.turnout.switching.SwitchOrder.Until;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The switching package over two real backends, with real probes, store and journal, and a scripted traffic plane. */
final class SwitchingFixture implements AutoCloseable {

    private static final SwitchTimes LONG = times(Duration.ofSeconds(10), Duration.ofSeconds(10));
    private static final WarmUpPlan COLD = new WarmUpPlan(List.of(), 1, false, Duration.ofSeconds(1), false);

    final Backend blue = Backend.start();
    final Backend green = Backend.start();
    /** A second target of slot blue, used by {@link #withTwoTargets}. */
    final Backend second = Backend.start();

    final ScriptedPlane plane = new ScriptedPlane();
    final StateStore store;
    final Journal journal;
    final HealthMonitor monitor;
    final Switching switching;
    private final Vertx vertx = Vertx.vertx();

    SwitchingFixture(Path folder) {
        this(folder, LONG, false);
    }

    SwitchingFixture(Path folder, SwitchTimes times, boolean failover) {
        this(folder, times, failover, false, COLD, Optional.empty());
    }

    /** Returns a fixture with two targets in slot blue, which is active. */
    static SwitchingFixture withTwoTargets(Path folder, SwitchTimes times) {
        return new SwitchingFixture(folder, times, false, true, COLD, Optional.empty());
    }

    /** Returns a fixture with a warm-up. */
    static SwitchingFixture warming(Path folder, WarmUpPlan warmUp) {
        return new SwitchingFixture(folder, LONG, false, false, warmUp, Optional.empty());
    }

    /** Returns a fixture whose containers become targets. */
    static SwitchingFixture asking(Path folder, ContainerSource engine) {
        return new SwitchingFixture(folder, LONG, false, false, COLD, Optional.of(engine));
    }

    private SwitchingFixture(
            Path folder,
            SwitchTimes times,
            boolean failover,
            boolean hasSecond,
            WarmUpPlan warmUp,
            Optional<ContainerSource> engine) {
        ProbePlan plan = new ProbePlan(
                Backend.PROBE_PATH,
                Duration.ofMillis(10),
                Duration.ofSeconds(1),
                2,
                3,
                StatusRanges.parse("200-399"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TargetProtocol.HTTP1,
                Optional.empty(),
                Optional.empty());
        Clock clock = Clock.systemUTC();
        store = new StateStore(folder).open();
        journal = new Journal(folder).open();
        RoutingState state = RoutingState.of(List.of(Service.initial(
                Service.DEFAULT, hasSecond ? pool(blue, second) : pool(blue), pool(green), clock.instant())));
        store.save(state);
        monitor = new HealthMonitor(vertx, (service, target) -> plan);
        Gate gate = new Gate(vertx, (service, target) -> plan, monitor);
        ActiveSlotCheck.Rules rules =
                new ActiveSlotCheck.Rules(service -> failover, Map.of(Service.DEFAULT, 3), Duration.ofSeconds(10));
        switching = Switching.assemble(
                store,
                journal,
                TrafficCapabilities.ofAll(plane),
                monitor,
                gate,
                new WarmUp(vertx, service -> warmUp, (service, target) -> plan),
                times,
                name -> new NameAnswer.Failed("there is no name server"),
                engine,
                rules,
                Optional.empty(),
                clock);
        switching.begin(state);
    }

    static SwitchTimes times(Duration gate, Duration drain) {
        return new SwitchTimes(service -> gate, service -> RehearsalGate.NONE, service -> drain);
    }

    private static Pool pool(Backend... backends) {
        return Pool.of(Stream.of(backends).map(SwitchingFixture::target).toList());
    }

    static Target target(Backend backend) {
        return Target.parse(backend.address());
    }

    Service service() {
        return switching.current().service(Service.DEFAULT);
    }

    Service savedService() {
        return store.load().orElseThrow().service(Service.DEFAULT).orElseThrow();
    }

    Slot active() {
        return service().active();
    }

    Slot saved() {
        return savedService().active();
    }

    static SwitchOrder to(Slot slot) {
        return order(new Destination.NamedSlot(slot), Until.DRAINED, false, false);
    }

    static SwitchOrder order(Destination destination, Until until, boolean force, boolean dryRun) {
        return new SwitchOrder(
                Service.DEFAULT,
                destination,
                until,
                force,
                dryRun,
                Optional.empty(),
                ExpectedRevision.none(),
                ChangeNote.of("a test"));
    }

    /** Returns the order to switch with what a caller says about the switch. */
    static SwitchOrder noted(Destination destination, ChangeNote note) {
        return new SwitchOrder(
                Service.DEFAULT,
                destination,
                Until.DRAINED,
                false,
                false,
                Optional.empty(),
                ExpectedRevision.none(),
                note);
    }

    /** Returns the order to switch to a slot and to watch the slot. */
    static SwitchOrder watched(Slot slot, Duration time, Until until) {
        return new SwitchOrder(
                Service.DEFAULT,
                new Destination.NamedSlot(slot),
                until,
                false,
                false,
                Optional.of(time),
                ExpectedRevision.none(),
                ChangeNote.of("a test"));
    }

    /** Makes a switch and returns the receipt. Throws what the switch fails with. */
    Receipt make(SwitchOrder order) {
        return awaited(switching.switcher().begin(order));
    }

    /** Makes an adjustment and returns the report. Throws what the adjustment fails with. */
    AdjustmentReport make(Adjustment adjustment) {
        return make(adjustment, Until.DRAINED, false);
    }

    AdjustmentReport make(Adjustment adjustment, Until until, boolean force) {
        return awaited(switching
                .adjuster()
                .begin(new AdjustmentOrder(
                        Service.DEFAULT,
                        adjustment,
                        until,
                        force,
                        false,
                        ExpectedRevision.none(),
                        ChangeNote.of("a test"))));
    }

    AdjustmentReport make(AdjustmentOrder order) {
        return awaited(switching.adjuster().begin(order));
    }

    /** Makes a pause or its end and returns the report. Throws what the change fails with. */
    PauseReport make(PauseOrder order) {
        return awaited(switching.pausing().begin(order));
    }

    /** Makes a maintenance or its end and returns the report. Throws what the change fails with. */
    MaintenanceReport make(MaintenanceOrder order) {
        return awaited(switching.maintaining().begin(order));
    }

    private static <R> R awaited(CompletionStage<R> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ChangeRefused refused) {
                throw refused;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no receipt", e);
        }
    }

    List<String> verdicts() {
        return journal.recent(Service.DEFAULT, 100).entries().stream()
                .map(entry -> entry.getString("verdict"))
                .toList();
    }

    JsonObject newestEntry() {
        return journal.recent(Service.DEFAULT, 1).entries().get(0);
    }

    @Override
    public void close() {
        switching.changes().beginStop();
        monitor.stop();
        store.close();
        blue.close();
        green.close();
        second.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
