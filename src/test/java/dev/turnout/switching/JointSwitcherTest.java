package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.turnout.routing.InFlight;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.switching.Adjustment.CanaryWeight;
import dev.turnout.switching.ChangeRefused.Reason;
import dev.turnout.switching.Destination.NamedSlot;
import dev.turnout.switching.Destination.SlotBefore;
import dev.turnout.switching.SwitchOrder.Until;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A switch of the services {@code api} and {@code default} in one step. Green of {@code api} is the second backend. */
final class JointSwitcherTest {

    private static final String API = "api";

    @TempDir
    Path folder;

    private SwitchingFixture fixture;

    @BeforeEach
    void begin() {
        fixture = new SwitchingFixture(
                folder, SwitchingFixture.times(Duration.ofSeconds(1), Duration.ofSeconds(5)), false);
        RoutingState both = RoutingState.of(List.of(
                fixture.service(),
                Service.initial(
                        API,
                        Pool.of(List.of(SwitchingFixture.target(fixture.blue))),
                        Pool.of(List.of(SwitchingFixture.target(fixture.second))),
                        Instant.now())));
        fixture.store.save(both);
        fixture.switching.begin(both);
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    private static SwitchOrder order(String service, Destination destination, boolean isDryRun) {
        return new SwitchOrder(
                service,
                destination,
                Until.DRAINED,
                false,
                isDryRun,
                Optional.empty(),
                ExpectedRevision.none(),
                ChangeNote.of("test"));
    }

    private CompletionStage<JointReceipt> begin(Destination destination, boolean isDryRun) {
        return fixture.switching
                .jointSwitcher()
                .begin(List.of(order(Service.DEFAULT, destination, isDryRun), order(API, destination, isDryRun)));
    }

    private JsonObject make(Destination destination) {
        return begin(destination, false).toCompletableFuture().join().json(GateDetail.LATEST);
    }

    private ChangeRefused refusal() {
        CompletionStage<JointReceipt> switching = begin(new NamedSlot(Slot.GREEN), false);
        ExecutionException failed = catchThrowableOfType(
                ExecutionException.class, () -> switching.toCompletableFuture().get());
        return (ChangeRefused) failed.getCause();
    }

    private Slot active(String service) {
        return fixture.switching.current().service(service).active();
    }

    @Test
    @DisplayName("Both services change by one state that is saved and published once, and the receipt has both")
    void both() {
        JsonObject receipt = make(new NamedSlot(Slot.GREEN));

        assertThat(fixture.plane.published)
                .containsExactly(fixture.switching.current().get());
        assertThat(fixture.store.load()).contains(fixture.switching.current().get());
        assertThat(active(API)).isEqualTo(Slot.GREEN);
        assertThat(active(Service.DEFAULT)).isEqualTo(Slot.GREEN);
        assertThat(receipt.getBoolean("changed")).isTrue();
        assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();
        assertThat(receipt.getJsonArray("services").stream()
                        .map(service -> ((JsonObject) service).getString("service")))
                .containsExactly(API, Service.DEFAULT);
        assertThat(fixture.verdicts()).containsExactly("drained", "switched");

        make(new SlotBefore());
        assertThat(active(API)).isEqualTo(Slot.BLUE);
        assertThat(active(Service.DEFAULT)).isEqualTo(Slot.BLUE);
    }

    @Test
    @DisplayName("One sick slot refuses all, and nothing is saved or published")
    void oneIsSick() {
        fixture.second.probes(Effect.status(503, "starting up"));
        RoutingState before = fixture.switching.current().get();

        ChangeRefused refused = refusal();

        assertThat(refused.reason()).isEqualTo(Reason.UNHEALTHY);
        assertThat(refused).hasMessageContaining("service 'api'").hasMessageContaining("starting up");
        assertThat(fixture.switching.current().get()).isEqualTo(before);
        assertThat(fixture.store.load()).contains(before);
        assertThat(fixture.plane.published).isEmpty();
        assertThat(fixture.verdicts()).containsExactly("refused");
        assertThat(fixture.switching.changes().ongoing(API)).isEmpty();
        assertThat(fixture.switching.changes().ongoing(Service.DEFAULT)).isEmpty();
    }

    @Test
    @DisplayName("A state that is not published is taken back for all")
    void notPublished() {
        fixture.plane.publishFailure = Optional.of("nginx is gone");
        RoutingState before = fixture.switching.current().get();

        ChangeRefused refused = refusal();

        assertThat(refused.reason()).isEqualTo(Reason.NOT_PUBLISHED);
        assertThat(refused).hasMessageContaining("slot blue of service 'api' serves as before");
        assertThat(fixture.switching.current().get()).isEqualTo(before);
        assertThat(fixture.store.load()).contains(before);
    }

    @Test
    @DisplayName("A service that serves the slot already is left as it is, and the other one changes")
    void oneServesAlready() {
        fixture.make(SwitchingFixture.to(Slot.GREEN));

        JsonObject receipt = make(new NamedSlot(Slot.GREEN));

        assertThat(receipt.getJsonArray("services").stream()
                        .map(service -> ((JsonObject) service).getBoolean("changed")))
                .containsExactly(true, false);
        assertThat(active(API)).isEqualTo(Slot.GREEN);
        assertThat(fixture.service().revision()).isEqualTo(2);
    }

    @Test
    @DisplayName("Not drained are all as long as the slot of one has a canary")
    void oneHasCanary() {
        fixture.make(CanaryWeight.of(10));

        JsonObject receipt = make(new NamedSlot(Slot.BLUE));

        assertThat(receipt.getValue("drain")).isNull();
        assertThat(receipt.getJsonArray("warnings"))
                .contains("default: Slot green is not drained: the canary sends 10 % of the clients to it.");
    }

    @Test
    @DisplayName("A dry run proves all and changes nothing")
    void dryRun() {
        JsonObject receipt = begin(new NamedSlot(Slot.GREEN), true)
                .toCompletableFuture()
                .join()
                .json(GateDetail.LATEST);

        assertThat(receipt.getBoolean("dryRun")).isTrue();
        assertThat(fixture.green.probesAnswered()).isPositive();
        assertThat(fixture.second.probesAnswered()).isPositive();
        assertThat(fixture.plane.published).isEmpty();
        assertThat(active(API)).isEqualTo(Slot.BLUE);
    }

    @Test
    @DisplayName("Whoever cancels the change of one service cancels that of all")
    void cancelled() {
        fixture.green.probes(Effect.status(503, "no"));
        fixture.second.probes(Effect.status(503, "no"));
        CompletionStage<JointReceipt> switching = begin(new NamedSlot(Slot.GREEN), false);
        Await.until("the gate", () -> fixture.switching
                .changes()
                .ongoing(API)
                .filter(change -> change.step() == Step.GATE)
                .isPresent());

        fixture.switching
                .changes()
                .cancel(fixture.switching.current().service(API), ExpectedRevision.none(), ChangeNote.of("somebody"))
                .toCompletableFuture()
                .join();

        CompletionException failed = catchThrowableOfType(
                CompletionException.class, () -> switching.toCompletableFuture().join());
        assertThat(((ChangeRefused) failed.getCause()).reason()).isEqualTo(Reason.CANCELLED);
        assertThat(fixture.plane.published).isEmpty();
        assertThat(fixture.switching.changes().ongoing(Service.DEFAULT)).isEmpty();
    }

    @Test
    @DisplayName("After the commit nobody can cancel it, not even by the service that served the slot already")
    void tooLateToCancel() {
        fixture.make(SwitchingFixture.to(Slot.GREEN));
        fixture.plane.inFlight = new InFlight.Known(1, 0);
        CompletionStage<JointReceipt> switching = begin(new NamedSlot(Slot.GREEN), false);
        Await.until("the drain", () -> active(API) == Slot.GREEN);

        assertThatThrownBy(() -> fixture.switching
                        .changes()
                        .cancel(
                                fixture.switching.current().service(Service.DEFAULT),
                                ExpectedRevision.none(),
                                ChangeNote.of("somebody"))
                        .toCompletableFuture()
                        .join())
                .isNotNull();
        fixture.plane.inFlight = new InFlight.Known(0, 0);

        assertThat(switching
                        .toCompletableFuture()
                        .join()
                        .json(GateDetail.LATEST)
                        .getJsonArray("services"))
                .hasSize(2);
    }
}
