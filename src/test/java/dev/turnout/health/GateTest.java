package dev.turnout.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.wire.Payload;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GateTest {

    private static final int RISE = 3;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);

    /** For a gate that fails, but not before its good targets had their time. */
    private static final Duration ENOUGH = Duration.ofSeconds(3);

    private Vertx vertx;
    private Backend one;
    private Backend two;
    private HealthMonitor monitor;
    private Gate gate;
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
    private final List<GateProbe> progress = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        one = Backend.start();
        two = Backend.start();
        monitor = new HealthMonitor(vertx, (service, target) -> Plans.quick(RISE, 2));
        gate = new Gate(vertx, (service, target) -> Plans.quick(RISE, 2), monitor);
    }

    @AfterEach
    void stop() throws Exception {
        monitor.stop();
        one.close();
        two.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Target target(Backend backend) {
        return Target.parse(backend.address());
    }

    private static Service service(Backend... green) {
        List<Target> targets = List.of(green).stream().map(GateTest::target).toList();
        return Service.initial(
                Service.DEFAULT, Pool.of(List.of(new Target("127.0.0.1", 1))), Pool.of(targets), Instant.now());
    }

    @Test
    void a_listener_that_throws_does_not_keep_the_gate_from_its_end() {
        Service service = service(one);

        Consumer<GateProbe> broken = probe -> {
            throw new IllegalStateException("a listener's fault");
        };
        GateReport report = gate.prove(service.name(), service.green().targets(), LONG, broken, givenUp)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();

        assertThat(report.passed()).isTrue();
    }

    /** The process that listens behind a target is looked for on a thread that may block. */
    @Test
    void a_gate_that_gets_no_thread_goes_on_and_ends_at_its_deadline() throws Exception {
        ScarceVertx scarce = new ScarceVertx();
        Vertx itsVertx = scarce.start();
        try {
            Gate itsGate = new Gate(
                    itsVertx,
                    (service, target) -> Plans.quick(RISE, 2),
                    new HealthMonitor(itsVertx, (service, target) -> Plans.quick(RISE, 2)));
            scarce.threads(false);
            Service failing = service(two);
            two.always(Effect.status(503, "starting"));

            CompletableFuture<GateReport> passing = itsGate.prove(
                            Service.DEFAULT, service(one).green().targets(), LONG, progress::add, givenUp)
                    .toCompletableFuture();
            CompletableFuture<GateReport> ending = itsGate.prove(
                            Service.DEFAULT, failing.green().targets(), SHORT, progress::add, givenUp)
                    .toCompletableFuture();

            assertThat(passing).succeedsWithin(LONG).matches(GateReport::passed);
            assertThat(ending).succeedsWithin(LONG).matches(report -> !report.passed());
            assertThat(scarce.refused()).isPositive();
        } finally {
            scarce.threads(true);
            itsVertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    /** The descriptors run out in this process. */
    @Test
    void a_gate_is_not_passed_by_probes_that_could_not_be_sent() throws Exception {
        ScarceVertx scarce = new ScarceVertx();
        Vertx itsVertx = scarce.start();
        try {
            HealthMonitor itsMonitor = new HealthMonitor(itsVertx, (service, target) -> Plans.quick(RISE, 2));
            Gate itsGate = new Gate(itsVertx, (service, target) -> Plans.quick(RISE, 2), itsMonitor);
            scarce.sockets(false);

            CompletableFuture<GateReport> report = itsGate.prove(
                            Service.DEFAULT, service(one).green().targets(), SHORT, progress::add, givenUp)
                    .toCompletableFuture();

            assertThat(report).succeedsWithin(LONG).satisfies(ended -> {
                assertThat(ended.passed()).isFalse();
                assertThat(ended.explanation()).contains("not asked: no file descriptor is left");
            });
        } finally {
            itsVertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_process_that_listened_and_has_ended_fails_the_gate_at_once_and_is_named() throws Exception {
        Process process = ListeningProcessesTest.listener();
        try (BufferedReader said = process.inputReader()) {
            Target target = new Target("127.0.0.1", Integer.parseInt(said.readLine()));
            CompletableFuture<GateReport> report = gate.prove("default", List.of(target), LONG, progress::add, givenUp)
                    .toCompletableFuture();
            Await.until("there was time to see the process", () -> progress.stream()
                    .anyMatch(probe -> probe.elapsed().toMillis() > 2_000));

            process.destroyForcibly().waitFor();

            assertThat(report).succeedsWithin(5, TimeUnit.SECONDS).satisfies(ended -> {
                assertThat(ended.passed()).isFalse();
                assertThat(ended.explanation())
                        .contains("the process that listened on " + target + " (pid " + process.pid() + ", java) has"
                                + " ended");
            });
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_port_that_nobody_has_listened_to_yet_is_waited_for() throws Exception {
        int port = one.port();
        one.kill();
        CompletableFuture<GateReport> report = gate.prove(
                        "default", List.of(new Target("127.0.0.1", port)), LONG, progress::add, givenUp)
                .toCompletableFuture();
        Await.until("it is refused a few times", () -> progress.size() > 5);

        one.revive();

        assertThat(report).succeedsWithin(10, TimeUnit.SECONDS).matches(GateReport::passed);
    }

    @Test
    void a_gate_that_is_given_up_ends_at_once_and_tells_what_it_has_seen() {
        one.always(Effect.status(503, "starting"));
        CompletableFuture<GateReport> report = prove(service(one), LONG);
        Await.until("a probe has ended", () -> !progress.isEmpty());

        givenUp.complete(null);

        assertThat(report).succeedsWithin(2, TimeUnit.SECONDS).satisfies(ended -> {
            assertThat(ended.passed()).isFalse();
            assertThat(ended.targets().get(0).tally()).contains("503");
        });
    }

    private CompletableFuture<GateReport> prove(Service service, Duration deadline) {
        return gate.prove(service.name(), service.green().targets(), deadline, progress::add, givenUp)
                .toCompletableFuture();
    }

    private GateReport report(Duration deadline, Backend... green) {
        return prove(service(green), deadline).orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void a_slot_passes_after_as_many_good_probes_as_rise_says() {
        GateReport report = report(LONG, one);

        assertThat(report.passed()).isTrue();
        assertThat(report.targets()).singleElement().satisfies(target -> {
            assertThat(target.target()).isEqualTo(target(one));
            assertThat(target.passed()).isTrue();
            assertThat(target.good()).isEqualTo(RISE);
            assertThat(target.tally()).isEqualTo("200 3x");
            assertThat(target.probes()).hasSize(RISE);
        });
        assertThat(one.requests()).isEqualTo(RISE);
    }

    @Test
    void a_bad_probe_in_between_starts_the_count_again() {
        one.next(Effect.ok("up"), Effect.ok("up"), Effect.status(503, "not yet"));

        GateReport report = report(LONG, one);

        assertThat(report.passed()).isTrue();
        assertThat(report.targets().get(0).tally()).isEqualTo("200 2x, then 503 1x, then 200 3x");
        assertThat(one.requests()).isEqualTo(6);
    }

    @Test
    void the_watcher_hears_of_every_probe() {
        one.next(Effect.ok("up"), Effect.status(503, "not yet"));

        report(LONG, one);

        assertThat(progress)
                .extracting(probe -> probe.result().cause() + " " + probe.goodInARow() + "/" + probe.needed())
                .containsExactly("200 1/3", "503 0/3", "200 1/3", "200 2/3", "200 3/3");
    }

    @Test
    void every_target_of_the_slot_must_pass() {
        two.always(Effect.status(500, "no database"));

        GateReport report = report(ENOUGH, one, two);

        assertThat(report.passed()).isFalse();
        assertThat(report.targets()).extracting(TargetGate::passed).containsExactly(true, false);
    }

    @Test
    void a_target_that_fails_while_another_is_still_starting_does_not_count_as_passed() {
        CountDownLatch word = new CountDownLatch(1);
        two.always(Effect.heldUntil(word, Effect.ok("up")));
        CompletableFuture<GateReport> report = prove(service(one, two), LONG);
        Await.until("the first target is proved", () -> one.requests() > RISE + 2);

        one.always(Effect.status(500, "out of memory"));
        Await.until("it has failed", () -> progress.stream()
                .anyMatch(probe ->
                        probe.target().equals(target(one)) && !probe.result().good()));
        word.countDown();
        two.always(Effect.ok("up"));
        Await.until("the second target is proved", () -> two.requests() > RISE + 2);

        assertThat(report).isNotDone();
        one.always(Effect.ok("up"));
        assertThat(report.orTimeout(20, TimeUnit.SECONDS).join().passed()).isTrue();
    }

    @Test
    void a_target_out_of_rotation_is_proved_too() {
        Target last = target(two);
        Service service = new Service(
                Service.DEFAULT,
                Slot.BLUE,
                Optional.empty(),
                Pool.of(List.of(new Target("127.0.0.1", 1))),
                Pool.of(List.of(target(one), last)).withOut(Set.of(last)),
                Optional.empty(),
                false,
                Optional.empty(),
                1,
                Instant.now(),
                "test",
                SlotReleases.NONE);
        two.always(Effect.status(500, "broken"));

        assertThat(prove(service, SHORT).orTimeout(20, TimeUnit.SECONDS).join().passed())
                .isFalse();
    }

    @Test
    void the_refusal_explains_what_was_seen() {
        one.next(Effect.cutBeforeHead(SocketEnd.RESET), Effect.cutBeforeHead(SocketEnd.RESET))
                .always(Effect.status(503, "migrating the database"));

        GateReport report = report(ENOUGH, one);

        assertThat(report.passed()).isFalse();
        assertThat(report.targets().get(0).tally())
                .matches("reset 2x, then 503 \\d+x(, then no answer before the deadline 1x)?");
        assertThat(report.targets().get(0).probes()).hasSizeLessThanOrEqualTo(Gate.PROBES_KEPT);
        assertThat(report.explanation())
                .startsWith("Not healthy after ")
                .contains(one.address(), "reset 2x, then 503", "with Host " + one.address());
    }

    @Test
    void a_target_that_comes_up_during_the_gate_passes() {
        one.kill();
        CompletableFuture<GateReport> report = prove(service(one), LONG);
        Await.until("it was refused some times", () -> progress.size() > 3);

        one.revive();

        GateReport ended = report.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(ended.passed()).isTrue();
        assertThat(ended.targets().get(0).tally()).matches("refused \\d+x, then 200 3x");
    }

    @Test
    void the_deadline_ends_a_gate_whose_target_never_answers() {
        one.always(new Effect.Deaf());

        GateReport report = report(SHORT, one);

        assertThat(report.passed()).isFalse();
        assertThat(report.tookMillis()).isBetween(SHORT.toMillis() - 10, 5_000L);
        assertThat(report.targets().get(0).tally()).isEqualTo("no answer before the deadline 1x");
        assertThat(report.explanation()).contains("no answer before the deadline");
    }

    @Test
    void an_answer_after_the_deadline_comes_too_late() {
        CountDownLatch word = new CountDownLatch(1);
        one.always(Effect.heldUntil(word, Effect.ok("up")));

        GateReport report = report(SHORT, one);
        word.countDown();

        assertThat(report.passed()).isFalse();
        assertThat(report.targets().get(0).good()).isZero();
    }

    @Test
    void an_endless_body_does_not_pass_the_gate() {
        one.always(new Effect.Download(new Payload(1L << 40, 1)));

        GateReport report = report(SHORT, one);

        assertThat(report.passed()).isFalse();
        Await.until("the target has been hung up on", () -> one.openConnections() == 0);
    }

    @Test
    void the_monitor_takes_over_what_was_proved() {
        one.always(Effect.status(500, "starting"));
        Service service = service(one);
        CountDownLatch word = new CountDownLatch(1);
        monitor.watch(() -> RoutingState.of(List.of(service)));
        Await.until("the target is down", () -> health() == Health.DOWN);
        one.always(Effect.heldUntil(word, Effect.status(500, "asked by the monitor")));
        long before = one.requests();
        Await.until("the monitor waits for an answer", () -> one.requests() > before && one.openConnections() > 0);
        one.always(Effect.ok("up"));

        assertThat(prove(service, LONG).orTimeout(20, TimeUnit.SECONDS).join().passed())
                .isTrue();

        Await.until("the monitor knows", () -> health() == Health.UP);
        word.countDown();
    }

    private Health health() {
        return monitor.of(Service.DEFAULT, target(one)).health();
    }
}
