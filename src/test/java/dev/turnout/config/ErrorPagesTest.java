package dev.turnout.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.turnout.text.PageFacts;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The pages under turnout.errors")
final class ErrorPagesTest {

    private static final PageFacts FACTS = new PageFacts(502, "Bad Gateway", "c", "m", 0, "", "h");

    @TempDir
    Path folder;

    private static TurnoutConfig config(String... settings) {
        return new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(GivenSettings.withTargets(settings), "test", 500))
                .build());
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String shown(ErrorPages pages, String service, int status) {
        return requireNonNull(pages.of(service, status)).render(FACTS);
    }

    @Test
    @DisplayName("hold for a status, or else for its class, and in a service before those at the top")
    void inheritance() throws IOException {
        String top = file("top", "top");
        String class5 = file("class5", "class5");
        String own = file("own", "own {{status}}");

        ErrorPages pages = ErrorPages.read(config(
                "errors.502=" + top,
                "errors.5xx=" + class5,
                "services.\"shop\".blue=127.0.0.1:1",
                "services.\"shop\".green=127.0.0.1:2",
                "services.\"shop\".hosts=shop.example",
                "services.\"shop\".errors.502=" + own));

        assertThat(shown(pages, "default", 502)).isEqualTo("top");
        assertThat(shown(pages, "", 502)).isEqualTo("top");
        assertThat(shown(pages, "default", 504)).isEqualTo("class5");
        assertThat(shown(pages, "shop", 502)).isEqualTo("own 502");
        assertThat(shown(pages, "shop", 503)).isEqualTo("class5");
        assertThat(pages.of("default", 404)).isNull();
        assertThat(pages.of("nobody", 502)).isNull();
    }

    @Test
    @DisplayName("are all read, or none: each file that can't be used is named with its key")
    void refusals() throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        TurnoutConfig config = config(
                "errors.400=" + folder.resolve("missing"),
                "errors.403=" + folder,
                "errors.404=" + binary,
                "errors.502=" + file("large", "x".repeat(64 * 1024 + 1)),
                "errors.503=" + file("misspelt", "{{hots}}"),
                "errors.504=" + file("good", "x".repeat(64 * 1024)));

        List<String> refusals = ErrorPages.refusals(config);

        assertThat(refusals).hasSize(5);
        assertThat(refusals.get(0)).startsWith("turnout.errors.400=").endsWith(": there is no such file.");
        assertThat(refusals.get(1)).startsWith("turnout.errors.403=").endsWith(": it is no regular file.");
        assertThat(refusals.get(2)).startsWith("turnout.errors.404=").endsWith(": it is not UTF-8.");
        assertThat(refusals.get(3)).startsWith("turnout.errors.502=").endsWith(": it has more than 64 KiB.");
        assertThat(refusals.get(4)).startsWith("turnout.errors.503=").contains("{{hots}}");
        assertThatIllegalStateException()
                .isThrownBy(() -> ErrorPages.read(config))
                .withMessageContaining("turnout.errors.400=")
                .withMessageContaining("turnout.errors.503=");
    }

    @Test
    @DisplayName("have no effect in nginx mode, which is said")
    void nginx() {
        ConfigReport report = GivenSettings.check(
                GivenSettings.withTargets("mode=nginx", "nginx.include=/tmp/x.inc", "errors.502=/tmp/502.html"),
                List.of());
        assertThat(report.warnings()).anyMatch(text -> text.startsWith("turnout.errors.502 has no effect"));
    }
}
