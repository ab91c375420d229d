package dev.turnout.cli;

import dev.turnout.text.Language;
import dev.turnout.text.Phrase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** The help of the program and of each word. */
final class HelpText {

    private static final int WORD_WIDTH = 10;

    private static final Phrase PURPOSE = new Phrase(
            "Turnout switches between two versions of an application without an interruption.",
            "Turnout은 애플리케이션의 두 버전을 중단 없이 전환합니다.");
    private static final Phrase SERVER = new Phrase(
            "Without a command it runs the server. Settings of the server stand before a command:"
                    + " turnout -Dturnout.listen.port=8000",
            "명령 없이 실행하면 서버가 시작됩니다. 서버 설정은 명령 앞에 씁니다: turnout -Dturnout.listen.port=8000");

    private HelpText() {}

    /** Adds the texts of a word to its specification. Picocli reads each of them as a format. */
    static void describe(CommandSpec spec, Word word, Language language) {
        Stream<String> paragraphs = word.description().stream().map(paragraph -> "%n" + format(paragraph, language));
        spec.usageMessage()
                .sortOptions(false)
                .synopsisHeading(language.of("Usage: ", "사용법: "))
                .descriptionHeading("%n")
                .description(Stream.concat(Stream.of(format(word.summary(), language) + "."), paragraphs)
                        .toArray(String[]::new))
                .parameterListHeading(language.of("%nParameters:%n", "%n인자:%n"))
                .optionListHeading(language.of("%nOptions:%n", "%n옵션:%n"))
                .footerHeading(language.of("%nExamples:%n", "%n예:%n"))
                .footer(examples(word, language));
    }

    /** Returns a text for picocli, which reads a percent sign as the start of a format. */
    static String format(Phrase phrase, Language language) {
        return phrase.in(language).replace("%", "%%");
    }

    private static String[] examples(Word word, Language language) {
        List<String> lines = new ArrayList<>();
        for (Example example : word.examples()) {
            lines.add("  " + example.command().replace("%", "%%"));
            lines.add("      " + format(example.meaning(), language));
        }
        return lines.toArray(String[]::new);
    }

    /** Returns the help of the program: all words, on one screen. */
    static List<String> ofProgram(Language language) {
        List<String> lines = new ArrayList<>();
        lines.add(language.of("Usage: turnout [COMMAND [OPTIONS]]", "사용법: turnout [명령 [옵션]]"));
        lines.add("");
        lines.add(PURPOSE.in(language));
        lines.add(SERVER.in(language));
        lines.add("");
        lines.add(language.of("Commands:", "명령:"));
        for (Word word : Words.ALL) {
            lines.add("  " + Columns.padded(word.word(), WORD_WIDTH) + "  "
                    + word.summary().in(language));
        }
        lines.add("");
        lines.add(language.of("Exit codes:", "종료 코드:"));
        for (ExitCode exit : ExitCode.values()) {
            lines.add("  " + Columns.padded(String.valueOf(exit.code()), 5)
                    + exit.meaning().in(language));
        }
        lines.add("");
        lines.add(language.of(
                "'turnout help COMMAND' explains a command. 'man turnout' has all of it.",
                "'turnout help 명령'은 명령을 설명합니다. 전체 설명은 'man turnout'에 있습니다."));
        return lines;
    }

    /** Returns what the program is for. */
    static Phrase purpose() {
        return PURPOSE;
    }

    /** Returns what the program does without a word. */
    static Phrase server() {
        return SERVER;
    }
}
