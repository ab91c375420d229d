package dev.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.text.Language;
import dev.turnout.text.Phrase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WordsTest {

    static Stream<Word> words() {
        return Words.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("words")
    void each_word_has_help_with_an_example_in_both_languages(Word word) {
        CommandRun english = CommandRun.of(word.word(), "--help");
        CommandRun korean = CommandRun.in(Language.KOREAN, word.word(), "-h");

        assertThat(english.exit()).isZero();
        assertThat(english.out())
                .startsWith("Usage: turnout " + word.word())
                .contains("Examples:\n  turnout " + word.word());
        assertThat(korean.out()).startsWith("사용법: turnout " + word.word()).contains("예:\n  turnout " + word.word());
        assertThat(CommandRun.of("help", word.word()).out()).isEqualTo(english.out());
    }

    /** A text that stands in Korean help in English was forgotten. */
    @ParameterizedTest
    @MethodSource("words")
    void each_text_is_in_both_languages(Word word) {
        Stream.concat(
                        Stream.concat(Stream.of(word.summary()), word.description().stream()),
                        word.examples().stream().map(Example::meaning))
                .forEach(phrase -> {
                    assertThat(phrase.korean()).matches("(?s).*[가-힣].*");
                    assertThat(phrase.english()).doesNotContainPattern("[가-힣]");
                });
    }

    @Test
    void the_help_of_the_program_lists_all_words() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exit()).isZero();
        assertThat(run.out().lines().count()).isLessThanOrEqualTo(50);
        Words.ALL.forEach(word -> assertThat(run.out()).contains("\n  " + word.word() + " "));
        assertThat(CommandRun.of("-h")).isEqualTo(run);
        assertThat(CommandRun.of("help")).isEqualTo(run);
    }

    @Test
    void a_misspelt_word_is_refused_with_the_nearest_word() {
        CommandRun run = CommandRun.of("stauts");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("There is no command 'stauts'. Did you mean 'status'?");
        assertThat(CommandRun.of("help", "swich").err()).contains("Did you mean 'switch'?");
    }

    @Test
    void a_misspelt_option_is_refused_with_the_nearest_option() {
        CommandRun run = CommandRun.of("switch", "--frce");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("'--frce' is not understood here. Did you mean --force?", "turnout switch --help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary",
                "drain",
                "switch --by",
                "switch --to a --to b",
                "switch --watch soon",
                "canary 101",
                "history -n 0",
                "status --url ftp://x",
                "status --token-file /nonexistent"
            })
    void wrong_usage_has_an_exit_code_of_its_own(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("turnout: ").doesNotContain("\tat ", "Exception");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void escape_codes_in_an_argument_are_made_visible() {
        assertThat(CommandRun.of("\u001b[31m").err()).doesNotContain("\u001b");
        assertThat(CommandRun.of("status", "--\u001b[31m").err()).doesNotContain("\u001b");
    }

    @Test
    void the_version_is_that_of_the_build() {
        assertThat(CommandRun.of("--version").out()).matches("turnout [0-9]+\\.[0-9]+\\.[0-9]+.*\n");
    }

    @Test
    void a_version_that_turnout_would_refuse_is_refused_before_anything_is_started() {
        for (String version : List.of("a\u001b[31mb", "1\n2", " ", "v".repeat(101))) {
            CommandRun run =
                    CommandRun.of("deploy", "--url", "http://127.0.0.1:1", "--app-version", version, "app.jar");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err())
                    .contains("--app-version is visible text of 1 to 100 characters")
                    .doesNotContain("\u001b");
        }
    }

    @Test
    void a_percent_sign_in_the_text_of_an_option_is_shown_as_it_is() {
        assertThat(HelpText.format(new Phrase("10 % of %s", "10 %"), Language.ENGLISH))
                .isEqualTo("10 %% of %%s");
    }
}
