package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.NamedPaths;
import dev.turnout.config.NamedPaths.NamedPath;
import dev.turnout.config.NamedPaths.Use;
import dev.turnout.config.TurnoutConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Where a unit lets its process write")
final class WritableFoldersTest {

    /** A key with an absolute path on a page; the name of its service if there is one. */
    private static final Pattern PATH = Pattern.compile("(turnout\\.(services\\.\"[^\"]+\"\\.)?[\\w.\"-]+)=(/\\S+)");

    @TempDir
    Path root;

    private WritableFolders shipped() throws IOException {
        return WritableFolders.of(new SystemTree(root)
                .with("lib/systemd/system/turnout.service", Files.readString(Path.of("deploy/systemd/turnout.service")))
                .units()
                .service()
                .orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "'', /etc/turnout/a, true",
        "ProtectSystem=yes, /usr/a, false",
        "ProtectSystem=yes, /etc/a, true",
        "ProtectSystem=full, /etc/a, false",
        "ProtectSystem=full, /srv/a, true",
        "ProtectSystem=strict, /srv/a, false",
        "ProtectSystem=strict, /srv, false",
        "ProtectSystem=strict, /dev/stdout, true",
        "ProtectSystem=strict, /tmp/a, false",
        "ProtectSystem=strict PrivateTmp=yes, /tmp/a, true",
        "ProtectSystem=strict LogsDirectory=app, /var/log/app/a, true",
        "ProtectSystem=strict LogsDirectory=app, /var/log/application, false",
        "ProtectSystem=strict LogsDirectory=app, /var/log/app/../a, false",
        "ProtectSystem=strict StateDirectory=x:y StateDirectory=z, /var/lib/x/a, true",
        "ProtectSystem=strict StateDirectory=x StateDirectory=, /var/lib/x/a, false",
        "ProtectSystem=strict ReadWritePaths=-/srv/logs, /srv/logs/a, true",
        "ProtectSystem=strict ReadWritePaths=%L, /var/log/a, true",
        "ProtectHome=yes, /home/anna/a, false",
        "ProtectHome=yes ReadWritePaths=/home/anna, /home/anna/a, true",
        "ProtectSystem=no ProtectHome=no, /home/anna/a, true"
    })
    void depends_on_its_keys(String keys, String path, boolean isWritable) throws IOException {
        SystemTree tree = new SystemTree(root)
                .with("lib/systemd/system/turnout.service", "[Service]\n" + keys.replace(' ', '\n') + "\n");

        assertThat(WritableFolders.of(tree.units().service().orElseThrow()).contain(Path.of(path)))
                .isEqualTo(isWritable);
    }

    @Test
    @DisplayName("is, for the unit that is shipped, wherever a page has Turnout write")
    void the_pages_name_folders_that_the_shipped_unit_lets_turnout_write_to() throws IOException {
        WritableFolders shipped = shipped();
        List<NamedPath> written = pages().flatMap(WritableFoldersTest::written).toList();

        assertThat(written).extracting(NamedPath::key).contains("turnout.services.\"reports\".access-log-file");
        assertThat(written).allSatisfy(path -> assertThat(shipped.contain(path.path()))
                .as(path.toString())
                .isTrue());
    }

    private static Stream<String> pages() throws IOException {
        try (Stream<Path> below = Files.walk(Path.of("deploy"));
                Stream<Path> top = Files.list(Path.of(""))) {
            return Stream.concat(below, top)
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(WritableFoldersTest::text)
                    .toList()
                    .stream();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<NamedPath> written(String page) {
        return PATH.matcher(page).results().flatMap(line -> written(line).stream());
    }

    private static List<NamedPath> written(MatchResult line) {
        Map<String, String> values = new HashMap<>(Map.of(line.group(1), line.group(3)));
        if (line.group(2) != null) {
            String service = "turnout." + line.group(2);
            values.put(service + "hosts", "a.example");
            values.put(service + "blue", "127.0.0.1:1");
            values.put(service + "green", "127.0.0.1:2");
        }
        TurnoutConfig config = new TurnoutConfig(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "a page", 100))
                .build());
        return NamedPaths.of(config).stream()
                .filter(path -> path.use() == Use.WRITE)
                .toList();
    }
}
