package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.fleet.decision.FleetAction.Doubt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A trouble of the fleet")
final class TroubleTest {

    /** Four words of English in a row. A command such as {@code turnout fleet recover} has three. */
    private static final Pattern ENGLISH = Pattern.compile("[A-Za-z']+( [A-Za-z']+){3}");

    private static final Pattern KOREAN = Pattern.compile("[가-힣]");

    static Stream<Trouble> all() {
        return Stream.concat(
                Stream.of(Doubt.values()).map(doubt -> FleetWords.disbelieved("shop", doubt)),
                Stream.of(
                        FleetWords.unread(),
                        FleetWords.silentStore("http://10.0.0.1:2379 did not answer in 1000 ms"),
                        FleetWords.unreadable(
                                new FleetUnreadable("/turnout/main/state/shop", "it is not one JSON object")),
                        FleetWords.inDoubt("shop", true),
                        FleetWords.inDoubt("shop", false)));
    }

    @ParameterizedTest
    @MethodSource("all")
    @DisplayName("is told in Korean without an English sentence, and in English without a Korean word")
    void inBoth(Trouble trouble) {
        assertThat(trouble.korean())
                .containsPattern(KOREAN)
                .doesNotContainPattern(ENGLISH)
                .endsWith(".");
        assertThat(trouble.text()).doesNotContainPattern(KOREAN).isNotBlank();
    }
}
