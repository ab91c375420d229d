package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the clock of the machine is kept by NTP: times in log and history, and certificates, depend on it. */
final class ClockCheck implements Check {

    /** What asks systemd; the answer is {@code yes} or {@code no}. */
    static final List<String> QUESTION = List.of("timedatectl", "show", "--property=NTPSynchronized", "--value");

    private static final String WORD = "clock";
    private static final String SYNCHRONIZED = "run/systemd/timesync/synchronized";

    private final SystemFiles files;
    private final Supplier<Optional<String>> systemd;

    /** @param systemd returns the answer to {@link #QUESTION}; empty if nobody answers */
    ClockCheck(SystemFiles files, Supplier<Optional<String>> systemd) {
        this.files = files;
        this.systemd = systemd;
    }

    @Override
    public List<Finding> look() {
        String answer = systemd.get().map(String::strip).orElse("");
        if (answer.equals("yes") || files.text(SYNCHRONIZED).isPresent()) {
            return List.of(Finding.good(WORD, new Phrase("The clock is synchronized", "시계가 동기화되어 있습니다")));
        }
        if (answer.equals("no")) {
            return List.of(new Finding(
                    Severity.WARNING,
                    WORD,
                    new Phrase("The clock is not synchronized", "시계가 동기화되어 있지 않습니다"),
                    new Phrase(
                            "Run: timedatectl set-ntp true, or install chrony",
                            "timedatectl set-ntp true 를 실행하거나 chrony를 설치하세요")));
        }
        return List.of(new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase("Whether the clock is synchronized can't be seen here", "이곳에서는 시계의 동기화 여부를 알 수 없습니다"),
                new Phrase("In a container look at the machine below it", "컨테이너라면 호스트에서 확인하세요")));
    }
}
