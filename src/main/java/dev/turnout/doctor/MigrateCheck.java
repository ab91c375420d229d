package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.util.List;
import java.util.OptionalLong;

/** Whether connections that wait at a socket go to the successor's socket when a predecessor closes it. */
final class MigrateCheck implements Check {

    private static final String WORD = "tcp-migrate-req";
    private static final String FILE = "proc/sys/net/ipv4/tcp_migrate_req";

    private final boolean isShared;
    private final SystemFiles files;

    /** @param isShared {@code turnout.listen.reuse-port} */
    MigrateCheck(boolean isShared, SystemFiles files) {
        this.isShared = isShared;
        this.files = files;
    }

    @Override
    public List<Finding> look() {
        if (!isShared) {
            return List.of();
        }
        OptionalLong value = files.number(FILE);
        if (value.isPresent() && value.getAsLong() == 1) {
            return List.of(Finding.good(
                    WORD,
                    new Phrase(
                            "Connections that wait go to the successor (net.ipv4.tcp_migrate_req)",
                            "대기 중인 연결이 다음 프로세스로 넘어갑니다 (net.ipv4.tcp_migrate_req)")));
        }
        return List.of(new Finding(
                Severity.WARNING,
                WORD,
                new Phrase(
                        "net.ipv4.tcp_migrate_req is not 1: a hand-over by turnout.listen.reuse-port may reset new"
                                + " connections",
                        "net.ipv4.tcp_migrate_req 가 1이 아닙니다. turnout.listen.reuse-port 로 넘겨줄 때 새 연결이 끊길 수 있습니다"),
                new Phrase(
                        "Run: sysctl -w net.ipv4.tcp_migrate_req=1 (Linux 5.14 or newer)",
                        "sysctl -w net.ipv4.tcp_migrate_req=1 을 실행하세요 (Linux 5.14 이상)")));
    }
}
