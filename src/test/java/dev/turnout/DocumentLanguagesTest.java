package dev.turnout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds each Korean page beside its English page: the same headings, commands, files and tables. */
@DisplayName("A Korean page")
final class DocumentLanguagesTest {

    /** A word in a page that both languages write in the same way: a key, a call, an option, a file. */
    private static final Pattern WORD = Pattern.compile("`([^`]+)`");

    private static final Pattern PICTURE = Pattern.compile("[─│►▲]");

    static Stream<Path> koreanPages() throws IOException {
        try (Stream<Path> top = Files.list(Path.of(""));
                Stream<Path> below = Files.walk(Path.of("deploy"))) {
            return Stream.concat(top, below)
                    .filter(file -> file.toString().endsWith(".ko.md"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static MarkdownPage english(Path korean) throws IOException {
        return MarkdownPage.read(Path.of(korean.toString().replace(".ko.md", ".md")));
    }

    @Test
    @DisplayName("is there for both first pages and for every recipe")
    void every_page_for_users_is_there_in_korean() throws IOException {
        assertThat(koreanPages()).contains(Path.of("README.ko.md"), Path.of("deploy/README.ko.md"));
        try (Stream<Path> recipes = Files.list(Path.of("deploy/recipes"))) {
            assertThat(recipes.filter(file -> file.toString().matches(".*(?<!\\.ko)\\.md"))
                            .map(file -> Path.of(file.toString().replace(".md", ".ko.md"))))
                    .isNotEmpty()
                    .allSatisfy(korean -> assertThat(korean).isRegularFile());
        }
    }

    @ParameterizedTest
    @MethodSource("koreanPages")
    @DisplayName("has as many headings as the English page, on the same levels")
    void headings_are_equal(Path korean) throws IOException {
        assertThat(levels(MarkdownPage.read(korean))).isEqualTo(levels(english(korean)));
    }

    private static List<Integer> levels(MarkdownPage page) {
        return page.headings().stream().map(MarkdownPage.Heading::level).toList();
    }

    @ParameterizedTest
    @MethodSource("koreanPages")
    @DisplayName("has the commands of the English page; comments in them may differ")
    void commands_are_equal(Path korean) throws IOException {
        assertThat(commands(MarkdownPage.read(korean))).isEqualTo(commands(english(korean)));
    }

    private static List<String> commands(MarkdownPage page) {
        return page.commands().stream().filter(line -> !isPicture(line)).toList();
    }

    private static boolean isPicture(String text) {
        return PICTURE.matcher(text).find();
    }

    @ParameterizedTest
    @MethodSource("koreanPages")
    @DisplayName("has the files of the English page, such as a site of nginx; comments in them may differ")
    void files_are_equal(Path korean) throws IOException {
        assertThat(files(MarkdownPage.read(korean))).isEqualTo(files(english(korean)));
    }

    private static List<String> files(MarkdownPage page) {
        return page.blocks().stream()
                .filter(block ->
                        !block.language().isEmpty() && !block.language().equals("bash"))
                .filter(block -> !isPicture(block.text()))
                .map(block -> block.language() + "\n" + block.text().replaceAll("(?m) *# .*$", ""))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("koreanPages")
    @DisplayName("has the tables of the English page, with as many rows and columns")
    void tables_are_equal(Path korean) throws IOException {
        assertThat(MarkdownPage.read(korean).tables()).isEqualTo(english(korean).tables());
    }

    @ParameterizedTest
    @MethodSource("koreanPages")
    @DisplayName("names the keys, calls, options and files that the English page names")
    void words_in_code_are_equal(Path korean) throws IOException {
        assertThat(words(korean))
                .containsExactlyInAnyOrderElementsOf(words(english(korean).file()));
    }

    private static List<String> words(Path page) throws IOException {
        Matcher word = WORD.matcher(Files.readString(page).replaceAll("(?s)```.*?```", ""));
        return word.results()
                .map(result -> result.group(1).replace('\n', ' '))
                .filter(text -> !text.isBlank())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("koreanPages")
    @DisplayName("is written in Korean: more Hangul than Latin letters outside of code and links")
    void it_is_korean(Path korean) throws IOException {
        String text = String.join("\n", MarkdownPage.read(korean).paragraphs())
                .replaceAll("`[^`]*`", "")
                .replaceAll("]\\([^)]*\\)", "");
        long hangul = text.codePoints()
                .filter(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HANGUL)
                .count();
        long latin = text.codePoints()
                .filter(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN)
                .count();

        assertThat(hangul).isGreaterThan(latin);
    }
}
