package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What tests ask of findings. */
final class Findings {

    private Findings() {}

    /** Returns the only finding, which has to have both languages, and advice unless it is good. */
    static Finding only(List<Finding> findings, Severity severity) {
        assertThat(findings).hasSize(1);
        Finding finding = findings.get(0);
        assertThat(finding.severity()).as(finding.seen().english()).isEqualTo(severity);
        assertThat(finding.seen().english()).isNotBlank();
        assertThat(finding.seen().korean()).isNotBlank();
        assertThat(finding.advice().english().isBlank()).isEqualTo(severity == Severity.GOOD);
        assertThat(finding.advice().korean().isBlank()).isEqualTo(severity == Severity.GOOD);
        return finding;
    }
}
