package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VisibleTextTest {

    @Test
    void plain_text_of_any_language_stays_as_it_is() {
        String text = "GET /straße?q=日本 \"a\\b\" 😀";

        assertThat(VisibleText.of(text)).isEqualTo(text);
    }

    @Test
    void line_ends_and_escape_codes_are_written_as_escapes() {
        assertThat(VisibleText.of("x\r\n\t\u001b[2J\u0000\u007f")).isEqualTo("x\\r\\n\\t\\u001b[2J\\u0000\\u007f");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xad, 0x61c, 0x200b,
                0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067,
                0x2068, 0x2069, 0xfeff, 0xd800, 0xdfff, 0xe0001, 0xe0041
            })
    void what_ends_a_line_moves_a_cursor_or_hides_something_is_made_visible(int character) {
        String visible = VisibleText.of("a" + new String(Character.toChars(character)) + "b");

        assertThat(visible).matches("a\\\\(n|r|t|u[0-9a-f]{4}(\\\\u[0-9a-f]{4})?)b");
    }

    @Test
    void text_may_pass_twice() {
        String once = VisibleText.of("a\n\u202e\\n" + "b".repeat(1000), 100);

        assertThat(VisibleText.of(once, 100)).isEqualTo(once);
    }

    @Test
    void long_text_is_shortened_with_a_mark_that_says_how_long_it_was() {
        assertThat(VisibleText.of("a".repeat(256), 256)).isEqualTo("a".repeat(256));
        assertThat(VisibleText.of("a".repeat(257), 256)).hasSize(256).endsWith("aaa...(257 characters)");
        assertThat(VisibleText.of("\u001b".repeat(200), 256)).hasSize(256).endsWith("...(200 characters)");
    }

    @Test
    void a_surrogate_pair_is_not_cut_in_two() {
        for (int most = 60; most < 70; most++) {
            assertThat(VisibleText.of("😀".repeat(100), most))
                    .doesNotContain("\ud83d.")
                    .hasSizeLessThanOrEqualTo(most);
        }
    }
}
