package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Slot;
import dev.turnout.routing.Warning;
import dev.turnout.switching.KeptTargets.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Slots that keep their targets, although their names stand for others,")
final class KeptTargetsTest {

    private final KeptTargets kept = new KeptTargets();
    private final Place blue = new Place("shop", Slot.BLUE);

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
            0              , false
            0 9            , false
            0 10           , true
            0 4 8 12       , true
            0 9 agrees     , false
            0 agrees 10    , false
            0 agrees 5 15  , true
            0 gone 10      , false
            0 10 agrees    , false
            """)
    @DisplayName("differ from those of the member that looks names up, and are warned of once it lasts")
    void differs(String seconds, boolean isWarned) {
        for (String word : seconds.split(" ")) {
            switch (word) {
                case "agrees" -> kept.agrees(blue);
                case "gone" -> kept.retain(List.of());
                default ->
                    kept.differs(
                            blue, "m0", Duration.ofSeconds(Long.parseLong(word)).toNanos());
            }
        }

        Optional<Warning> warning = kept.warning(blue);
        assertThat(warning.isPresent()).isEqualTo(isWarned);
        warning.ifPresent(one -> {
            assertThat(one.code()).isEqualTo("names-not-followed");
            assertThat(one.english()).contains("blue", "'m0'", "same name servers");
        });
    }

    @Test
    @DisplayName("were refused, and are warned of at once, each by itself")
    void refused() {
        kept.keeps(blue, "Nobody is up.");

        assertThat(kept.warning(blue).orElseThrow().english()).endsWith("Nobody is up.");
        assertThat(kept.warning(new Place("shop", Slot.GREEN))).isEmpty();
        assertThat(kept.warning(new Place("api", Slot.BLUE))).isEmpty();
    }
}
