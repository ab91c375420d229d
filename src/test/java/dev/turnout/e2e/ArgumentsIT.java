package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the program does when it is called with words. */
final class ArgumentsIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private record Run(int exitCode, String output) {}

    private static Run run(TurnoutProcess turnout, String word) throws Exception {
        List<String> command = new ArrayList<>(turnout.successorCommand());
        command.add(word);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @Test
    void health_is_asked_of_the_turnout_that_runs() throws Exception {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(arena.application("blue"))
                .set("turnout.admin.host", "0.0.0.0")
                .set("turnout.admin.token", "secret"));

        Run whileItRuns = run(turnout, "health");
        turnout.kill9();
        Run afterItsEnd = run(turnout, "health");

        assertThat(whileItRuns.output()).contains("\"UP\"");
        assertThat(whileItRuns.exitCode()).isZero();
        assertThat(afterItsEnd.output())
                .contains("can't be reached at http://127.0.0.1:", "systemctl status turnout")
                .doesNotContain("\tat ");
        assertThat(afterItsEnd.exitCode()).isEqualTo(1);
    }

    @Test
    void another_word_is_refused() throws Exception {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with().blue(arena.application("blue")));

        Run run = run(turnout, "serve");

        assertThat(run.output())
                .contains("There is no command 'serve'", "before a command")
                .doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
