package dev.turnout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lock while other processes, of this user or of another one, hold a lock on its file. */
final class FolderLockTest {

    private static final String HOLD =
            "import fcntl,sys,time\nf=open(sys.argv[1], sys.argv[2])\nfcntl.lockf(f,getattr(fcntl,sys.argv[3]))\n"
                    + "print('held',flush=True)\ntime.sleep(300)";

    @TempDir
    Path temp;

    private Path folder;
    private Path lock;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temp.resolve("state"));
        lock = folder.resolve(FolderLock.FILE);
        set(temp, "rwxr-xr-x");
        set(folder, "rwxr-xr-x");
        Files.writeString(lock, "1");
        set(lock, "rw-r--r--");
    }

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    private static void set(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** Returns true if the process has the lock. */
    private boolean hold(String how, String kind, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of("/usr/bin/python3", "-c", HOLD, lock.toString(), how, kind));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            processes.add(process);
            return "held".equals(process.inputReader().readLine());
        } catch (IOException e) {
            return false;
        }
    }

    private boolean holdAsNobody(String how, String kind) throws IOException {
        return hold(how, kind, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups");
    }

    @Test
    void another_users_lock_on_a_file_that_was_left_open_keeps_nobody_from_starting() throws IOException {
        assumeTrue(holdAsNobody("r", "LOCK_SH"), "may not be another user here");

        try (StateStore store = new StateStore(folder).open()) {
            assertThat(store.load()).isEmpty();
            assertThatThrownBy(() -> FolderLock.take(folder)).hasMessageContaining("in use by another Turnout");
        }
        assertThat(lock).hasContent(Long.toString(ProcessHandle.current().pid()));
        assertThat(folder.resolve(FolderLock.NEXT)).doesNotExist();
        assertThat(mode(lock)).isEqualTo("rw-------");
        assertThat(mode(folder)).isEqualTo("rwx------");
    }

    @Test
    void a_shared_lock_is_no_Turnouts_whoever_has_it() throws IOException {
        assumeTrue(hold("r", "LOCK_SH"), "needs python3");

        FolderLock.take(folder).close();
    }

    @Test
    void a_process_of_this_user_that_is_no_Turnout_keeps_nobody_from_starting() throws IOException {
        assumeTrue(hold("r+", "LOCK_EX"), "needs python3");

        FolderLock.take(folder).close();
    }

    /** The process has written its id, or has not come to it yet. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_may_be_a_Turnout_keeps_its_folder(boolean hasWritten) throws IOException {
        assumeTrue(hold("r+", "LOCK_EX"), "needs python3");
        Files.writeString(lock, hasWritten ? Long.toString(processes.get(0).pid()) : "");
        Object key = PrivateFiles.key(lock);

        assertThatThrownBy(() -> FolderLock.take(folder))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("in use by another Turnout");
        assertThat(PrivateFiles.key(lock)).isEqualTo(key);
    }

    @Test
    void a_holder_that_cannot_be_seen_is_taken_for_a_Turnout() throws IOException {
        assumeTrue(hold("r", "LOCK_SH"), "needs python3");

        assertThatThrownBy(() -> FolderLock.take(folder, new LockHolders(temp)))
                .hasMessageContaining("in use by another Turnout");
    }

    @Test
    void another_user_can_not_open_the_file() throws IOException {
        FolderLock taken = FolderLock.take(folder);
        assertThat(holdAsNobody("r", "LOCK_SH")).isFalse();
        taken.close();
    }

    /** What each part of Turnout leaves in the folder. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state.json",
                "state.json.new",
                "journal.jsonl",
                "lock.new",
                "hand-over.sock",
                "hand-over.sock.new",
                "fleet.json",
                "fleet.json.new",
                "services.properties",
                "services.properties.new",
                "containers",
                "containers.new",
                "sticky.secret",
                "sticky.secret.4711",
                "tls",
                "acme"
            })
    void a_folder_that_holds_only_what_turnout_has_made_is_narrowed(String name) throws IOException {
        Files.createFile(folder.resolve(name));

        new StateStore(folder).open().close();

        assertThat(mode(folder)).isEqualTo("rwx------");
    }

    @Test
    void a_folder_that_holds_others_files_keeps_its_mode_but_Turnouts_own_files_are_narrowed() throws IOException {
        Files.createFile(folder.resolve("somebody-elses"));
        Files.createFile(folder.resolve("journal.jsonl"));
        set(folder.resolve("journal.jsonl"), "rw-rw-rw-");

        new StateStore(folder).open().close();
        new Journal(folder).open();

        assertThat(mode(folder)).isEqualTo("rwxr-xr-x");
        assertThat(mode(lock)).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("journal.jsonl"))).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("somebody-elses"))).isEqualTo("rw-r--r--");
    }
}
