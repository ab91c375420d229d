package dev.turnout.cli;

import dev.turnout.text.Phrase;
import java.util.stream.Stream;

/** The exit codes of all words. Scripts depend on them. */
enum ExitCode {
    DONE(0, new Phrase("done", "완료")),
    FAILED(1, new Phrase("refused or failed", "거부되었거나 실패함")),
    USAGE(2, new Phrase("wrong usage, or something needed is missing", "사용법이 틀렸거나 필요한 것이 없음")),
    NO_TURNOUT(
            3,
            new Phrase("Turnout can't be reached, or does not answer as expected", "Turnout에 연결할 수 없거나 예상과 다르게 응답함")),
    BUSY(4, new Phrase("another change or deployment is running", "다른 변경이나 배포가 진행 중임")),
    PORT_TAKEN(5, new Phrase("the port is taken by another process", "다른 프로세스가 포트를 사용 중임")),
    UNKNOWN(
            6,
            new Phrase(
                    "it is not known which version serves: the answer did not arrive, or somebody else has changed the"
                            + " routing",
                    "어느 버전이 서비스 중인지 알 수 없음: 응답을 받지 못했거나 다른 사람이 라우팅을 바꿈")),
    OLD_NOT_STOPPED(7, new Phrase("done, but the old version can't be stopped", "완료했지만 이전 버전을 종료할 수 없음")),
    INTERRUPTED(130, new Phrase("interrupted by Ctrl-C", "Ctrl-C로 중단됨")),
    TERMINATED(143, new Phrase("interrupted by SIGTERM", "SIGTERM으로 중단됨"));

    private final int code;
    private final Phrase meaning;

    ExitCode(int code, Phrase meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** Returns the exit code of a number. */
    static ExitCode of(int code) {
        return Stream.of(values()).filter(exit -> exit.code == code).findFirst().orElse(FAILED);
    }

    /** Returns the code that the process ends with. */
    int code() {
        return code;
    }

    /** Returns what the code means. */
    Phrase meaning() {
        return meaning;
    }
}
