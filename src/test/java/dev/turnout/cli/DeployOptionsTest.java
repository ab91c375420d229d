package dev.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.text.Language;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParseResult;

@DisplayName("The options of a deployment")
final class DeployOptionsTest {

    /** It runs later, in any folder. */
    @Test
    void the_command_that_stops_a_version_later_finds_the_same_turnout() {
        List<String> again = DeployOptions.again(given(
                "deploy",
                "--url",
                "https://127.0.0.1:1",
                "--token-file",
                "token",
                "--ca-file",
                "ca.pem",
                "--cert-file",
                "cert.pem",
                "--key-file",
                "/etc/key.pem",
                "--state",
                "releases",
                "--stop-timeout",
                "5s",
                "app.jar"));

        assertThat(again)
                .containsSequence("--url", "https://127.0.0.1:1")
                .containsSequence("--token-file", absolute("token"))
                .containsSequence("--ca-file", absolute("ca.pem"))
                .containsSequence("--cert-file", absolute("cert.pem"))
                .containsSequence("--key-file", "/etc/key.pem")
                .containsSequence("--state", absolute("releases"))
                .containsSequence("--stop-timeout", "5s");
    }

    private static ParseResult given(String... arguments) {
        return Words.parser(new DeployWord(), Language.ENGLISH)
                .parseArgs(arguments)
                .subcommand();
    }

    private static String absolute(String file) {
        return Path.of(file).toAbsolutePath().toString();
    }
}
