package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code turnout.rules}, over real sockets. */
@DisplayName("Rules redirect, rewrite, change headers, allow and deny, in their order")
final class RulesTest {

    @TempDir
    private Path folder;

    private TlsPlane plane;
    private RawClient client;

    private void start(String... settings) throws IOException {
        plane = TlsPlane.start(folder, "jdk", settings);
        plane.backend().always(new Effect.Application("blue"));
        client = RawClient.to(
                URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        plane.close();
    }

    private static String rule(String name, String key) {
        return "turnout.rules.\"" + name + "\"." + key;
    }

    private Response get(String host, String target, String... lines) throws IOException {
        return client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + String.join("", lines) + "\r\n")
                .read();
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b?c=d, https://shop.kr/a/b?c=d",
        "/, https://shop.kr/",
        "//evil.example/x, https://shop.kr//evil.example/x",
        "/{rest}{query}?{host}, https://shop.kr/{rest}{query}?{host}"
    })
    void www_is_redirected_to_the_apex(String target, String location) throws IOException {
        start(rule("10-www", "host"), "www.shop.kr", rule("10-www", "redirect"), "https://shop.kr{path}{query}");

        Response redirect = get("www.shop.kr", target);
        assertThat(redirect.status()).isEqualTo(301);
        assertThat(redirect.fields().only("Location")).contains(location);
        assertThat(redirect.fields().only("X-Turnout")).contains("rule: 10-www");
        assertThat(get("shop.kr", "/").text()).isEqualTo("blue");
        assertThat(plane.backend().requests()).isEqualTo(1);
    }

    @Test
    void a_request_that_names_places_makes_no_location_larger_than_itself() throws IOException {
        start(rule("10-www", "host"), "www.shop.kr", rule("10-www", "redirect"), "https://shop.kr{path}{query}");
        String target = "/" + "{rest}".repeat(900) + "{query}".repeat(770) + "?" + "q".repeat(100);

        Response redirect = get("www.shop.kr", target);

        assertThat(redirect.status()).isEqualTo(301);
        assertThat(redirect.fields().only("Location")).contains("https://shop.kr" + target);
    }

    @ParameterizedTest
    @CsvSource({"/old/a?b, /new/a?b", "/old, /new", "/old//evil.example, /evil.example"})
    void a_path_moves_and_never_becomes_a_host(String target, String location) throws IOException {
        String to = target.contains("evil") ? "{rest}" : "/new{rest}{query}";
        start(
                rule("1", "path"),
                "/old",
                rule("1", "redirect"),
                to.startsWith("/") ? to : "/" + to,
                rule("1", "redirect-status"),
                "308");

        Response redirect = get("shop.kr", target);
        assertThat(redirect.status()).isEqualTo(308);
        assertThat(redirect.fields().only("Location")).contains(location);
    }

    @ParameterizedTest
    @CsvSource({
        "/old/a?b, /new/api/a?b",
        "/old, /new/api",
        "/old/, /new/api/",
        "/old?x, /new/api?x",
        "/older, /older",
        "/old//x, /new/api/x"
    })
    void the_beginning_of_a_path_is_rewritten_and_the_target_told(String target, String seen) throws IOException {
        start(rule("1", "path"), "/old", rule("1", "rewrite"), "/new/api");

        get("shop.kr", target);

        var head = plane.backend().onlyArrival().head();
        assertThat(head.target()).isEqualTo(seen);
        assertThat(head.fields().all("X-Forwarded-Prefix"))
                .isEqualTo(seen.startsWith("/new") ? List.of("/old") : List.of());
        assertThat(plane.backend().violations()).isEmpty();
    }

    @Test
    void header_fields_are_set_added_and_removed_both_ways_over_http_1_and_2() throws IOException {
        start(
                rule("1", "request-set"),
                "X-Tenant: a\nX-Env: live",
                rule("1", "request-add"),
                "X-Seen: turnout",
                rule("1", "request-remove"),
                "X-Debug",
                rule("1", "response-set"),
                "X-Frame-Options: DENY\nServer: none",
                rule("1", "response-add"),
                "Vary: Cookie",
                rule("1", "response-remove"),
                "X-Powered-By");
        plane.backend()
                .always(new Effect.Respond(
                        200,
                        List.of("Server: Apache", "X-Powered-By: PHP", "x-frame-options: ALLOW", "Vary: Accept"),
                        "blue".getBytes(US_ASCII)));

        Response response =
                get("shop.kr", "/", "X-Tenant: b\r\nx-tenant: c\r\nX-Debug: 1\r\nX-Seen: me\r\nConnection: X-Env\r\n");
        assertThat(response.text()).isEqualTo("blue");
        assertThat(response.fields().all("Server")).containsExactly("none");
        assertThat(response.fields().all("X-Frame-Options")).containsExactly("DENY");
        assertThat(response.fields().all("X-Powered-By")).isEmpty();
        assertThat(response.fields().all("Vary")).containsExactlyInAnyOrder("Cookie", "Accept");
        var seen = plane.backend().onlyArrival().head().fields();
        assertThat(seen.all("X-Tenant")).containsExactly("a");
        assertThat(seen.all("X-Env"))
                .as("a client cannot take it out by Connection")
                .containsExactly("live");
        assertThat(seen.all("X-Debug")).isEmpty();
        assertThat(seen.all("X-Seen")).containsExactlyInAnyOrder("me", "turnout");

        try (Http2Client http2 = Http2Client.to(plane.plane().plainPort().orElseThrow())) {
            http2.get(1, "/");
            assertThat(http2.answer(1).body()).isEqualTo("blue");
            assertThat(String.join("\n", http2.on(1).heads()).toLowerCase(Locale.ROOT))
                    .contains("x-frame-options")
                    .contains("deny")
                    .doesNotContain("apache", "php");
        }
        assertThat(plane.backend().violations()).isEmpty();
    }

    @Test
    void a_large_response_passes_whole_behind_a_changed_head() throws IOException {
        start(rule("1", "response-set"), "X-A: 1");
        byte[] body = new byte[1_000_000];
        Arrays.fill(body, (byte) 'x');
        plane.backend().always(new Effect.Respond(200, List.of(), body));

        for (int i = 0; i < 3; i++) {
            Response response = get("shop.kr", "/");
            assertThat(response.fields().only("X-A")).contains("1");
            assertThat(response.body().length()).isEqualTo(body.length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "allow, 127.0.0.0/8, 200",
        "allow, 10.0.0.0/8, 403",
        "deny, 127.0.0.1, 403",
        "deny, '10.0.0.0/8,::/0', 200"
    })
    void addresses_are_allowed_and_denied(String action, String blocks, int status) throws IOException {
        start(rule("1", "path"), "/admin", rule("1", action), blocks);

        assertThat(get("shop.kr", "/./%61dmin;v/y").status()).isEqualTo(status);
        assertThat(get("shop.kr", "/admin", "X-Forwarded-For: 10.0.0.7\r\n").status())
                .as("a stranger's word of its address")
                .isEqualTo(status);
        assertThat(get("shop.kr", "/").status()).isEqualTo(200);
    }

    @Test
    void proxies_that_are_trusted_are_no_clients_and_a_client_that_they_hide_is_nobody() throws IOException {
        start("turnout.trusted-proxies", "127.0.0.1,10.0.0.0/24", rule("1", "allow"), "10.0.0.0/8");

        assertThat(get("shop.kr", "/", "X-Forwarded-For: 10.9.0.7, 10.0.0.5\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(get("shop.kr", "/", "X-Forwarded-For: 192.0.2.1, 10.0.0.5\r\n")
                        .status())
                .isEqualTo(403);
        assertThat(get("shop.kr", "/", "X-Forwarded-For: unknown, 10.0.0.5\r\n").status())
                .isEqualTo(403);
    }

    @Test
    void behind_a_trusted_proxy_the_address_is_the_one_that_it_names() throws IOException {
        start("turnout.trusted-proxies", "127.0.0.1", rule("1", "allow"), "10.0.0.7");

        assertThat(get("shop.kr", "/", "X-Forwarded-For: 10.0.0.7\r\n").status())
                .isEqualTo(200);
        assertThat(get("shop.kr", "/", "X-Forwarded-For: 10.0.0.7, 192.0.2.1\r\n")
                        .status())
                .isEqualTo(403);
        assertThat(get("shop.kr", "/").status()).isEqualTo(403);
    }

    @Test
    void rules_go_in_their_order_up_to_the_first_that_answers_and_change_by_a_reload() throws IOException {
        start(
                rule("9-robots", "path"),
                "/robots.txt",
                rule("9-robots", "answer"),
                "User-agent: *\nDisallow: /",
                rule("10-all", "answer"),
                "gone",
                rule("10-all", "answer-status"),
                "410");

        Response robots = get("shop.kr", "/robots.txt");
        assertThat(robots.status()).isEqualTo(200);
        assertThat(robots.text()).isEqualTo("User-agent: *\nDisallow: /");
        assertThat(robots.fields().only("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(get("shop.kr", "/").status()).isEqualTo(410);

        plane.change(rule("10-all", "method"), "PUT");
        assertThat(get("shop.kr", "/").text()).isEqualTo("blue");
        assertThat(client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")
                        .read()
                        .status())
                .isEqualTo(410);
    }

    @Test
    void an_ambiguous_path_is_refused_only_where_a_rule_reads_the_path() throws IOException {
        start(rule("1", "method"), "PUT", rule("1", "deny"), "0.0.0.0/0");
        assertThat(get("shop.kr", "/x/../y").status()).isEqualTo(200);

        plane.change(rule("1", "path"), "/admin");

        Response refused = get("shop.kr", "/admin/..;/x");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.fields().only("X-Turnout")).hasValue("ambiguous-path");
        assertThat(get("shop.kr", "/x").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/foo?x, /app/foo?x", "/, /app", "/?x, /app?x"})
    void a_rewrite_of_the_root_holds_for_every_path(String target, String seen) throws IOException {
        start(rule("1", "path"), "/", rule("1", "rewrite"), "/app");

        get("shop.kr", target);

        assertThat(plane.backend().onlyArrival().head().target()).isEqualTo(seen);
    }

    @Test
    void a_client_that_sends_more_than_its_rate_is_told_when_to_come_again() throws IOException {
        start(
                "turnout.trusted-proxies",
                "127.0.0.1",
                rule("1", "path"),
                "/login",
                rule("1", "rate"),
                "2/h",
                rule("1", "rate-burst"),
                "3");

        for (int i = 0; i < 3; i++) {
            assertThat(get("shop.kr", "/login", "X-Forwarded-For: 2001:db8::" + i + "\r\n")
                            .status())
                    .isEqualTo(200);
        }
        Response refused = get("shop.kr", "/login", "X-Forwarded-For: 2001:db8::ffff\r\n");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.fields().only("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1_700, 1_800));
        assertThat(get("shop.kr", "/login", "X-Forwarded-For: 2001:db8:0:1::1\r\n")
                        .status())
                .as("another network")
                .isEqualTo(200);
        assertThat(get("shop.kr", "/", "X-Forwarded-For: 2001:db8::1\r\n").status())
                .isEqualTo(200);
    }

    @Test
    void a_reload_that_leaves_the_rate_as_it_is_forgets_no_client() throws IOException {
        start(rule("1", "rate"), "2/h", rule("1", "path"), "/login");
        assertThat(get("shop.kr", "/login").status()).isEqualTo(200);
        assertThat(get("shop.kr", "/login").status()).isEqualTo(200);

        plane.change(rule("1", "path"), "/login,/sign-in");
        plane.change(rule("2", "rate"), "100/s");
        assertThat(get("shop.kr", "/sign-in").status()).isEqualTo(429);

        plane.change(rule("1", "rate"), "3/h");
        assertThat(get("shop.kr", "/login").status()).as("another rate").isEqualTo(200);
    }

    @Test
    void a_body_over_the_limit_of_a_rule_gets_413_with_a_length_and_in_chunks() throws IOException {
        start(rule("1", "path"), "/comment", rule("1", "body"), "1K");

        assertThat(post("/comment", "Content-Length: 1024\r\n\r\n" + "x".repeat(1024)))
                .isEqualTo(200);
        assertThat(post("/upload", "Content-Length: 4096\r\n\r\n" + "x".repeat(4096)))
                .isEqualTo(200);
        assertThat(post("/comment", "Transfer-Encoding: chunked\r\n\r\n401\r\n" + "x".repeat(1025) + "\r\n0\r\n\r\n"))
                .isEqualTo(413);
        assertThat(post("/comment", "Content-Length: 1025\r\n\r\n")).isEqualTo(413);
    }

    private int post(String path, String rest) throws IOException {
        return client.send("POST " + path + " HTTP/1.1\r\nHost: h\r\n" + rest)
                .read()
                .status();
    }
}
