package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.ConfigCheck.Given;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceCheckTest {

    /** What is wrong with service shop, with these keys beside or in the place of its own. */
    private static ConfigReport shop(String... settings) {
        Map<String, String> values = new HashMap<>(Map.of(
                "turnout.services.\"shop\".hosts", "shop.example.com",
                "turnout.services.\"shop\".blue", "127.0.0.1:1001",
                "turnout.services.\"shop\".green", "127.0.0.1:1002"));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String name = setting.substring(0, equals);
            values.put(
                    name.startsWith("turnout.") ? name : "turnout.services.\"shop\"." + name,
                    setting.substring(equals + 1));
        }
        return check(values);
    }

    private static ConfigReport check(Map<String, String> values) {
        return GivenSettings.check(values, List.of());
    }

    @Test
    void one_address_is_one_target_whatever_its_scheme_is() {
        assertThat(shop("blue=127.0.0.1:1001", "green=https://127.0.0.1:1001").errors())
                .singleElement()
                .asString()
                .contains("https://127.0.0.1:1001 is a target of");
        assertThat(shop("blue=unix:/run/a.sock", "green=unix:/run/b.sock").errors())
                .isEmpty();
        assertThat(shop("blue=unix:/run/a.sock", "green=unix:/run/a.sock").errors())
                .hasSize(1);
    }

    @Test
    void a_whole_service_is_sound() {
        assertThat(shop(
                        "path=/api/v2",
                        "strip-path=true",
                        "balance=least-in-flight",
                        "hosts=shop.example.com, *.Example.COM,127.0.0.1,[::1]",
                        "health.path=/up",
                        "health.interval=1s",
                        "health.timeout=1s",
                        "health.rise=1",
                        "health.fall=1",
                        "health.status=200",
                        "health.deadline=30s",
                        "health.host=a",
                        "health.port=99",
                        "turnout.blue=127.0.0.1:1003"))
                .isEqualTo(new ConfigReport(List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hosts           | a:80              | host names such as
            hosts           | a,                | host names such as
            hosts           | *                 | host names such as
            hosts           | a.*.b             | host names such as
            hosts           | *.[::1]           | host names such as
            hosts           | shop.example.com. | host names such as
            hosts           | http://a          | host names such as
            path            | api               | a path such as /api
            path            | /api/             | a path such as /api
            path            | //api             | a path such as /api
            path            | /a//b             | a path such as /api
            path            | /a/../b           | a path such as /api
            path            | /a/.              | a path such as /api
            path            | /a?b              | a path such as /api
            strip-path      | yes               | true or false
            balance         | random            | round-robin or least-in-flight
            blue            | 8080              | one host:port
            health.path     | up                | a path that begins with '/'
            health.interval | 0                 | a time from 1ms to 7d
            health.rise     | 0                 | a whole number from 1
            health.status   | 2xx               | status codes
            health.port     | 0                 | a whole number from 1
            """)
    void an_illegal_value_is_named_with_its_key_its_place_and_what_is_allowed(
            String key, String value, String allowed) {
        assertThat(shop(key + "=" + value).errors())
                .singleElement()
                .asString()
                .startsWith("turnout.services.\"shop\"." + key + "=" + value + " (test.properties): ")
                .contains("allowed is ", allowed);
    }

    @Test
    void both_slots_have_to_be_given() {
        assertThat(check(Map.of("turnout.services.\"shop\".path", "/api")).errors())
                .hasSize(2)
                .allSatisfy(error -> assertThat(error).contains("is missing; allowed is one host:port"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Shop", "a b", "-a", "a_b", "", "läden"})
    void a_name_is_of_lower_case_letters_digits_and_dashes(String name) {
        assertThat(check(Map.of(
                                "turnout.services.\"" + name + "\".blue", "a:1",
                                "turnout.services.\"" + name + "\".green", "a:2"))
                        .errors())
                .singleElement()
                .asString()
                .contains("'" + name + "' is not the name of a service");
    }

    @Test
    void the_default_service_is_not_configured_twice() {
        assertThat(check(Map.of(
                                "turnout.services.\"default\".hosts", "a",
                                "turnout.services.\"default\".blue", "a:1",
                                "turnout.services.\"default\".green", "a:2"))
                        .errors())
                .singleElement()
                .asString()
                .contains("turnout.blue and turnout.green");
    }

    @Test
    void quotes_may_be_left_out() {
        assertThat(check(Map.of("turnout.services.a.blue", "a:1", "turnout.services.a.green", "a:2"))
                        .errors())
                .isEmpty();
    }

    @Test
    void a_key_of_a_service_is_meant_even_if_there_is_no_service() {
        assertThat(check(Map.of("turnout.service.\"shop\".hosts", "a")).errors())
                .containsExactly(
                        "turnout.service.\"shop\".hosts (test.properties) is not a key of Turnout; did you mean"
                                + " turnout.services.\"NAME\".hosts?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            turnout.services."shop".host        | turnout.services."shop".hosts
            turnout.services."shop".strippath   | turnout.services."shop".strip-path
            turnout.services."shop".health.pth  | turnout.services."shop".health.path
            turnout.service."shop".strip-path   | turnout.services."shop".strip-path
            turnout.services.shop.path          | turnout.services."shop".path
            """)
    void a_name_that_is_no_key_of_a_service_says_what_may_be_meant(String name, String meant) {
        assertThat(shop(name + "=x").errors())
                .containsExactly(name + " (test.properties) is not a key of Turnout; did you mean " + meant + "?");
    }

    @Test
    void two_services_do_not_take_the_same_host_and_path() {
        String[] other = {
            "turnout.services.\"zoo\".hosts=a.example,SHOP.example.com",
            "turnout.services.\"zoo\".path=/api",
            "turnout.services.\"zoo\".blue=127.0.0.1:1003",
            "turnout.services.\"zoo\".green=127.0.0.1:1004"
        };

        assertThat(shop(other).errors()).isEmpty();
        other[1] = "turnout.services.\"zoo\".path=/";
        assertThat(shop(other).errors())
                .singleElement()
                .asString()
                .contains("zoo", "service 'shop' takes shop.example.com with the path / too");
    }

    @Test
    void a_service_of_everything_is_no_second_default() {
        assertThat(shop("hosts=").errors()).isEmpty();
        assertThat(shop("hosts=", "turnout.green=127.0.0.1:1004").errors())
                .singleElement()
                .asString()
                .contains("service 'default' takes every host with the path / too");
    }

    @Test
    void a_host_stands_once_in_a_service() {
        assertThat(shop("hosts=a,b,A").errors()).singleElement().asString().contains("a stands there twice");
    }

    @Test
    void a_target_of_two_services_is_a_warning() {
        ConfigReport report = shop("turnout.blue=127.0.0.1:1001", "turnout.green=127.0.0.1:1004");

        assertThat(report.errors()).isEmpty();
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains("127.0.0.1:1001 is a target of the services 'default' and 'shop'");
    }

    @Test
    void a_target_of_many_services_is_one_warning() {
        ConfigReport report = shop(
                "turnout.blue=127.0.0.1:1001",
                "turnout.green=127.0.0.1:1004",
                "turnout.services.\"admin\".hosts=admin.example",
                "turnout.services.\"admin\".blue=127.0.0.1:1001",
                "turnout.services.\"admin\".green=127.0.0.1:1005");

        assertThat(report.errors()).isEmpty();
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .startsWith("127.0.0.1:1001 is a target of 3 services, such as 'default' and '");
    }

    @Test
    void a_target_of_both_slots_is_an_error() {
        assertThat(shop("green=localhost:1001").errors())
                .singleElement()
                .asString()
                .contains("turnout.services.\"shop\".blue too");
    }

    @Test
    void turnout_is_not_its_own_target() {
        assertThat(shop("green=localhost:80").errors())
                .singleElement()
                .asString()
                .contains("listens on itself");
    }

    @Test
    void the_standard_targets_are_nobodys_once_there_are_services() {
        assertThat(shop("turnout.listen.port=8080").errors()).isEmpty();
        assertThat(check(Map.of("turnout.listen.port", "8080")).errors())
                .singleElement()
                .asString()
                .startsWith("turnout.blue=127.0.0.1:8080 (the default): ");
    }

    @Test
    void a_deadline_that_no_switch_of_the_service_could_meet_is_refused() {
        assertThat(shop("health.rise=3", "turnout.health.interval=30s").errors())
                .singleElement()
                .asString()
                .startsWith("turnout.health.deadline=60s (the default): no switch of service 'shop'");
        assertThat(shop("health.rise=3", "turnout.health.interval=30s", "health.deadline=2m")
                        .errors())
                .isEmpty();
    }

    @Test
    void nginx_mode_has_room_for_one_service() {
        assertThat(shop("turnout.mode=nginx").errors())
                .singleElement()
                .asString()
                .contains("one Turnout for each service");
    }

    @Test
    void variables_may_name_a_service() {
        Map<String, String> values = Map.of(
                "turnout.services.\"shop\".blue", "a:1",
                "turnout.services.\"shop\".green", "a:2",
                "turnout.services.\"shop\".hosts", "a b");
        ConfigReport report = ConfigCheck.run(
                key -> Optional.ofNullable(values.get(key)).map(value -> new Given(value, "environment")),
                Map.of(),
                List.of(
                        "TURNOUT_SERVICES__SHOP__BLUE",
                        "TURNOUT_SERVICES__SHOP__GREEN",
                        "TURNOUT_SERVICES__SHOP__HOSTS",
                        "TURNOUT_SERVICES__SHOP__STRIPPATH",
                        "TURNOUT_SERVICES__MY_SHOP__BLUE"));

        assertThat(report.errors())
                .satisfiesExactlyInAnyOrder(
                        error -> assertThat(error).contains("did you mean TURNOUT_SERVICES__SHOP__STRIP_PATH?"),
                        error ->
                                assertThat(error).contains("TURNOUT_SERVICES__MY_SHOP__BLUE is not a key of a service"),
                        error -> assertThat(error).startsWith("turnout.services.\"shop\".hosts=a b (environment)"));
    }
}
