package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The file of headers for the collector of spans")
final class CollectorHeadersTest {

    private static final String KEY = "turnout.tracing.headers-file";

    @TempDir
    Path folder;

    private static TracingConfig tracing(String... settings) {
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                        .withSources(new PropertiesConfigSource(GivenSettings.withTargets(settings), "test", 500))
                        .build())
                .tracing();
    }

    private static TracingConfig tracing(Path file) {
        return tracing("tracing.url=http://127.0.0.1:4318/v1/traces", "tracing.headers-file=" + file);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("headers"), content);
    }

    @Test
    void has_a_header_a_line() throws IOException {
        TracingConfig config = tracing(file("Authorization: Bearer s3cret==\n\n  X-Scope-OrgID:  shop \n"));

        assertThat(CollectorHeaders.read(config))
                .containsExactly(
                        new HeaderLine("Authorization", "Bearer s3cret=="), new HeaderLine("X-Scope-OrgID", "shop"));
        assertThat(CollectorHeaders.refusals(config)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Authorization Bearer s3cret | line 1 is no header line for a collector
            a: b;Host: s3cret           | line 2 is no header line for a collector
            a: s3cret\u0001b            | line 1 is no header line for a collector
            """)
    void that_is_wrong_is_refused_and_no_secret_is_shown(String lines, String why) throws IOException {
        Path file = file(lines.replace(';', '\n'));

        assertThat(CollectorHeaders.refusals(tracing(file)))
                .isEqualTo(List.of(KEY + "=" + file + ": " + why + "."))
                .noneMatch(refusal -> refusal.contains("s3cret"));
    }

    @Test
    void is_bounded_and_has_to_be_there() throws IOException {
        assertThat(CollectorHeaders.refusals(tracing(file("a: b\n".repeat(17)))))
                .singleElement()
                .asString()
                .contains("more than 16 header lines");
        assertThat(CollectorHeaders.refusals(tracing(file("a: " + "b".repeat(17_000)))))
                .singleElement()
                .asString()
                .contains("more than 16 KiB");
        assertThat(CollectorHeaders.refusals(tracing(folder.resolve("none"))))
                .isEqualTo(List.of(KEY + "=" + folder.resolve("none") + ": there is no such file."));
    }

    @Test
    void is_not_read_without_a_collector() {
        TracingConfig config = tracing("tracing.headers-file=" + folder.resolve("none"));

        assertThat(CollectorHeaders.refusals(config)).isEmpty();
    }
}
