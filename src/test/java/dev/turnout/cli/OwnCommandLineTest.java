package dev.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command line of this process: what is run later is told the same settings. */
final class OwnCommandLineTest {

    private static final String ADMIN = "-Dturnout.admin.port=9001";

    @Test
    void an_executable_is_run_again_with_its_settings_and_without_its_words() {
        assertThat(OwnCommandLine.executable(
                        Path.of("/usr/lib/turnout/turnout"),
                        List.of("turnout", ADMIN, "-Xmx64m", "deploy", "--java-opts", "-Dshop=1", "app.jar")))
                .containsExactly("/usr/lib/turnout/turnout", ADMIN, "-Xmx64m");
    }

    @Test
    void a_jar_is_run_again_with_its_options_and_settings_and_without_its_words() {
        assertThat(OwnCommandLine.jar(List.of(
                        "java",
                        "-Xmx64m",
                        ADMIN,
                        "-jar",
                        "/usr/lib/turnout.jar",
                        "-Dcli.locale=C",
                        "deploy",
                        "-Dshop=1")))
                .containsExactly("java", "-Xmx64m", ADMIN, "-jar", "/usr/lib/turnout.jar", "-Dcli.locale=C");
    }
}
