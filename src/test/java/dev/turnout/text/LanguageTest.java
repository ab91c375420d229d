package dev.turnout.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanguageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ko | KOREAN",
                "ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7 | KOREAN",
                "en-US,en;q=0.9,ko;q=0.8 | ENGLISH",
                "de;q=0.9, ko;q=0.2, en;q=0.1 | KOREAN",
                "ko;q=0 | ENGLISH",
                "ko;q=high | ENGLISH",
                "kok | ENGLISH",
                "* | ENGLISH",
                "'' | ENGLISH",
                "'; , ;,' | ENGLISH"
            })
    void the_language_of_a_browser_is_the_preferred_one(String header, Language expected) {
        assertThat(Language.ofAcceptLanguage(header)).isEqualTo(expected);
    }

    @Test
    void a_client_that_says_nothing_gets_english() {
        assertThat(Language.ofAcceptLanguage(null)).isEqualTo(Language.ENGLISH);
    }

    @Test
    void the_first_variable_of_the_locale_that_has_a_value_decides() {
        assertThat(Language.ofEnvironment(Map.of("LANG", "ko_KR.UTF-8"))).isEqualTo(Language.KOREAN);
        assertThat(Language.ofEnvironment(Map.of("LANG", "ko_KR.UTF-8", "LC_MESSAGES", "C")))
                .isEqualTo(Language.ENGLISH);
        assertThat(Language.ofEnvironment(Map.of("LC_ALL", "", "LC_MESSAGES", "ko", "LANG", "C")))
                .isEqualTo(Language.KOREAN);
        assertThat(Language.ofEnvironment(Map.of())).isEqualTo(Language.ENGLISH);
    }

    @ParameterizedTest
    @CsvSource({
        "ko, KOREAN",
        "ko_KR, KOREAN",
        "ko_KR.eucKR, KOREAN",
        "ko@x, KOREAN",
        "C.UTF-8, ENGLISH",
        "kok_IN, ENGLISH"
    })
    void a_locale_has_a_language(String locale, Language expected) {
        assertThat(Language.ofLocale(locale)).isEqualTo(expected);
    }
}
