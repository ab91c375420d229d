package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFolderCheckTest {

    @TempDir
    private Path folder;

    private List<Finding> look(Path state) throws IOException {
        int user = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return new StateFolderCheck(state, user, new SystemFiles(Path.of("/"))).look();
    }

    private Path private700() throws IOException {
        return Files.createDirectory(
                folder.resolve("state"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void a_folder_of_its_own_is_good() throws IOException {
        Findings.only(look(private700()), Severity.GOOD);
    }

    @Test
    void the_process_that_has_the_lock_is_named() throws IOException {
        Path state = private700();
        Files.writeString(
                state.resolve("lock"), String.valueOf(ProcessHandle.current().pid()));

        assertThat(Findings.only(look(state), Severity.GOOD).seen().english())
                .contains("process " + ProcessHandle.current().pid());
    }

    @Test
    void a_folder_that_can_be_made_is_good() throws IOException {
        Findings.only(look(folder.resolve("new").resolve("state")), Severity.GOOD);
    }

    @Test
    void a_folder_that_cannot_be_made_is_an_error() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        Findings.only(look(file.resolve("state")), Severity.ERROR);
    }

    @Test
    void a_file_in_the_place_of_the_folder_is_an_error() throws IOException {
        Findings.only(look(Files.createFile(folder.resolve("state"))), Severity.ERROR);
    }

    @Test
    void a_folder_that_every_user_may_write_to_is_a_finding() throws IOException {
        Path state = private700();
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(Findings.only(look(state), Severity.WARNING).advice().english())
                .contains("chmod 700");
    }

    @Test
    void the_folder_of_another_user_is_told_to_a_user_who_may_not_write_there() {
        assertThat(Files.isWritable(Path.of("/proc/sys"))).isFalse();

        Finding finding = Findings.only(
                new StateFolderCheck(Path.of("/proc/sys"), 4_711, new SystemFiles(Path.of("/"))).look(),
                Severity.ADVICE);

        assertThat(finding.seen().english()).contains("another user");
    }
}
