package dev.turnout.doctor;

import dev.turnout.config.ProcessTable;
import dev.turnout.config.RunningProcess;
import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;

/** Who listens on a port that Turnout needs. */
final class PortOwnerCheck implements Check {

    private static final String WORD = "port-owner";

    private final int port;
    private final String key;
    private final ProcessTable processes;

    /** @param key the key that names the port */
    PortOwnerCheck(int port, String key, ProcessTable processes) {
        this.port = port;
        this.key = key;
        this.processes = processes;
    }

    @Override
    public List<Finding> look() {
        Optional<ProcessTable.Listener> listener = processes.listener(port);
        if (port == 0 || listener.isEmpty()) {
            return List.of(Finding.good(
                    WORD,
                    new Phrase(
                            "Port " + port + " (" + key + ") is free: Turnout does not run",
                            "포트 " + port + "(" + key + ")이(가) 비어 있습니다. Turnout이 실행 중이 아닙니다")));
        }
        Optional<RunningProcess> process = listener.get().process();
        if (process.isEmpty()) {
            return List.of(new Finding(
                    Severity.ADVICE,
                    WORD,
                    new Phrase(
                            "Port " + port + " (" + key + ") is used by a process that this user may not see",
                            "포트 " + port + "(" + key + ")을(를) 이 사용자가 볼 수 없는 프로세스가 사용 중입니다"),
                    new Phrase("Run as root: sudo turnout doctor", "root로 실행하세요: sudo turnout doctor")));
        }
        return List.of(of(process.get()));
    }

    private Finding of(RunningProcess process) {
        if (isTurnout(process)) {
            return Finding.good(
                    WORD,
                    new Phrase(
                            "Port " + port + " (" + key + ") is Turnout's: process " + process.pid(),
                            "포트 " + port + "(" + key + ")을(를) Turnout이 사용 중입니다: 프로세스 " + process.pid()));
        }
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(
                        "Port " + port + " (" + key + ") is used by process " + process.pid() + " (" + process.name()
                                + ")",
                        "포트 " + port + "(" + key + ")을(를) 프로세스 " + process.pid() + "(" + process.name()
                                + ")이(가) 사용 중입니다"),
                new Phrase(
                        "Stop that program, or set " + key + " to another port",
                        "그 프로그램을 종료하거나 " + key + " 를 다른 포트로 설정하세요"));
    }

    /** Returns true for Turnout itself, and for systemd, which opens Turnout's port before Turnout runs. */
    static boolean isTurnout(RunningProcess process) {
        return process.pid() == 1
                || process.command().stream()
                        .anyMatch(word -> word.endsWith("/turnout.jar")
                                || word.endsWith("/turnout")
                                || word.equals("turnout")
                                || word.endsWith("-runner"));
    }
}
