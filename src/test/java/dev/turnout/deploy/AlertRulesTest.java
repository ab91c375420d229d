package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The alert rules for Prometheus")
@RequiresProgram(value = "promtool", debianPackage = "prometheus")
final class AlertRulesTest {

    private static final Path RULES = Path.of("deploy/prometheus/alerts.yml");
    private static final Path TESTS = Path.of("src/test/resources/prometheus");

    @TempDir
    private Path folder;

    private String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("promtool"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    @DisplayName("are well-formed, as is the example of a scrape")
    void wellFormed() throws Exception {
        promtool("check", "rules", "--lint-fatal", RULES.toAbsolutePath().toString());
        promtool(
                "check",
                "config",
                "--syntax-only",
                Path.of("deploy/prometheus/scrape.yml").toAbsolutePath().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alerts-test.yml", "alerts-week-test.yml"})
    @DisplayName("fire and stay silent as promtool's tests say")
    void fire(String tests) throws Exception {
        Files.copy(RULES, folder.resolve("alerts.yml"));
        Files.copy(TESTS.resolve(tests), folder.resolve(tests));

        assertThat(promtool("test", "rules", tests)).contains("SUCCESS");
    }

    @Test
    @DisplayName("have a test for each of them in which it fires")
    void each() throws IOException {
        String tests = Files.readString(TESTS.resolve("alerts-test.yml"))
                + Files.readString(TESTS.resolve("alerts-week-test.yml"));

        assertThat(found("alertname: (\\w+)\\n +exp_alerts:\\n", tests))
                .isEqualTo(found("- alert: (\\w+)", Files.readString(RULES)));
    }

    private static TreeSet<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
