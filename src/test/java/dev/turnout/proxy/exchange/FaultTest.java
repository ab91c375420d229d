package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the table of whose fault an end is, cell by cell. */
final class FaultTest {

    private static final List<Turn> COLUMNS = List.of(
            Turn.TARGET_ACCEPTS,
            Turn.CLIENT_SENDS,
            Turn.TARGET_TAKES,
            Turn.TARGET_ANSWERS,
            Turn.TARGET_SENDS,
            Turn.CLIENT_TAKES,
            Turn.NOBODY);

    /** n nobody, c client, t target, o Turnout; * the target, or the client if it has stalled. */
    private static final String TABLE = """
            COMPLETE        n n n n n n n
            CLIENT_GONE     c c c c c c c
            BAD_REQUEST     c c c c c c c
            BAD_RESPONSE    t t t t t t t
            TARGET_CLOSED   t * t t * * t
            CALL_CANCELLED  c c c c c c c
            CONNECT_FAILED  t t t t t t t
            REDIRECTED      n n n n n n n
            NOT_SENDABLE    c c c c c c c
            NO_RESOURCES    o o o o o o o
            TIMED_OUT       t c t t t c o
            CUT             o o o o o o o
            """;

    private static Stream<Arguments> cells() {
        return TABLE.lines().flatMap(line -> {
            String[] words = line.split("\\s+");
            return IntStream.range(0, COLUMNS.size())
                    .mapToObj(i -> Arguments.of(ExchangeEnd.valueOf(words[0]), COLUMNS.get(i), words[i + 1].charAt(0)));
        });
    }

    @ParameterizedTest
    @MethodSource("cells")
    void each_cell_names_who_is_at_fault(ExchangeEnd end, Turn turn, char cell) {
        assertThat(Fault.of(end, turn, false)).isEqualTo(fault(cell == '*' ? 't' : cell));
        assertThat(Fault.of(end, turn, true)).isEqualTo(fault(cell == '*' ? 'c' : cell));
    }

    private static Fault fault(char cell) {
        return switch (cell) {
            case 'n' -> Fault.NOBODY;
            case 'c' -> Fault.CLIENT;
            case 't' -> Fault.TARGET;
            default -> Fault.TURNOUT;
        };
    }

    @Test
    void the_table_has_every_end_and_every_turn() {
        assertThat(TABLE.lines().map(line -> line.split("\\s+")[0]))
                .containsExactlyElementsOf(
                        Arrays.stream(ExchangeEnd.values()).map(Enum::name).toList());
        assertThat(COLUMNS).containsExactlyInAnyOrder(Turn.values());
    }

    private static Stream<Arguments> every() {
        return Arrays.stream(ExchangeEnd.values()).flatMap(end -> Arrays.stream(Turn.values())
                .flatMap(turn -> Stream.of(true, false).flatMap(stalled -> IntStream.of(0, 200, 404, 500, 503)
                        .mapToObj(status -> Arguments.of(end, turn, stalled, status)))));
    }

    @ParameterizedTest
    @MethodSource("every")
    void a_claim_counts_against_a_target_only_by_its_own_fault_or_its_own_5xx(
            ExchangeEnd end, Turn turn, boolean stalled, int status) {
        boolean targets = Fault.of(end, turn, stalled) == Fault.TARGET;
        boolean serverError = status >= 500 && !stalled;
        assertThat(ClaimOutcome.of(end, turn, stalled, status) == ClaimOutcome.FAILED)
                .isEqualTo(targets || serverError);
    }

    @ParameterizedTest
    @MethodSource("every")
    void a_claim_that_a_client_ends_before_its_answer_says_nothing_of_the_target_unless_it_was_kept_waiting(
            ExchangeEnd end, Turn turn, boolean stalled, int status) {
        if (status == 0 && Fault.of(end, turn, stalled) == Fault.CLIENT) {
            boolean keptWaiting = end == ExchangeEnd.CLIENT_GONE && !turn.isClients();
            assertThat(ClaimOutcome.of(end, turn, stalled, status))
                    .isEqualTo(keptWaiting ? ClaimOutcome.SERVED : ClaimOutcome.EXCUSED);
        }
    }

    @ParameterizedTest
    @MethodSource("every")
    void what_turnout_ends_says_nothing_of_the_target(ExchangeEnd end, Turn turn, boolean stalled, int status) {
        if (status < 500 && Fault.of(end, turn, stalled) == Fault.TURNOUT) {
            assertThat(ClaimOutcome.of(end, turn, stalled, status)).isEqualTo(ClaimOutcome.EXCUSED);
        }
    }
}
