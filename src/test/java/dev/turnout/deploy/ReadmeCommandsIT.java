package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.MarkdownPage;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Runs the commands of the first pages, extracted from the pages. The scenario gives an order to them; a command that is on
 * a page and not in the scenario fails the test, unless it is in the short list of those that cannot run here.
 */
@RequiresProgram(value = "ip", debianPackage = "iproute2")
@RequiresProgram(value = "dpkg", debianPackage = "dpkg")
@DisplayName("The first pages")
final class ReadmeCommandsIT {

    private static final List<Path> PAGES =
            List.of(Path.of("README.md"), Path.of("deploy/README.md"), Path.of("nginx-compat/README.md"));

    private static final Map<String, String> NOT_RUN = new TreeMap<>(Map.ofEntries(
            Map.entry("turnout deploy", "the name of the command in a sentence; it needs a jar"),
            Map.entry("./mvnw verify", "the build that runs this test"),
            Map.entry("./mvnw -DskipTests package", "the build has made what this test installs"),
            Map.entry("./mvnw -DskipTests -Dnative package", "needs GraalVM; .ci/run does it"),
            Map.entry(
                    "sudo apt install ./turnout_0.1.0_amd64.deb",
                    "the package of a release; DebianPackageIT installs that of the build"),
            Map.entry("deploy/demo.sh", "serves until Ctrl-C; .ci/fresh-machine.sh runs --once"),
            Map.entry("deploy/demo.sh --once", "two Spring Boot starts under load; .ci/fresh-machine.sh runs it"),
            Map.entry(
                    "deploy/restart.sh --state /var/lib/turnout -- /usr/lib/turnout/turnout",
                    "does not return while the new process serves; RestartScriptIT runs it"),
            Map.entry("deploy/demo.sh --no-install", "serves until Ctrl-C; MavenWrapperTest looks at what is printed"),
            Map.entry("nginx-compat/try-out.sh", "two Spring Boot starts; its steps are those of NginxModeIT"),
            Map.entry("turnout targets add", "the name of the command in a sentence; RunTimeTargetsIT runs it"),
            Map.entry("turnout targets remove", "the name of the command in a sentence; RunTimeTargetsIT runs it"),
            Map.entry("systemctl enable --now podman.socket", "needs Podman"),
            Map.entry("turnout fleet status", "needs etcd; FleetIT has a fleet"),
            Map.entry("turnout notify test", "needs a receiver of notifications; NotifyIT runs it"),
            Map.entry("turnout password USER", "asks for a password; PasswordWordTest makes the line"),
            Map.entry("nginx-compat/measure.sh 3", "measures for minutes")));

    /** A line that begins with + only prepares; all others are on a page. One target in a slot. */
    private static final String ONE_TARGET = """
            target/turnout/turnout -Dturnout.listen.port=8000
            sudo apt install ./target/turnout_0.1.0_all.deb
            + sudo systemctl start turnout.socket turnout.service
            turnout check
            turnout certificates
            turnout certificates reload
            turnout targets set green 127.0.0.1:8084 127.0.0.1:8085
            turnout targets add green 127.0.0.1:8086
            turnout targets remove green 127.0.0.1:8086
            turnout targets reset green
            turnout services set shop hosts=shop.example.com blue=127.0.0.1:8090 green=127.0.0.1:8092
            turnout services
            turnout services remove shop
            turnout doctor
            sudo turnout deploy app.jar
            turnout status
            turnout health
            turnout targets
            turnout history
            turnout events
            + cp app-2.jar app.jar
            sudo turnout deploy --watch 30s app.jar
            turnout releases
            sudo turnout rollback
            turnout deploy app.jar
            turnout rollback
            + cp app-3.jar app.jar
            turnout deploy --strategy canary app.jar
            + cp app-2.jar app.jar && turnout deploy --keep-old 10m app.jar
            turnout pause
            turnout switch
            turnout resume
            turnout maintenance on
            turnout maintenance on --message 'Back at 14:00' --retry-after 30m --allow 203.0.113.0/24
            turnout maintenance off
            turnout rehearsal
            turnout rehearsal on --share 5
            turnout rehearsal off
            turnout switch --dry-run
            turnout switch --to green
            turnout switch --to blue
            turnout switch --watch 30s
            turnout canary 10
            turnout canary promote
            + turnout canary 10
            turnout canary abort
            turnout reload
            sudo systemctl restart turnout
            sudo systemctl enable turnout-tls.socket
            sudo systemctl restart turnout-tls.socket turnout.service
            sudo systemctl daemon-reload
            + systemctl is-active turnout-tls.socket && systemctl disable --now turnout-tls.socket
            sudo systemctl disable --now turnout.socket
            + systemctl stop turnout.service
            apt remove turnout
            apt purge turnout
            + systemctl start nginx
            systemctl reload nginx
            """;

    /** Two targets in a slot, and then units of systemd behind a second Turnout. */
    private static final String TWO_TARGETS = """
            + printf '%s\\n' turnout.blue=127.0.0.1:8080,127.0.0.1:8081 turnout.green=127.0.0.1:8082,127.0.0.1:8083 >$SETTINGS
            + systemctl start turnout.socket turnout.service
            + turnout deploy app.jar && cp app-2.jar app.jar && turnout deploy app.jar
            turnout drain 127.0.0.1:8081
            turnout ready 127.0.0.1:8081
            + cp app-3.jar app.jar
            sudo turnout deploy --strategy rolling app.jar
            + systemctl stop turnout.socket turnout.service; pkill -f [s]erver.port
            + printf '%s\\n' turnout.blue=127.0.0.1:8090 turnout.green=127.0.0.1:8092 turnout.admin.port=9001 >$SETTINGS
            + rm -rf /var/lib/turnout/* && systemctl start turnout.socket turnout.service
            turnout deploy --url http://127.0.0.1:9001 app.jar
            + pkill -f [s]erver.port
            sudo turnout deploy --systemd app app.jar
            """;

    private static final Pattern COMMAND =
            Pattern.compile("(sudo )?(turnout|apt|systemctl|\\S+/turnout|\\S+/\\S+\\.sh|\\./mvnw)( [^─│]*)?");

    /** Commands that do not end by themselves, that ask, or whose exit code says something about this machine. */
    private static final Map<String, String> HOW = Map.of(
            "turnout events", "timeout --signal=INT 2 turnout events || [ $? -eq 124 ]",
            "turnout doctor", "turnout doctor || [ $? -eq 1 ]",
            "apt remove turnout", "apt remove --yes turnout",
            "apt purge turnout", "apt purge --yes turnout",
            "turnout deploy --strategy canary app.jar",
                    "turnout deploy --strategy canary --steps 50 --wait 1s --yes app.jar",
            "target/turnout/turnout -Dturnout.listen.port=8000", """
                target/turnout/turnout -Dturnout.listen.port=8000 >started.log 2>&1 &
                until grep ' ready in ' started.log; do sleep 0.1; kill -0 $! || { cat started.log; exit 1; }; done
                kill $!; wait $! || true""");

    private static Set<String> commands() throws IOException {
        Set<String> commands = new LinkedHashSet<>();
        for (Path page : PAGES) {
            MarkdownPage.read(page).commands().stream()
                    .filter(line -> COMMAND.matcher(line).matches())
                    .forEach(commands::add);
            Pattern.compile("`([^`\n]+)`")
                    .matcher(Files.readString(page).replaceAll("(?s)```.*?```", ""))
                    .results()
                    .map(result -> result.group(1))
                    .filter(line -> line.contains(" ") && COMMAND.matcher(line).matches())
                    .forEach(commands::add);
        }
        return commands;
    }

    private static Set<String> scenario() {
        return new LinkedHashSet<>((ONE_TARGET + TWO_TARGETS)
                .lines()
                .filter(line -> !line.startsWith("+"))
                .toList());
    }

    @Test
    @DisplayName("have no command that is neither run nor in the list of those that cannot run here")
    void every_command_is_known() throws IOException {
        Set<String> known = scenario();
        known.addAll(NOT_RUN.keySet());

        assertThat(commands()).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    @DisplayName("have commands that work in their order, with one target in a slot")
    void commands_work_with_one_target() throws Exception {
        try (PageMachine machine = PageMachine.start()) {
            machine.run("ln -s /srv/turnout/target target").succeeds();
            follow(machine, ONE_TARGET);
        }
    }

    @Test
    @DisplayName("have commands that work in their order, with two targets in a slot and with systemd")
    void commands_work_with_two_targets() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            follow(machine, TWO_TARGETS);
        }
    }

    private static void follow(PageMachine machine, String scenario) throws IOException {
        for (int version = 1; version <= 3; version++) {
            machine.put("/root/app-" + version + ".jar", TinyApplication.jar(version + ".0"));
        }
        machine.run("cp app-1.jar app.jar").succeeds();
        for (String line : scenario.lines().toList()) {
            String command = line.startsWith("+ ") ? line.substring(2) : HOW.getOrDefault(line, line);
            machine.run("SETTINGS=/etc/turnout/application.properties\n" + command.replace("--watch 30s", "--watch 1s"))
                    .succeeds();
        }
    }

    @Test
    @DisplayName("have settings that turnout check accepts")
    void settings_are_accepted() throws Exception {
        try (PageMachine machine = PageMachine.withPackage()) {
            StringBuilder settings = new StringBuilder();
            for (Path page : PAGES) {
                MarkdownPage.read(page).commands().stream()
                        .filter(line -> line.startsWith("turnout."))
                        .forEach(line -> settings.append(line).append('\n'));
            }
            machine.put("/etc/turnout/application.properties", settings.toString());

            assertThat(settings.toString()).contains("turnout.health.path", "turnout.drain.endless");
            machine.run("turnout check").succeeds();
        }
    }
}
