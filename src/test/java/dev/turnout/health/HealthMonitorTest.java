package dev.turnout.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.SocketEnd;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HealthMonitorTest {

    private static final int RISE = 3;
    private static final int FALL = 3;

    private Vertx vertx;
    private Backend blue;
    private Backend green;
    private HealthMonitor monitor;
    private final List<String> changes = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        blue = Backend.start();
        green = Backend.start();
        monitor = new HealthMonitor(vertx, (service, target) -> Plans.quick(RISE, FALL));
        monitor.addListener((service, target, before, after) ->
                changes.add(target.tcp().port() + " " + before.health() + " " + after.health()));
    }

    @AfterEach
    void stop() throws Exception {
        monitor.stop();
        blue.close();
        green.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Target target(Backend backend) {
        return Target.parse(backend.address());
    }

    private RoutingState state() {
        return RoutingState.of(List.of(Service.initial(
                Service.DEFAULT, Pool.of(List.of(target(blue))), Pool.of(List.of(target(green))), Instant.now())));
    }

    private TargetHealth of(Backend backend) {
        return monitor.of(Service.DEFAULT, target(backend));
    }

    private Health health(Backend backend) {
        return of(backend).health();
    }

    private void await(Backend backend, Health health) {
        Await.until(health + ", after " + changes, () -> health(backend) == health);
    }

    @Test
    @Guards("F15")
    void a_target_is_not_up_before_a_probe_has_answered() {
        CountDownLatch word = new CountDownLatch(1);
        blue.always(Effect.heldUntil(word, Effect.ok("up")));
        assertThat(health(blue)).isEqualTo(Health.UNKNOWN);

        monitor.watch(this::state);
        Await.until("a probe has arrived", () -> blue.requests() == 1);

        assertThat(of(blue).health()).isEqualTo(Health.UNKNOWN);
        assertThat(of(blue).last()).isEmpty();
        word.countDown();
        await(blue, Health.UP);
    }

    @Test
    void a_listener_that_throws_ends_neither_the_probing_nor_the_hearing_of_others() {
        List<Health> heard = new CopyOnWriteArrayList<>();
        monitor = new HealthMonitor(vertx, (service, target) -> Plans.quick(RISE, FALL));
        monitor.addListener((service, target, after) -> {
            throw new IllegalStateException("a listener's fault");
        });
        monitor.addListener((service, target, before, after) -> {
            throw new StackOverflowError();
        });
        monitor.addListener((service, target, before, after) -> heard.add(after.health()));
        monitor.watch(this::state);

        await(blue, Health.UP);
        long requests = blue.requests();
        Await.until("it is probed again", () -> blue.requests() > requests + 2);
        assertThat(heard).contains(Health.UP);
    }

    @Test
    void an_error_before_a_probe_is_sent_does_not_end_the_probing() {
        AtomicInteger asked = new AtomicInteger();
        monitor = new HealthMonitor(vertx, (service, target) -> {
            if (asked.incrementAndGet() <= 2) {
                throw new StackOverflowError();
            }
            return Plans.quick(RISE, FALL);
        });
        monitor.watch(this::state);

        await(blue, Health.UP);
        await(green, Health.UP);
    }

    @Test
    void both_slots_are_probed() {
        green.always(Effect.status(503, "starting"));

        monitor.watch(this::state);

        await(blue, Health.UP);
        await(green, Health.DOWN);
        assertThat(of(green).last().orElseThrow().body()).isEqualTo("starting");
    }

    @Test
    void the_first_answer_decides_alone() {
        blue.next(Effect.status(500, "no")).always(new Effect.Deaf());

        monitor.watch(this::state);

        await(blue, Health.DOWN);
        assertThat(of(blue).badInARow()).isEqualTo(1);
    }

    @Test
    @Guards("F8")
    void a_target_does_not_flap_on_a_bad_probe_or_two() {
        monitor.watch(this::state);
        await(blue, Health.UP);

        Effect bad = Effect.status(500, "hiccup");
        blue.next(bad, bad, Effect.ok("up"), bad, Effect.cutBeforeHead(SocketEnd.RESET), Effect.ok("up"), bad);
        long before = blue.requests();
        Await.until("all of it has been answered", () -> blue.requests() > before + 8);

        assertThat(changes)
                .filteredOn(change -> change.startsWith(blue.port() + " "))
                .hasSize(1);
        assertThat(health(blue)).isEqualTo(Health.UP);
    }

    @Test
    void as_many_bad_probes_in_a_row_as_fall_says_make_a_target_down() {
        monitor.watch(this::state);
        await(blue, Health.UP);

        blue.always(Effect.status(500, "broken"));

        await(blue, Health.DOWN);
        assertThat(of(blue).badInARow()).isGreaterThanOrEqualTo(FALL);
        assertThat(of(blue).goodInARow()).isZero();
    }

    @Test
    void a_bad_probe_in_between_starts_the_rise_again() {
        CountDownLatch word = new CountDownLatch(1);
        Effect bad = Effect.status(500, "broken");
        Effect good = Effect.ok("up");
        blue.next(bad, good, good, bad, good, good, Effect.heldUntil(word, good));

        monitor.watch(this::state);
        Await.until("the third good one is on its way", () -> blue.requests() == 7);

        Await.until("the sixth has been counted", () -> of(blue).goodInARow() == 2);
        assertThat(health(blue)).isEqualTo(Health.DOWN);
        word.countDown();
        await(blue, Health.UP);
    }

    /** What this process lacks says nothing about a target. */
    @Test
    void a_shortage_of_descriptors_here_leaves_the_health_as_it_is() throws Exception {
        ScarceVertx scarce = new ScarceVertx();
        shortage(scarce, target(blue), scarce::sockets);
    }

    @Test
    void a_shortage_of_threads_here_leaves_the_health_as_it_is() throws Exception {
        ScarceVertx scarce = new ScarceVertx();
        // The name is looked up on a thread that may block.
        shortage(scarce, new Target("localhost", blue.port()), scarce::threads);
    }

    private void shortage(ScarceVertx scarce, Target target, Consumer<Boolean> haveAny) throws Exception {
        Vertx itsVertx = scarce.start();
        try {
            HealthMonitor itsMonitor = new HealthMonitor(itsVertx, (service, each) -> Plans.quick(RISE, FALL));
            itsMonitor.addListener(
                    (service, each, before, after) -> changes.add(before.health() + " " + after.health()));
            itsMonitor.watch(() -> RoutingState.of(List.of(Service.initial(
                    Service.DEFAULT, Pool.of(List.of(target)), Pool.of(List.of(target(green))), Instant.now()))));
            Await.until("it is up", () -> itsMonitor.of(Service.DEFAULT, target).health() == Health.UP);

            haveAny.accept(false);
            Await.until("many probes could not be sent", () -> scarce.refused() > 4 * FALL);
            haveAny.accept(true);
            long before = blue.requests();
            Await.until("it is probed again", () -> blue.requests() > before + 1);

            assertThat(changes).allMatch("UNKNOWN UP"::equals);
        } finally {
            itsVertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private List<String> changesOf(Backend target) {
        String port = target.port() + " ";
        return changes.stream()
                .filter(change -> change.startsWith(port))
                .map(change -> change.substring(port.length()))
                .toList();
    }

    @Test
    void a_target_that_dies_and_comes_back_is_down_and_up_again() {
        monitor.watch(this::state);
        await(green, Health.UP);
        green.kill();
        await(green, Health.DOWN);
        assertThat(of(green).last().orElseThrow().cause()).isEqualTo("refused");

        green.revive();

        // Listeners are told after the health can be seen.
        Await.until("the last change is told", () -> changesOf(green).size() == 3);
        assertThat(changesOf(green)).containsExactly("UNKNOWN UP", "UP DOWN", "DOWN UP");
    }

    @Test
    void a_target_that_is_not_wanted_any_more_is_forgotten() {
        monitor.watch(this::state);
        await(green, Health.UP);

        monitor.watch(() -> RoutingState.of(List.of()));

        await(green, Health.UNKNOWN);
        Await.until("its probes have ended", () -> green.openConnections() == 0);
        long after = green.requests();
        monitor.watch(() -> RoutingState.of(List.of(Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(target(blue))),
                Pool.of(List.of(new Target("127.0.0.1", 1))),
                Instant.now()))));
        long others = blue.requests();
        Await.until("blue has been probed twenty times more", () -> blue.requests() > others + 20);
        // One probe may have been on its way when the monitor was told.
        assertThat(green.requests()).isLessThanOrEqualTo(after + 1);
    }

    @Test
    void watching_the_same_targets_again_disturbs_nothing() {
        monitor.watch(this::state);
        await(blue, Health.UP);
        Instant since = of(blue).since();

        monitor.watch(this::state);
        long before = blue.requests();
        Await.until("blue is probed on", () -> blue.requests() > before + 3);

        assertThat(of(blue).since()).isEqualTo(since);
        assertThat(changes)
                .filteredOn(change -> change.startsWith(blue.port() + " "))
                .hasSize(1);
    }
}
