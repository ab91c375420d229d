package dev.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RequiresProgram;
import dev.turnout.text.Language;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Completion in real shells, and the manual pages as man shows them. */
final class ShippedFilesTest {

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        ShippedFiles.write(folder);
    }

    private String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("MANWIDTH", "100");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }

    @ParameterizedTest
    @CsvSource({
        "turnout stat, status",
        "turnout switch --to gr, green",
        "turnout switch --dry, --dry-run",
        "turnout canary pro, promote",
        "turnout help swi, switch"
    })
    void bash_completes_words_options_and_values(String typed, String expected) throws Exception {
        String[] words = typed.split(" ");
        String script = "compopt() { :; }; source " + folder.resolve("bash/turnout") + "; COMP_WORDS=(" + typed
                + "); COMP_CWORD=" + (words.length - 1) + "; _complete_turnout; echo \"${COMPREPLY[@]}\"";

        assertThat(run("bash", "-c", script)).isEqualTo(expected + "\n");
    }

    /** Types into an interactive zsh, where a function with the program's name shows what was typed for it. */
    @ParameterizedTest
    @CsvSource({"turnout stat, status", "turnout switch --dry, switch --dry-run", "turnout canary pro, canary promote"})
    @RequiresProgram(value = "zsh", debianPackage = "zsh")
    void zsh_completes_the_same(String typed, String expected) throws Exception {
        Path script = Files.writeString(folder.resolve("type.zsh"), """
                zmodload zsh/zpty
                export TERM=dumb
                zpty z zsh -f -i
                zpty -w z "fpath=(%s \\$fpath); autoload -Uz compinit; compinit -u -D; turnout() { print -r -- \\"<\\$*>\\" }; print ready\\${:-}!"
                while zpty -r z line; do [[ $line == *ready!* ]] && break; done
                zpty -w -n z $'%s\\t\\n'
                while zpty -r z line; do print -r -- "$line"; [[ $line == *'<'*'>'* ]] && break; done
                """.formatted(folder.resolve("zsh"), typed));

        assertThat(run("timeout", "50", "zsh", "-f", script.toString())).contains("<" + expected + ">");
    }

    @ParameterizedTest
    @EnumSource
    @RequiresProgram(value = "man", debianPackage = "man-db")
    void the_manual_page_has_each_word_and_no_mistake_of_troff(Language language) throws Exception {
        Path page = folder.resolve(language.of("man/turnout.1", "man/ko/turnout.1"));

        String shown = run("man", "--warnings", "--local-file", page.toString()).replaceAll(".\b", "");

        assertThat(shown).doesNotContain("warning", "troff:", "error:");
        for (Word word : Words.ALL) {
            assertThat(shown).contains("\n   " + word.word() + "\n");
        }
        assertThat(shown).contains("--dry-run", "TURNOUT_ADMIN_TOKEN", "130", "/etc/turnout/application.properties");
    }

    @Test
    void a_line_of_the_manual_page_is_no_request_by_accident() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("man/turnout.1"));

        assertThat(lines)
                .filteredOn(line -> line.startsWith(".") || line.startsWith("'"))
                .allMatch(line -> line.matches("\\.(TH|SH|SS|PP|TP|nf|fi|br)( .*)?"));
    }
}
