package dev.turnout.doctor;

import dev.turnout.text.Phrase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the unit turnout.service lets Turnout do its work. A machine without the unit is not judged. */
final class UnitFileCheck implements Check {

    private static final String WORD = "unit";

    /** What systemd takes without the key. */
    private static final String USUAL_STOP = "90";

    private final Units units;
    private final Duration drain;

    /** @param drain {@code turnout.drain.timeout} */
    UnitFileCheck(Units units, Duration drain) {
        this.units = units;
        this.drain = drain;
    }

    @Override
    public List<Finding> look() {
        return units.service().map(this::of).orElse(List.of());
    }

    private List<Finding> of(Map<String, String> unit) {
        List<Finding> findings = new ArrayList<>();
        // A time of 0 is no limit: systemd.service(5).
        Optional<Duration> stop = SystemdTimeSpan.read(unit.getOrDefault("TimeoutStopSec", USUAL_STOP))
                .filter(time -> !time.isZero());
        if (stop.isPresent() && stop.get().compareTo(drain) <= 0) {
            findings.add(new Finding(
                    Severity.ERROR,
                    WORD,
                    new Phrase(
                            "turnout.service kills Turnout after " + stop.get().toSeconds() + " s (TimeoutStopSec), and"
                                    + " turnout.drain.timeout is " + drain.toSeconds() + " s: requests would be cut",
                            "turnout.service 가 " + stop.get().toSeconds() + "초 뒤에 Turnout을 강제 종료합니다(TimeoutStopSec)."
                                    + " turnout.drain.timeout 은 " + drain.toSeconds() + "초라서 요청이 끊깁니다"),
                    new Phrase(
                            "Set TimeoutStopSec=" + (drain.toSeconds() + 15) + " in the unit",
                            "유닛에 TimeoutStopSec=" + (drain.toSeconds() + 15) + " 를 설정하세요")));
        }
        if (unit.getOrDefault("LimitNOFILE", "").isEmpty()) {
            findings.add(new Finding(
                    Severity.WARNING,
                    WORD,
                    new Phrase(
                            "turnout.service has no LimitNOFILE: the default of systemd may be 1024 files",
                            "turnout.service 에 LimitNOFILE 이 없습니다. systemd의 기본값은 파일 1024개일 수 있습니다"),
                    new Phrase("Set LimitNOFILE=65536 in the unit", "유닛에 LimitNOFILE=65536 을 설정하세요")));
        }
        if (!unit.getOrDefault("Type", "").startsWith("notify")) {
            findings.add(new Finding(
                    Severity.WARNING,
                    WORD,
                    new Phrase(
                            "turnout.service has no Type=notify: systemd does not know when Turnout serves",
                            "turnout.service 에 Type=notify 가 없습니다. systemd가 Turnout의 준비 시점을 알 수 없습니다"),
                    new Phrase(
                            "Set Type=notify and NotifyAccess=main in the unit",
                            "유닛에 Type=notify 와 NotifyAccess=main 을 설정하세요")));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.good(
                    WORD, new Phrase("turnout.service lets Turnout do its work", "turnout.service 설정에 문제가 없습니다")));
        }
        return findings;
    }
}
