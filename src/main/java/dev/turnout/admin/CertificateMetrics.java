package dev.turnout.admin;

import dev.turnout.acme.AcmeStatus;
import dev.turnout.tls.CertificateEntry;
import dev.turnout.tls.CertificateSource;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The metrics of certificates. The certificates that Turnout has signed itself have no end that anybody waits for. */
public final class CertificateMetrics extends AskedMetrics {

    private static final String[] LABELS = {"name", "source", "file"};

    private final Supplier<List<CertificateEntry>> certificates;
    private final Supplier<List<AcmeStatus>> orders;
    private final Clock clock;

    /**
     * @param certificates of all ports
     * @param orders what is known of the certificates that Turnout orders itself
     */
    public CertificateMetrics(
            Supplier<List<CertificateEntry>> certificates, Supplier<List<AcmeStatus>> orders, Clock clock) {
        this.certificates = certificates;
        this.orders = orders;
        this.clock = clock;
    }

    @Override
    List<MetricFamily> families() {
        MetricFamily ends = MetricFamily.gauge(
                "turnout_certificate_not_after_seconds",
                "When the certificate ends, in seconds of the Unix time",
                LABELS);
        MetricFamily due = MetricFamily.gauge(
                "turnout_certificate_renewal_due", "1 if the certificate should have been renewed by now", LABELS);
        MetricFamily failures = MetricFamily.gauge(
                "turnout_certificate_failed",
                "1 while the newest files can't be served, or the last order has failed",
                LABELS);
        Instant now = clock.instant();
        byLabels().forEach((labels, entry) -> {
            String[] values = labels.toArray(String[]::new);
            if (entry.source() != CertificateSource.SELF_SIGNED) {
                ends.add(entry.notAfter().map(Instant::getEpochSecond).orElse(0L), values);
                due.add(entry.isRenewalDue(now) ? 1 : 0, values);
            }
            failures.add(isFailed(entry) ? 1 : 0, values);
        });
        return List.of(ends, due, failures);
    }

    /** Returns each certificate once: two ports may have the same file. */
    private Map<List<String>, CertificateEntry> byLabels() {
        Map<List<String>, CertificateEntry> entries = new LinkedHashMap<>();
        certificates.get().forEach(entry -> entries.putIfAbsent(labels(entry), entry));
        return entries;
    }

    private boolean isFailed(CertificateEntry entry) {
        return entry.lastError().isPresent()
                || orders.get().stream()
                        .filter(order -> !Collections.disjoint(order.names(), entry.names()))
                        .anyMatch(order -> order.state() == AcmeStatus.State.FAILING);
    }

    private static List<String> labels(CertificateEntry entry) {
        return List.of(
                entry.names().isEmpty() ? "" : entry.names().get(0),
                CertificateReport.word(entry.source()),
                entry.origin());
    }
}
