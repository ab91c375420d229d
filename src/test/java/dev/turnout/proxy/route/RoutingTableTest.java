package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Balance;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotReleases;
import dev.turnout.routing.Target;
import dev.turnout.support.Guards;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class RoutingTableTest {

    private static final Target BLUE = new Target("127.0.0.1", 8080);
    private static final Target BLUE_TOO = new Target("127.0.0.1", 8081);
    private static final Target GREEN = new Target("127.0.0.1", 8082);

    private static final int LOOPS = 8;
    private static final int FLIPS = 20_000;
    private static final int MOST_SECONDS = 5;

    private static final TargetSelector ANYBODY = (route, loop) ->
            new SlotAffinity(() -> 0).ofWaiting(null, null, null).choose(route, loop);

    private final RoutingTable table =
            new RoutingTable(LOOPS, List.of(Matches.ofAll(Service.DEFAULT, Balance.ROUND_ROBIN)));

    @Test
    void gives_a_request_a_target_of_the_active_slot_and_counts_it_there() {
        table.publish(state(Slot.BLUE));
        TargetState claimed = table.claim(Service.DEFAULT, 3, ANYBODY);
        assertThat(claimed.target()).isEqualTo(BLUE);
        assertThat(claimed.inFlight()).isEqualTo(1);
        assertThat(claimed.traffic().requests()).isEqualTo(1);
        claimed.leave(3);
        assertThat(claimed.inFlight()).isZero();
    }

    @Test
    void knows_no_target_before_anything_is_published() {
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY)).isNull();
    }

    @Test
    void knows_no_target_of_a_service_that_there_is_not() {
        table.publish(state(Slot.BLUE));
        assertThat(table.claim("shop", 0, ANYBODY)).isNull();
    }

    @Test
    void sends_new_requests_elsewhere_once_a_flip_is_published_and_goes_on_counting_the_old_ones() {
        table.publish(state(Slot.BLUE));
        TargetState old = table.claim(Service.DEFAULT, 0, ANYBODY);
        table.publish(state(Slot.GREEN));
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY).target()).isEqualTo(GREEN);
        assertThat(old.inFlight()).isEqualTo(1);
        assertThat(old.isInRotation()).isFalse();
    }

    @Test
    void goes_on_counting_at_a_target_that_is_not_configured_any_more() {
        table.publish(state(Slot.BLUE));
        TargetState claimed = table.claim(Service.DEFAULT, 0, ANYBODY);
        table.publish(configured(List.of(BLUE_TOO)));
        table.publish(configured(List.of(BLUE_TOO)));

        assertThat(table.among(Service.DEFAULT, List.of(BLUE))).containsExactly(claimed);
        assertThat(claimed.isInRotation()).isFalse();
        assertThat(table.upstream(Service.DEFAULT, BLUE)).isEmpty();
        claimed.leave(0);
        table.publish(configured(List.of(BLUE_TOO)));
        assertThat(table.among(Service.DEFAULT, List.of(BLUE))).isEmpty();
    }

    @Test
    void a_target_that_comes_back_before_it_is_drained_is_the_same() {
        table.publish(state(Slot.BLUE));
        TargetState claimed = table.claim(Service.DEFAULT, 0, ANYBODY);
        table.publish(configured(List.of(BLUE_TOO)));
        table.publish(state(Slot.BLUE));

        assertThat(table.upstream(Service.DEFAULT, BLUE)).containsSame(claimed);
        assertThat(table.among(Service.DEFAULT, List.of(BLUE))).containsExactly(claimed);
        assertThat(claimed.isInRotation()).isTrue();
    }

    @Test
    void a_target_that_moves_to_the_other_slot_is_another_one_there() {
        table.publish(state(Slot.BLUE));
        TargetState claimed = table.claim(Service.DEFAULT, 0, ANYBODY);
        table.publish(RoutingState.of(List.of(
                Service.initial(Service.DEFAULT, Pool.of(List.of(GREEN)), Pool.of(List.of(BLUE)), Instant.EPOCH))));

        TargetState moved = table.upstream(Service.DEFAULT, BLUE).orElseThrow();
        assertThat(moved.slot()).isEqualTo(Slot.GREEN);
        assertThat(moved.inFlight()).isZero();
        assertThat(table.among(Service.DEFAULT, List.of(BLUE))).containsExactlyInAnyOrder(moved, claimed);
    }

    @Test
    void other_services_hold_from_the_next_state_on() {
        table.publish(state(Slot.BLUE));
        table.apply(List.of(Matches.ofAll("shop", Balance.ROUND_ROBIN)));
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY).target()).isEqualTo(BLUE);
        table.publish(RoutingState.of(
                List.of(Service.initial("shop", Pool.of(List.of(GREEN)), Pool.of(List.of(BLUE)), Instant.EPOCH))));

        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY)).isNull();
        assertThat(table.claim("shop", 0, ANYBODY).target()).isEqualTo(GREEN);
    }

    private static RoutingState configured(List<Target> blue) {
        return RoutingState.of(
                List.of(Service.initial(Service.DEFAULT, Pool.of(blue), Pool.of(List.of(GREEN)), Instant.EPOCH)));
    }

    @Test
    void keeps_what_is_counted_at_a_target_through_flips() {
        table.publish(state(Slot.BLUE));
        TargetState before = table.claim(Service.DEFAULT, 0, ANYBODY);
        table.publish(state(Slot.GREEN));
        table.publish(state(Slot.BLUE));
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY)).isSameAs(before);
        assertThat(before.inFlight()).isEqualTo(2);
        assertThat(before.isInRotation()).isTrue();
    }

    @Test
    void takes_targets_in_turn_and_passes_by_the_one_that_has_failed() {
        table.publish(state(Slot.BLUE, Pool.of(List.of(BLUE, BLUE_TOO)).withOut(Set.of())));
        TargetState first = table.claim(Service.DEFAULT, 0, ANYBODY);
        TargetState second = table.claim(Service.DEFAULT, 0, ANYBODY);
        assertThat(Set.of(first.target(), second.target())).containsExactlyInAnyOrder(BLUE, BLUE_TOO);
        for (int i = 0; i < 5; i++) {
            assertThat(table.claim(Service.DEFAULT, 0, (route, loop) -> route.insteadOf(first, null, loop)))
                    .isSameAs(second);
        }
    }

    @Test
    void knows_no_other_target_if_the_only_one_has_failed() {
        table.publish(state(Slot.BLUE));
        TargetState failed = table.claim(Service.DEFAULT, 0, ANYBODY);
        assertThat(table.claim(Service.DEFAULT, 0, (route, loop) -> route.insteadOf(failed, null, loop)))
                .isNull();
        assertThat(failed.inFlight()).isEqualTo(1);
    }

    @Test
    void passes_by_a_target_out_of_rotation() {
        table.publish(state(Slot.BLUE, Pool.of(List.of(BLUE, BLUE_TOO)).withOut(Set.of(BLUE))));
        for (int i = 0; i < 4; i++) {
            assertThat(table.claim(Service.DEFAULT, 0, ANYBODY).target()).isEqualTo(BLUE_TOO);
        }
    }

    @Test
    void begins_the_turns_of_the_loops_at_different_targets() {
        table.publish(state(Slot.BLUE, Pool.of(List.of(BLUE, BLUE_TOO)).withOut(Set.of())));
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY)).isNotSameAs(table.claim(Service.DEFAULT, 1, ANYBODY));
    }

    /**
     * Event loops claim as fast as they can while the service flips. Once the old target has been read as idle, nobody
     * may ever get a claim there, until it is published again. There are more threads than cores, so that many are
     * stopped between reading the snapshot and entering the target.
     */
    @Test
    @Timeout(120)
    @Guards("F1")
    void no_request_arrives_at_the_old_target_after_it_was_seen_drained() throws Exception {
        table.publish(state(Slot.BLUE));
        AtomicReference<Slot> drained = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService loops = Executors.newFixedThreadPool(LOOPS);
        try {
            List<CompletableFuture<Boolean>> lateClaims = new ArrayList<>();
            for (int loop = 0; loop < LOOPS; loop++) {
                int index = loop;
                lateClaims.add(CompletableFuture.supplyAsync(() -> claimsWhereDrained(index, drained, over), loops));
            }
            flipUntilSomebodyIsLate(drained, lateClaims);
            over.set(true);
            for (CompletableFuture<Boolean> late : lateClaims) {
                assertThat(late.get(60, TimeUnit.SECONDS)).isFalse();
            }
            assertThat(table.upstreams(Service.DEFAULT)).allMatch(upstream -> upstream.inFlight() == 0);
        } finally {
            over.set(true);
            loops.shutdown();
        }
    }

    /**
     * As above for requests that ask for a slot: the state leaves it out all the time, and a drain closes it. Opening it
     * again stands for a new version.
     */
    @Test
    @Timeout(120)
    @Guards("F1")
    void no_preview_arrives_at_a_slot_after_it_was_seen_drained() throws Exception {
        table.publish(state(Slot.BLUE));
        TargetState green = of(Slot.GREEN);
        AtomicReference<Slot> drained = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService loops = Executors.newFixedThreadPool(LOOPS);
        try {
            List<CompletableFuture<Boolean>> lateClaims = new ArrayList<>();
            for (int loop = 0; loop < LOOPS; loop++) {
                int index = loop;
                lateClaims.add(CompletableFuture.supplyAsync(() -> previewsWhereDrained(index, drained, over), loops));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
            for (int round = 0;
                    round < FLIPS
                            && System.nanoTime() < end
                            && lateClaims.stream().noneMatch(CompletableFuture::isDone);
                    round++) {
                drained.set(null);
                green.openToPreviews();
                Thread.yield();
                table.closeToPreviews(Service.DEFAULT, List.of(GREEN));
                awaitIdle(Slot.GREEN);
                drained.set(Slot.GREEN);
                Thread.yield();
            }
            over.set(true);
            for (CompletableFuture<Boolean> late : lateClaims) {
                assertThat(late.get(60, TimeUnit.SECONDS)).isFalse();
            }
            assertThat(green.inFlight()).isZero();
        } finally {
            over.set(true);
            loops.shutdown();
        }
    }

    private boolean previewsWhereDrained(int loop, AtomicReference<Slot> drained, AtomicBoolean over) {
        SlotAffinity visitor = new SlotAffinity(() -> 0).ofWaiting(Slot.GREEN, null, null);
        while (!over.get()) {
            TargetState claimed = table.claim(Service.DEFAULT, loop, visitor);
            if (claimed != null) {
                boolean late = drained.get() != null;
                claimed.leave(loop);
                if (late) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * As above for a hold: once both targets have been read as idle, nobody may get a claim anywhere, whatever is published,
     * until the release.
     */
    @Test
    @Timeout(120)
    @Guards("F1")
    void no_request_arrives_anywhere_while_the_service_is_held() throws Exception {
        table.publish(state(Slot.BLUE));
        AtomicBoolean idle = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService loops = Executors.newFixedThreadPool(LOOPS);
        try {
            List<CompletableFuture<Boolean>> lateClaims = new ArrayList<>();
            for (int loop = 0; loop < LOOPS; loop++) {
                int index = loop;
                lateClaims.add(CompletableFuture.supplyAsync(() -> claimsWhileHeld(index, idle, over), loops));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
            Slot active = Slot.BLUE;
            for (int flip = 0;
                    flip < FLIPS
                            && System.nanoTime() < end
                            && lateClaims.stream().noneMatch(CompletableFuture::isDone);
                    flip++) {
                table.hold(Service.DEFAULT);
                awaitIdle(active);
                idle.set(true);
                active = active.other();
                table.publish(state(active));
                Thread.yield();
                idle.set(false);
                table.release(Service.DEFAULT);
                Thread.yield();
            }
            over.set(true);
            for (CompletableFuture<Boolean> late : lateClaims) {
                assertThat(late.get(60, TimeUnit.SECONDS)).isFalse();
            }
        } finally {
            over.set(true);
            loops.shutdown();
        }
    }

    private boolean claimsWhileHeld(int loop, AtomicBoolean idle, AtomicBoolean over) {
        while (!over.get()) {
            TargetState claimed = table.claim(Service.DEFAULT, loop, ANYBODY);
            if (claimed != null) {
                boolean late = idle.get();
                claimed.leave(loop);
                if (late) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void a_hold_is_of_one_service_and_lasts_until_its_release() {
        table.publish(state(Slot.BLUE));
        table.hold("other");
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY)).isNotNull();
        table.hold(Service.DEFAULT);
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY)).isNull();
        table.publish(state(Slot.GREEN));
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY)).isNull();
        table.release(Service.DEFAULT);
        assertThat(table.claim(Service.DEFAULT, 0, ANYBODY).slot()).isEqualTo(Slot.GREEN);
    }

    @Test
    void a_state_of_another_time_does_not_open_what_a_drain_has_closed() {
        table.publish(state(Slot.BLUE));
        table.closeToPreviews(Service.DEFAULT, List.of(GREEN));
        table.publish(state(Slot.BLUE, Pool.of(List.of(BLUE, BLUE_TOO)).withOut(Set.of())));
        assertThat(of(Slot.GREEN).isOpenToPreviews()).isFalse();
        table.publish(state(Slot.GREEN));
        assertThat(of(Slot.GREEN).isOpenToPreviews()).isTrue();
    }

    private TargetState of(Slot slot) {
        return table.upstreams(Service.DEFAULT).stream()
                .filter(upstream -> upstream.slot() == slot)
                .findFirst()
                .orElseThrow();
    }

    private void flipUntilSomebodyIsLate(AtomicReference<Slot> drained, List<CompletableFuture<Boolean>> lateClaims) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        Slot active = Slot.BLUE;
        for (int flip = 0; flip < FLIPS && System.nanoTime() < end; flip++) {
            if (lateClaims.stream().anyMatch(CompletableFuture::isDone)) {
                return;
            }
            drained.set(null);
            table.publish(state(active.other()));
            awaitIdle(active);
            drained.set(active);
            Thread.yield();
            active = active.other();
        }
    }

    private void awaitIdle(Slot slot) {
        TargetState old = of(slot);
        while (old.inFlight() != 0) {
            Thread.yield();
        }
    }

    /** Claims and leaves until it is over, or until it gets a claim where none may be got any more. */
    private boolean claimsWhereDrained(int loop, AtomicReference<Slot> drained, AtomicBoolean over) {
        while (!over.get()) {
            TargetState claimed = table.claim(Service.DEFAULT, loop, ANYBODY);
            boolean late = claimed.slot() == drained.get();
            claimed.leave(loop);
            if (late) {
                return true;
            }
        }
        return false;
    }

    private static RoutingState state(Slot active) {
        return state(active, Pool.of(List.of(BLUE)));
    }

    private static RoutingState state(Slot active, Pool blue) {
        Pool green = Pool.of(List.of(GREEN));
        return RoutingState.of(List.of(new Service(
                Service.DEFAULT,
                active,
                Optional.empty(),
                blue,
                green,
                Optional.empty(),
                false,
                Optional.empty(),
                1,
                Instant.EPOCH,
                "test",
                SlotReleases.NONE)));
    }
}
