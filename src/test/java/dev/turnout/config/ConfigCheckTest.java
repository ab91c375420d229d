package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.text.Language;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigCheckTest {

    private static ConfigReport check(String... settings) {
        return GivenSettings.check(GivenSettings.named(settings), List.of());
    }

    private static List<String> errors(String... settings) {
        return check(settings).errors();
    }

    private static ConfigReport variables(String... variables) {
        return ConfigCheck.run(key -> Optional.empty(), Map.of(), List.of(variables));
    }

    @Test
    void the_defaults_are_sound() {
        assertThat(check()).isEqualTo(new ConfigReport(List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mode                  | PROXY         | proxy or nginx
            mode                  | haproxy       | proxy or nginx
            listen.port           | 65536         | a whole number from 0 to 65535
            listen.port           | -1            | a whole number from 0 to 65535
            listen.port           | http          | a whole number from 0 to 65535
            listen.host           | http://x      | a host name or an IP address
            admin.port            | 9000x         | a whole number from 0 to 65535
            admin.on-front        | yes           | true or false
            failover              | ture          | true or false
            blue                  | 8080          | one host:port
            blue                  | a:1,          | one host:port
            green                 | a:0           | one host:port
            green                 | a:70000       | one host:port
            health.path           | health        | a path that begins with '/'
            health.path           | /a b          | a path that begins with '/'
            health.interval       | 0s            | a time from 1ms to 7d
            health.interval       | -1s           | a time from 1ms to 7d
            health.timeout        | soon          | a time from 1ms to 7d
            health.timeout        | 8d            | a time from 1ms to 7d
            health.timeout        | P9999999999D  | a time from 1ms to 7d
            health.rise           | 0             | a whole number from 1 to
            health.fall           | 0             | a whole number from 1 to
            health.fall           | 99999999999   | a whole number from 1 to
            health.status         | 2xx           | status codes from 100 to 999
            health.status         | 399-200       | status codes from 100 to 999
            health.deadline       | 0             | a time from 1ms to 7d
            health.host           | a/b           | a Host header
            health.port           | 0             | a whole number from 1 to 65535
            drain.timeout         | 0             | a time from 1ms to 7d
            limits.head           | 1023          | a size from 1K to 1M
            limits.head           | 2M            | a size from 1K to 1M
            limits.head           | 16KB          | a size from 1K to 1M
            limits.head           | 99999999999999999999 | a size from 1K to 1M
            upstream.connect      | 2 s           | a time from 1ms to 7d
            upstream.idle         | 4sec          | a time from 1ms to 7d
            trusted-proxies       | 10.0.0.1/8    | IP addresses or CIDR blocks
            trusted-proxies       | proxy.example | IP addresses or CIDR blocks
            nginx.style           | Variable      | variable or upstream
            nginx.probe           | https://a/    | a URL such as http://
            nginx.probe           | http://       | a URL such as http://
            nginx.test            | nginx '       | a program and its arguments
            """)
    void an_illegal_value_is_named_with_its_key_its_place_and_what_is_allowed(
            String key, String value, String allowed) {
        assertThat(errors(key + "=" + value))
                .singleElement()
                .asString()
                .startsWith("turnout." + key + "=" + value + " (test.properties): ")
                .contains("allowed is ", allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode=nginx",
                "listen.port=0",
                "blue=a:1,b:2, c:3",
                "blue=[::1]:8080",
                "health.interval=250ms",
                "health.deadline=1m30s",
                "health.host=shop.example:80",
                "health.host=",
                "health.status=200,204,300-308",
                "limits.head=1K",
                "limits.head=1M",
                "limits.head=16384",
                "trusted-proxies=10.0.0.0/8, fd00::/8,127.0.0.1",
                "admin.token=s3cret",
                "admin.host=localhost",
                "admin.host=::1",
                "admin.host=127.8.8.8"
            })
    void a_legal_value_is_sound(String setting) {
        assertThat(errors(setting)).isEmpty();
    }

    @Test
    void all_errors_are_found_at_once() {
        assertThat(errors("mode=x", "listen.port=x", "blue=x", "grean=a:1", "admin.host=0.0.0.0", "health.rise=0"))
                .hasSize(6);
    }

    @Test
    void the_message_counts_and_lists_the_errors() {
        assertThat(check("mode=x", "failover=x").message(Language.ENGLISH))
                .startsWith("Turnout does not start: 2 errors in the configuration.\n  - turnout.")
                .hasLineCount(3);
    }

    @Test
    void an_admin_address_that_others_reach_needs_a_token() {
        assertThat(errors("admin.host=0.0.0.0")).singleElement().asString().contains("turnout.admin.token");
        assertThat(errors("admin.host=::")).hasSize(1);
        assertThat(errors("admin.host=10.0.0.1")).hasSize(1);
        assertThat(errors("admin.host=ops.example")).hasSize(1);
        assertThat(errors("admin.host=0.0.0.0", "admin.token= ")).hasSize(1);
        assertThat(errors("admin.host=0.0.0.0", "admin.token=s3cret")).isEmpty();
    }

    @Test
    void a_token_that_crosses_a_network_in_clear_is_a_warning() {
        assertThat(check("admin.host=0.0.0.0", "admin.token=s3cret").warnings())
                .singleElement()
                .asString()
                .contains("crosses the network in clear", "turnout.admin.host=0.0.0.0", "turnout.admin.tls.cert");
        assertThat(check("admin.host=0.0.0.0", "admin.token=s3cret", "admin.tls.cert=/x.pem"))
                .isEqualTo(new ConfigReport(List.of(), List.of()));
        assertThat(check("admin.host=127.0.0.1", "admin.token=s3cret").warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "password-file", "client-ca"})
    void keys_of_TLS_on_the_admin_port_need_its_certificate(String key) {
        assertThat(errors("admin.tls." + key + "=/x.pem"))
                .singleElement()
                .asString()
                .contains("turnout.admin.tls." + key, "allowed with turnout.admin.tls.cert");
        assertThat(errors("admin.tls.cert=/x.pem", "admin.tls." + key + "=/x.pem"))
                .isEmpty();
    }

    @Test
    void admin_on_the_front_port_needs_a_token() {
        assertThat(errors("admin.on-front=true")).singleElement().asString().contains("turnout.admin.token");
        assertThat(errors("admin.on-front=true", "admin.token=s3cret")).isEmpty();
    }

    @Test
    void in_nginx_mode_there_is_no_preview() {
        assertThat(errors("mode=nginx", "preview=true"))
                .singleElement()
                .asString()
                .contains("turnout.preview", "allowed with turnout.mode=nginx is false");
        assertThat(errors("preview=true")).isEmpty();
    }

    @Test
    void admin_on_the_front_port_is_refused_where_that_is_nginx() {
        assertThat(errors("mode=nginx", "admin.on-front=true", "admin.token=s3cret"))
                .singleElement()
                .asString()
                .contains("turnout.mode=nginx");
    }

    @Test
    void a_header_of_the_proxy_protocol_cannot_be_required_of_nobody() {
        assertThat(errors("proxy-protocol=require"))
                .singleElement()
                .asString()
                .contains("turnout.proxy-protocol", "turnout.trusted-proxies");
        assertThat(errors("proxy-protocol=require", "trusted-proxies=10.0.0.0/8"))
                .isEmpty();
        assertThat(errors("proxy-protocol=accept")).isEmpty();
    }

    @Test
    void a_bad_token_is_not_shown() {
        assertThat(errors("admin.token=top secret", "admin.host=0.0.0.0"))
                .singleElement()
                .asString()
                .startsWith("turnout.admin.token=(not shown)")
                .doesNotContain("top", "secret");
    }

    @Test
    void one_port_is_not_listened_on_twice() {
        assertThat(errors("listen.port=9000")).singleElement().asString().contains("turnout.listen.port is the same");
        assertThat(errors("listen.port=9000", "listen.host=10.0.0.1")).isEmpty();
        assertThat(errors("listen.port=0", "admin.port=0")).isEmpty();
        assertThat(errors("listen.port=9000", "mode=nginx")).isEmpty();
    }

    @Test
    void a_target_stands_in_one_slot_only() {
        assertThat(errors("blue=a:1", "green=b:1,A:1"))
                .singleElement()
                .asString()
                .contains("turnout.blue too");
        assertThat(errors("blue=127.0.0.1:1", "green=localhost:1")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:1, localhost:1",
        "127.0.0.1:1, LOCALHOST.:1",
        "127.0.0.1:1, 127.000.0.01:1",
        "127.0.0.1:1, [::ffff:127.0.0.1]:1",
        "[::1]:1, [0:0:0:0:0:0:0:1]:1",
        "[2001:DB8::1]:1, [2001:db8:0::1]:1",
        "[fe80::1%eth0]:1, [FE80::0:1%eth0]:1",
        "app.example:1, APP.example.:1",
    })
    void one_target_in_two_spellings_stands_in_one_slot_only(String one, String other) {
        assertThat(errors("blue=" + one, "green=" + other))
                .singleElement()
                .asString()
                .contains("turnout.blue too");
        assertThat(errors("blue=" + one + "," + other))
                .singleElement()
                .asString()
                .contains("twice");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:1, 127.0.0.2:1",
        "127.0.0.1:1, 127.0.0.1:2",
        "127.0.0.1:1, [::1]:1",
        "localhost:1, [::1]:1",
        "localhost:1, 127.0.0.2:1",
        "[fe80::1%eth0]:1, [fe80::1%eth1]:1",
        "app.example:1, app2.example:1",
    })
    void another_address_or_port_is_another_target(String one, String other) {
        assertThat(errors("blue=" + one, "green=" + other)).isEmpty();
    }

    @Test
    void a_target_stands_in_a_slot_once() {
        assertThat(errors("blue=a:1,b:1,a:1")).singleElement().asString().contains("twice");
    }

    @Test
    void turnout_is_not_its_own_target() {
        assertThat(errors("blue=127.0.0.1:80")).singleElement().asString().contains("listens on itself");
        assertThat(errors("blue=localhost:9000")).singleElement().asString().contains("own admin address");
        assertThat(errors("listen.host=10.0.0.1", "blue=10.0.0.1:80")).hasSize(1);
        assertThat(errors("listen.host=10.0.0.1", "blue=10.0.0.2:80")).isEmpty();
        assertThat(errors("listen.host=127.0.0.1", "blue=127.0.0.2:80")).isEmpty();
        assertThat(errors("blue=127.0.0.2:9000")).isEmpty();
        assertThat(errors("blue=127.0.0.2:80")).hasSize(1);
        assertThat(errors("mode=nginx", "blue=127.0.0.1:80")).isEmpty();
    }

    @Test
    void a_deadline_that_no_switch_could_meet_is_refused() {
        assertThat(errors("health.rise=3", "health.interval=1s", "health.deadline=2s"))
                .singleElement()
                .asString()
                .startsWith("turnout.health.deadline=2s");
        assertThat(errors("health.rise=3", "health.interval=1s", "health.deadline=2001ms"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "turnout.gren, turnout.green",
        "turnout.Green, turnout.green",
        "turnout.bule, turnout.blue",
        "turnout.health.intervall, turnout.health.interval",
        "turnout.healthcheck.path, turnout.ready.path or turnout.health.path",
        "turnout.trustedProxies, turnout.trusted-proxies",
        "turnout.port, turnout.listen.port or turnout.tls.port or turnout.admin.port or turnout.health.port"
    })
    void a_name_that_is_no_key_is_an_error_and_says_what_may_be_meant(String name, String meant) {
        ConfigReport report = ConfigCheck.run(key -> Optional.empty(), Map.of(name, "/etc/x.properties"), List.of());

        assertThat(report.errors())
                .containsExactly(name + " (/etc/x.properties) is not a key of Turnout; did you mean " + meant + "?");
    }

    @Test
    void a_name_that_is_like_no_key_is_an_error_too() {
        assertThat(ConfigCheck.run(key -> Optional.empty(), Map.of("turnout.x", "f"), List.of())
                        .errors())
                .containsExactly("turnout.x (f) is not a key of Turnout.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "tls-ca", "tls-verify", "send-proxy", "connections"})
    void a_key_that_has_a_shorter_name_in_a_service_is_told_by_that_name(String key) {
        String shop = "turnout.services.\"shop\".";
        String variable = "TURNOUT_SERVICES__SHOP__";
        String end = Spelling.variable(key);

        ConfigReport report = GivenSettings.check(
                Map.of(shop + "blue", "127.0.0.1:1", shop + "green", "127.0.0.1:2", shop + "upstream." + key, "x"),
                List.of(variable + "UPSTREAM_" + end));

        assertThat(report.errors())
                .contains(
                        shop + "upstream." + key + " (test.properties) is not a key of Turnout; did you mean " + shop
                                + key + "?",
                        "The environment variable " + variable + "UPSTREAM_" + end
                                + " is not a key of Turnout; did you mean " + variable + end + "?");
    }

    @Test
    void a_list_that_is_written_with_indexes_is_refused_rather_than_half_read() {
        assertThat(ConfigCheck.run(key -> Optional.empty(), Map.of("turnout.blue[0]", "f"), List.of())
                        .errors())
                .singleElement()
                .asString()
                .contains("turnout.blue=");
    }

    @Test
    void a_variable_that_is_nearly_a_key_is_an_error() {
        assertThat(variables("TURNOUT_GREN").errors())
                .containsExactly("The environment variable TURNOUT_GREN is not a key of Turnout;"
                        + " did you mean TURNOUT_GREEN?");
        assertThat(variables("TURNOUT_HEALTH_INTERVALL").errors()).hasSize(1);
    }

    @Test
    void a_variable_of_the_command_line_is_no_warning() {
        assertThat(variables("TURNOUT_URL").warnings()).isEmpty();
    }

    @Test
    void variables_of_container_platforms_and_scripts_are_one_warning() {
        ConfigReport report = variables(
                "TURNOUT_BINARY",
                "TURNOUT_REQUIRE_ALL",
                "TURNOUT_RUN",
                "TURNOUT_ADMIN",
                "TURNOUT_PORT",
                "TURNOUT_PORT_80_TCP",
                "TURNOUT_PORT_80_TCP_ADDR",
                "TURNOUT_PORT_80_TCP_PORT",
                "TURNOUT_PORT_80_TCP_PROTO",
                "TURNOUT_SERVICE_HOST",
                "TURNOUT_SERVICE_PORT",
                "TURNOUT_SERVICE_PORT_HTTP",
                "TURNOUT_VERSION",
                "TURNOUT_HOME",
                "TURNOUT_ADMIN_TOKEN");

        assertThat(report.errors()).isEmpty();
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains("TURNOUT_BINARY", "TURNOUT_SERVICE_HOST")
                .doesNotContain("TURNOUT_ADMIN_TOKEN");
    }
}
