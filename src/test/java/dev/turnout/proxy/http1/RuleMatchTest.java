package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RuleMatchTest {

    private static RequestHead head(String target, String lines) {
        RequestHead head = new RequestHead(1 << 16);
        byte[] bytes =
                ("GET " + target + " HTTP/1.1\r\nHost: WWW.shop.kr:8080\r\n" + lines + "\r\n").getBytes(ISO_8859_1);
        assertThat(head.scan(bytes, 0, bytes.length)).as(target).isEqualTo(bytes.length);
        return head;
    }

    private static boolean fits(RuleMatch match, RequestHead head) {
        return match.fits(head, new PlainPath().of(head));
    }

    private static RuleMatch path(String... paths) {
        return new RuleMatch(List.of(), List.of(), List.of(paths), null, "*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin",
                "/admin/",
                "/admin/x",
                "/admin?x",
                "//admin",
                "/./admin",
                "/%61dmin",
                "/admin;v=1/x",
                "http://h/admin",
                "/;x/admin"
            })
    void no_spelling_of_a_path_gets_around_a_rule(String target) {
        assertThat(fits(path("/admin"), head(target, ""))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/admins", "/x/admin", "/adm", "/Admin", "/%2561dmin", "/x?/admin"})
    void another_path_does_not_fit(String target) {
        assertThat(fits(path("/admin"), head(target, ""))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/../admin",
                "/admin/..",
                "/admin/..;/x",
                "/x/%2e%2e/admin",
                "/x%2f..%2fadmin",
                "/x/..\\admin",
                "/admin/%5C..%5cx",
                "/x\\y",
                "/x;%2F..%2Fadmin",
                "/x;y%2fz"
            })
    void a_path_that_applications_read_in_more_than_one_way_is_ambiguous(String target) {
        PlainPath path = new PlainPath();
        assertThat(path.of(head(target, "")).isAmbiguous()).isTrue();
        assertThat(path.of(head("/x%2Fy;v=1/z..a/...?..", "")).isAmbiguous())
                .as("the path read next")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/*, /admin/, true",
        "/admin/*, /admin, false",
        "/admin/*, /admin//, true",
        "/admin/*, /admin/./, true",
        "*.php, /x.php/, true",
        "*.php, /x/y.php, true",
        "*.php, /x.php/y, false",
        "*.php, /a.phpx.php, true",
        "/assets/*.js, /assets/a/b.js, true",
        "/assets/*.js, /x/assets/b.js, false",
        "*/.*, /a/.git/config, true",
        "*/.*, /.env, true",
        "*/.*, /a/b.c, false",
        "/a*b*c, /aXbYbZc, true",
        "/a*b*c, /aXbYbZ, false",
        "*, /, true",
        "/, /anything, true"
    })
    void an_asterisk_stands_for_any_characters(String pattern, String target, boolean fits) {
        assertThat(fits(path(pattern), head(target, ""))).isEqualTo(fits);
        assertThat(fits(path("/never", pattern), head(target, ""))).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({"www.shop.kr, true", ".shop.kr, true", "shop.kr, false", ".www.shop.kr, false", "xwww.shop.kr, false"})
    void a_host_is_compared_in_any_case_without_its_port(String host, boolean fits) {
        assertThat(fits(new RuleMatch(List.of(host), List.of(), List.of(), null, "*"), head("/", "")))
                .isEqualTo(fits);
    }

    @Test
    void methods_and_fields() {
        assertThat(fits(new RuleMatch(List.of(), List.of("PUT", "GET"), List.of(), null, "*"), head("/", "")))
                .isTrue();
        assertThat(fits(new RuleMatch(List.of(), List.of("PUT"), List.of(), null, "*"), head("/", "")))
                .isFalse();
        RuleMatch bots = new RuleMatch(List.of(), List.of(), List.of(), "User-Agent", "*bot*");
        assertThat(fits(bots, head("/", "user-agent: GoogleBot/2\r\n"))).isTrue();
        assertThat(fits(bots, head("/", "User-Agent: curl\r\nUser-Agents: bot\r\n")))
                .isFalse();
        assertThat(fits(bots, head("/", ""))).isFalse();
    }

    @Test
    void a_long_path_with_many_near_misses_is_soon_looked_through() {
        RequestHead head = head("/" + "a".repeat(60_000), "");
        assertThat(fits(path("*a*a*a*b"), head)).isFalse();
    }
}
