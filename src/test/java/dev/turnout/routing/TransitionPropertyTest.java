package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command.AddTarget;
import dev.turnout.routing.Command.ExpireTarget;
import dev.turnout.routing.Command.OfTargets;
import dev.turnout.routing.Command.PutBack;
import dev.turnout.routing.Command.RemoveTarget;
import dev.turnout.routing.Command.ResetTargets;
import dev.turnout.routing.Command.SetCanary;
import dev.turnout.routing.Command.SetTargets;
import dev.turnout.routing.Command.SwitchTo;
import dev.turnout.routing.Command.TakeOut;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Outcome.Refused;
import dev.turnout.routing.Outcome.Unchanged;
import dev.turnout.store.StateStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds the invariants of the routing state over random sequences of commands. A failure names the seed, and the
 * commands up to the first that broke an invariant, with the state before it.
 */
final class TransitionPropertyTest {

    private static final int SEQUENCES = 2_000;
    private static final int LENGTH = 60;
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    /** An invariant of one step; it throws an {@link AssertionError} if it is broken. */
    @FunctionalInterface
    private interface Invariant {
        void check(Service before, Command command, Outcome outcome);
    }

    private static Service service(Random random) {
        return Service.initial(
                Service.DEFAULT, pool("blue", 1 + random.nextInt(3)), pool("green", 1 + random.nextInt(3)), START);
    }

    private static Pool pool(String host, int size) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            targets.add(new Target(host, 8000 + i));
        }
        return Pool.of(targets);
    }

    private static Service after(Service before, Outcome outcome) {
        return outcome instanceof Changed changed ? changed.service() : before;
    }

    private static void always(Invariant invariant) {
        for (long seed = 0; seed < SEQUENCES; seed++) {
            Random random = new Random(seed);
            Service state = service(random);
            List<Command> done = new ArrayList<>();
            for (Command command : Commands.random(random, state, LENGTH)) {
                done.add(command);
                try {
                    Outcome outcome =
                            Transition.apply(state, command, START.plusSeconds(done.size()), command.describe());
                    invariant.check(state, command, outcome);
                    state = after(state, outcome);
                } catch (AssertionError | RuntimeException broken) {
                    throw new AssertionError(
                            "seed " + seed + ", broken by the last of " + done + "\nbefore: " + state, broken);
                }
            }
        }
    }

    @Test
    void the_revision_grows_by_one_with_every_change_and_never_else() {
        always((before, command, outcome) -> {
            long expected = outcome instanceof Changed ? before.revision() + 1 : before.revision();
            assertThat(after(before, outcome).revision()).isEqualTo(expected);
        });
    }

    @Test
    void only_a_switch_or_a_rollback_changes_the_active_slot() {
        always((before, command, outcome) -> {
            if (after(before, outcome).active() != before.active()) {
                assertThat(command).isInstanceOfAny(SwitchTo.class, Command.Rollback.class);
            }
        });
    }

    @Test
    void a_switch_ends_with_its_slot_active_and_every_target_of_it_in_rotation() {
        always((before, command, outcome) -> {
            if (command instanceof SwitchTo to) {
                Service after = after(before, outcome);
                boolean isEmpty = before.pool(to.to()).targets().isEmpty();
                assertThat(outcome instanceof Refused).isEqualTo(before.active() != to.to() && isEmpty);
                assertThat(outcome instanceof Changed).isEqualTo(before.active() != to.to() && !isEmpty);
                assertThat(after.active()).isEqualTo(outcome instanceof Refused ? before.active() : to.to());
                if (outcome instanceof Changed) {
                    assertThat(after.previous()).contains(before.active());
                    assertThat(after.pool(to.to()).out()).isEmpty();
                    assertThat(after.canaryWeight()).isZero();
                    assertThat(after.paused()).isEqualTo(before.paused());
                }
            }
        });
    }

    @Test
    void a_rollback_goes_to_the_slot_before_and_only_once() {
        always((before, command, outcome) -> {
            if (command instanceof Command.Rollback) {
                assertThat(outcome instanceof Changed)
                        .isEqualTo(before.previous().isPresent()
                                && before.canary().isEmpty()
                                && !before.pool(before.idle()).targets().isEmpty());
                if (outcome instanceof Changed changed) {
                    assertThat(Optional.of(changed.service().active())).isEqualTo(before.previous());
                    assertThat(changed.service().previous()).isEmpty();
                }
            }
        });
    }

    @Test
    void the_active_slot_keeps_a_target_in_rotation_unless_the_last_was_taken_by_force() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            boolean hadOne = !before.pool(before.active()).inRotation().isEmpty();
            if (hadOne && after.pool(after.active()).inRotation().isEmpty()) {
                assertThat(isForced(command)).isTrue();
            }
        });
    }

    private static boolean isForced(Command command) {
        return command instanceof TakeOut takeOut && takeOut.force()
                || command instanceof RemoveTarget remove && remove.force()
                || command instanceof SetTargets set && set.force();
    }

    @Test
    void only_its_own_commands_change_a_maintenance_and_its_beginning_stays() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            if (command instanceof Command.BeginMaintenance begin) {
                assertThat(after.maintenance().map(Maintenance::terms)).contains(begin.terms());
                before.maintenance()
                        .ifPresent(known -> assertThat(after.maintenance().map(Maintenance::since))
                                .contains(known.since()));
            } else if (command instanceof Command.EndMaintenance) {
                assertThat(after.maintenance()).isEmpty();
                assertThat(outcome instanceof Changed)
                        .isEqualTo(before.maintenance().isPresent());
            } else {
                assertThat(after.maintenance()).isEqualTo(before.maintenance());
            }
        });
    }

    @Test
    void the_canary_weight_is_a_percentage_and_nothing_while_paused() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            assertThat(after.canaryWeight()).isBetween(0, 100);
            if (after.paused()) {
                assertThat(after.canaryWeight()).isZero();
            }
            if (command instanceof SetCanary canary && outcome instanceof Changed) {
                assertThat(after.canaryWeight()).isEqualTo(canary.weight());
                after.canary().ifPresent(now -> assertThat(now.key())
                        .isEqualTo(before.canary().map(Canary::key).orElse(canary.key())));
            }
        });
    }

    @Test
    void a_canary_begins_with_every_target_of_its_slot_in_rotation() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            if (before.canary().isEmpty() && after.canary().isPresent()) {
                assertThat(after.pool(after.idle()).out()).isEmpty();
                assertThat(after.pool(after.active())).isEqualTo(before.pool(before.active()));
            }
        });
    }

    @Test
    void only_a_command_about_targets_changes_the_targets_of_its_slot_and_only_known_ones_are_out() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            for (Slot slot : Slot.values()) {
                if (!(command instanceof OfTargets ofTargets && ofTargets.slot() == slot)) {
                    assertThat(after.pool(slot).targets())
                            .isEqualTo(before.pool(slot).targets());
                    assertThat(after.pool(slot).given())
                            .isEqualTo(before.pool(slot).given());
                }
                assertThat(after.pool(slot).targets())
                        .containsAll(after.pool(slot).out());
            }
        });
    }

    @Test
    void taking_out_and_putting_back_touch_their_target_only() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            if (command instanceof TakeOut takeOut && !(outcome instanceof Refused)) {
                assertThat(after.pool(after.active()).inRotation()).doesNotContain(takeOut.target());
                assertThat(after.pool(after.active()).with(takeOut.target()))
                        .isEqualTo(before.pool(before.active()).with(takeOut.target()));
            }
            if (command instanceof PutBack putBack && !(outcome instanceof Refused)) {
                assertThat(after.pool(after.active()).inRotation()).contains(putBack.target());
                assertThat(after.pool(after.active()).without(putBack.target()))
                        .isEqualTo(before.pool(before.active()).without(putBack.target()));
            }
        });
    }

    @Test
    void a_change_says_when_and_why_and_everything_else_leaves_the_state_as_it_was() {
        always((before, command, outcome) -> {
            if (outcome instanceof Changed changed) {
                assertThat(changed.service().since()).isAfter(before.since());
                assertThat(changed.service().why()).isEqualTo(command.describe());
                assertThat(changed.service().name()).isEqualTo(before.name());
            } else if (outcome instanceof Unchanged unchanged) {
                assertThat(unchanged.service()).isSameAs(before);
            } else if (outcome instanceof Refused refused) {
                assertThat(refused.reason()).isNotBlank();
            }
        });
    }

    @Test
    void the_same_command_twice_changes_nothing_the_second_time_unless_it_takes_something_back() {
        always((before, command, outcome) -> {
            boolean isRepeatable = !(command instanceof Command.Rollback || command instanceof RemoveTarget);
            if (outcome instanceof Changed changed && isRepeatable) {
                assertThat(Transition.apply(changed.service(), command, START, "again"))
                        .isEqualTo(new Unchanged(changed.service()));
            }
        });
    }

    @Test
    void a_list_of_the_run_time_becomes_what_it_says_and_no_target_has_two_slots() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            assertThat(Collections.disjoint(
                            after.blue().targets(), after.green().targets()))
                    .isTrue();
            if (outcome instanceof Refused) {
                return;
            }
            if (command instanceof SetTargets set) {
                assertThat(after.pool(set.slot()).targets()).isEqualTo(set.targets());
            }
            if (command instanceof AddTarget add) {
                assertThat(after.pool(add.slot()).targets()).contains(add.target());
                assertThat(Optional.ofNullable(after.pool(add.slot()).leases().get(add.target())))
                        .isEqualTo(add.lease());
            }
            if (command instanceof RemoveTarget remove) {
                assertThat(after.pool(remove.slot()).targets()).doesNotContain(remove.target());
            }
            if (command instanceof ResetTargets reset) {
                assertThat(after.pool(reset.slot()).targets())
                        .isEqualTo(before.pool(reset.slot()).configured());
                assertThat(after.pool(reset.slot()).given()).isEmpty();
            }
        });
    }

    @Test
    void only_a_leased_target_expires_and_the_last_that_is_up_stays_where_there_is_traffic() {
        always((before, command, outcome) -> {
            if (command instanceof ExpireTarget expire && outcome instanceof Changed changed) {
                assertThat(before.pool(expire.slot()).leases()).containsKey(expire.target());
                Pool after = changed.service().pool(expire.slot());
                assertThat(after.targets()).doesNotContain(expire.target());
                boolean isServing = expire.slot() == before.active()
                        && before.pool(expire.slot()).inRotation().contains(expire.target());
                if (isServing) {
                    assertThat(after.inRotation()).anyMatch(expire.up()::contains);
                }
            }
        });
    }

    @Test
    void the_configured_targets_are_known_whatever_is_given_at_run_time() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            assertThat(after.blue().configured()).isEqualTo(before.blue().configured());
            assertThat(after.green().configured()).isEqualTo(before.green().configured());
        });
    }

    @Test
    void the_configuration_of_before_changes_nothing() {
        always((before, command, outcome) -> {
            Service after = after(before, outcome);
            assertThat(after.reconciledWith(
                            Pool.of(after.blue().configured()),
                            Pool.of(after.green().configured()),
                            START))
                    .isSameAs(after);
        });
    }

    /** Each save is a forced write, so of each sequence only the last state goes to the disk. */
    @Test
    void every_state_comes_back_from_the_disk_as_it_was(@TempDir Path folder) {
        try (StateStore store = new StateStore(folder).open()) {
            for (long seed = 0; seed < 100; seed++) {
                Random random = new Random(seed);
                Service state = service(random);
                for (Command command : Commands.random(random, state, random.nextInt(LENGTH))) {
                    state = after(state, Transition.apply(state, command, START, command.describe()));
                }
                RoutingState saved = RoutingState.of(List.of(state));
                store.save(saved);

                assertThat(store.load()).as("seed %d", seed).contains(saved);
            }
        }
    }
}
