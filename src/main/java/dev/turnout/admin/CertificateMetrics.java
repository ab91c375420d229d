package dev.turnout.admin;

import dev.turnout.tls.CertificateEntry;
import dev.turnout.tls.Certificates;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of certificates: {@code turnout_certificate_not_after_seconds}, the end as seconds of the Unix time, and
 * {@code turnout_certificate_failed}, 1 while the newest files or the last order are of no use.
 */
public final class CertificateMetrics implements MeterBinder {

    private final Certificates certificates;

    public CertificateMetrics(Certificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        MultiGauge ends = MultiGauge.builder("turnout.certificate.not.after")
                .description("When the certificate ends, in seconds of the Unix time")
                .baseUnit("seconds")
                .register(registry);
        MultiGauge failures = MultiGauge.builder("turnout.certificate.failed")
                .description("1 while the newest files of the certificate can't be served")
                .register(registry);
        show(ends, failures);
        certificates.listen(reload -> show(ends, failures));
    }

    private synchronized void show(MultiGauge ends, MultiGauge failures) {
        show(ends, entry -> entry.notAfter().map(Instant::getEpochSecond).orElse(0L));
        show(failures, entry -> entry.lastError().isPresent() ? 1 : 0);
    }

    private void show(MultiGauge gauge, ToDoubleFunction<CertificateEntry> number) {
        gauge.register(
                certificates.entries().stream()
                        .map(entry -> MultiGauge.Row.of(tags(entry), number.applyAsDouble(entry)))
                        .toList(),
                true);
    }

    private static Tags tags(CertificateEntry entry) {
        return Tags.of(
                "name",
                entry.names().isEmpty() ? "" : entry.names().get(0),
                "source",
                CertificateReport.word(entry.source()),
                "file",
                entry.origin());
    }
}
