package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The form of the program's own log, from its first line to its last. */
final class LogFormatIT {

    private static final int PIPE_BYTES = 65_536;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private TurnoutProcess.Settings settings;

    @BeforeEach
    void twoSlots() {
        settings = TurnoutProcess.with().blue(arena.application("blue")).green(arena.application("green"));
    }

    private List<String> linesOfALife(Map<String, String> environment) throws IOException {
        Path log = Files.createFile(folder.resolve("log"));
        ProcessBuilder builder =
                new ProcessBuilder(settings.command()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().remove("JOURNAL_STREAM");
        environment.forEach(
                (name, value) -> builder.environment().put(name, value.replace("LOG", deviceAndInode(log))));
        Process turnout = builder.start();
        try {
            Await.until("ready", () -> LogLines.of(log).stream().anyMatch(line -> line.contains("ready in")));
        } finally {
            turnout.destroy();
            turnout.onExit().join();
        }
        // The machine of the test may allow fewer descriptors than the limits need.
        return LogLines.of(log).stream()
                .filter(line -> !line.contains("descriptors"))
                .collect(Collectors.toList());
    }

    private static String deviceAndInode(Path file) {
        try {
            Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino");
            return found.get("dev") + ":" + found.get("ino");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_line_has_the_time_with_its_offset_and_no_name_of_a_class_or_a_thread() throws IOException {
        assertThat(linesOfALife(Map.of("TZ", "Asia/Seoul"))).isNotEmpty().allSatisfy(line -> assertThat(line)
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+09:00 (INFO |WARN |ERROR) .*")
                .doesNotContain("[dev.turnout")
                .doesNotContain("(main)"));
    }

    @Test
    void for_the_journal_of_systemd_a_line_has_a_priority_and_no_time() throws IOException {
        List<String> lines = linesOfALife(Map.of("JOURNAL_STREAM", "LOG"));

        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line).matches("<[3-6]>\\D.*"));
        assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("<6>Turnout "));
    }

    @Test
    void a_journal_that_is_not_the_output_changes_nothing() throws IOException {
        assertThat(linesOfALife(Map.of("JOURNAL_STREAM", "1:2")))
                .allSatisfy(line -> assertThat(line).doesNotStartWith("<"));
    }

    @Test
    void with_json_each_line_is_one_object() throws IOException {
        settings.set("turnout.log.format", "json");

        List<String> lines = linesOfALife(Map.of("JOURNAL_STREAM", "LOG"));

        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            JsonObject object = new JsonObject(line);
            assertThat(OffsetDateTime.parse(object.getString("time"))).isNotNull();
            assertThat(object.getString("level")).isIn("INFO", "WARN", "ERROR");
            assertThat(object.getString("message")).isNotBlank();
        });
    }

    @Test
    void a_json_line_about_a_service_names_it() {
        TurnoutProcess turnout = arena.start(settings.set("turnout.log.format", "json"));

        turnout.admin().switchTo("green");

        Await.until("the line", () -> turnout.log()
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(JsonObject::new)
                .anyMatch(line -> line.getString("message").contains("serves instead of")
                        && "default".equals(line.getString("service"))));
    }

    @Test
    void a_level_leaves_out_what_is_less_important() throws IOException {
        TurnoutProcess turnout =
                arena.keep(settings.set("turnout.log.level", "warn").launch());
        Await.until("a front that serves", this::isServing);

        turnout.terminate();
        turnout.awaitExit();

        assertThat(turnout.log()).doesNotContain("INFO");
    }

    private boolean isServing() {
        try (RawClient client = RawClient.to(URI.create("http://127.0.0.1:" + port("listen")))) {
            return client.get("/").read().status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** As with {@code turnout | less}, or a terminal that was stopped by Ctrl-S. */
    @Test
    @Timeout(300)
    void an_output_that_nobody_reads_holds_nothing_up() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw")) {
            // A pipe has room for so much: already the first line has to wait.
            reader.write(new byte[PIPE_BYTES]);
            Process turnout = new ProcessBuilder(settings.command())
                    .redirectErrorStream(true)
                    .redirectOutput(pipe.toFile())
                    .start();
            try {
                Await.until("a front that serves", this::isServing);
                assertThat(admin("POST", "/admin/switch?to=green")).isEqualTo(200);
                assertThat(admin("GET", "/q/health/ready")).isEqualTo(200);
                assertThat(admin("GET", "/q/health")).isEqualTo(200);

                reader.readFully(new byte[PIPE_BYTES]);
                List<String> lines = new ArrayList<>();
                while (lines.stream().noneMatch(line -> line.contains("green serves instead of blue"))) {
                    lines.add(reader.readLine());
                }
                assertThat(lines).anySatisfy(line -> assertThat(line).contains("INFO  Turnout "));
            } finally {
                turnout.destroy();
                turnout.onExit().join();
            }
        }
    }

    private int admin(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("admin") + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private String port(String of) {
        return settings.command().stream()
                .filter(word -> word.startsWith("-Dturnout." + of + ".port="))
                .findFirst()
                .orElseThrow()
                .replaceAll("[^0-9]", "");
    }

    @Test
    void with_level_debug_more_is_said() {
        TurnoutProcess turnout = arena.start(settings.set("turnout.log.level", "debug"));

        turnout.admin().switchTo("green");

        Await.until("a drain with nothing in flight", () -> turnout.log()
                .lines()
                .anyMatch(line -> line.contains(" DEBUG default: ") && line.contains("is drained after")));
    }

    @Test
    void a_drain_with_nothing_in_flight_and_a_dry_run_are_no_lines_beside_the_switch() {
        TurnoutProcess turnout = arena.start(settings);

        turnout.admin().switchTo("green");
        turnout.admin().post("/admin/switch?dry-run=true").expect(200);

        assertThat(turnout.log().lines().filter(line -> line.contains("INFO  default: ")))
                .singleElement()
                .asString()
                .contains("green serves instead of blue");
    }
}
