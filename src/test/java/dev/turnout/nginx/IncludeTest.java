package dev.turnout.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.NginxConfig.Style;
import dev.turnout.routing.Target;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IncludeTest {

    private static final Target BLUE = Target.parse("127.0.0.1:8080");
    private static final Target GREEN = Target.parse("127.0.0.1:8082");

    @Test
    void the_seeds_line_is_written_to_the_letter() {
        assertThat(rewritten("set $service_url http://127.0.0.1:8080;\n", Style.VARIABLE, Route.to(GREEN)))
                .isEqualTo("set $service_url http://127.0.0.1:8082;\n");
    }

    @Test
    void a_file_made_by_turnout_is_the_seeds_line() {
        assertThat(new String(Include.fresh(Route.to(GREEN), Style.VARIABLE), StandardCharsets.UTF_8))
                .isEqualTo("set $service_url http://127.0.0.1:8082;\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set $service_url http://127.0.0.1:8080;",
                "set $service_url http://127.0.0.1:8080;\r\n",
                "  set\t\t$service_url\n   http://127.0.0.1:8080  ;\n\n",
                "# 현재 서비스; set $x http://10.0.0.1:1;\nset $service_url http://127.0.0.1:8080; # now\n# end",
                "set $service_url \"http://127.0.0.1:8080\";\n",
                "set $service_url 'http://127.0.0.1:8080';\n",
                "set \"$service_url\" http://127.0.0.1:8080;\n",
                "set $backend http://127.0.0.1:8080/;\n",
            })
    void only_the_address_is_replaced_whatever_stands_around_it(String text) {
        assertThat(read(text, Style.VARIABLE).route()).isEqualTo(Route.to(BLUE));
        assertThat(rewritten(text, Style.VARIABLE, Route.to(GREEN))).isEqualTo(text.replace("8080", "8082"));
    }

    @Test
    void a_missing_port_is_80() {
        assertThat(read("set $service_url http://[::1];", Style.VARIABLE).route())
                .isEqualTo(Route.to(Target.parse("[::1]:80")));
        assertThat(read("set $service_url http://shop.internal;", Style.VARIABLE)
                        .route())
                .isEqualTo(Route.to(Target.parse("shop.internal:80")));
    }

    @Test
    void what_cannot_be_understood_is_refused_with_its_reason() {
        refused("", Style.VARIABLE, "there is no 'set' in it");
        refused("# nothing but words\n", Style.VARIABLE, "there is no 'set' in it");
        refused("set $service_url http://127.0.0.1:80", Style.VARIABLE, "line 1: a ';' is missing");
        refused("\n\nset $service_url 'http://127.0.0.1:80;\n", Style.VARIABLE, "a quote is not closed");
        refused("set $service_url https://127.0.0.1:80;", Style.VARIABLE, "does not begin with http://");
        refused("set $service_url http://node-app$x;", Style.VARIABLE, "has a variable in it");
        refused("set $service_url http://127.0.0.1:99999;", Style.VARIABLE, "a port is 1 to 65535");
        refused("set $service_url;", Style.VARIABLE, "'set' is not understood");
        refused("return 503;", Style.VARIABLE, "'return' is not understood");
        refused("set $a http://h:1; set $b http://h:2;", Style.VARIABLE, "besides 'set' it holds 'set'");
        refused("upstream x { server 127.0.0.1:8080; }", Style.VARIABLE, "turnout.nginx.style=upstream");
        refused("set $service_url http://127.0.0.1:8080;", Style.UPSTREAM, "turnout.nginx.style=variable");
        refused("upstream x { keepalive 3; }", Style.UPSTREAM, "has no server");
        refused("upstream x { server a:1; ", Style.UPSTREAM, "a '{' is not closed");
        refused("upstream x { server a:1; }}", Style.UPSTREAM, "a '}' closes nothing");
        refused("upstream x { server a:1; } upstream y { server a:2; }", Style.UPSTREAM, "one upstream block");
        refused("upstream x { server a:1 backup; }", Style.UPSTREAM, "is a backup");
        refused("upstream x { server unix:a.sock; }", Style.UPSTREAM, "absolute path of a Unix socket");
        refused("upstream x { server a:1; server a:1; }", Style.UPSTREAM, "stands twice");
        refused("upstream x { server a:1 weight=0; }", Style.UPSTREAM, "'weight=0' is not understood");
        refused("upstream x { server; }", Style.UPSTREAM, "a server without an address");
        refused("upstream x { if { } server a:1; }", Style.UPSTREAM, "the block 'if'");
    }

    @Test
    void a_unix_socket_is_a_server_as_any_other() {
        String text = "upstream x { server unix:/run/a.sock max_fails=0; }";
        assertThat(read(text, Style.UPSTREAM).route()).isEqualTo(Route.to(Target.parse("unix:/run/a.sock")));
        assertThat(rewritten(text, Style.UPSTREAM, Route.to(Target.parse("unix:/run/b.sock"))))
                .isEqualTo("upstream x { server unix:/run/b.sock max_fails=0; }");
    }

    @Test
    void an_upstream_keeps_its_name_its_comments_and_its_other_directives() {
        String text = """
                # ours
                upstream node-app {
                    least_conn;
                    server 127.0.0.1:8080 max_fails=0;   # the app
                    keepalive 16; # enough
                }
                """;
        assertThat(rewritten(text, Style.UPSTREAM, Route.to(GREEN)))
                .isEqualTo(text.replace("8080", "8082"))
                .contains("max_fails=0");
    }

    @Test
    void an_upstream_grows_and_shrinks_with_its_servers() {
        String one = new String(Include.fresh(Route.to(BLUE), Style.UPSTREAM), StandardCharsets.UTF_8);
        Route canary = new Route(new TreeMap<>(Map.of(BLUE, 9, GREEN, 1, Target.parse("127.0.0.1:8083"), 0)));
        String three = rewritten(one, Style.UPSTREAM, canary);
        assertThat(three).isEqualTo("""
                        upstream turnout {
                            server 127.0.0.1:8080 weight=9;
                            server 127.0.0.1:8082;
                            server 127.0.0.1:8083 down;
                            keepalive 32;
                        }
                        """);
        assertThat(read(three, Style.UPSTREAM).route()).isEqualTo(canary);
        assertThat(rewritten(three, Style.UPSTREAM, Route.to(BLUE))).isEqualTo(one);
    }

    @Test
    void a_server_that_leaves_does_not_pull_a_brace_into_a_comment() {
        String text = "upstream u { server a:1; # first\n server b:2; # second\n#third\n server c:3; }\n";
        String one = rewritten(text, Style.UPSTREAM, Route.to(Target.parse("d:4")));
        assertThat(read(one, Style.UPSTREAM).route()).isEqualTo(Route.to(Target.parse("d:4")));
        assertThat(one).contains("# first", "# second", "#third");
    }

    private static Include read(String text, Style style) {
        return Include.read(text.getBytes(StandardCharsets.UTF_8), style);
    }

    private static String rewritten(String text, Style style, Route route) {
        return new String(read(text, style).with(route), StandardCharsets.UTF_8);
    }

    private static void refused(String text, Style style, String reason) {
        assertThatThrownBy(() -> read(text, style))
                .as(text)
                .isInstanceOf(IncludeRefused.class)
                .hasMessageContaining(reason);
    }
}
