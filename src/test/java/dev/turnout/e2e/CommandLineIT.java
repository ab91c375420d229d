package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Ports;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command against a Turnout that runs. */
final class CommandLineIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    Path folder;

    private TurnoutCommand start(List<String> variables, String... words) {
        return TurnoutCommand.start(folder, variables, TurnoutCommand.line(words));
    }

    private TurnoutCommand run(String... words) throws Exception {
        TurnoutCommand command = start(List.of(), words);
        command.exit();
        return command;
    }

    private static String url(TurnoutProcess turnout) {
        return "http://127.0.0.1:" + turnout.adminAddress().getPort();
    }

    /** A Turnout whose slot green has nobody, and whose gate takes its time. */
    private TurnoutProcess withDeadGreen(String deadline) {
        return arena.start(TurnoutProcess.with()
                .blue(arena.application("blue"))
                .set("turnout.green", "127.0.0.1:" + Ports.next())
                .set("turnout.health.deadline", deadline));
    }

    @Test
    void status_and_switch_end_with_0() throws Exception {
        TurnoutProcess turnout = arena.start(arena.application("blue"), arena.application("green"));

        TurnoutCommand command = run("switch", "--version", "1.4.2", "--by", "민지", "--url", url(turnout));
        TurnoutCommand status = run("status", "--url", url(turnout));

        assertThat(command.exit()).as(command.err()).isZero();
        assertThat(command.out())
                .contains("switched: green serves, no longer blue")
                .doesNotContain("\u001b");
        assertThat(status.exit()).isZero();
        assertThat(status.out()).containsPattern("green +serves +1\\.4\\.2 +1/1 up");
        assertThat(turnout.admin().status().encode()).contains("민지");
    }

    @Test
    void each_word_that_changes_something_works() throws Exception {
        Backend second = arena.application("second");
        TurnoutProcess turnout = arena.start(
                TurnoutProcess.with().blue(arena.application("blue"), second).green(arena.application("green")));
        String url = url(turnout);

        for (String line : List.of(
                "drain " + second.address(),
                "ready " + second.address(),
                "canary 10",
                "canary abort",
                "canary 20",
                "canary promote",
                "rollback",
                "pause",
                "resume")) {
            TurnoutCommand command = run(Stream.of(line.split(" "), new String[] {"--url", url})
                    .flatMap(Stream::of)
                    .toArray(String[]::new));
            assertThat(command.exit()).as(line + command.err()).isZero();
            assertThat(command.err()).isEmpty();
        }
        assertThat(run("history", "--url", url).out()).contains("switched", "drained", "changed");
        assertThat(run("targets", "--url", url).out()).containsPattern("blue +" + second.address() + " +in +UP");
        assertThat(run("version", "--url", url).out()).containsPattern("server [0-9.]+ at " + url);
    }

    @Test
    void json_is_for_programs() throws Exception {
        TurnoutProcess turnout = arena.start(arena.application("blue"), arena.application("green"));

        for (String word : List.of("status", "history", "switch", "version")) {
            TurnoutCommand command = run(word, "--json", "--url", url(turnout));
            assertThat(new JsonObject(command.out())).as(word).isNotEmpty();
            assertThat(command.err()).isEmpty();
        }
    }

    @Test
    void a_refused_switch_ends_with_1_and_says_what_the_gate_saw() throws Exception {
        TurnoutProcess turnout = withDeadGreen("1s");

        TurnoutCommand command = run("switch", "--url", url(turnout));

        assertThat(command.exit()).isEqualTo(1);
        assertThat(command.out())
                .containsPattern("127\\.0\\.0\\.1:[0-9]+ GET " + Backend.PROBE_PATH + ": .*\\(0 of 1 s\\)");
        assertThat(command.err()).startsWith("turnout: ");
        assertThat((command.out() + command.err()).lines().count()).isLessThan(15);
    }

    @Test
    void wrong_usage_ends_with_2() throws Exception {
        TurnoutCommand command = run("stauts");

        assertThat(command.exit()).isEqualTo(2);
        assertThat(command.err())
                .contains("There is no command 'stauts'. Did you mean 'status'?")
                .doesNotContain("\tat ");
    }

    @Test
    void a_turnout_that_does_not_run_ends_with_3() throws Exception {
        String url = "http://127.0.0.1:" + Ports.next();

        TurnoutCommand command = run("status", "--url", url);

        assertThat(command.exit()).isEqualTo(3);
        assertThat(command.err()).contains(url, "systemctl status turnout", "--url");
    }

    @Test
    void the_front_port_is_not_taken_for_the_admin_port() throws Exception {
        TurnoutProcess turnout = arena.start(arena.application("blue"), arena.application("green"));
        URI front = turnout.front();

        TurnoutCommand command = run("switch", "--url", "http://127.0.0.1:" + front.getPort());

        assertThat(command.exit()).isEqualTo(3);
        assertThat(command.err()).contains("is not Turnout's admin address");
    }

    @Test
    void a_missing_token_ends_with_3_and_a_token_file_with_a_korean_name_helps_in_any_locale() throws Exception {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(arena.application("blue"))
                .green(arena.application("green"))
                .set("turnout.admin.token", "secret"));
        Path token =
                Files.writeString(Files.createDirectory(folder.resolve("빈 칸")).resolve("토큰"), "secret\n");

        TurnoutCommand without = run("status", "--url", url(turnout));
        TurnoutCommand with = run("status", "--url", url(turnout), "--token-file", token.toString());

        assertThat(without.exit()).isEqualTo(3);
        assertThat(without.err()).contains("TURNOUT_ADMIN_TOKEN", "turnout.admin.token");
        assertThat(with.exit()).as(with.err()).isZero();
    }

    @Test
    void a_second_switch_at_the_same_time_ends_with_4() throws Exception {
        TurnoutProcess turnout = withDeadGreen("60s");
        TurnoutCommand first = start(List.of(), "switch", "--url", url(turnout)).awaitOut("GET");

        TurnoutCommand second = run("switch", "--url", url(turnout));
        first.signal("INT");

        assertThat(second.exit()).isEqualTo(4);
        first.exit();
    }

    @Test
    void an_answer_that_is_lost_with_turnout_ends_with_6() throws Exception {
        TurnoutProcess turnout = withDeadGreen("60s");
        TurnoutCommand command =
                start(List.of(), "switch", "--url", url(turnout)).awaitOut("GET");

        turnout.kill9();

        assertThat(command.exit()).isEqualTo(6);
        assertThat(command.err()).contains("not known whether the change was made", "turnout history");
    }

    @Test
    void an_answer_that_is_lost_with_turnout_is_looked_for_in_its_successor() throws Exception {
        TurnoutProcess turnout = withDeadGreen("60s");
        TurnoutCommand command =
                start(List.of(), "switch", "--url", url(turnout)).awaitOut("GET");

        turnout.kill9();
        arena.keep(turnout.restart());

        assertThat(command.exit()).isEqualTo(1);
        assertThat(command.err()).contains("The change was not made: blue serves as before.");
    }

    @Test
    void ctrl_c_in_the_gate_cancels_the_switch() throws Exception {
        TurnoutProcess turnout = withDeadGreen("60s");
        TurnoutCommand command =
                start(List.of(), "switch", "--url", url(turnout)).awaitOut("GET");

        command.signal("INT");

        assertThat(command.exit()).isEqualTo(130);
        assertThat(command.err()).contains("Cancelled. Nothing has changed: blue serves.");
        assertThat(turnout.admin().status().getValue("switching")).isNull();
    }

    @Test
    void sigterm_in_the_gate_cancels_too() throws Exception {
        TurnoutProcess turnout = withDeadGreen("60s");
        TurnoutCommand command = start(List.of("LANG=ko_KR.UTF-8"), "switch", "--url", url(turnout))
                .awaitOut("GET");

        command.signal("TERM");

        assertThat(command.exit()).isEqualTo(143);
        assertThat(command.err()).contains("취소했습니다");
    }

    @Test
    void ctrl_c_after_the_flip_only_stops_looking() throws Exception {
        TurnoutProcess turnout = arena.start(arena.application("blue"), arena.application("green"));
        TurnoutCommand command = start(List.of(), "switch", "--watch", "60s", "--url", url(turnout))
                .awaitOut("green is watched for 60 s");

        command.signal("INT");

        assertThat(command.exit()).isEqualTo(130);
        assertThat(command.err()).contains("too late to cancel");
        assertThat(turnout.admin().status().getString("active")).isEqualTo("green");
    }

    /** Who watches lets a rollback pass. */
    @Test
    void ctrl_c_in_the_watch_leaves_the_rollback_of_somebody_else() throws Exception {
        Backend blue = arena.application("blue");
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(arena.application("green"))
                .set("turnout.health.deadline", "60s"));
        TurnoutCommand watching = start(List.of(), "switch", "--watch", "60s", "--by", "lee", "--url", url(turnout))
                .awaitOut("green is watched for 60 s");
        blue.close();
        var rollback = CompletableFuture.runAsync(() -> turnout.admin().post("/admin/rollback?by=kim"));
        Await.until("the rollback is under way", () -> "kim".equals(whoChanges(turnout)));

        watching.signal("INT");

        assertThat(watching.exit()).isEqualTo(130);
        assertThat(watching.err()).contains("somebody else's (rollback, kim)");
        assertThat(whoChanges(turnout)).isEqualTo("kim");
        turnout.admin().delete("/admin/switch").expect(200);
        rollback.join();
    }

    private static String whoChanges(TurnoutProcess turnout) {
        JsonObject change = turnout.admin().status().getJsonObject("switching");
        return change == null ? "nobody" : change.getString("by");
    }

    @Test
    void colours_are_for_terminals_that_want_them() throws Exception {
        TurnoutProcess turnout = arena.start(arena.application("blue"), arena.application("green"));
        List<String> terminal = new ArrayList<>(List.of("script", "--quiet", "--return", "--command"));
        terminal.add(String.join(" ", TurnoutCommand.line("status", "--url", url(turnout))));
        terminal.add("/dev/null");

        TurnoutCommand colour = TurnoutCommand.start(folder, List.of("TERM=xterm"), terminal);
        TurnoutCommand plain = TurnoutCommand.start(folder, List.of("TERM=xterm", "NO_COLOR=1"), terminal);
        TurnoutCommand dumb = TurnoutCommand.start(folder, List.of("TERM=dumb"), terminal);

        assertThat(colour.exit()).isZero();
        assertThat(colour.out()).contains("\u001b[32mserves\u001b[0m");
        assertThat(plain.exit() + dumb.exit()).isZero();
        assertThat(plain.out() + dumb.out()).contains("serves").doesNotContain("\u001b");
    }

    /** Starts {@code turnout password} on a terminal, with its output in a file. Shows the terminal's settings at the end. */
    private TurnoutCommand startPassword(Path line) {
        String asked = String.join(" ", TurnoutCommand.line("password", "ops")) + " >" + line;
        return TurnoutCommand.start(
                folder,
                List.of("TERM=xterm", "LANG=C"),
                List.of(
                        "script",
                        "--quiet",
                        "--command",
                        "trap : INT; " + asked + "; echo code $?; stty -a; echo end",
                        "/dev/null"));
    }

    @Test
    void a_password_is_asked_for_unseen_though_the_output_is_a_file() throws Exception {
        Path line = folder.resolve("passwords");
        TurnoutCommand asked = startPassword(line);

        asked.awaitOut("Password: ").type("s3cret\n");
        asked.awaitOut("Once more: ").type("s3cret\n");

        asked.awaitOut("end");
        asked.exit();
        assertThat(asked.out()).contains("code 0").contains(" echo ").doesNotContain("s3cret");
        assertThat(line).content().startsWith("ops:$2y$10$");
    }

    @Test
    void ctrl_c_at_a_password_lets_the_terminal_show_again_what_is_typed() throws Exception {
        TurnoutCommand asked = startPassword(folder.resolve("passwords"));

        asked.awaitOut("Password: ").type("s3\003");

        asked.awaitOut("end");
        asked.exit();
        assertThat(asked.out()).contains("code 130").contains(" echo ").doesNotContain("s3");
    }

    @Test
    void the_locale_chooses_the_language_and_not_the_encoding() throws Exception {
        TurnoutCommand korean = start(List.of("LC_ALL=ko_KR.eucKR"), "--help");

        assertThat(korean.exit()).isZero();
        assertThat(korean.out()).startsWith("사용법: turnout");
        assertThat(run("--help").out()).startsWith("Usage: turnout");
    }
}
