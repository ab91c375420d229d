package dev.turnout.doctor;

import dev.turnout.config.HostPattern;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.text.Counted;
import dev.turnout.text.Phrase;
import dev.turnout.text.TlsText;
import dev.turnout.tls.CertificateEntry;
import dev.turnout.tls.CertificateInspection;
import dev.turnout.tls.CertificateProblem;
import dev.turnout.tls.CertificateSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the files of certificates can be served, how long they last, and whether every host has one. */
final class CertificatesCheck implements Check {

    private static final String WORD = "certificates";

    private final CertificateSettings settings;
    private final List<String> hosts;
    private final Clock clock;

    private CertificatesCheck(CertificateSettings settings, List<String> hosts, Clock clock) {
        this.settings = settings;
        this.hosts = List.copyOf(hosts);
        this.clock = clock;
    }

    /** Returns the check of what the port for HTTPS serves. */
    static CertificatesCheck ofFront(TurnoutConfig config, Clock clock) {
        return new CertificatesCheck(CertificateSettings.of(config), hosts(config), clock);
    }

    /** Returns the check of what the admin port serves; empty if the port speaks plain HTTP. */
    static Optional<CertificatesCheck> ofAdmin(TurnoutConfig config, Clock clock) {
        return CertificateSettings.ofAdmin(config).map(settings -> new CertificatesCheck(settings, List.of(), clock));
    }

    @Override
    public List<Finding> look() {
        Instant now = clock.instant();
        CertificateInspection seen = CertificateInspection.of(settings, now);
        List<Finding> findings = new ArrayList<>();
        seen.problems().forEach(problem -> findings.add(of(problem)));
        if (seen.problems().isEmpty()) {
            seen.refusals().forEach(refusal -> findings.add(refused(refusal)));
        }
        seen.entries().stream()
                .filter(entry -> entry.endsSoon(now))
                .forEach(entry -> findings.add(ending(entry, entry.daysLeft(now).orElse(0))));
        hosts.stream().filter(host -> !seen.covers(host)).forEach(host -> findings.add(uncovered(host)));
        if (findings.isEmpty()) {
            int count = seen.entries().size();
            findings.add(Finding.good(
                    WORD,
                    new Phrase(
                            Counted.of(count, "certificate", "certificates") + " can be served",
                            "사용할 수 있는 인증서: " + count + "개")));
        }
        return findings;
    }

    private static Finding of(CertificateProblem problem) {
        return new Finding(
                problem.isWarning() ? Severity.WARNING : Severity.ERROR,
                WORD,
                problem.text().phrase(),
                new Phrase("Repair it, then: turnout certificates reload", "고친 뒤 실행하세요: turnout certificates reload"));
    }

    private static Finding refused(TlsText refusal) {
        return new Finding(
                Severity.ERROR,
                WORD,
                refusal.phrase(),
                new Phrase("Turnout does not start like this", "이대로는 Turnout이 시작하지 않습니다"));
    }

    private static Finding ending(CertificateEntry entry, long days) {
        String names = String.join(", ", entry.names());
        return new Finding(
                Severity.WARNING,
                WORD,
                new Phrase(
                        "The certificate for " + names + " ends in " + days + " days",
                        names + " 인증서가 " + days + "일 뒤에 만료됩니다"),
                new Phrase(
                        "Renew it, then: turnout certificates reload. 'turnout certificates' shows why it was not renewed",
                        "갱신한 뒤 실행하세요: turnout certificates reload. 갱신되지 않은 이유는 'turnout certificates'에 있습니다"));
    }

    /** Returns the hosts of services that no certificate is ordered for. */
    private static List<String> hosts(TurnoutConfig config) {
        List<String> ordered =
                config.acme().directory().isPresent() ? config.acme().names() : List.of();
        return ServiceSettings.of(config).stream()
                .flatMap(service -> service.hosts().stream())
                .filter(host -> !host.isWildcard())
                .map(HostPattern::toString)
                .filter(host -> !CertificateInspection.cover(ordered, host))
                .distinct()
                .toList();
    }

    private static Finding uncovered(String host) {
        return new Finding(
                Severity.WARNING,
                WORD,
                new Phrase("There is no certificate for " + host, host + " 인증서가 없습니다"),
                new Phrase(
                        "Add " + host + " to turnout.acme.names, or put its certificate into turnout.tls.directory",
                        "turnout.acme.names 에 " + host + " 을(를) 추가하거나 turnout.tls.directory 에 인증서를 넣으세요"));
    }
}
