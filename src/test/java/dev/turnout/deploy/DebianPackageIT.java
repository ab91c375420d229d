package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Ports;
import dev.turnout.support.ReadyLine;
import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Debian package, checked by lintian, and installed, upgraded, removed and purged in a copy of this machine's root. */
@RequiresProgram(value = "dpkg", debianPackage = "dpkg")
@RequiresProgram(value = "adduser", debianPackage = "adduser")
final class DebianPackageIT {

    private static final String IN_ROOT = "/tmp/turnout.deb";
    private static final Duration START = Await.LONG_PATIENCE;
    private static final String SETTINGS = "/etc/turnout/application.properties";

    /** What dpkg, adduser and the system's own log keep for themselves. */
    private static final String[] BOOKS = {
        "/var/lib/dpkg/",
        "/var/lib/man-db/",
        "/var/log/",
        "/var/cache/",
        "/tmp/",
        "/etc/passwd",
        "/etc/shadow",
        "/etc/group",
        "/etc/gshadow",
        "/etc/subuid",
        "/etc/subgid",
        "/run/adduser",
        "/etc/.pwd.lock",
        "/root/"
    };

    private static OverlaidRoot.Run install(OverlaidRoot root) throws IOException {
        return dpkg(root, "--install", IN_ROOT);
    }

    /** Without the archive for a fast start, which takes ten seconds of a core. The executable needs none. */
    private static void installUntrained(OverlaidRoot root) throws IOException {
        dpkg(root, "--unpack", IN_ROOT).succeeds();
        root.run("rm", "-f", "/usr/lib/turnout/train.sh").succeeds();
        dpkg(root, "--configure", "turnout").succeeds();
    }

    private static OverlaidRoot.Run dpkg(OverlaidRoot root, String action, String what) throws IOException {
        Files.copy(DebianPackage.built(), root.path(IN_ROOT), StandardCopyOption.REPLACE_EXISTING);
        // Which packages bring a JVM is not asked: the one of this test need not be Debian's.
        return root.run("dpkg", action, "--force-depends", what);
    }

    @Test
    @RequiresProgram(value = "lintian", debianPackage = "lintian")
    void lintian_finds_no_error() throws Exception {
        Process lintian = new ProcessBuilder(
                        "lintian",
                        "--allow-root",
                        "--fail-on=error",
                        "--display-level=error",
                        DebianPackage.built().toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(lintian.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(lintian.waitFor()).as(said).isZero();
    }

    @Test
    void it_installs_a_program_that_serves_by_its_own_settings() throws Exception {
        try (OverlaidRoot root = OverlaidRoot.mount()) {
            install(root).succeeds();

            assertThat(root.path("/usr/lib/systemd/system/turnout.service")).isRegularFile();
            assertThat(root.path("/usr/lib/systemd/system/turnout.socket")).isRegularFile();
            assertThat(root.path("/usr/lib/systemd/system/turnout-tls.socket")).isRegularFile();
            assertThat(root.run("stat", "-c", "%U %G %a", "/var/lib/turnout").output())
                    .isEqualTo("turnout turnout 700\n");
            assertThat(root.run("stat", "-c", "%U %a", "/etc/default/turnout").output())
                    .isEqualTo("root 640\n");
            assertThat(root.run("stat", "-c", "%U %G %a", SETTINGS).output()).isEqualTo("root turnout 640\n");
            assertThat(root.run("stat", "-c", "%U %G %a", "/etc/turnout/tls").output())
                    .isEqualTo("root turnout 750\n");
            serves(root);
        }
    }

    @Test
    @RequiresProgram(value = "logrotate", debianPackage = "logrotate")
    void its_logrotate_file_rotates_the_access_log_of_a_turnout_that_serves() throws Exception {
        try (OverlaidRoot root = OverlaidRoot.mount()) {
            installUntrained(root);
            Path log = root.path("/var/lib/turnout/turnout-access.log");
            Path output = root.path("/tmp/turnout.log");
            Process turnout = start(root, output, "-Dturnout.admin.port=0", "-Dturnout.access-log=combined");
            try {
                Await.until(() -> read(output), START, () -> ReadyLine.find(read(output))
                        .isPresent());
                URI front = ReadyLine.find(read(output)).orElseThrow().front();
                request(front.resolve("/before"));
                Await.until("the first line", () -> read(log).contains("/before"));

                root.run("logrotate", "--force", "/etc/logrotate.d/turnout").succeeds();
                Await.until("a new file", () -> Files.exists(log));
                request(front.resolve("/after"));
                Await.until("the second line", () -> read(log).contains("/after"));

                assertThat(log).content().doesNotContain("/before");
                assertThat(root.path("/var/lib/turnout/turnout-access.log.1"))
                        .content()
                        .contains("/before");
            } finally {
                turnout.destroyForcibly();
            }
        }
    }

    @Test
    void every_user_has_the_command_with_completion_and_manual_pages() throws Exception {
        try (OverlaidRoot root = OverlaidRoot.mount()) {
            installUntrained(root);

            for (String file : List.of(
                    "/usr/share/bash-completion/completions/turnout",
                    "/usr/share/zsh/vendor-completions/_turnout",
                    "/usr/share/man/man1/turnout.1.gz",
                    "/usr/share/man/ko/man1/turnout.1.gz")) {
                assertThat(root.path(file)).isRegularFile().isNotEmptyFile();
            }
            assertThat(asNobody(root, "--version").output()).startsWith("turnout ");
        }
    }

    @Test
    void the_command_reads_the_settings_of_the_service() throws Exception {
        try (OverlaidRoot root = OverlaidRoot.mount()) {
            installUntrained(root);
            int port = Ports.next();
            Files.writeString(root.path(SETTINGS), "turnout.admin.port=" + port + "\nturnout.admin.token=secret\n");
            Path log = root.path("/tmp/turnout.log");
            Process turnout = start(root, log);
            try {
                Await.until(
                        () -> read(log), START, () -> ReadyLine.find(read(log)).isPresent());

                assertThat(asRoot(root, "health").output()).contains("\"UP\"");
                assertThat(asRoot(root, "status").output()).contains("blue", "serves");
                OverlaidRoot.Run refused = asNobody(root, "status");
                assertThat(refused.exitCode()).as(refused.output()).isEqualTo(3);
                assertThat(refused.output()).contains(SETTINGS, "sudo");
            } finally {
                turnout.destroyForcibly();
            }
        }
    }

    @Test
    void the_command_checks_the_services_of_run_time_that_the_service_reads_too() throws Exception {
        try (OverlaidRoot root = OverlaidRoot.mount()) {
            installUntrained(root);
            assertThat(asRoot(root, "check").exitCode()).isZero();
            Files.writeString(
                    root.path("/var/lib/turnout/services.properties"),
                    "turnout.services.\"shop\".hosts=shop.example\n");

            OverlaidRoot.Run refused = asRoot(root, "check");

            assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains("turnout.services.\"shop\".blue");
        }
    }

    private static OverlaidRoot.Run asRoot(OverlaidRoot root, String word) {
        return root.run("env", "--chdir=/", "JAVA_HOME=" + System.getProperty("java.home"), "turnout", word);
    }

    private static OverlaidRoot.Run asNobody(OverlaidRoot root, String word) {
        return root.run(
                "setpriv",
                "--reuid=nobody",
                "--regid=nogroup",
                "--clear-groups",
                "env",
                "--chdir=/",
                "PATH=/usr/bin:/bin",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "turnout",
                word);
    }

    /** The target is not there: the answer is 502, and is logged too. */
    private static void request(URI address) throws IOException, InterruptedException {
        HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding());
    }

    /** As the unit starts it: the user, the folder and the environment are the unit's. */
    private static Process start(OverlaidRoot root, Path log, String... settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=turnout",
                "--regid=turnout",
                "--clear-groups",
                "env",
                "--chdir=/var/lib/turnout",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "TURNOUT_STATE_DIRECTORY=/var/lib/turnout",
                "QUARKUS_CONFIG_LOCATIONS=" + SETTINGS,
                "/usr/bin/turnout",
                "-Dturnout.listen.port=0"));
        command.addAll(List.of(settings));
        return root.start(log, command.toArray(String[]::new));
    }

    private static void serves(OverlaidRoot root) throws Exception {
        Path log = root.path("/tmp/turnout.log");
        Process turnout = start(root, log, "-Dturnout.admin.port=0");
        try {
            Await.until(() -> read(log), START, () -> ReadyLine.find(read(log)).isPresent());
            turnout.destroy();
            assertThat(turnout.waitFor()).as(read(log)).isZero();
        } finally {
            turnout.destroyForcibly();
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void an_upgrade_keeps_settings_and_state() throws Exception {
        try (OverlaidRoot root = OverlaidRoot.mount()) {
            installUntrained(root);
            Files.writeString(root.path(SETTINGS), "turnout.blue=127.0.0.1:7001\n");
            Files.writeString(root.path("/var/lib/turnout/state.json"), "{}");
            root.run("chmod", "755", "/etc/turnout/tls").succeeds();

            installUntrained(root);

            assertThat(root.run("stat", "-c", "%a", "/etc/turnout/tls").output())
                    .isEqualTo("755\n");

            assertThat(root.path(SETTINGS)).hasContent("turnout.blue=127.0.0.1:7001");
            assertThat(root.path("/var/lib/turnout/state.json")).hasContent("{}");
        }
    }

    @Test
    void an_installation_after_a_removal_starts_it_and_an_upgrade_starts_nothing_that_was_stopped() throws Exception {
        try (OverlaidRoot root = OverlaidRoot.mount()) {
            Files.createDirectories(root.path("/run/systemd/system"));
            Files.writeString(
                    root.path("/usr/bin/deb-systemd-invoke"), "#!/bin/sh\necho \"$*\" >>/tmp/asked-of-systemd\n");
            Path asked = root.path("/tmp/asked-of-systemd");
            installUntrained(root);
            assertThat(asked).content().isEqualTo("start turnout.socket turnout.service\n");
            root.run("dpkg", "--remove", "turnout").succeeds();
            // A socket that stops after its service takes connections that nobody reads.
            assertThat(asked).content().endsWith("stop turnout.socket turnout-tls.socket\nstop turnout.service\n");
            Files.delete(asked);

            installUntrained(root);
            assertThat(asked).content().isEqualTo("start turnout.socket turnout.service\n");
            Files.delete(asked);

            installUntrained(root);
            assertThat(asked).content().isEqualTo("try-restart turnout.service\n");
        }
    }

    @Test
    void a_removal_keeps_settings_and_a_purge_leaves_nothing_behind() throws Exception {
        try (OverlaidRoot root = OverlaidRoot.mount()) {
            install(root).succeeds();
            Files.writeString(root.path("/var/lib/turnout/state.json"), "{}");
            root.run("mkdir", "-p", "/var/lib/turnout-deploy/releases", "/var/log/turnout")
                    .succeeds();

            root.run("dpkg", "--remove", "turnout").succeeds();
            assertThat(root.path(SETTINGS)).isRegularFile();
            assertThat(root.path("/usr/lib/turnout")).doesNotExist();

            root.run("dpkg", "--purge", "turnout").succeeds();
            assertThat(root.changes(BOOKS)).isEmpty();
            assertThat(root.path("/etc/turnout")).doesNotExist();
            assertThat(root.path("/var/lib/turnout")).doesNotExist();
            assertThat(root.path("/var/lib/turnout-deploy")).doesNotExist();
            assertThat(root.path("/var/log/turnout")).doesNotExist();
            assertThat(Files.readString(root.path("/etc/passwd"))).doesNotContain("turnout");
        }
    }
}
