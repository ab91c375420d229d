package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.ContainerEngine;
import dev.turnout.support.ContainerEngine.Mood;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The check of the container engine")
final class ContainersCheckTest {

    @TempDir
    Path folder;

    private Path socket() {
        return folder.resolve("docker.sock");
    }

    private Finding only() {
        List<Finding> findings = new ContainersCheck(socket()).look();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void finds_a_socket_that_is_not_there_and_one_where_nobody_listens() {
        assertThat(only().severity()).isEqualTo(Severity.ERROR);
        assertThat(only().seen().english()).contains("no such file");
        ContainerEngine engine = ContainerEngine.at(socket());
        engine.stop();
        assertThat(only().severity()).isEqualTo(Severity.ERROR);
        assertThat(only().seen().english()).containsIgnoringCase("refused");
    }

    @ParameterizedTest
    @CsvSource({
        "FAILS, ERROR, answers 500 to GET /containers/json",
        "FILTERED, GOOD, no more than is needed",
        "ANSWERS, WARNING, the rights of root"
    })
    void finds_what_the_socket_lets_through(Mood mood, Severity severity, String words) {
        try (ContainerEngine engine = ContainerEngine.at(socket())) {
            engine.mood(mood);
            assertThat(only().severity()).isEqualTo(severity);
            assertThat(only().seen().english()).contains(words);
        }
    }
}
