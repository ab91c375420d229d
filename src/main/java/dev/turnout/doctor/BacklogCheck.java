package dev.turnout.doctor;

import dev.turnout.config.ListenConfig;
import dev.turnout.text.Phrase;
import java.util.List;
import java.util.OptionalLong;

/** Whether the system lets as many new connections wait as Turnout asks for: listen(2). */
final class BacklogCheck implements Check {

    private static final String WORD = "somaxconn";
    private static final String FILE = "proc/sys/net/core/somaxconn";

    private final SystemFiles files;

    BacklogCheck(SystemFiles files) {
        this.files = files;
    }

    @Override
    public List<Finding> look() {
        OptionalLong most = files.number(FILE);
        if (most.isEmpty()) {
            return List.of();
        }
        long may = most.getAsLong();
        if (may >= ListenConfig.BACKLOG) {
            return List.of(Finding.good(
                    WORD,
                    new Phrase(
                            may + " new connections may wait (net.core.somaxconn)",
                            "새 연결 " + may + "개가 대기할 수 있습니다 (net.core.somaxconn)")));
        }
        return List.of(new Finding(
                Severity.WARNING,
                WORD,
                new Phrase(
                        "Only " + may + " new connections may wait, Turnout asks for " + ListenConfig.BACKLOG
                                + ": a burst of clients may be refused",
                        "새 연결이 " + may + "개만 대기할 수 있는데 Turnout은 " + ListenConfig.BACKLOG
                                + "개를 요청합니다. 접속이 몰리면 거부될 수 있습니다"),
                new Phrase(
                        "Run: sysctl -w net.core.somaxconn=" + ListenConfig.BACKLOG,
                        "sysctl -w net.core.somaxconn=" + ListenConfig.BACKLOG + " 을 실행하세요")));
    }
}
