package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.TestClock;
import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import dev.turnout.tls.CertificateEntry;
import dev.turnout.tls.CertificateNews;
import dev.turnout.tls.CertificateProblem;
import dev.turnout.tls.CertificateSource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Those who watch the events hear of certificates that are renewed, that fail, and that end soon")
final class CertificateEventsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final CertificateEntry SHOP = new CertificateEntry(
            List.of("shop.example", "www.shop.example"),
            "Root",
            Optional.of(NOW),
            Optional.of(NOW.plus(Duration.ofDays(90))),
            CertificateSource.DIRECTORY,
            "/etc/shop.pem",
            "EC",
            Optional.empty(),
            true);

    private final CertificateEvents events = new CertificateEvents(() -> List.of(SHOP), new TestClock(NOW));
    private final List<JsonObject> heard = new ArrayList<>();
    private final Consumer<JsonObject> listener = heard::add;

    @BeforeEach
    void listen() {
        events.listen(listener);
    }

    private static CertificateNews news(
            List<CertificateEntry> changed, List<CertificateProblem> problems, List<CertificateEntry> ending) {
        return new CertificateNews(NOW, changed, List.of(), problems, List.of(), ending);
    }

    private static JsonObject event(String verdict) {
        return new JsonObject()
                .put("at", "2026-03-01T00:00:00Z")
                .put("verdict", verdict)
                .put("names", new JsonArray().add("shop.example").add("www.shop.example"));
    }

    private static TlsText refused(String words) {
        return TlsText.of(TlsFinding.AUTHORITY_REFUSES, "words", words);
    }

    @Test
    void a_certificate_that_is_served_from_now_on_or_ends_soon_is_told_with_its_end() {
        events.looked(news(List.of(SHOP), List.of(), List.of(SHOP)));
        assertThat(heard)
                .containsExactly(
                        event("certificate-renewed")
                                .put("file", "/etc/shop.pem")
                                .put("notAfter", "2026-05-30T00:00:00Z")
                                .put("daysLeft", 90L),
                        event("certificate-ending")
                                .put("file", "/etc/shop.pem")
                                .put("notAfter", "2026-05-30T00:00:00Z")
                                .put("daysLeft", 90L));
    }

    @Test
    void files_that_can_not_be_served_are_told_with_the_reason_and_advice_is_not() {
        events.looked(news(
                List.of(),
                List.of(
                        new CertificateProblem(
                                "/etc/shop.pem",
                                TlsText.of(TlsFinding.NO_CERTIFICATE).at("/etc/shop.pem"),
                                false),
                        new CertificateProblem("/etc/shop.pem", TlsText.of(TlsFinding.NO_KEY), true)),
                List.of()));
        assertThat(heard)
                .containsExactly(event("certificate-failed")
                        .put("file", "/etc/shop.pem")
                        .put("reason", "/etc/shop.pem: it holds no certificate")
                        .put(
                                "because",
                                TlsText.of(TlsFinding.NO_CERTIFICATE)
                                        .at("/etc/shop.pem")
                                        .json()));
    }

    @Test
    void an_order_that_fails_is_told_in_the_words_of_the_authority_made_visible() {
        events.failed(List.of("shop.example", "www.shop.example"), refused("too\u001b many"));
        assertThat(heard).singleElement().satisfies(told -> assertThat(told.getString("reason"))
                .startsWith("too")
                .doesNotContain("\u001b"));
    }

    @Test
    void who_has_left_hears_nothing() {
        events.leave(listener);
        events.failed(List.of("shop.example"), refused("no"));
        assertThat(heard).isEmpty();
    }
}
