package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command;
import dev.turnout.routing.ContainerAnswer;
import dev.turnout.routing.ContainerSource;
import dev.turnout.routing.FoundContainer;
import dev.turnout.routing.FoundContainer.Place;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.switching.Adjustment.TargetList;
import dev.turnout.switching.SwitchOrder.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Containers that come")
final class ContainerFollowerTest {

    /** An engine that says what the test wants. */
    private static final class Engine implements ContainerSource {

        private final Semaphore news = new Semaphore(0);
        private volatile ContainerAnswer answer = new ContainerAnswer.Found(List.of());
        private volatile int lists;
        private volatile int errors;

        /** Has the next questions end in an error that is no exception. */
        void breaksDown(int times) {
            errors = times;
            news.release();
        }

        void say(FoundContainer... containers) {
            answer = new ContainerAnswer.Found(List.of(containers));
            news.release();
        }

        void fail(String reason) {
            answer = new ContainerAnswer.Failed(reason);
            news.release();
        }

        /** Blocks until the list has been read twice more, so that the first of these has been looked at. */
        void read() {
            int before = lists;
            Await.until("the list is read", () -> {
                news.release();
                return lists >= before + 2;
            });
        }

        @Override
        public ContainerAnswer list() {
            lists++;
            if (errors > 0) {
                errors--;
                throw new StackOverflowError("the engine of a test");
            }
            return answer;
        }

        @Override
        public boolean await(Duration most) throws InterruptedException {
            return news.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            news.release();
        }
    }

    @TempDir
    Path folder;

    private final Engine engine = new Engine();
    private final Backend container = Backend.start();
    private final Backend other = Backend.start();
    private SwitchingFixture fixture;

    @BeforeEach
    void start() {
        fixture = SwitchingFixture.asking(folder, engine);
        fixture.switching.containers().begin();
    }

    @AfterEach
    void stop() {
        fixture.switching.containers().stop();
        fixture.close();
        container.close();
        other.close();
    }

    private static FoundContainer found(String id, Place place, Backend at) {
        return new FoundContainer(
                id, id, Service.DEFAULT, place, Optional.of(SwitchingFixture.target(at)), Optional.empty());
    }

    private static FoundContainer unusable(String id, String why) {
        return new FoundContainer(id, id, Service.DEFAULT, Place.IDLE, Optional.empty(), Optional.of(why));
    }

    private List<Target> targets(Slot slot) {
        return fixture.service().pool(slot).targets();
    }

    private boolean has(Slot slot, Backend at) {
        return targets(slot).contains(SwitchingFixture.target(at));
    }

    private List<String> warnings() {
        return fixture.switching.containers().warnings(fixture.service()).stream()
                .map(Warning::english)
                .toList();
    }

    private void awaitEnd() {
        Await.until(
                "no other change is made",
                () -> fixture.switching.changes().ongoing(Service.DEFAULT).isEmpty());
    }

    private void switchTo(Slot slot) {
        awaitEnd();
        fixture.switching
                .switcher()
                .begin(SwitchingFixture.to(slot))
                .toCompletableFuture()
                .join();
    }

    private void change(Command.OfTargets command) {
        awaitEnd();
        fixture.switching
                .adjuster()
                .begin(new AdjustmentOrder(
                        Service.DEFAULT,
                        new TargetList(command),
                        Until.DRAINED,
                        true,
                        false,
                        ExpectedRevision.none(),
                        ChangeNote.of("a test")))
                .toCompletableFuture()
                .join();
    }

    @Test
    void are_seen_after_an_error_that_is_no_exception() {
        engine.read();
        engine.breaksDown(2);
        Await.until("the warning", () -> warnings().stream().anyMatch(one -> one.contains("can't be asked")));

        engine.say(found("c1", Place.IDLE, container));

        Await.until("the target", () -> has(Slot.GREEN, container));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void to_the_idle_slot_are_targets_there() {
        engine.say(found("c1", Place.IDLE, container));

        Await.until("it is a target", () -> has(Slot.GREEN, container));
        assertThat(targets(Slot.GREEN)).hasSize(2);
        assertThat(fixture.savedService().pool(Slot.GREEN).targets()).hasSize(2);
        Await.until(
                "nothing waits",
                () -> fixture.switching.containers().view().orElseThrow().waiting() == 0);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void to_a_slot_with_traffic_are_targets_after_their_own_good_probes_and_keep_nobody_waiting() {
        container.probes(Effect.status(503, "booting"));
        engine.say(found("c1", Place.ACTIVE, container));

        Await.until("it was probed", () -> container.probesAnswered() > 2);
        assertThat(has(Slot.BLUE, container)).isFalse();
        assertThat(fixture.switching.changes().ongoing(Service.DEFAULT)).isEmpty();
        switchTo(Slot.GREEN);
        switchTo(Slot.BLUE);

        container.probes(Effect.ok("up"));

        Await.until("it is a target", () -> has(Slot.BLUE, container));
    }

    @Test
    void stay_targets_when_they_go() {
        engine.say(found("c1", Place.IDLE, container));
        Await.until("it is a target", () -> has(Slot.GREEN, container));

        engine.say();
        engine.read();

        assertThat(has(Slot.GREEN, container)).isTrue();
    }

    @Test
    void do_not_come_again_once_an_operator_has_removed_them_also_after_a_restart() {
        engine.say(found("c1", Place.IDLE, container));
        Await.until("it is a target", () -> has(Slot.GREEN, container));
        engine.read();
        change(new Command.RemoveTarget(Slot.GREEN, SwitchingFixture.target(container), true));

        engine.read();
        assertThat(has(Slot.GREEN, container)).isFalse();

        stop();
        fixture = SwitchingFixture.asking(folder, engine);
        fixture.switching.containers().begin();
        engine.read();
        assertThat(has(Slot.GREEN, container)).isFalse();
        assertThat(has(Slot.BLUE, container)).isFalse();
    }

    @Test
    void with_another_address_come_to_the_slot_that_they_had() {
        engine.say(found("c1", Place.IDLE, container));
        Await.until("it is a target", () -> has(Slot.GREEN, container));
        engine.read();
        switchTo(Slot.GREEN);

        engine.say(found("c1", Place.IDLE, other));

        Await.until("it is a target of its slot", () -> has(Slot.GREEN, other));
        assertThat(has(Slot.BLUE, other)).isFalse();
    }

    @Test
    void that_are_targets_already_are_left_where_they_are() {
        engine.say(found("c1", Place.ACTIVE, fixture.green), found("c2", Place.IDLE, fixture.blue));
        engine.read();

        assertThat(targets(Slot.BLUE)).containsExactly(SwitchingFixture.target(fixture.blue));
        assertThat(targets(Slot.GREEN)).containsExactly(SwitchingFixture.target(fixture.green));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void with_the_address_of_another_one_in_the_other_slot_are_told_of() throws IOException {
        engine.say(found("c1", Place.IDLE, container));
        Await.until("it is a target", () -> has(Slot.GREEN, container));

        engine.read();

        engine.say(found("c2", Place.ACTIVE, container));

        Await.until("it is told", () -> !warnings().isEmpty());
        assertThat(warnings().get(0)).contains("Container c2", "is a target of slot green", "Remove that target");
        assertThat(targets(Slot.GREEN)).hasSize(2);
        assertThat(Files.readString(folder.resolve("containers")))
                .contains("c1 ")
                .doesNotContain("c2 ");
    }

    @Test
    void that_do_not_pass_their_health_checks_are_told_of() {
        container.probes(Effect.status(503, "booting"));
        engine.say(found("c1", Place.ACTIVE, container));

        Await.until("it is told", () -> warnings()
                .contains("Container c1 is no target: it does not pass its health checks."));
    }

    @Test
    void that_can_not_be_targets_are_told_with_the_reason() {
        engine.say(
                unusable("c1", "it exposes no port"),
                new FoundContainer(
                        "c2",
                        "c2",
                        "shop",
                        Place.IDLE,
                        Optional.of(SwitchingFixture.target(container)),
                        Optional.empty()));

        Await.until("both are told", () -> warnings().size() == 2);
        assertThat(warnings())
                .containsExactly(
                        "Container c1 is no target: it exposes no port.",
                        "Container c2 is no target: there is no service shop.");
        assertThat(fixture.switching.containers().view().orElseThrow().waiting())
                .isEqualTo(2);

        engine.say();
        Await.until("it is told no more", () -> warnings().isEmpty());
    }

    @Test
    void are_not_known_while_the_engine_does_not_answer() {
        engine.say(found("c1", Place.IDLE, container));
        Await.until("it is a target", () -> has(Slot.GREEN, container));

        engine.fail("connection refused");

        Await.until("it is told", () -> !warnings().isEmpty());
        assertThat(warnings()).hasSize(1).first().asString().contains("connection refused");
        assertThat(fixture.switching.containers().view().orElseThrow().isUp()).contains(false);
        assertThat(has(Slot.GREEN, container)).isTrue();
        engine.say(found("c1", Place.IDLE, container), found("c2", Place.IDLE, other));
        Await.until("the other one is a target", () -> has(Slot.GREEN, other));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void are_remembered_by_a_file_whose_nonsense_is_ignored() throws IOException {
        stop();
        List<String> lines = new ArrayList<>(
                List.of("", "x", "c9 default red 127.0.0.1:1", "c8 default blue nowhere", "c2 green 127.0.0.1:1"));
        lines.add("c1 default green " + container.address());
        Files.write(folder.resolve("containers"), lines);
        fixture = SwitchingFixture.asking(folder, engine);
        fixture.switching.containers().begin();

        engine.say(found("c1", Place.IDLE, container), found("c2", Place.IDLE, other));

        Await.until("the other one is a target", () -> has(Slot.GREEN, other));
        assertThat(has(Slot.GREEN, container)).isFalse();
    }

    @Test
    void that_still_come_are_named_by_a_switch_and_its_dry_run() {
        container.probes(Effect.status(503, "booting"));
        engine.say(
                found("c1", Place.ACTIVE, container),
                unusable("c2", "it exposes no port"),
                found("c3", Place.GREEN, other));
        Await.until("one is a target", () -> has(Slot.GREEN, other));
        Await.until(
                "two wait",
                () -> fixture.switching.containers().view().orElseThrow().waiting() == 2);
        awaitEnd();
        String warning = "Containers that ask for slot green are no targets yet, and get no requests: c2.";

        assertThat(fixture.make(SwitchingFixture.order(new Destination.OtherSlot(), Until.DRAINED, false, true))
                        .warnings())
                .contains(warning);
        assertThat(fixture.make(SwitchingFixture.to(Slot.GREEN)).warnings()).contains(warning);
    }

    @Test
    void that_the_service_refuses_are_told_of_and_are_no_entries_of_the_journal() {
        List<Target> full = IntStream.rangeClosed(1, 256)
                .mapToObj(port -> Target.parse("127.0.0.1:" + port))
                .toList();
        change(new Command.SetTargets(Slot.GREEN, full, true));
        List<String> before = fixture.verdicts();

        engine.say(found("c1", Place.IDLE, container));

        Await.until("it is told", () -> !warnings().isEmpty());
        assertThat(warnings().get(0)).contains("Container c1 is no target", "256");
        engine.read();
        assertThat(fixture.verdicts()).isEqualTo(before);
        assertThat(targets(Slot.GREEN)).isEqualTo(full);
    }
}
