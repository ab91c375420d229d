package dev.turnout.fleet.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetExplorer.Found;
import dev.turnout.support.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Explores what a fleet of production classes can come to. {@code -Pthorough} explores the larger worlds to their ends. Prints
 * the states and the time of each world.
 */
@DisplayName("A fleet, in every order of events,")
@Timeout(3_600)
final class FleetExplorerTest {

    /** @param most how many states are visited without {@code -Pthorough} */
    private record Case(String name, int most, FleetWorld world) {

        @Override
        public String toString() {
            return name;
        }

        Found explore() {
            return new FleetExplorer(world)
                    .explore(Rounds.of(most, 12_000_000))
                    .printed(name + (world.mutation == Mutation.NONE ? "" : " without " + world.mutation));
        }
    }

    static Stream<Case> worlds() {
        int all = 2_000_000;
        int some = 50_000;
        return Stream.of(
                new Case("2 members, no fault", all, FleetWorld.of(2)),
                new Case("2 members, crash, cut, lease", some, FleetWorld.usual()),
                new Case("2 members, cut, lease", all, FleetWorld.of(2).faults(0, 1, 1)),
                new Case(
                        "2 members that ask each other, crash, cut",
                        some,
                        FleetWorld.of(2).faults(1, 1, 0).asksPeers()),
                new Case("2 members, 2 changes", all, FleetWorld.of(2).changes(2)),
                new Case(
                        "2 members, 2 changes, hand-over",
                        some,
                        FleetWorld.of(2).changes(2).handOvers(1)),
                new Case(
                        "2 members, a commit that comes twice",
                        all,
                        FleetWorld.of(2).faults(0, 0, 1).duplicates(1)),
                new Case(
                        "2 members and one that joins, cut",
                        some,
                        FleetWorld.of(3).oneJoins().faults(0, 1, 0)),
                new Case("3 members, no fault", some, FleetWorld.of(3)),
                new Case(
                        "left out, never starts alone",
                        some,
                        FleetWorld.usual().leftOut(1).neverStartsAlone()),
                new Case(
                        "2 changes, store put back",
                        all,
                        FleetWorld.of(2).changes(2).restores(1)),
                new Case("fast: all but mixing", some, FleetWorld.usual().fast().anythingButMixing()),
                new Case(
                        "in doubt serves: all but mixing",
                        some,
                        FleetWorld.usual().servesInDoubt().anythingButMixing()),
                new Case(
                        "left out by mistake: all but mixing",
                        some,
                        FleetWorld.usual()
                                .leftOut(1)
                                .neverStartsAlone()
                                .operatorMayBeWrong()
                                .anythingButMixing()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("worlds")
    @DisplayName("makes one decision at a time, never mixes, tells the truth in its receipts, and settles")
    void holds(Case of) {
        Found found = of.explore();

        assertThat(found.violation()).as(String.join(" | ", found.trace())).isNull();
        assertThat(found.stuck())
                .as("can't settle: " + String.join(" | ", found.trace()))
                .isZero();
    }

    /** What a policy gives up, and nothing else. */
    static Stream<Case> policies() {
        int most = 1_000_000;
        return Stream.of(
                new Case("fast", most, FleetWorld.of(2).fast()),
                new Case(
                        "in doubt serves",
                        most,
                        FleetWorld.of(2).faults(0, 1, 0).servesInDoubt()),
                new Case(
                        "left out, starts alone",
                        most,
                        FleetWorld.of(2).faults(1, 0, 0).leftOut(1)),
                new Case(
                        "left out by mistake",
                        most,
                        FleetWorld.of(2)
                                .faults(0, 1, 0)
                                .leftOut(1)
                                .neverStartsAlone()
                                .operatorMayBeWrong()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    @DisplayName("mixes under a policy that gives that up")
    void mixes(Case of) {
        assertThat(of.explore().violation()).startsWith("I2 mixing");
    }

    /** The smallest world in which a protection is missed. */
    private static FleetWorld worldOf(Mutation protection) {
        return switch (protection) {
            case ROSTER_AT_COMMIT -> FleetWorld.of(3).oneJoins();
            case ARMED_ON_DISK, PERSIST_BEFORE_ACK -> FleetWorld.of(2).faults(1, 0, 0);
            case VOTES_OF_ROSTER -> FleetWorld.of(2).faults(0, 0, 1);
            case COMMIT_NEEDS_BASE -> FleetWorld.of(2).duplicates(1);
            case RECEIPT_OF_ROSTER -> FleetWorld.of(2).faults(0, 0, 1);
            case RECEIPT_SAME_EPOCH ->
                FleetWorld.of(2).changes(2).slowReceipts().noTraffic().patient();
            case RECEIPT_WITHOUT_LEFT_OUT ->
                FleetWorld.of(2).faults(1, 0, 0).leftOut(1).anythingButMixing();
            case DRAIN_OF_PREDECESSOR -> FleetWorld.of(2).handOvers(1);
            case DRAIN_AFTER_APPLY -> FleetWorld.of(2).fast().anythingButMixing();
            case RETURN_IS_DURABLE ->
                FleetWorld.of(2).faults(1, 0, 1).leftOut(1).neverStartsAlone();
            case LEFT_OUT_STAYS_ABSENT ->
                FleetWorld.of(2).faults(1, 0, 0).leftOut(1).neverStartsAlone();
            case STORE_IDENTITY, RECOVERY_LEAVES_A_MARK, RECOVERY_ASKS_ALL, RECOVERY_GOES_UP ->
                FleetWorld.of(2).restores(1);
            case PEERS_KNOW_IT_IS_OVER, PEERS_KNOW_IT_IS_MADE ->
                FleetWorld.of(2).faults(0, 1, 0).asksPeers();
            default -> FleetWorld.of(2);
        };
    }

    private static String broken(Mutation protection) {
        return switch (protection) {
            case COMMIT_NEEDS_BASE -> "I1";
            case MONOTONIC, RECOVERY_ASKS_ALL -> "I4";
            case RECEIPT_OF_ROSTER,
                    RECEIPT_SAME_EPOCH,
                    RECEIPT_WITHOUT_LEFT_OUT,
                    DRAIN_OF_PREDECESSOR,
                    DRAIN_AFTER_APPLY -> "I3";
            default -> "I2";
        };
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NONE", "RECOVERY_GOES_UP"})
    @DisplayName("breaks without each of its protections")
    void needsEachProtection(Mutation protection) {
        Found found = new Case("small world", 1_500_000, worldOf(protection).without(protection)).explore();

        assertThat(found.violation()).startsWith(broken(protection));
        System.out.println("   " + found.violation() + ": " + String.join(" | ", found.trace()));
    }

    @Test
    @DisplayName("can't go on after a recovery that gives no service a higher revision than the members have")
    void recoveryGoesUp() {
        FleetWorld world = worldOf(Mutation.RECOVERY_GOES_UP).without(Mutation.RECOVERY_GOES_UP);

        Found found = new Case("small world", 1_500_000, world).explore();

        assertThat(found.violation()).isNull();
        assertThat(found.stuck()).isPositive();
        System.out.println("   can't settle: " + String.join(" | ", found.trace()));
    }

    private static Found replay(Supplier<FleetWorld> world, String... steps) {
        return new FleetExplorer(world.get()).replay(List.of(steps));
    }

    /** Three counter-examples of the design, step by step: what breaks, and what the protection makes of the same steps. */
    @Test
    @DisplayName("does not count a vote that arrives after its withdrawal")
    void lateVote() {
        List<String> steps = List.of(
                "lock c1 m0",
                "arm m0",
                "store: vote ok m0",
                "arm m1",
                "send withdrawal c1 m1",
                "store: withdraw ok m1",
                "store: vote ok m1",
                "not committed, goes on m1",
                "coordinator of c1 reads m0",
                "store: commit ok m0",
                "apply e1 m0");

        assertBreaks(FleetWorld.of(2).without(Mutation.REFUSAL_BARS_LATE_VOTE), steps);
        assertThat(new FleetExplorer(FleetWorld.of(2))
                        .replay(upTo(steps, 6, "store: vote refused m1"))
                        .violation())
                .isNull();
    }

    @Test
    @DisplayName("does not forget a vote in a crash")
    void crashedVoter() {
        List<String> steps = List.of(
                "lock c1 m0",
                "arm m0",
                "store: vote ok m0",
                "arm m1",
                "store: vote ok m1",
                "coordinator of c1 reads m0",
                "crash m0",
                "restart m0",
                "store: commit ok m0",
                "apply e1 m1");

        assertBreaks(FleetWorld.of(2).faults(1, 0, 0).without(Mutation.ARMED_ON_DISK), steps);
        assertThat(new FleetExplorer(FleetWorld.of(2).faults(1, 0, 0))
                        .replay(steps)
                        .violation())
                .isNull();
    }

    @Test
    @DisplayName("does not believe a store that was put back")
    void storePutBack() {
        List<String> steps = List.of(
                "lock c1 m0",
                "arm m0",
                "store: vote ok m0",
                "arm m1",
                "store: vote ok m1",
                "coordinator of c1 reads m0",
                "store: commit ok m0",
                "apply e1 m0",
                "store put back to e0",
                "not committed, goes on m1");

        assertBreaks(FleetWorld.of(2).restores(1).without(Mutation.STORE_IDENTITY), steps);
        Found found = new FleetExplorer(FleetWorld.of(2).restores(1)).replay(steps);
        assertThat(found.trace()).isEqualTo(steps.subList(0, 9));
    }

    private static void assertBreaks(FleetWorld world, List<String> steps) {
        Found found = new FleetExplorer(world).replay(steps);
        assertThat(found.trace()).isEqualTo(steps);
        assertThat(found.violation()).startsWith("I2 mixing");
    }

    private static List<String> upTo(List<String> steps, int count, String last) {
        List<String> some = new ArrayList<>(steps.subList(0, count));
        some.add(last);
        return some;
    }
}
