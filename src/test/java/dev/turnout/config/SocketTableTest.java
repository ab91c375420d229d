package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Target;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketTableTest {

    private static final String TABLE = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000 100 0
               1: 0100007F:1F92 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000 100 0
               2: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0000 20 4
               3: 0100007F:46A0 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4714 1 0000 100 0
            """;

    @Test
    void only_sockets_that_listen_on_exactly_this_port_count() {
        assertThat(SocketTable.parse(TABLE).listening(8080)).containsExactly(4711L);
        assertThat(SocketTable.parse(TABLE).listening(80)).isEmpty();
        assertThat(SocketTable.parse(TABLE).listening(18080)).containsExactly(4714L);
    }

    @Test
    void connections_to_a_target_are_counted() {
        assertThat(SocketTable.parse(TABLE).connectionsTo(new Target("127.0.0.1", 54321)))
                .isEqualTo(1);
        assertThat(SocketTable.parse(TABLE).connectionsTo(new Target("127.0.0.1", 8080)))
                .isZero();
    }

    @Test
    void connections_that_a_unix_socket_has_accepted_are_counted(@TempDir Path proc) throws IOException {
        Files.writeString(Files.createDirectory(proc.resolve("net")).resolve("unix"), """
                Num       RefCount Protocol Flags    Type St Inode Path
                ffff8: 00000002 00000000 00010000 0001 01 4711 /run/app.sock
                ffff9: 00000003 00000000 00000000 0001 03 4712 /run/app.sock
                ffffa: 00000003 00000000 00000000 0001 03 4713 /run/app.sock
                ffffb: 00000003 00000000 00000000 0001 03 4714
                ffffc: 00000003 00000000 00000000 0001 03 4715 /run/app.sock2
                """);
        assertThat(SocketTable.of(proc).connectionsTo(Target.parse("unix:/run/app.sock")))
                .isEqualTo(2);
        assertThat(SocketTable.of(proc).connectionsTo(Target.parse("unix:/run/none.sock")))
                .isZero();
    }

    /** The table of a busy proxy: each of its lines was kept before, a kilobyte each. */
    @Test
    void a_small_heap_is_enough_for_a_table_with_many_connections(@TempDir Path proc)
            throws IOException, InterruptedException {
        Path table = Files.createDirectory(proc.resolve("net")).resolve("tcp");
        try (Writer lines = Files.newBufferedWriter(table)) {
            lines.write(TABLE);
            for (int i = 0; i < 100_000; i++) {
                lines.write(
                        "%6d: 0100007F:0050 0100007F:%04X 06 00000000:00000000 03:0000138D 00000000     0        0 0 3\n"
                                .formatted(i + 4, i % 65536));
            }
        }

        Process small = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx16m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Listeners.class.getName(),
                        proc.toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("[4711]");
        assertThat(small.waitFor()).isZero();
    }

    /** Prints who listens on port 8080, by the tables of a folder. */
    static final class Listeners {

        private Listeners() {}

        public static void main(String... proc) {
            System.out.print(SocketTable.of(Path.of(proc[0])).listening(8080));
        }
    }
}
