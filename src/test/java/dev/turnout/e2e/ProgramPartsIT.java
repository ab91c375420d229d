package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.ApiDocument;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an image may lack without a word: parts that are looked up while the program runs. */
@DisplayName("The program has the same parts as jars and as a native executable")
@Tag("jars")
final class ProgramPartsIT {

    private static final List<String> KINDS_OF_METERS =
            List.of("turnout_", "jvm_memory_used_bytes", "process_uptime_seconds", "system_cpus");

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    @Test
    void netty_s_epoll_carries_the_traffic() throws IOException {
        // Refused on the JDK's own transport.
        TurnoutProcess turnout =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.listen.reuse-port", "true"));

        assertThat(answer(turnout)).isEqualTo("blue");
        assertThat(turnout.log()).contains(", transport epoll");
    }

    @Test
    void without_epoll_the_program_serves_and_says_why() throws IOException {
        TurnoutProcess turnout =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("io.netty.transport.noNative", "true"));

        assertThat(answer(turnout)).isEqualTo("blue");
        assertThat(turnout.log())
                .contains("transport nio")
                .contains("Turnout serves with the channels of Java (nio), not with epoll.")
                .contains("io.netty.transport.noNative");
    }

    @Test
    void the_dashboard_is_the_files_of_the_sources() throws IOException {
        Admin admin = arena.start(blue, green).admin();
        Path sources = Path.of("src/main/resources/dashboard");

        assertThat(admin.get("/admin").expect(200).text()).isEqualTo(Files.readString(sources.resolve("index.html")));
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file : files.filter(each -> !each.endsWith("index.html")).toList()) {
                assertThat(admin.get("/admin/page/" + file.getFileName())
                                .expect(200)
                                .text())
                        .isEqualTo(Files.readString(file));
            }
        }
    }

    @Test
    void the_description_of_the_api_is_the_file_of_the_sources() {
        Admin.Answer answer =
                arena.start(blue, green).admin().get("/q/openapi?format=json").expect(200);

        JsonObject expected = new JsonObject(ApiDocument.ofSources().root().toString());
        assertThat(answer.json().getJsonObject("paths")).isEqualTo(expected.getJsonObject("paths"));
        assertThat(answer.json().getJsonObject("components")).isEqualTo(expected.getJsonObject("components"));
    }

    @Test
    void the_system_is_measured() {
        Admin admin = arena.start(blue, green).admin();

        // A build decides whether Quarkus binds its meters before or right after Turnout says that it is ready.
        Await.until("each kind of meter", () -> KINDS_OF_METERS.stream()
                .allMatch(admin.get("/q/metrics").expect(200).text()::contains));
    }

    @Test
    void a_target_s_name_is_looked_up() throws IOException {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .set("turnout.blue", "localhost:" + blue.port())
                .set("turnout.green", "localhost:" + green.port()));

        assertThat(answer(turnout)).isEqualTo("blue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asia/Kathmandu +0545", "America/St_Johns -0", "UTC +0000"})
    void the_access_log_knows_the_time_zone(String zoneAndOffset) throws IOException {
        String zone = zoneAndOffset.substring(0, zoneAndOffset.indexOf(' '));
        Path log = folder.resolve("access.log");
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.access-log", "combined")
                .set("turnout.access-log-file", log.toString())
                .set("user.timezone", zone));

        answer(turnout);

        Await.until("a line", () -> !LogLines.of(log).isEmpty());
        assertThat(LogLines.of(log).get(0)).contains(zoneAndOffset.substring(zone.length()));
    }

    private static String answer(TurnoutProcess turnout) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.get("/").read().text();
        }
    }
}
