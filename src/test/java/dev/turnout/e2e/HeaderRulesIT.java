package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Arrival;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Field;
import dev.turnout.support.wire.Fields;
import dev.turnout.support.wire.ReceivedHead;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Headers: what a proxy must take away and add, and everything else as it came")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HeaderRulesIT {

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private TurnoutProcess untrusting;
    private TurnoutProcess trusting;

    @BeforeAll
    void start() {
        blue = arena.backend();
        Backend green = arena.backend();
        untrusting = arena.start(blue, green);
        trusting = arena.start(
                TurnoutProcess.with().blue(blue).green(green).set("turnout.trusted-proxies", "127.0.0.0/8"));
    }

    @BeforeEach
    void forget() {
        blue.forget();
    }

    @Test
    void everything_else_passes_in_its_order_and_letters() throws IOException {
        ReceivedHead head = sent(
                untrusting,
                "GET /a/%2e/b?c=d&e=%C3%A4 HTTP/1.1",
                "hOsT: App.Example:81",
                "X-One: 1",
                "cookie: a=b",
                "X-One: 2",
                "X-Odd!#$%&'*+-.^_`|~: \u00e4,  \t\"x\"",
                "X-Empty:",
                "User-Agent: raw");
        assertThat(head.method() + " " + head.target() + " " + head.version())
                .isEqualTo("GET /a/%2e/b?c=d&e=%C3%A4 HTTP/1.1");
        assertThat(head.fields().lines())
                .containsSubsequence(
                        new Field("X-One", "1"),
                        new Field("cookie", "a=b"),
                        new Field("X-One", "2"),
                        new Field("X-Odd!#$%&'*+-.^_`|~", "\u00e4,  \t\"x\""),
                        new Field("X-Empty", ""),
                        new Field("User-Agent", "raw"));
        assertThat(head.fields().only("Host")).contains("App.Example:81");
        assertThat(head.fields().has("Via")).isFalse();
    }

    @Test
    void hop_by_hop_headers_stay_here() throws IOException {
        Fields fields = sent(
                        untrusting,
                        "GET / HTTP/1.1",
                        "Host: app.example",
                        "Connection: keep-alive, X-Mine ,TE",
                        "Keep-Alive: timeout=5",
                        "Proxy-Connection: keep-alive",
                        "TE: gzip",
                        "x-mine: secret",
                        "X-Other: stays")
                .fields();
        assertThat(fields.has("Keep-Alive")).isFalse();
        assertThat(fields.has("Proxy-Connection")).isFalse();
        assertThat(fields.has("TE")).isFalse();
        assertThat(fields.has("X-Mine")).isFalse();
        assertThat(fields.lists("Connection", "X-Mine")).isFalse();
        assertThat(fields.only("X-Other")).contains("stays");
    }

    @Test
    void connection_lines_are_read_together() throws IOException {
        Fields fields = sent(
                        untrusting,
                        "GET / HTTP/1.1",
                        "X-A: 1",
                        "Connection: X-B",
                        "Host: app.example",
                        "Connection: x-a",
                        "X-B: 2",
                        "X-C: 3")
                .fields();
        assertThat(fields.has("X-A")).isFalse();
        assertThat(fields.has("X-B")).isFalse();
        assertThat(fields.only("X-C")).contains("3");
    }

    @Test
    void te_trailers_passes() throws IOException {
        Fields fields = sent(untrusting, "GET / HTTP/1.1", "Host: app.example", "Connection: TE", "TE: trailers")
                .fields();
        assertThat(fields.only("TE")).contains("trailers");
        assertThat(fields.only("Connection")).contains("TE");
    }

    @Test
    void connection_cannot_name_what_the_target_relies_on() throws IOException {
        Fields fields = sent(
                        untrusting,
                        "POST / HTTP/1.1",
                        "Host: app.example",
                        "Connection: Host, Content-Length, X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host,"
                                + " X-Forwarded-Port, Forwarded, X-Request-Id",
                        "Content-Length: 0")
                .fields();
        assertThat(fields.only("Host")).contains("app.example");
        assertThat(fields.only("Content-Length")).contains("0");
        assertForwardedFromHere(fields);
    }

    @Test
    void connection_cannot_name_the_framing_away() throws IOException {
        try (RawClient client = untrusting.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: app.example\r\nConnection: Transfer-Encoding\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailing: field\r\n\r\n");
            assertThat(client.read("POST").status()).isEqualTo(200);
        }
        Arrival arrival = blue.onlyArrival();
        assertThat(arrival.head().fields().only("Transfer-Encoding")).contains("chunked");
        assertThat(arrival.body().orElseThrow().content()).asString().isEqualTo("hello");
    }

    @Test
    void a_stranger_cannot_forge_where_it_comes_from() throws IOException {
        Fields fields = sent(
                        untrusting,
                        "GET / HTTP/1.1",
                        "Host: app.example",
                        "X-Forwarded-For: 1.2.3.4",
                        "x-forwarded-for: 5.6.7.8",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: evil.example",
                        "X-Forwarded-Port: 443",
                        "Forwarded: for=1.2.3.4;proto=https")
                .fields();
        assertForwardedFromHere(fields);
    }

    @Test
    void a_trusted_proxy_is_believed_and_appended_to() throws IOException {
        Fields fields = sent(
                        trusting,
                        "GET / HTTP/1.1",
                        "Host: app.example",
                        "X-Forwarded-For: 1.2.3.4",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: shop.example",
                        "X-Forwarded-Port: 443",
                        "Forwarded: for=1.2.3.4;proto=https",
                        "X-Request-Id: given-1")
                .fields();
        assertThat(list(fields, "X-Forwarded-For")).containsExactly("1.2.3.4", "127.0.0.1");
        assertThat(list(fields, "X-Forwarded-Proto")).startsWith("https");
        assertThat(list(fields, "X-Forwarded-Host")).startsWith("shop.example");
        assertThat(list(fields, "X-Forwarded-Port")).startsWith("443");
        assertThat(list(fields, "Forwarded")).hasSize(2).first().isEqualTo("for=1.2.3.4;proto=https");
        assertThat(list(fields, "Forwarded").get(1)).contains("for=127.0.0.1");
        assertThat(fields.only("X-Request-Id")).contains("given-1");
    }

    @Test
    void a_trusted_proxy_that_says_nothing_gets_what_a_stranger_gets() throws IOException {
        assertForwardedFromHere(
                sent(trusting, "GET / HTTP/1.1", "Host: app.example").fields());
    }

    @Test
    void every_request_gets_an_id_of_its_own() throws IOException {
        String first = sent(untrusting, "GET / HTTP/1.1", "Host: app.example")
                .fields()
                .only("X-Request-Id")
                .orElseThrow();
        blue.forget();
        String second = sent(untrusting, "GET / HTTP/1.1", "Host: app.example")
                .fields()
                .only("X-Request-Id")
                .orElseThrow();
        assertThat(first).hasSizeGreaterThan(8).isNotEqualTo(second);
    }

    @Test
    void hop_by_hop_headers_of_a_response_stay_here_too() throws IOException {
        Response response = got(
                "Connection: X-Mine, keep-alive",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "X-Mine: secret",
                "X-Other: stays");
        assertThat(response.fields().has("X-Mine")).isFalse();
        assertThat(response.fields().has("Proxy-Connection")).isFalse();
        assertThat(response.fields().all("Keep-Alive")).doesNotContain("timeout=5");
        assertThat(response.fields().lists("Connection", "X-Mine")).isFalse();
        assertThat(response.fields().only("X-Other")).contains("stays");
    }

    @Test
    void a_response_cannot_name_its_length_away() throws IOException {
        Response response = got("Connection: Content-Length");
        assertThat(response.fields().only("Content-Length")).contains("5");
        assertThat(response.text()).isEqualTo("hello");
    }

    @Test
    void a_targets_close_is_not_the_clients() throws IOException {
        blue.next(
                Effect.raw("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", SocketEnd.CLOSE));
        try (RawClient client = untrusting.connect()) {
            assertThat(client.get("/").read().announcesClose()).isFalse();
            assertThat(client.get("/").read().text()).isEqualTo("ok");
        }
    }

    @Test
    void everything_else_of_a_response_passes_in_its_order_and_letters() throws IOException {
        Response response = got("set-Cookie: a=b", "X-A: \u00e4", "Set-Cookie: c=d", "Server: theirs", "Date: then");
        assertThat(response.fields().lines())
                .containsSubsequence(
                        new Field("set-Cookie", "a=b"),
                        new Field("X-A", "\u00e4"),
                        new Field("Set-Cookie", "c=d"),
                        new Field("Server", "theirs"),
                        new Field("Date", "then"));
        assertThat(response.fields().has("Via")).isFalse();
        assertThat(response.fields().has("X-Turnout")).isFalse();
        assertThat(response.reason()).isEqualTo("Fine");
    }

    /** CGI, WSGI and PHP make the same variable of both. */
    @Test
    void a_name_that_only_its_separators_tell_from_turnouts_own_stays_here() throws IOException {
        String[] lines = {
            "GET / HTTP/1.1",
            "Host: app.example",
            "X_Forwarded_For: 6.6.6.6",
            "X-Forwarded_Proto: https",
            "X_Request_Id: forged",
            "X_Real_IP: 6.6.6.6",
            "X_Mine: stays"
        };
        for (TurnoutProcess turnout : List.of(untrusting, trusting)) {
            blue.forget();
            Fields fields = sent(turnout, lines).fields();
            assertThat(fields.lines())
                    .noneMatch(line -> line.name().contains("_") && !line.name().equals("X_Mine"));
            assertThat(fields.only("X_Mine")).contains("stays");
            assertForwardedFromHere(fields);
        }
    }

    @Test
    void only_a_trusted_proxy_may_say_what_frameworks_believe() throws IOException {
        String[] lines = {
            "GET / HTTP/1.1",
            "Host: app.example",
            "X-Real-IP: 6.6.6.6",
            "X-Forwarded-Prefix: /evil",
            "X-Original-URL: /admin",
            "Client-Cert: :eA==:"
        };
        List<String> names = List.of("X-Real-IP", "X-Forwarded-Prefix", "X-Original-URL", "Client-Cert");
        Fields ofStranger = sent(untrusting, lines).fields();
        assertThat(names).noneMatch(ofStranger::has);
        blue.forget();
        Fields ofProxy = sent(trusting, lines).fields();
        assertThat(names).allMatch(ofProxy::has);
    }

    @Test
    void a_trailer_cannot_say_what_the_head_may_not() throws IOException {
        for (String line : List.of("X-Real-IP: 6.6.6.6", "X_Forwarded_For: 6.6.6.6", "Authorization: Bearer x")) {
            try (RawClient client = untrusting.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: app.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + line
                        + "\r\n\r\n");
                assertThat(client.read("POST").status()).as(line).isEqualTo(400);
            }
        }
        assertThat(blue.arrivals()).isEmpty();
    }

    @Test
    void a_response_without_a_date_gets_one_and_keeps_all_else() throws IOException {
        Response response = got("Server: theirs");
        assertThat(response.fields().only("Date").orElseThrow())
                .matches("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
        assertThat(response.fields().only("Server")).contains("theirs");
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.reason()).isEqualTo("Fine");
    }

    @Test
    void a_426_says_what_it_requires() throws IOException {
        blue.next(Effect.raw("HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Content-Length: 0\r\n\r\n"));
        try (RawClient client = untrusting.connect()) {
            Response response = client.get("/").read();
            assertThat(response.fields().only("Upgrade")).contains("websocket");
            assertThat(response.fields().lists("Connection", "Upgrade")).isTrue();
        }
    }

    /** {@code ab -k} waited for the end of the connection. */
    @Test
    void an_answer_of_turnouts_own_tells_an_http_1_0_client_that_the_connection_stays() throws IOException {
        blue.next(Effect.raw("this is no HTTP\r\n\r\n"));
        try (RawClient client = untrusting.connect()) {
            String request = "GET / HTTP/1.0\r\nHost: app.example\r\nConnection: keep-alive\r\n\r\n";
            Response own = client.send(request).read();
            assertThat(own.status()).isEqualTo(502);
            assertThat(own.fields().only("Connection")).contains("keep-alive");
            assertThat(own.fields().has("Date")).isTrue();
            assertThat(client.send(request).read().status()).isEqualTo(200);
        }
    }

    @Test
    void an_http_1_0_client_gets_no_coding_with_head_either() throws IOException {
        blue.next(Effect.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n"));
        try (RawClient client = untrusting.connect()) {
            client.send("HEAD / HTTP/1.0\r\nHost: app.example\r\nExpect: 100-continue\r\n\r\n");
            Response response = client.read("HEAD");
            assertThat(response.fields().has("Transfer-Encoding")).isFalse();
            assertThat(response.fields().has("Trailer")).isFalse();
        }
        assertThat(blue.onlyArrival().head().fields().has("Expect")).isFalse();
    }

    private Response got(String... lines) throws IOException {
        blue.next(Effect.raw(
                "HTTP/1.1 200 Fine\r\n" + String.join("\r\n", lines) + "\r\nContent-Length: 5\r\n\r\nhello"));
        try (RawClient client = untrusting.connect()) {
            return client.get("/").read();
        }
    }

    private ReceivedHead sent(TurnoutProcess turnout, String... lines) throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send(String.join("\r\n", lines) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(blue.violations()).isEmpty();
        return blue.onlyArrival().head();
    }

    private void assertForwardedFromHere(Fields fields) {
        assertThat(fields.only("X-Forwarded-For")).contains("127.0.0.1");
        assertThat(fields.only("X-Forwarded-Proto")).contains("http");
        assertThat(fields.only("X-Forwarded-Host")).contains("app.example");
        assertThat(fields.only("X-Forwarded-Port")).isPresent().get().asString().matches("[0-9]+");
        assertThat(fields.only("Forwarded")
                        .orElseThrow()
                        .toLowerCase(Locale.ROOT)
                        .replace("\"", "")
                        .split(";"))
                .contains("for=127.0.0.1", "host=app.example", "proto=http");
        assertThat(fields.only("X-Request-Id")).isPresent();
    }

    private static List<String> list(Fields fields, String name) {
        return fields.all(name).stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .map(String::strip)
                .toList();
    }
}
