package dev.turnout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.DaemonThread;
import dev.turnout.health.Gate;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.ProbePlans;
import dev.turnout.health.WarmUp;
import dev.turnout.health.WarmUpPlan;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.MaintenanceTerms;
import dev.turnout.routing.NameAnswer;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RequestsInFlight;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import dev.turnout.routing.TrafficCapabilities;
import dev.turnout.routing.TrafficPlane;
import dev.turnout.routing.Warning;
import dev.turnout.store.Journal;
import dev.turnout.store.StateStore;
import dev.turnout.support.Await;
import dev.turnout.switching.ActiveSlotCheck;
import dev.turnout.switching.ChangeNote;
import dev.turnout.switching.ExpectedRevision;
import dev.turnout.switching.MaintenanceOrder;
import dev.turnout.switching.RehearsalGate;
import dev.turnout.switching.SwitchTimes;
import dev.turnout.switching.Switching;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hand-over with peers that hang, die, lie or say nothing: every step has an end, and this process goes on. */
final class HandOverTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration VERY_LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final RoutingState state = state(3);
    private final AtomicInteger stops = new AtomicInteger();
    private final Idle plane = new Idle();
    private StateStore store;
    private Switching switching;

    private static RoutingState state(long revision) {
        Service first = Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(Target.parse("a:1"))),
                Pool.of(List.of(Target.parse("b:1"))),
                Instant.EPOCH);
        return RoutingState.of(List.of(new Service(
                first.name(),
                first.active(),
                first.previous(),
                first.blue(),
                first.green(),
                Optional.empty(),
                false,
                Optional.empty(),
                revision,
                Instant.EPOCH,
                "a test",
                SlotReleases.NONE)));
    }

    /** It carries nothing. */
    private static final class Idle implements TrafficPlane, RoutingWarnings, RequestsInFlight {
        private volatile CompletableFuture<Void> publishing = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<Void> publish(RoutingState next, OnDrift onDrift) {
            return publishing;
        }

        @Override
        public InFlight inFlight(String service, Collection<Target> targets) {
            return new InFlight.Known(0, 0);
        }

        @Override
        public Optional<String> objection(Service next) {
            return Optional.empty();
        }

        @Override
        public Optional<String> drift() {
            return Optional.empty();
        }

        @Override
        public List<Warning> warnings(String service) {
            return List.of();
        }
    }

    @BeforeEach
    void open() {
        store = new StateStore(folder).open();
        store.save(state);
        ProbePlans plans = (service, target) -> null;
        HealthMonitor monitor = new HealthMonitor(vertx, plans);
        switching = Switching.assemble(
                store,
                new Journal(folder).open(),
                TrafficCapabilities.ofRouting(plane),
                monitor,
                new Gate(vertx, plans, monitor),
                new WarmUp(vertx, service -> new WarmUpPlan(List.of(), 1, false, LONG, false), plans),
                new SwitchTimes(service -> LONG, service -> RehearsalGate.NONE, service -> LONG),
                name -> new NameAnswer.Failed("there is no name server"),
                Optional.empty(),
                new ActiveSlotCheck.Rules(service -> false, Map.of(Service.DEFAULT, 3), LONG),
                Optional.empty(),
                Clock.systemUTC());
        switching.begin(state);
    }

    @AfterEach
    void close() {
        store.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private HandOver offer(Duration firstLine, Duration serving) {
        HandOver handOver = new HandOver(
                store,
                switching.changes(),
                switching.commit(),
                () -> new HandOver.Patience(firstLine, SHORT, VERY_LONG, serving),
                stops::incrementAndGet);
        assertThat(handOver.isOwner()).isFalse();
        handOver.begin();
        handOver.offer();
        assertThat(handOver.isOwner()).isTrue();
        return handOver;
    }

    private Peer peer() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(HandOverSocket.address(folder));
        return new Peer(channel);
    }

    private Peer given() throws IOException {
        Peer peer = peer();
        peer.say(HandOver.TAKE_OVER);
        assertThat(peer.hear(LONG)).contains(HandOver.YOURS);
        return peer;
    }

    private List<String> warnings() {
        return Warning.english(switching.warnings().of(switching.current().service(Service.DEFAULT)));
    }

    private void awaitGoingOn() {
        Await.until("it goes on", () -> switching.changes().suspension().isEmpty());
        store.save(state);
        assertThat(stops).hasValue(0);
    }

    @Test
    void a_successor_that_serves_is_made_way_for() throws IOException {
        HandOver handOver = offer(LONG, LONG);
        try (Peer successor = given()) {
            assertThat(warnings()).anyMatch(warning -> warning.contains("handing its place over"));
            assertThat(handOver.isOwner())
                    .as("a stop leaves the fleet to the successor")
                    .isFalse();
            successor.say(HandOver.SERVING);
            assertThat(successor.hear(LONG)).isEmpty();
        }
        Await.until("the stop", () -> stops.get() == 1);
        assertThat(handOver.isOwner()).isFalse();
        assertThatThrownBy(() -> store.save(state)).hasMessageContaining("given to another");
    }

    @Test
    void a_successor_that_hangs_is_told_and_this_process_goes_on() throws IOException {
        HandOver handOver = offer(LONG, SHORT);
        try (Peer successor = given()) {
            assertThat(successor.hear(LONG)).contains(HandOver.TAKEN_BACK);
            awaitGoingOn();
            assertThat(handOver.isOwner()).isTrue();
            assertThat(warnings()).isEmpty();
        }
    }

    @Test
    void a_successor_that_dies_or_lies_is_forgotten() throws IOException {
        offer(LONG, LONG);
        given().close();
        awaitGoingOn();
        try (Peer liar = given()) {
            liar.say("hello");
            awaitGoingOn();
        }
        try (Peer chatterer = peer()) {
            chatterer.say("x".repeat(200));
            assertThatThrownBy(() -> assertThat(chatterer.hear(LONG)).isPresent())
                    .isNotNull();
        }
        given().close();
        awaitGoingOn();
    }

    /** Begins a change that lasts until the returned future is completed. */
    private CompletableFuture<Void> changing() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        plane.publishing = end;
        switching
                .maintaining()
                .begin(new MaintenanceOrder(
                        Service.DEFAULT,
                        Optional.of(new MaintenanceTerms(Optional.empty(), List.of(), MaintenanceTerms.USUAL_RETRY)),
                        ExpectedRevision.any(),
                        ChangeNote.of("a test")));
        return end;
    }

    @Test
    void a_successor_that_is_gone_before_a_change_has_ended_keeps_no_other_change_waiting() throws IOException {
        offer(LONG, LONG);
        CompletableFuture<Void> end = changing();
        try (Peer successor = peer()) {
            successor.say(HandOver.TAKE_OVER);
            Await.until("the hand-over", () -> switching.changes().suspension().isPresent());
        }
        Await.until("it goes on", () -> switching.changes().suspension().isEmpty());
        try (Peer chatterer = peer()) {
            chatterer.say(HandOver.TAKE_OVER + "\nhello");
            assertThat(chatterer.hear(LONG)).contains(HandOver.BUSY);
        }
        Await.until("it goes on", () -> switching.changes().suspension().isEmpty());
        assertThat(switching.changes().ongoing(Service.DEFAULT)).isPresent();
        end.complete(null);
    }

    @Test
    void silent_peers_keep_no_successor_out_and_are_hung_up_on() throws IOException {
        offer(Duration.ofSeconds(2), LONG);
        try (Peer one = peer();
                Peer two = peer();
                Peer three = peer();
                Peer successor = given()) {
            successor.say(HandOver.SERVING);
            assertThat(successor.hear(LONG)).isEmpty();
            for (Peer silent : List.of(one, two, three)) {
                assertThat(silent.hear(LONG)).isEmpty();
            }
        }
        Await.until("the stop", () -> stops.get() > 0);
    }

    @Test
    void peers_for_whom_the_system_gives_no_thread_are_hung_up_on_and_keep_no_successor_out() throws IOException {
        AtomicInteger failures = new AtomicInteger(8);
        Executor threads = task -> {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            DaemonThread.start("a test", task);
        };
        try (HandOverSocket socket = HandOverSocket.open(folder, threads)) {
            socket.accept(channel -> {
                try (Peer heard = new Peer(channel)) {
                    heard.say(HandOver.BUSY);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 8; i++) {
                try (Peer lost = peer()) {
                    assertThat(lost.hear(LONG)).isEmpty();
                }
            }
            try (Peer successor = peer()) {
                assertThat(successor.hear(LONG)).contains(HandOver.BUSY);
            }
        }
    }

    @Test
    void peers_that_are_not_heard_to_the_end_are_hung_up_on() throws IOException {
        try (HandOverSocket socket = HandOverSocket.open(folder, task -> DaemonThread.start("a test", task))) {
            // As where there is no descriptor left to hear with.
            socket.accept(channel -> {});

            for (int i = 0; i < 8; i++) {
                try (Peer lost = peer()) {
                    assertThat(lost.hear(LONG)).isEmpty();
                }
            }
        }
    }

    @Test
    void only_one_is_given_the_folder_and_another_hears_that_it_is_busy() throws IOException {
        offer(LONG, LONG);
        Peer first = given();
        try (Peer second = peer()) {
            second.say(HandOver.TAKE_OVER);
            assertThat(second.hear(LONG)).contains(HandOver.BUSY);
        }
        first.close();
        awaitGoingOn();
    }

    @Test
    void while_a_late_successor_holds_the_lock_changes_are_refused_and_the_status_says_so() throws IOException {
        offer(LONG, SHORT);
        try (Peer successor = given()) {
            StateStore late = new StateStore(folder).open();
            late.save(state(4));
            assertThat(successor.hear(LONG)).contains(HandOver.TAKEN_BACK);
            Await.until("the warning", () -> warnings().stream()
                    .anyMatch(warning -> warning.contains("still has the state folder")));
            late.close();
        }
        awaitGoingOn();
    }

    @Test
    void what_a_failed_successor_has_recorded_is_put_back() throws IOException {
        offer(LONG, LONG);
        Peer successor = given();
        try (StateStore failing = new StateStore(folder).open()) {
            failing.save(state(4));
        }
        successor.close();
        Await.until("it goes on", () -> switching.changes().suspension().isEmpty());

        assertThat(store.load()).contains(state);
    }

    @Test
    void the_socket_is_for_this_user_only() throws IOException {
        offer(LONG, LONG);

        assertThat(Files.getPosixFilePermissions(HandOverSocket.address(folder).getPath()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void a_successor_ends_if_its_place_was_taken_back_and_serves_if_its_predecessor_died() throws Exception {
        offer(LONG, SHORT);
        TakeOver late = TakeOver.request(folder, LONG);
        awaitGoingOn();
        assertThatThrownBy(late::complete).isInstanceOf(StartRefused.class).hasMessageContaining("in vain");

        TakeOver inTime = TakeOver.request(folder, LONG);
        inTime.complete();
        Await.until("the stop", () -> stops.get() == 1);
    }
}
