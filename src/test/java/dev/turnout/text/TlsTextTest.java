package dev.turnout.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@DisplayName("What is wrong with a certificate is said in both languages, by codes and facts")
final class TlsTextTest {

    private static final Pattern FACT = Pattern.compile("\\{[a-z]+}");
    private static final Pattern HANGUL = Pattern.compile("[가-힣]");

    private static final TlsText KEPT = TlsText.of(TlsFinding.KEY_DOES_NOT_FIT, "cert", "/etc/a.crt")
            .at("/etc/a.key")
            .then(TlsFinding.OLD_STAYS, "end", "2027-01-01T00:00:00Z");

    private static Set<String> facts(TlsFinding finding, Language language) {
        return FACT.matcher(finding.template(language))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @EnumSource
    void both_languages_have_the_same_facts_and_the_same_end(TlsFinding finding) {
        String english = finding.template(Language.ENGLISH);
        String korean = finding.template(Language.KOREAN);

        assertThat(facts(finding, Language.KOREAN)).isEqualTo(facts(finding, Language.ENGLISH));
        assertThat(korean.endsWith(":")).isEqualTo(english.endsWith(":"));
        assertThat(korean.endsWith(".")).isEqualTo(english.endsWith("."));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PLACE", "CAN_NOT_BE_READ"})
    void the_korean_text_is_korean(TlsFinding finding) {
        assertThat(finding.template(Language.KOREAN)).containsPattern(HANGUL);
        assertThat(finding.template(Language.ENGLISH)).doesNotContainPattern(HANGUL);
    }

    @ParameterizedTest
    @EnumSource
    void a_finding_is_known_by_its_code(TlsFinding finding) {
        assertThat(TlsFinding.of(finding.code())).contains(finding);
    }

    @Test
    void findings_are_told_one_after_another() {
        assertThat(KEPT.english())
                .isEqualTo(
                        "/etc/a.key: the key does not fit the certificate in /etc/a.crt. The certificate that ends on"
                                + " 2027-01-01T00:00:00Z stays in use. Repair the files; they are read again within 10 s.");
        assertThat(KEPT.in(Language.KOREAN))
                .isEqualTo("/etc/a.key: 키가 /etc/a.crt의 인증서와 맞지 않습니다. 2027-01-01T00:00:00Z에 만료되는 이전 인증서를 계속"
                        + " 씁니다. 파일을 고치면 10초 안에 다시 읽습니다.");
    }

    @Test
    void json_has_all_of_it() {
        Facts answer = new Facts(new JsonObject(new JsonObject()
                .put("because", KEPT.json())
                .put("text", "english")
                .encode()));

        assertThat(TlsText.of(answer, "because", "english", Language.KOREAN)).isEqualTo(KEPT.in(Language.KOREAN));
        assertThat(TlsText.of(answer, "because", "english", Language.ENGLISH)).isEqualTo("english");
    }

    @Test
    void what_is_not_known_here_is_told_in_english() {
        JsonArray newer = KEPT.json().add(new JsonObject().put("code", "moon-phase"));

        assertThat(TlsText.of(new Facts(new JsonObject().put("because", newer)), "because", "english", Language.KOREAN))
                .isEqualTo("english");
        assertThat(TlsText.of(new Facts(new JsonObject()), "because", "english", Language.KOREAN))
                .isEqualTo("english");
    }

    @Test
    void a_fact_with_braces_or_signs_stays_as_it_is() {
        assertThat(TlsText.of(TlsFinding.FILE_MISSING, "file", "/a/{user}$1\\x").english())
                .isEqualTo("/a/{user}$1\\x is missing");
        assertThat(TlsText.of(TlsFinding.FILE_MISSING).english()).isEqualTo("? is missing");
    }

    @Test
    void a_notification_says_it_in_the_language_of_its_readers() {
        JsonObject event = new JsonObject()
                .put("verdict", "certificate-failed")
                .put("names", new JsonArray().add("a.example"))
                .put("reason", KEPT.english())
                .put("because", KEPT.json());

        assertThat(NotificationText.ofCertificate(event, Language.KOREAN).lines())
                .first()
                .asString()
                .isEqualTo(KEPT.in(Language.KOREAN));
        assertThat(NotificationText.ofCertificate(event, Language.ENGLISH).lines())
                .first()
                .asString()
                .isEqualTo(KEPT.english());
    }
}
