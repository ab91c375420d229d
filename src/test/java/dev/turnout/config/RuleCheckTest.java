package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Rules are checked before anything starts")
final class RuleCheckTest {

    private static final String RULE = "rules.\"10-x\".";

    private static List<String> errors(String... settings) {
        return GivenSettings.check(GivenSettings.withTargets(settings), List.of())
                .errors();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redirect=https://shop.kr{path}{query}",
                "redirect=/new{rest}",
                "allow=10.0.0.0/8,::1",
                "deny=192.0.2.7",
                "request-set=X-Real-IP: 1",
                "response-set=X-Frame-Options: DENY\nReferrer-Policy: same-origin",
                "response-remove=Server,X-Powered-By",
                "answer=User-agent: *"
            })
    void each_action_is_taken(String action) {
        assertThat(errors(RULE + action)).isEmpty();
        assertThat(errors(
                        "services.\"shop\".blue=127.0.0.1:3",
                        "services.\"shop\".green=127.0.0.1:4",
                        "services.\"shop\".hosts=shop.kr",
                        "services.\"shop\"." + RULE + action))
                .isEmpty();
    }

    @Test
    void more_rates_than_there_is_memory_for_are_refused_each_service_counting_for_itself() {
        String[] rates = {
            "limits.rates=12K",
            "rules.\"1\".rate=1/s",
            "rules.\"2\".rate=1/s",
            "services.\"shop\".blue=127.0.0.1:3",
            "services.\"shop\".green=127.0.0.1:4",
            "services.\"shop\".hosts=shop.kr",
            "services.\"shop\".rules.\"2\".rate=2/s"
        };
        assertThat(errors(rates))
                .singleElement()
                .asString()
                .startsWith("turnout.limits.rates=12K")
                .contains("have 4 rules with a rate", "allowed is 16K at least");

        rates[0] = "limits.rates=16K";
        assertThat(errors(rates)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redirect=shop.kr",
                "redirect=//shop.kr",
                "redirect=https://shop.kr/{user}",
                "redirect=https://shop.kr/a b",
                "redirect=javascript:x",
                "allow=10.0.0.1/8",
                "request-set=Host: evil",
                "request-set=Content-Length: 0",
                "request-add=X-Forwarded-For: 1",
                "response-set=Transfer-Encoding: chunked",
                "response-set=X-Turnout: ok",
                "response-remove=Connection",
                "response-set=X: a\u0007b",
                "response-set=no colon",
                "response-add=Trailer: x",
                "method=get",
                "path=admin",
                "path=/a//b",
                "path=/a/../b",
                "path=/%61",
                "header=a b: c",
                "redirect-status=200",
                "answer-status=204",
                "auth-realm=a\"b",
                "auth-pass=maybe",
                "folder-index=a/b",
                "folder-index=.env",
                "folder-missing=index.html",
                "folder-missing=/../x"
            })
    void a_wrong_value_is_refused_with_its_key(String setting) {
        String key = "turnout." + RULE + setting.substring(0, setting.indexOf('='));
        assertThat(errors(RULE + "answer=x", RULE + setting))
                .anySatisfy(error -> assertThat(error).startsWith(key + "=").contains("allowed is"));
    }

    @ParameterizedTest
    @CsvSource({
        "path=/x, does nothing",
        "redirect-status=302, no meaning alone",
        "rewrite=/y, what it replaces has to be known",
        "nonsense=1, is not a key of Turnout"
    })
    void a_rule_that_makes_no_sense_is_refused(String setting, String why) {
        assertThat(errors(RULE + setting))
                .anySatisfy(
                        error -> assertThat(error).startsWith("turnout." + RULE).contains(why));
    }

    /** All but the certificate, which is in no folder here. */
    @ParameterizedTest
    @ValueSource(strings = {"nginx-directives.md", "nginx-directives.ko.md"})
    void the_example_for_people_who_come_from_nginx_is_sound(String page) throws IOException {
        String text = Files.readString(Path.of("deploy", "recipes", page));
        String block = text.substring(text.indexOf("```properties\n") + "```properties\n".length());
        Map<String, String> values = block.substring(0, block.indexOf("```"))
                .lines()
                .filter(line -> line.startsWith("turnout.") && !line.startsWith("turnout.tls."))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));

        assertThat(values).hasSize(14);
        assertThat(GivenSettings.check(values, List.of()).errors()).isEmpty();
    }

    @Test
    void a_rule_with_files_neither_redirects_nor_answers() {
        assertThat(errors(RULE + "folder=/srv/www", RULE + "answer=x"))
                .singleElement()
                .asString()
                .startsWith("turnout." + RULE + "answer=x")
                .contains("answers with files already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.ko.md"})
    void the_examples_for_operators_are_sound(String page) throws IOException {
        Map<String, String> values = Files.readString(Path.of("deploy", page))
                .lines()
                .filter(line -> line.matches("turnout\\.(services\\.\"shop\"\\.)?rules\\..*"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));

        assertThat(values).hasSize(13);
        values.putAll(Map.of(
                "turnout.services.\"shop\".hosts", "shop.example",
                "turnout.services.\"shop\".blue", "127.0.0.1:8090",
                "turnout.services.\"shop\".green", "127.0.0.1:8092"));
        assertThat(GivenSettings.check(values, List.of()).errors()).isEmpty();
    }

    @Test
    void names_of_rules_are_short_and_plain() {
        assertThat(errors("rules.\"a b\".answer=x"))
                .singleElement()
                .asString()
                .contains("'a b' is not the name of a rule");
    }

    @Test
    void nginx_answers_the_clients_itself() {
        assertThat(errors("mode=nginx", RULE + "answer=x"))
                .singleElement()
                .asString()
                .contains("nginx answers the clients");
    }

    @Test
    void rules_go_by_number_then_by_name() {
        assertThat(List.of("b", "10-a", "9-z", "9-a", "100").stream().sorted(RuleKeys.ORDER))
                .containsExactly("9-a", "9-z", "10-a", "100", "b");
    }
}
