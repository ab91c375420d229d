package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.acme.AuthorityFailed.Kind;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OrderRecordTest {

    private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");

    @Test
    void what_is_written_is_read_again() {
        FailedTries failures = FailedTries.NONE
                .plus(NOW, new AuthorityFailed(Kind.PROOF_REFUSED, "no \"TXT\" record"), false, true)
                .told(NOW);
        Suggestion suggestion = new Suggestion(
                Optional.of(new RenewalWindow(NOW, NOW.plusSeconds(60), Optional.empty())),
                Optional.of(NOW.plusSeconds(30)),
                Optional.of(NOW.plusSeconds(10)));
        OrderRecord record =
                new OrderRecord(Optional.of(URI.create("https://ca.example/order/1")), 7, failures, suggestion);

        assertThat(OrderRecord.parse(record.json())).isEqualTo(record);
        assertThat(OrderRecord.parse(OrderRecord.NONE.json())).isEqualTo(OrderRecord.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"failures\": 1}", "{\"suggestion\": {\"renewAt\": \"soon\"}}"})
    void another_text_is_refused(String text) {
        assertThatThrownBy(() -> OrderRecord.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
