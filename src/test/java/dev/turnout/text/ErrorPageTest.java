package dev.turnout.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorPageTest {

    private static PageFacts facts(int status, String cause, String message, int retry) {
        return new PageFacts(status, "Reason", cause, message, retry, "<id>", "<host>");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 408, 411, 413, 414, 421, 431, 502, 503, 504, 505})
    void says_each_status_in_both_languages(int status) {
        PageFacts facts = facts(status, "cause", "It happened.", 1);
        String english = ErrorPage.of(facts, Language.ENGLISH);
        String korean = ErrorPage.of(facts, Language.KOREAN);

        assertThat(english).contains("<html lang=\"en\">", status + " Reason", "It happened.", "cause");
        assertThat(korean)
                .contains("<html lang=\"ko\">", status + " Reason", "cause")
                .doesNotContain("It happened.");
        assertThat(korean).containsPattern("[가-힣]");
        assertThat(english).doesNotContainPattern("[가-힣]");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void needs_nothing_from_elsewhere_and_no_script(Language in) {
        assertThat(ErrorPage.of(facts(502, "<b>", "<i>", 1), in))
                .doesNotContain("<script", "http:", "https:", "url(", "src=", "href=", "<b>", "<i>", "<id>")
                .contains("&lt;id&gt;", "color-scheme:light dark")
                .hasSizeLessThan(2_000);
    }

    @Test
    void a_message_of_the_operator_is_shown_as_it_is_and_turnout_s_own_is_translated() {
        assertThat(ErrorPage.of(facts(503, "maintenance", "14시까지", 1), Language.ENGLISH))
                .contains("Under maintenance", "14시까지");
        assertThat(ErrorPage.of(facts(503, "maintenance", "Back at two", 1), Language.KOREAN))
                .contains("점검 중입니다", "Back at two");
        assertThat(ErrorPage.of(facts(503, "maintenance", ErrorPage.MAINTENANCE, 1), Language.KOREAN))
                .doesNotContain(ErrorPage.MAINTENANCE);
    }

    @Test
    void says_when_to_come_again_if_that_is_not_at_once() {
        assertThat(ErrorPage.of(facts(503, "c", "m", 1), Language.ENGLISH)).doesNotContain("try again");
        assertThat(ErrorPage.of(facts(503, "c", "m", 90), Language.ENGLISH)).contains("in 90 seconds.");
        assertThat(ErrorPage.of(facts(503, "c", "m", 601), Language.ENGLISH)).contains("in 11 minutes.");
        assertThat(ErrorPage.of(facts(503, "c", "m", 7_201), Language.ENGLISH)).contains("in 3 hours.");
        assertThat(ErrorPage.of(facts(503, "c", "m", 600), Language.KOREAN)).contains("10분 뒤에");
    }
}
