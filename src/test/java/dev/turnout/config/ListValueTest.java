package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A list is joined by what its key has between the parts")
final class ListValueTest {

    private static final List<String> PARTS = List.of("X-One: 1", "X-Two: 2, 3");

    @ParameterizedTest
    @ValueSource(strings = {"request-set", "request-add", "response-set", "response-add"})
    void header_lines_stand_on_a_line_each(String key) {
        String name = "rules.10-x." + key;

        String joined = ListValue.of(name, PARTS);

        assertThat(RuleTypes.lines().reader().apply(joined))
                .containsExactly(new HeaderLine("X-One", "1"), new HeaderLine("X-Two", "2, 3"));
        assertThat(ListValue.of("turnout.services.\"shop\"." + name, PARTS)).isEqualTo(joined);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hosts", "rules.10-x.method", "warmup.paths", "no.such.key"})
    void others_have_commas_between_them(String name) {
        assertThat(ListValue.of(name, List.of("a", "b"))).isEqualTo("a,b");
    }
}
