package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.tls.CertificateEntry;
import dev.turnout.tls.CertificateSource;
import io.prometheus.client.CollectorRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The metrics of certificates")
final class CertificateMetricsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    private static CertificateEntry entry(CertificateSource source, Duration life, Duration left) {
        Instant end = NOW.plus(left);
        return new CertificateEntry(
                List.of("shop.example"),
                "issuer",
                Optional.of(end.minus(life)),
                Optional.of(end),
                source,
                "shop.pem",
                "EC",
                Optional.empty(),
                true);
    }

    private static @Nullable Double of(String name, String source, CertificateEntry... entries) {
        CollectorRegistry registry = new CollectorRegistry(true);
        registry.register(new CertificateMetrics(() -> List.of(entries), List::of, Clock.fixed(NOW, ZoneOffset.UTC)));
        return registry.getSampleValue(
                name, new String[] {"name", "source", "file"}, new String[] {"shop.example", source, "shop.pem"});
    }

    @ParameterizedTest(name = "{0} days long, {1} days left: {2}")
    @CsvSource({"90, 15, 0", "90, 13, 1", "6, 5, 0", "6, 2, 0", "6, 1, 1", "6, -1, 1"})
    @DisplayName("say whether a renewal is due, by the life of the certificate")
    void a_renewal_is_due_by_the_life_of_the_certificate(int life, int left, double due) {
        CertificateEntry entry = entry(CertificateSource.ACME, Duration.ofDays(life), Duration.ofDays(left));

        assertThat(of("turnout_certificate_renewal_due", "acme", entry)).isEqualTo(due);
        assertThat(of("turnout_certificate_not_after_seconds", "acme", entry))
                .isEqualTo(NOW.plus(Duration.ofDays(left)).getEpochSecond());
    }

    @Test
    @DisplayName("have no end of a certificate that Turnout has signed itself")
    void a_stand_in_has_no_end() {
        CertificateEntry entry = entry(CertificateSource.SELF_SIGNED, Duration.ofDays(1), Duration.ofMinutes(1));

        assertThat(of("turnout_certificate_failed", "self-signed", entry)).isZero();
        assertThat(of("turnout_certificate_not_after_seconds", "self-signed", entry))
                .isNull();
        assertThat(of("turnout_certificate_renewal_due", "self-signed", entry)).isNull();
    }
}
