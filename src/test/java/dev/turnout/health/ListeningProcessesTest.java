package dev.turnout.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListeningProcessesTest {

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static Target target(int port) {
        return new Target("127.0.0.1", port);
    }

    @Test
    void two_ports_of_one_process_are_found() throws IOException {
        try (ServerSocket one = listen();
                ServerSocket two = listen()) {
            List<Target> blue = List.of(target(one.getLocalPort()));
            List<Target> green = List.of(new Target("localhost", two.getLocalPort()));

            assertThat(new ListeningProcesses().sharedBy(blue, green).orElseThrow())
                    .contains("are the same process, " + ProcessHandle.current().pid());
        }
    }

    @Test
    void two_processes_are_two() throws IOException, InterruptedException {
        Process other = listener();
        try (ServerSocket here = listen();
                BufferedReader said = other.inputReader()) {
            int port = Integer.parseInt(said.readLine());

            assertThat(new ListeningProcesses().sharedBy(List.of(target(here.getLocalPort())), List.of(target(port))))
                    .isEmpty();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    /** Starts a process that listens until it is killed, and writes its port. */
    static Process listener() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Listener.class.getName())
                .start();
    }

    /** A program that accepts and closes until it is killed, and says where. */
    static final class Listener {
        private Listener() {}

        public static void main(String... none) throws IOException {
            try (ServerSocket socket = listen()) {
                System.out.println(socket.getLocalPort());
                while (true) {
                    socket.accept().close();
                }
            }
        }
    }

    @Test
    void nothing_is_said_of_targets_that_nobody_listens_on() {
        assertThat(new ListeningProcesses().sharedBy(List.of(target(1)), List.of(target(2))))
                .isEmpty();
    }

    @Test
    void nothing_is_said_of_other_machines() throws IOException {
        try (ServerSocket one = listen();
                ServerSocket two = listen()) {
            assertThat(new ListeningProcesses()
                            .sharedBy(
                                    List.of(new Target("10.0.0.1", one.getLocalPort())),
                                    List.of(new Target("app.example", two.getLocalPort()))))
                    .isEmpty();
        }
    }

    @Test
    void a_system_without_the_tables_is_no_failure(@TempDir Path empty) {
        assertThat(new ListeningProcesses(empty).sharedBy(List.of(target(1)), List.of(target(2))))
                .isEmpty();
    }

    /** Writes what the system shows of a process that listens on port 1. */
    private static void show(Path proc, long pid, long startTicks, long inode) throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Files.createDirectories(proc.resolve(pid + "/fd"));
        Files.writeString(
                proc.resolve("net/tcp"),
                "head\n 0: 0100007F:0001 00000000:0000 0A 0:0 00:0 00000000 0 0 %d 1\n".formatted(inode));
        Files.createSymbolicLink(proc.resolve(pid + "/fd/7"), Path.of("socket:[" + inode + "]"));
        Files.writeString(proc.resolve(pid + "/stat"), "%d (app) S%s %d 0".formatted(pid, " 0".repeat(18), startTicks));
    }

    @Test
    void a_process_that_still_runs_is_not_looked_for_again(@TempDir Path proc) throws IOException {
        ListeningProcesses processes = new ListeningProcesses(proc);
        show(proc, 10, 500, 4711);
        assertThat(processes.behind(target(1)).orElseThrow().pid()).isEqualTo(10);

        Files.delete(proc.resolve("net/tcp"));

        assertThat(processes.behind(target(1)).orElseThrow().startTicks()).isEqualTo(500);
        assertThat(processes.behind(target(2))).isEmpty();
    }

    @Test
    void several_processes_of_one_socket_are_not_looked_for_again(@TempDir Path proc) throws IOException {
        ListeningProcesses processes = new ListeningProcesses(proc);
        show(proc, 10, 500, 4711);
        show(proc, 11, 510, 4711);
        assertThat(processes.behind(target(1))).isEmpty();

        Files.delete(proc.resolve("11/fd/7"));

        assertThat(processes.behind(target(1))).isEmpty();
        assertThat(new ListeningProcesses(proc).behind(target(1)).orElseThrow().pid())
                .isEqualTo(10);
    }

    @Test
    void a_process_that_begins_to_listen_is_found_at_once(@TempDir Path proc) throws IOException {
        ListeningProcesses processes = new ListeningProcesses(proc);
        assertThat(processes.behind(target(1))).isEmpty();

        show(proc, 10, 500, 4711);

        assertThat(processes.behind(target(1)).orElseThrow().pid()).isEqualTo(10);
    }

    @Test
    void another_process_is_looked_for_once_the_first_has_ended(@TempDir Path proc) throws IOException {
        ListeningProcesses processes = new ListeningProcesses(proc);
        show(proc, 10, 500, 4711);
        assertThat(processes.behind(target(1)).orElseThrow().pid()).isEqualTo(10);

        Files.delete(proc.resolve("10/fd/7"));
        Files.delete(proc.resolve("10/stat"));
        show(proc, 11, 600, 4712);
        assertThat(processes.behind(target(1)).orElseThrow().pid()).isEqualTo(11);

        // The same pid again: another process.
        Files.delete(proc.resolve("11/fd/7"));
        show(proc, 11, 700, 4713);
        assertThat(processes.behind(target(1)).orElseThrow().startTicks()).isEqualTo(700);
    }

    @Test
    void a_link_to_a_file_is_no_socket() {
        assertThat(ListeningProcesses.inode("socket:[4711]")).contains(4711L);
        assertThat(ListeningProcesses.inode("/dev/null")).isEmpty();
        assertThat(ListeningProcesses.inode("pipe:[4711]")).isEmpty();
    }
}
