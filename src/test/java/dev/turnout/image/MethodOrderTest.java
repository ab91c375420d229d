package dev.turnout.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The order of the methods in an executable")
final class MethodOrderTest {

    @Test
    void the_methods_of_the_list_come_first_as_the_list_has_them() throws IOException {
        assertThat(sorted("# a comment\nB_run\nA_run", List.of("A_run_1", "A_stop_2", "B_run_3", "C_4")))
                .containsExactly("B_run_3", "A_run_1", "A_stop_2", "C_4");
    }

    @Test
    void methods_that_differ_in_their_parameters_stay_together() throws IOException {
        assertThat(sorted("B_run\nA_run", List.of("A_run_1", "A_run_2", "B_run_3", "B_run_4")))
                .containsExactly("B_run_3", "B_run_4", "A_run_1", "A_run_2");
    }

    @Test
    void no_method_is_lost() throws IOException {
        assertThat(sorted("gone\nA_run", List.of("Main", "A_run_1", "_")))
                .containsExactlyInAnyOrder("Main", "A_run_1", "_");
    }

    @Test
    void it_is_known_how_much_of_the_list_is_in_the_program() throws IOException {
        assertThat(order("A_run\nB_run\ngone\nlost").known(List.of("A_run_1", "A_run_2", "B_run_3")))
                .isEqualTo(0.5);
        assertThat(order("").known(List.of("A_run_1"))).isZero();
    }

    private static List<String> sorted(String list, List<String> symbols) throws IOException {
        return order(list).sorted(symbols, Function.identity());
    }

    private static MethodOrder order(String list) throws IOException {
        return MethodOrder.read(new StringReader(list));
    }
}
