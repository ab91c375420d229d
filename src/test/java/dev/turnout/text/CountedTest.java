package dev.turnout.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CountedTest {

    @ParameterizedTest
    @CsvSource({"0, 0 requests", "1, 1 request", "2, 2 requests", "11, 11 requests", "1001, 1001 requests"})
    void one_is_one(long count, String text) {
        assertThat(Counted.requests(count)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1, 1 request was cut", "3, 3 requests were cut"})
    void a_verb_follows_the_number(long count, String text) {
        assertThat(Counted.of(count, "request was cut", "requests were cut")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"2, 'a, b'", "1, a and 1 more"})
    void some_names_stand_for_all(int most, String text) {
        assertThat(Counted.some(List.of("a", "b"), most)).isEqualTo(text);
    }
}
