package dev.turnout.doctor;

import dev.turnout.config.ConfigReport;
import dev.turnout.text.CheckText;
import dev.turnout.text.Phrase;
import java.util.ArrayList;
import java.util.List;

/** The files that rules name, as far as the user that asks may read them. */
final class RuleFilesCheck implements Check {

    private static final String WORD = "rule-files";
    private static final Phrase MEND = new Phrase(
            "Turnout does not start with this. Correct the file, then run: turnout check",
            "이 상태로는 Turnout이 시작되지 않습니다. 파일을 고친 뒤 turnout check 를 실행하세요");
    private static final Phrase CLOSE =
            new Phrase("Turnout starts. Take the right away from others", "Turnout은 시작됩니다. 다른 사용자의 권한을 없애세요");

    private final ConfigReport report;

    /** @param report what a start would say of the files */
    RuleFilesCheck(ConfigReport report) {
        this.report = report;
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        report.errors().forEach(error -> findings.add(finding(Severity.ERROR, error, MEND)));
        report.warnings().forEach(warning -> findings.add(finding(Severity.WARNING, warning, CLOSE)));
        return findings;
    }

    private static Finding finding(Severity severity, String sentence, Phrase advice) {
        // A finding is shown with its own full stop.
        Phrase message = CheckText.phrase(sentence);
        return new Finding(
                severity, WORD, new Phrase(withoutStop(message.english()), withoutStop(message.korean())), advice);
    }

    private static String withoutStop(String sentence) {
        return sentence.replaceFirst("\\.$", "");
    }
}
