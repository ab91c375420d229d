package dev.turnout.doctor;

import dev.turnout.config.ConfigReport;
import dev.turnout.text.CheckText;
import dev.turnout.text.Phrase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The configuration, checked as the start checks it. */
final class ConfigurationCheck implements Check {

    private static final String WORD = "configuration";
    private static final Phrase MEND = new Phrase(
            "Turnout does not start with this. Correct it, then run: turnout check",
            "이 상태로는 Turnout이 시작되지 않습니다. 고친 뒤 turnout check 를 실행하세요");
    private static final Phrase LOOK =
            new Phrase("Turnout starts. Make sure that this is intended", "Turnout은 시작됩니다. 의도한 설정인지 확인하세요");

    private final ConfigReport report;
    private final List<Path> unreadable;

    /** @param unreadable the configuration files that this process may not read */
    ConfigurationCheck(ConfigReport report, List<Path> unreadable) {
        this.report = report;
        this.unreadable = List.copyOf(unreadable);
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        report.errors().forEach(error -> findings.add(finding(Severity.ERROR, error, MEND)));
        report.warnings().forEach(warning -> findings.add(finding(Severity.WARNING, warning, LOOK)));
        unreadable.forEach(file -> findings.add(new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        "This user may not read " + file + ": what is found below may not be what Turnout reads",
                        "이 사용자는 " + file + "을(를) 읽을 수 없어 아래 결과가 실제 설정과 다를 수 있습니다"),
                new Phrase("Run as root: sudo turnout doctor", "root로 실행하세요: sudo turnout doctor"))));
        if (findings.isEmpty()) {
            findings.add(Finding.good(WORD, new Phrase("The configuration has no errors", "설정에 오류가 없습니다")));
        }
        return findings;
    }

    private static Finding finding(Severity severity, String sentences, Phrase advice) {
        // A finding is shown with its own full stop.
        Phrase message = CheckText.phrase(sentences);
        return new Finding(
                severity, WORD, new Phrase(withoutStop(message.english()), withoutStop(message.korean())), advice);
    }

    private static String withoutStop(String sentences) {
        return sentences.replaceFirst("\\.$", "");
    }
}
