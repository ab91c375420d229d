package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.config.NamedPaths.NamedPath;
import dev.turnout.config.NamedPaths.Use;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The files, folders and sockets of the configuration, as the user of the service may use them")
final class FileRightsCheckTest {

    private static final WritableFolders ANYWHERE = WritableFolders.of(Map.of());

    @TempDir
    Path folder;

    private static NamedPath read(Path path) {
        return new NamedPath("turnout.errors.502", path, Use.READ);
    }

    private List<Finding> look(String self, String service, Optional<String> printed) throws IOException {
        Path file = Files.writeString(folder.resolve("502.html"), "x");
        return new FileRightsCheck(List.of(read(file)), ANYWHERE, service, self, command -> {
                    assertThat(command).endsWith("r" + file);
                    assertThat(command.get(0)).isEqualTo(self.equals(service) ? "sh" : "runuser");
                    return printed.map(text -> text.replace("FILE", "r" + file));
                })
                .look();
    }

    @Test
    void files_are_judged_as_the_user_of_the_service_or_it_is_said_that_they_are_not() throws IOException {
        Findings.only(look("turnout", "turnout", Optional.of("")), Severity.GOOD);
        Findings.only(look("root", "turnout", Optional.of("")), Severity.GOOD);
        for (String self : List.of("turnout", "root")) {
            Finding found = Findings.only(look(self, "turnout", Optional.of("FILE\n")), Severity.ERROR);
            assertThat(found.seen().english())
                    .contains("User turnout", "may not read", "502.html (turnout.errors.502)");
            assertThat(found.seen().korean()).contains("turnout 사용자", "읽기 권한이 없습니다 (turnout.errors.502)");
        }
        Findings.only(look("root", "turnout", Optional.empty()), Severity.ADVICE);
        assertThat(Findings.only(look("anna", "turnout", Optional.empty()), Severity.ADVICE)
                        .advice()
                        .english())
                .contains("sudo turnout doctor");
    }

    @Test
    void what_is_not_there_is_for_others_to_tell() {
        assertThat(new FileRightsCheck(List.of(read(folder.resolve("none"))), ANYWHERE, "nobody", "root", command -> {
                            throw new IllegalStateException("nothing is to be asked");
                        })
                        .look())
                .isEmpty();
    }

    @Test
    void a_path_that_the_unit_does_not_let_turnout_write_to_is_told_with_what_to_set() {
        Path log = folder.resolve("logs/access.log");
        Map<String, String> strict = Map.of("ProtectSystem", "strict", "StateDirectory", "turnout");

        Finding found = Findings.only(
                new FileRightsCheck(
                                List.of(new NamedPath("turnout.access-log-file", log, Use.WRITE)),
                                WritableFolders.of(strict),
                                "turnout",
                                "turnout",
                                command -> Optional.of(""))
                        .look(),
                Severity.ERROR);

        assertThat(found.seen().english())
                .contains("does not let Turnout write to " + log, "(turnout.access-log-file)", "ProtectSystem");
        assertThat(found.advice().english()).contains("ReadWritePaths=" + log.getParent());
        assertThat(found.advice().korean()).contains("ReadWritePaths=" + log.getParent());
    }

    @Test
    void a_folder_that_systemd_makes_at_the_start_may_be_missing() {
        Path log = Path.of("/var/log/turnout-of-a-test/access.log");
        Map<String, String> unit = Map.of("ProtectSystem", "strict", "LogsDirectory", "turnout-of-a-test");

        assertThat(new FileRightsCheck(
                                List.of(new NamedPath("turnout.access-log-file", log, Use.WRITE)),
                                WritableFolders.of(unit),
                                "nobody",
                                "root",
                                command -> {
                                    throw new IllegalStateException("nothing is to be asked");
                                })
                        .look())
                .isEmpty();
    }

    @Test
    void many_files_that_may_not_be_used_are_told_each() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<NamedPath> paths = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Path path = Files.writeString(folder.resolve("x".repeat(200) + i), "x");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            paths.add(read(path));
        }

        assertThat(new FileRightsCheck(paths, ANYWHERE, "nobody", "root", SystemProgram::output).look())
                .hasSize(60)
                .allMatch(finding -> finding.severity() == Severity.ERROR);
    }

    @Test
    void an_answer_that_is_longer_than_what_is_kept_of_it_counts() {
        assertThat(SystemProgram.output(List.of("sh", "-c", "seq 100000")))
                .hasValueSatisfying(kept -> assertThat(kept).startsWith("1\n2\n"));
    }

    /** What there is, its mode, what Turnout does with it, and what is said; nothing of what may be used. */
    @ParameterizedTest(name = "{0} {1}, {2}")
    @CsvSource({
        "file,   rw-r--r--, READ, -",
        "file,   rw-------, READ, may not read",
        "file,   rw-r--r--, WRITE,  may not write to",
        "file,   rw-rw-rw-, WRITE,  -",
        "folder, rwxr-xr-x, READ, -",
        "folder, rwxr--r--, READ, may not read",
        "folder, rwx------, READ, may not read",
        "folder, rwxr-xr-x, WRITE,  may not write to",
        "folder, rwxrwxrwx, WRITE,  -",
        "new,    rwxrwxrwx, WRITE,  -",
        "new,    rwxr-xr-x, WRITE,  may not write to",
        "socket, rw-rw-rw-, READ, -",
        "socket, rw-rw----, READ, may not write to",
        "socket, rw-r--r--, WRITE,  may not write to",
        "file,   rwxr-xr-x, RUN, -",
        "file,   rwx--x--x, RUN, -",
        "file,   rwxr--r--, RUN, may not run"
    })
    void another_user_may_use_what_its_mode_says(String kind, String mode, Use use, String said) throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path path = folder.resolve(kind);
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            switch (kind) {
                case "file" -> Files.writeString(path, "x");
                case "socket" -> socket.bind(UnixDomainSocketAddress.of(path));
                default -> Files.createDirectory(path);
            }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
            Path named = kind.equals("new") ? path.resolve("log") : path;

            List<Finding> found = new FileRightsCheck(
                            List.of(new NamedPath("a.key", named, use)),
                            ANYWHERE,
                            "nobody",
                            "root",
                            SystemProgram::output)
                    .look();

            if (said.equals("-")) {
                Findings.only(found, Severity.GOOD);
            } else {
                assertThat(Findings.only(found, Severity.ERROR).seen().english())
                        .contains("User nobody", said + " " + path, "(a.key)");
            }
        }
    }
}
