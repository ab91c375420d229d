package dev.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.client.ScriptedPeer;
import dev.turnout.text.Language;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words that change nothing. */
final class AskingWordsTest {

    private final AdminStub admin = new AdminStub();

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void status_has_a_line_for_each_slot_and_the_warnings_below() {
        CommandRun run = CommandRun.of("status", "--url", admin.url());

        assertThat(run.exit()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).matches("SERVICE +SLOT +STATE +VERSION +TARGETS +IN FLIGHT +SINCE");
        assertThat(lines.get(1)).matches("default +blue +serves +1\\.4\\.1 +1/1 up +12 +2026-01-31 .*\\(.* days\\)");
        assertThat(lines.get(2)).matches(" +green +idle +1\\.4\\.2 +0/1 up +12 +-");
        assertThat(lines.get(3)).isEqualTo("default: Slot green is down.");
        assertThat(run.out()).doesNotContain("\u001b");
    }

    @Test
    void status_is_in_korean_too() {
        CommandRun run = CommandRun.in(Language.KOREAN, "status", "--url", admin.url());

        assertThat(run.out()).contains("서비스 중", "대기", "1/1 정상", "일)");
    }

    @Test
    void a_terminal_with_colours_gets_them() {
        CommandRun run = CommandRun.in(Language.ENGLISH, true, true, Map.of(), "status", "--url", admin.url());

        assertThat(run.out()).contains("\u001b[32mserves\u001b[0m");
    }

    @Test
    void all_services_are_shown_unless_one_is_named() {
        JsonObject status = AdminStub.status();
        status.getJsonArray("services").add(new JsonObject().put("name", "shop"));
        admin.reply("GET /admin/status", call -> AdminStub.json(
                        200,
                        String.valueOf(call.getRequestURI().getQuery()).endsWith("shop")
                                ? status.copy().put("service", "shop")
                                : status)
                .to(call));

        assertThat(CommandRun.of("status", "--url", admin.url()).out()).contains("\ndefault ", "\nshop ");
        assertThat(CommandRun.of("status", "--service=shop", "--url", admin.url())
                        .out())
                .contains("\nshop ")
                .doesNotContain("\ndefault ");
    }

    private static JsonObject certificate() {
        return new JsonObject()
                .put("names", new JsonArray(List.of("shop.example.com")))
                .put("issuer", "R11")
                .put("daysLeft", 3)
                .put("source", "acme")
                .put("nextTry", "2026-01-31T10:00:00Z")
                .put("lastError", "CAA record\u001b[31m forbids it");
    }

    @Test
    void certificates_have_the_last_error_and_the_next_try() {
        admin.reply(
                "GET /admin/certificates",
                AdminStub.json(200, new JsonObject().put("certificates", new JsonArray(List.of(certificate())))));

        CommandRun run = CommandRun.of("certificates", "--url", admin.url());

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .containsPattern(
                        "shop\\.example\\.com +R11 +3 +acme +CAA record.* forbids it \\(next try at 2026-01-31")
                .doesNotContain("\u001b");
        assertThat(CommandRun.in(Language.KOREAN, "certificates", "--url", admin.url())
                        .out())
                .contains("발급자", "남은 일수", "다음 시도");
    }

    @Test
    void without_certificates_the_keys_that_bring_them_are_named() {
        admin.reply("GET /admin/certificates", AdminStub.json(200, new JsonObject()));

        assertThat(CommandRun.of("certificates", "--url", admin.url()).out())
                .contains("turnout.acme.email", "turnout.tls.directory");
    }

    @Test
    void json_is_what_turnout_answered() {
        CommandRun run = CommandRun.of("status", "--json", "--url", admin.url());

        assertThat(new JsonObject(run.out())).isEqualTo(AdminStub.status());
    }

    @Test
    void quiet_prints_nothing() {
        assertThat(CommandRun.of("status", "-q", "--url", admin.url())).isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void targets_are_listed_with_their_last_probe() {
        CommandRun run = CommandRun.of("targets", "--url", admin.url());

        assertThat(run.out()).containsPattern("green +127\\.0\\.0\\.1:8082 +in +DOWN +12 +connection refused");
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, false", "rw-rw-rw-, true"})
    void files_of_the_working_directory_that_do_not_count_are_a_warning(
            String mode, boolean isWarned, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("application.properties"), "turnout.admin.port=1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        String before = System.setProperty("user.dir", folder.toString());
        try {
            String warning = "The configuration files in " + folder + " are not read";
            assertThat(CommandRun.of("health").err().contains(warning)).isEqualTo(isWarned);
        } finally {
            System.setProperty("user.dir", before);
        }
    }

    @Test
    void clients_that_stay_at_a_target_are_counted_where_there_are_some() {
        assertThat(CommandRun.of("targets", "--url", admin.url()).out()).doesNotContain("SESSIONS");
        JsonObject status = AdminStub.status();
        status.getJsonObject("slots")
                .getJsonObject("blue")
                .getJsonArray("targets")
                .getJsonObject(0)
                .put("sessions", 7);
        admin.reply("GET /admin/status", AdminStub.json(200, status));

        CommandRun run = CommandRun.of("targets", "--url", admin.url());

        assertThat(run.out())
                .containsPattern("IN FLIGHT +SESSIONS +LAST PROBE\n")
                .containsPattern("blue +127\\.0\\.0\\.1:8080 +in +UP +12 +7 +200\n")
                .containsPattern("green +127\\.0\\.0\\.1:8082 +in +DOWN +12 +0 +connection refused\n");
    }

    @Test
    void history_says_who_and_what() {
        JsonObject entry = new JsonObject()
                .put("at", "2026-01-31T10:00:00Z")
                .put("verdict", "switched")
                .put("who", "127.0.0.1 (curl)")
                .put("by", "minji")
                .put("version", "1.4.2")
                .put("note", "hotfix")
                .put("what", "switch to green");
        admin.reply(
                "GET /admin/history", AdminStub.json(200, new JsonObject().put("entries", new JsonArray().add(entry))));

        CommandRun run = CommandRun.of("history", "-n", "5", "--url", admin.url());

        assertThat(run.out()).containsPattern("switched +1\\.4\\.2 +minji +switch to green: hotfix\n");
        assertThat(admin.calls()).contains("GET /admin/history?service=default&limit=5");
    }

    @Test
    void events_are_printed_a_line_each() throws IOException {
        String stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                + "event: step\ndata: {\"step\":\"gate\",\"what\":\"switch to green\"}\n\n";
        try (ScriptedPeer peer = ScriptedPeer.answering(stream)) {
            CommandRun run = CommandRun.of("events", "--url", peer.address().toString());
            CommandRun json =
                    CommandRun.of("events", "--json", "--url", peer.address().toString());

            assertThat(run.out()).matches("[0-9:]+ {2}step {2}what=switch to green step=gate\n");
            assertThat(new JsonObject(json.out()).getString("event")).isEqualTo("step");
            assertThat(run.exit()).as("the stream has ended").isEqualTo(3);
        }
    }

    @Test
    void version_has_that_of_the_server() {
        assertThat(CommandRun.of("version", "--url", admin.url()).out())
                .contains("turnout ", "server 9.9.9 at http://");
    }

    @Test
    void health_is_good_or_bad() {
        admin.reply(
                "GET /q/health/live", AdminStub.send(200, "application/json;charset=UTF-8", "{\"status\": \"UP\"}"));
        assertThat(CommandRun.of("health", "--url", admin.url()))
                .isEqualTo(new CommandRun(0, "{\"status\": \"UP\"}\n", ""));

        admin.reply("GET /q/health/live", AdminStub.send(503, "application/json", "{\"status\": \"DOWN\"}"));
        assertThat(CommandRun.of("health", "--url", admin.url()))
                .isEqualTo(new CommandRun(1, "{\"status\": \"DOWN\"}\n", ""));
    }

    @Test
    void nobody_at_the_address_is_said_with_what_to_do() throws IOException {
        String url;
        try (ServerSocket free = new ServerSocket(0)) {
            url = "http://127.0.0.1:" + free.getLocalPort();
        }

        CommandRun run = CommandRun.of("status", "--url", url);

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("can't be reached at " + url, "systemctl status turnout", "--url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{\"path\":\"/admin/status\"}",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"hello\":\"world\"}",
                "SSH-2.0-OpenSSH_9.2p1\r\n"
            })
    void another_program_at_the_address_is_said(String answer) throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering(answer)) {
            CommandRun run = CommandRun.of("status", "--url", peer.address().toString());

            assertThat(run.exit()).isEqualTo(3);
            assertThat(run.err()).contains("is not Turnout's admin address", "turnout.admin.port");
        }
    }

    @Test
    void a_missing_token_is_said_with_its_key() {
        admin.reply("GET /admin/status", AdminStub.problem(401, "unauthorized", "no"));

        CommandRun run = CommandRun.of("status", "--url", admin.url());

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("TURNOUT_ADMIN_TOKEN", "turnout.admin.token", "--token-file");
    }

    @Test
    void a_service_that_does_not_exist_is_wrong_usage() {
        admin.reply(
                "GET /admin/status",
                AdminStub.problem(404, "no-service", "There is no service 'x'; there is default."));

        CommandRun run = CommandRun.of("status", "--service", "x", "--url", admin.url());

        assertThat(run).isEqualTo(new CommandRun(2, "", "turnout: There is no service 'x'; there is default.\n"));
    }
}
