package dev.turnout.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RequiresProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The systemd units, as systemd itself reads them; none is started. */
@RequiresProgram(value = "systemd-analyze", debianPackage = "systemd")
final class SystemdUnitsIT {

    private static final Path UNITS = Path.of("deploy", "systemd").toAbsolutePath();
    private static final Path FLEET = Path.of("deploy", "fleet").toAbsolutePath();
    private static final Path SYSTEM = Path.of("/usr/lib/systemd/system");

    @TempDir
    Path root;

    @Test
    void systemd_has_nothing_to_say_against_them() throws Exception {
        Path system = Files.createDirectories(root.resolve("usr/lib/systemd/system"));
        copy(SYSTEM, "*.{target,slice}", system);
        copy(UNITS, "*.{service,socket}", system);
        copy(FLEET, "*.{service,timer}", system);
        copy(
                Path.of("nginx-compat").toAbsolutePath(),
                "nginx-mode.conf",
                Files.createDirectory(system.resolve("turnout.service.d")));
        for (String program :
                List.of("usr/lib/turnout/turnout", "bin/sh", "usr/bin/env", "usr/local/sbin/turnout-etcd")) {
            Files.createDirectories(root.resolve(program).getParent());
            Files.createFile(
                    root.resolve(program),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }

        assertThat(run(
                        "systemd-analyze",
                        "verify",
                        "--root=" + root,
                        "turnout.service",
                        "turnout.socket",
                        "turnout-tls.socket",
                        "app@1.service",
                        "turnout-etcd.service",
                        "turnout-etcd-backup.timer"))
                .isEqualTo("exit 0\n");
    }

    private static void copy(Path from, String glob, Path to) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from, glob)) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "systemd/turnout.service",
                "systemd/app@.service",
                "fleet/turnout-etcd.service",
                "fleet/turnout-etcd-backup.service"
            })
    void its_exposure_is_under_2_5(String unit) throws Exception {
        assertThat(run(
                        "systemd-analyze",
                        "security",
                        "--offline=true",
                        "--threshold=24",
                        UNITS.resolveSibling(unit).toString()))
                .startsWith("exit 0\n");
    }

    @Test
    void the_application_is_started_by_the_java_of_its_own_environment() throws Exception {
        String command = Files.readAllLines(UNITS.resolve("app@.service")).stream()
                .filter(line -> line.startsWith("ExecStart=/bin/sh -c '"))
                .map(line -> line.replace("ExecStart=/bin/sh -c '", "").replaceFirst("'$", ""))
                .map(line -> line.replace("$$", "$").replace("%i", "8082"))
                .findFirst()
                .orElseThrow();
        Path java = Files.createDirectories(root.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"java $*\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));

        String arguments = "java -Xmx1g -Dname=value -Dserver.port=8082 -jar /var/lib/app/8082.jar\n";
        String options = "JAVA_OPTS=-Xmx1g -Dname=value";
        assertThat(run("env", options, "JAVA_HOME=" + root.resolve("jdk"), "/bin/sh", "-c", command))
                .isEqualTo("exit 0\n" + arguments);
        assertThat(run("env", "-u", "JAVA_HOME", options, "PATH=" + java.getParent(), "/bin/sh", "-c", command))
                .isEqualTo("exit 0\n" + arguments);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return "exit " + process.waitFor() + "\n" + output;
    }
}
