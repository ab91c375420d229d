package dev.turnout.admin;

import dev.turnout.acme.AcmeStatus;
import dev.turnout.tls.CertificateEntry;
import dev.turnout.tls.KnownCertificates;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of certificates: {@code turnout_certificate_not_after_seconds}, the end as seconds of the Unix time, and
 * {@code turnout_certificate_failed}, 1 while the newest files or the last order are of no use.
 */
public final class CertificateMetrics implements MeterBinder {

    private final KnownCertificates certificates;
    private final Supplier<List<AcmeStatus>> orders;

    /** @param orders what is known of the certificates that Turnout orders itself */
    public CertificateMetrics(KnownCertificates certificates, Supplier<List<AcmeStatus>> orders) {
        this.certificates = certificates;
        this.orders = orders;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        MultiGauge ends = MultiGauge.builder("turnout.certificate.not.after")
                .description("When the certificate ends, in seconds of the Unix time")
                .baseUnit("seconds")
                .register(registry);
        MultiGauge failures = MultiGauge.builder("turnout.certificate.failed")
                .description("1 while the newest files can't be served, or the last order has failed")
                .register(registry);
        show(ends, failures);
        certificates.listen(reload -> show(ends, failures));
    }

    private synchronized void show(MultiGauge ends, MultiGauge failures) {
        show(ends, entry -> entry.notAfter().map(Instant::getEpochSecond).orElse(0L));
        show(failures, entry -> isFailed(entry) ? 1 : 0);
    }

    private void show(MultiGauge gauge, ToDoubleFunction<CertificateEntry> number) {
        gauge.register(
                certificates.entries().stream()
                        .map(entry -> MultiGauge.Row.of(tags(entry), () -> number.applyAsDouble(entry)))
                        .toList(),
                true);
    }

    private boolean isFailed(CertificateEntry entry) {
        return entry.lastError().isPresent()
                || orders.get().stream()
                        .filter(order -> !Collections.disjoint(order.names(), entry.names()))
                        .anyMatch(order -> order.state() == AcmeStatus.State.FAILING);
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
