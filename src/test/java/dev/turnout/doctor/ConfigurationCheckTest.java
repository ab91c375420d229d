package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.ConfigReport;
import dev.turnout.text.Language;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigurationCheckTest {

    @Test
    void an_error_that_is_a_sentence_has_one_full_stop_when_it_is_shown() {
        ConfigReport report = new ConfigReport(List.of("turnout.gren is not a key."), List.of());

        assertThat(new ConfigurationCheck(report, List.of()).look())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.seen().in(Language.ENGLISH)).isEqualTo("turnout.gren is not a key"));
    }
}
