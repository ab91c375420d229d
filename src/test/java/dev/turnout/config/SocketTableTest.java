package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
