package dev.turnout.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.NotifyEvent;
import dev.turnout.switching.ChangeEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("News for people")
final class NewsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    private static Optional<NotifyEvent> kind(String kind, String detail) {
        return News.of(new ChangeEvent("shop", kind, new JsonObject(detail.replace('\'', '"'))))
                .map(News::event);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "switched|{'from':'blue','to':'green','what':'switch to green'}|DEPLOYED",
                "switched|{'from':'blue','to':'green','what':'promote'}|DEPLOYED",
                "switched|{'from':'green','to':'blue','what':'rollback'}|SWITCHED_BACK",
                "switched|{'from':'blue','to':'blue','what':'switch to green'}|SWITCHED_BACK",
                "refused|{'what':'switch to green','problem':{'reason':'UNHEALTHY'}}|REFUSED",
                "refused|{'what':'switch to green','problem':{'reason':'STATE_NOT_SAVED'}}|REFUSED",
                "changed|{'what':'maintenance on','maintenance':{'message':null}}|MAINTENANCE",
                "changed|{'what':'maintenance off','maintenance':null}|MAINTENANCE",
                "outage|{'verdict':'outage-began'}|SERVICE_DOWN",
                "outage|{'verdict':'outage-ended'}|SERVICE_BACK"
            })
    @DisplayName("are what somebody wants to be woken for")
    void what_is_news(String kind, String detail, NotifyEvent event) {
        assertThat(kind(kind, detail)).contains(event);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refused|{'what':'switch to green, dry run','problem':{'reason':'UNHEALTHY'}}",
                "refused|{'what':'switch to green','problem':{'reason':'CANCELLED'}}",
                "refused|{'what':'rollback','problem':{'reason':'NOTHING_TO_ROLL_BACK'}}",
                "refused|{'what':'switch to green','problem':{'reason':'PRECONDITION_FAILED'}}",
                "outage|{'verdict':'outage-began','target':'127.0.0.1:1'}",
                "step|{}",
                "probe|{}",
                "drain|{}",
                "changed|{}",
                "ended|{}",
                "health|{}",
                "reloaded|{}"
            })
    @DisplayName("are not what the caller knows, and not each step")
    void what_is_no_news(String kind, String detail) {
        assertThat(kind(kind, detail)).isEmpty();
    }

    @Test
    @DisplayName("are kept short, since many of them may wait")
    void news_are_bounded() {
        JsonObject detail = new JsonObject().put("verdict", "outage-began").put("reason", "x".repeat(100_000));

        assertThat(News.of(new ChangeEvent("shop", "outage", detail))
                        .orElseThrow()
                        .detail()
                        .encode())
                .hasSizeLessThan(16 << 10);
    }

    /** An event of a file. */
    private static JsonObject certificate(String verdict, String file, String... names) {
        return order(verdict, names).put("file", file);
    }

    /** An event of an order. */
    private static JsonObject order(String verdict, String... names) {
        return new JsonObject().put("verdict", verdict).put("names", new JsonArray(List.of(names)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificate-failed", "certificate-ending"})
    @DisplayName("of a certificate in trouble come once a day, until it is over")
    void trouble_is_told_once_a_day(String verdict) {
        CertificateTroubles troubles = new CertificateTroubles();

        assertThat(troubles.of(certificate(verdict, "a.pem", "a.example"), NOW)).isPresent();
        assertThat(troubles.of(certificate(verdict, "a.pem", "a.example"), NOW.plus(Duration.ofHours(19))))
                .isEmpty();
        assertThat(troubles.of(certificate(verdict, "b.pem", "b.example"), NOW)).isPresent();
        assertThat(troubles.of(certificate(verdict, "a.pem", "a.example"), NOW.plus(Duration.ofHours(21))))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-renewed", "a.pem", "a.example"), NOW))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-renewed", "a.pem", "a.example"), NOW))
                .isEmpty();
        assertThat(troubles.of(certificate(verdict, "a.pem", "a.example"), NOW)).isPresent();
    }

    @Test
    @DisplayName("of a certificate in trouble come although the clock was ahead when the last one came")
    void a_clock_that_was_ahead_keeps_nothing_back() {
        CertificateTroubles troubles = new CertificateTroubles();
        JsonObject failed = certificate("certificate-failed", "a.pem", "a.example");

        assertThat(troubles.of(failed, NOW.plus(Duration.ofDays(365)))).isPresent();
        assertThat(troubles.of(failed, NOW)).isPresent();
        assertThat(troubles.of(failed, NOW.plus(Duration.ofHours(1)))).isEmpty();
    }

    @Test
    @DisplayName("of two files for one name are told apart: one has a key of RSA, and one of EC")
    void files_for_one_name_are_told_apart() {
        CertificateTroubles troubles = new CertificateTroubles();

        assertThat(troubles.of(certificate("certificate-failed", "rsa.pem", "a.example"), NOW))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-failed", "ec.pem", "a.example"), NOW))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-mended", "rsa.pem", "a.example"), NOW))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-mended", "ec.pem", "a.example"), NOW))
                .isPresent();
    }

    @Test
    @DisplayName("of an order that went well at last come once, however the authority has put the names")
    void an_order_is_known_by_its_names() {
        CertificateTroubles troubles = new CertificateTroubles();

        assertThat(troubles.of(order("certificate-failed", "www.example", "a.example"), NOW))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-ending", "a.pem", "a.example", "www.example"), NOW))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-renewed", "a.pem", "a.example", "www.example"), NOW))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-mended", "a.pem", "a.example", "www.example"), NOW))
                .isEmpty();
        assertThat(troubles.of(order("certificate-failed", "www.example", "a.example"), NOW))
                .as("the next failure is new")
                .isPresent();
    }

    @Test
    @DisplayName("of an order that failed before a restart come at its end")
    void an_order_that_failed_before_a_restart_has_an_end() {
        CertificateTroubles troubles = new CertificateTroubles();

        troubles.orderFails(List.of("www.example", "a.example"), NOW);

        assertThat(troubles.of(certificate("certificate-renewed", "a.pem", "a.example", "www.example"), NOW))
                .isPresent();
    }

    @Test
    @DisplayName("of an order that failed before a restart come again once a day, however often Turnout restarts")
    void a_restart_puts_no_reminder_off() {
        CertificateTroubles troubles = new CertificateTroubles();

        troubles.orderFails(List.of("a.example"), NOW.minus(Duration.ofHours(17)));

        assertThat(troubles.of(order("certificate-failed", "a.example"), NOW)).isEmpty();
        assertThat(troubles.of(order("certificate-failed", "a.example"), NOW.plus(Duration.ofHours(7))))
                .isPresent();
    }

    @Test
    @DisplayName("of a certificate are no renewal that went as it should")
    void a_renewal_is_no_news() {
        CertificateTroubles troubles = new CertificateTroubles();

        assertThat(troubles.of(certificate("certificate-renewed", "a.pem", "a.example"), NOW))
                .isEmpty();
        assertThat(troubles.of(certificate("certificate-mended", "a.pem", "a.example"), NOW))
                .isEmpty();
        assertThat(troubles.of(certificate("something-else", "a.pem", "a.example"), NOW))
                .isEmpty();
    }

    @Test
    @DisplayName("of a file are told by its path: once it can be read, it has other names")
    void a_file_that_can_not_be_read_is_known_by_its_path() {
        CertificateTroubles troubles = new CertificateTroubles();

        assertThat(troubles.of(certificate("certificate-failed", "a.pem", "label"), NOW))
                .isPresent();
        assertThat(troubles.of(certificate("certificate-failed", "a.pem"), NOW)).isEmpty();
        assertThat(troubles.of(certificate("certificate-mended", "a.pem", "a.example"), NOW))
                .isPresent();
    }
}
