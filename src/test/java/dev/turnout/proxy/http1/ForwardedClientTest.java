package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each line: what a trusted proxy at 10.0.0.2 sends with Host shop.example, and what a target gets of it. */
final class ForwardedClientTest {

    private static final ClientInfo PROXY = new ClientInfo("10.0.0.2", "http", "10.0.0.1:80", true);
    private static final String FOR = "X-Forwarded-For: ";
    private static final String PROTO = "X-Forwarded-Proto: ";
    private static final String HOST = "X-Forwarded-Host: ";
    private static final String PORT = "X-Forwarded-Port: ";
    private static final String FORWARDED = "Forwarded: ";

    private static Arguments row(
            String sent, String addresses, String proto, String host, String port, String forwarded) {
        return Arguments.of(sent, addresses, proto, host, port, forwarded);
    }

    static Stream<Arguments> rows() {
        String shop = "shop.example";
        return Stream.of(
                // Neither family.
                row("", "10.0.0.2", "http", shop, "80", "for=10.0.0.2;proto=http;host=\"shop.example\""),
                // X-Forwarded-* only.
                row(
                        FOR + "203.0.113.9\r\n" + PROTO + "https",
                        "203.0.113.9, 10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=203.0.113.9;proto=https;host=\"shop.example\", for=10.0.0.2"),
                row(
                        PROTO + "https",
                        "10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=10.0.0.2;proto=https;host=\"shop.example\""),
                row(
                        FOR + "203.0.113.9",
                        "203.0.113.9, 10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=203.0.113.9;proto=http;host=\"shop.example\", for=10.0.0.2"),
                row(
                        HOST + "www.example",
                        "10.0.0.2",
                        "http",
                        "www.example",
                        "80",
                        "for=10.0.0.2;proto=http;host=\"www.example\""),
                row(
                        PROTO + "HTTPS\r\n" + HOST + "www.example:8443",
                        "10.0.0.2",
                        "HTTPS",
                        "www.example:8443",
                        "8443",
                        "for=10.0.0.2;proto=HTTPS;host=\"www.example:8443\""),
                row(
                        PROTO + "https\r\n" + PORT + "8443",
                        "10.0.0.2",
                        "https",
                        shop,
                        "8443",
                        "for=10.0.0.2;proto=https;host=\"shop.example:8443\""),
                row(
                        PROTO + "https\r\n" + PORT + "443\r\n" + HOST + "www.example:8080",
                        "10.0.0.2",
                        "https",
                        "www.example:8080",
                        "443",
                        "for=10.0.0.2;proto=https;host=\"www.example\""),
                row(
                        FOR + "203.0.113.9, 2001:db8::1\r\n" + FOR + "198.51.100.1:4711,[2001:db8::2]:1, [2001:db8::3]",
                        "203.0.113.9, 2001:db8::1, 198.51.100.1:4711,[2001:db8::2]:1, [2001:db8::3], 10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=203.0.113.9;proto=http;host=\"shop.example\", for=\"[2001:db8::1]\","
                                + " for=\"198.51.100.1:4711\", for=\"[2001:db8::2]:1\", for=\"[2001:db8::3]\", for=10.0.0.2"),
                row(
                        PROTO + "https, http\r\n" + HOST + "a.example, b.example\r\n" + FOR + "203.0.113.9",
                        "203.0.113.9, 10.0.0.2",
                        "https, http",
                        "a.example, b.example",
                        "443",
                        "for=203.0.113.9;proto=https;host=\"a.example\", for=10.0.0.2"),
                row(PROTO + "wss", "10.0.0.2", "wss", shop, "443", "for=10.0.0.2;proto=wss;host=\"shop.example\""),
                row(
                        "X-Forwarded-Ssl: on",
                        "10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=10.0.0.2;proto=https;host=\"shop.example\""),
                row(
                        "Front-End-Https: On",
                        "10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=10.0.0.2;proto=https;host=\"shop.example\""),
                row(
                        "X-Forwarded-Scheme: https",
                        "10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=10.0.0.2;proto=https;host=\"shop.example\""),
                row(
                        "X-Forwarded-Ssl: off\r\n" + PROTO,
                        "10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=10.0.0.2;proto=http;host=\"shop.example\""),
                // X-Forwarded-* that can't be converted: no Forwarded at all.
                row(FOR + "unknown\r\n" + PROTO + "https", "unknown, 10.0.0.2", "https", shop, "443", null),
                row(FOR + "203.0.113.9, evil;x", "203.0.113.9, evil;x, 10.0.0.2", "http", shop, "80", null),
                row(FOR + "1.2.3", "1.2.3, 10.0.0.2", "http", shop, "80", null),
                row(FOR + "fe80::1%eth0", "fe80::1%eth0, 10.0.0.2", "http", shop, "80", null),
                row(PROTO + "https\";for=x", "10.0.0.2", "https\";for=x", shop, "80", null),
                row(HOST + "a\";for=x", "10.0.0.2", "http", "a\";for=x", "80", null),
                // Forwarded only.
                row(
                        FORWARDED + "for=203.0.113.9;proto=https;host=www.example",
                        "203.0.113.9, 10.0.0.2",
                        "https",
                        "www.example",
                        "443",
                        "for=203.0.113.9;proto=https;host=www.example, for=10.0.0.2"),
                row(
                        FORWARDED
                                + "For=\"[2001:db8::1]:4711\" ; Host=\"www.example:8443\", for=198.51.100.1;PROTO=https",
                        "2001:db8::1, 198.51.100.1, 10.0.0.2",
                        "https",
                        "www.example:8443",
                        "8443",
                        "For=\"[2001:db8::1]:4711\" ; Host=\"www.example:8443\", for=198.51.100.1;PROTO=https, for=10.0.0.2"),
                row(
                        FORWARDED + "for=203.0.113.9\r\n" + FORWARDED + "proto=https;by=_x",
                        "203.0.113.9, 10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=203.0.113.9, proto=https;by=_x, for=10.0.0.2"),
                row(
                        FORWARDED + "for=unknown;proto=https, for=_hidden",
                        "10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=unknown;proto=https, for=_hidden, for=10.0.0.2"),
                row(
                        FORWARDED + "for=203.0.113.9:80",
                        "203.0.113.9, 10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=203.0.113.9:80, for=10.0.0.2"),
                // Both, and they agree.
                row(
                        FOR + "203.0.113.9\r\n" + PROTO + "https\r\n" + FORWARDED + "for=203.0.113.9;proto=https",
                        "203.0.113.9, 10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=203.0.113.9;proto=https, for=10.0.0.2"),
                row(
                        FOR + "203.0.113.9\r\n" + FORWARDED + "for=\"203.0.113.9:1\";proto=https;host=\"www.example\"",
                        "203.0.113.9, 10.0.0.2",
                        "https",
                        "www.example",
                        "443",
                        "for=\"203.0.113.9:1\";proto=https;host=\"www.example\", for=10.0.0.2"),
                row(
                        FOR + "203.0.113.9\r\n" + FORWARDED + "for=unknown",
                        "203.0.113.9, 10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=unknown, for=10.0.0.2"),
                // Both, and they contradict: a client's own Forwarded that the proxy has passed.
                row(
                        FOR + "203.0.113.9\r\n" + PROTO + "https\r\n" + FORWARDED + "for=6.6.6.6;proto=https",
                        "203.0.113.9, 10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=203.0.113.9;proto=https;host=\"shop.example\", for=10.0.0.2"),
                row(
                        PROTO + "https\r\n" + FORWARDED + "for=203.0.113.9;proto=http",
                        "10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=10.0.0.2;proto=https;host=\"shop.example\""),
                row(
                        HOST + "www.example\r\n" + FORWARDED + "host=evil.example",
                        "10.0.0.2",
                        "http",
                        "www.example",
                        "80",
                        "for=10.0.0.2;proto=http;host=\"www.example\""),
                row(
                        PROTO + "https\r\n" + PORT + "8443\r\n" + FORWARDED + "host=shop.example;proto=https",
                        "10.0.0.2",
                        "https",
                        shop,
                        "8443",
                        "for=10.0.0.2;proto=https;host=\"shop.example:8443\""),
                row(FOR + "unknown\r\n" + FORWARDED + "for=6.6.6.6", "unknown, 10.0.0.2", "http", shop, "80", null),
                // A malformed Forwarded is none.
                row(
                        PROTO + "https\r\n" + FORWARDED + "for=\"x",
                        "10.0.0.2",
                        "https",
                        shop,
                        "443",
                        "for=10.0.0.2;proto=https;host=\"shop.example\""),
                row(
                        FORWARDED + "for=6.6.6.6 proto=https",
                        "10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=10.0.0.2;proto=http;host=\"shop.example\""),
                row(
                        FORWARDED + "host=\"a\\\"b\"",
                        "10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=10.0.0.2;proto=http;host=\"shop.example\""),
                row(
                        FORWARDED + "host=\"a b\"",
                        "10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=10.0.0.2;proto=http;host=\"shop.example\""),
                row(
                        FORWARDED + ",;,",
                        "10.0.0.2",
                        "http",
                        shop,
                        "80",
                        "for=10.0.0.2;proto=http;host=\"shop.example\""));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_two_families_never_contradict_each_other(
            String sent, String addresses, String proto, String host, String port, String forwarded) {
        StrictHead got = rewritten(sent);
        assertThat(got.fields().all("X-Forwarded-For")).containsExactly(addresses);
        assertThat(got.fields().all("X-Forwarded-Proto")).containsExactly(proto);
        assertThat(got.fields().all("X-Forwarded-Host")).containsExactly(host);
        assertThat(got.fields().all("X-Forwarded-Port")).containsExactly(port);
        assertThat(got.fields().all("Forwarded")).isEqualTo(forwarded == null ? List.of() : List.of(forwarded));
    }

    static Stream<Arguments> schemes() {
        return Stream.of(
                Arguments.of("", false),
                Arguments.of(PROTO + "https", true),
                Arguments.of(PROTO + "http, https", false),
                Arguments.of(FORWARDED + "proto=https", true),
                Arguments.of("X-Forwarded-Ssl: on", true),
                Arguments.of(PROTO + "http\r\n" + FORWARDED + "proto=https", false));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void a_cookie_is_secure_by_the_same_word(String sent, boolean secure) {
        assertThat(PROXY.isHttps(scanned(sent))).isEqualTo(secure);
        assertThat(new ClientInfo("10.0.0.2", "http", "h", false).isHttps(scanned(sent)))
                .isFalse();
    }

    private static RequestHead scanned(String lines) {
        String text = "GET / HTTP/1.1\r\nHost: shop.example\r\n" + lines + (lines.isEmpty() ? "" : "\r\n") + "\r\n";
        byte[] bytes = text.getBytes(ISO_8859_1);
        RequestHead head = new RequestHead(16 * 1024);
        assertThat(head.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return head;
    }

    private static StrictHead rewritten(String lines) {
        HeadWriter out = new HeadWriter();
        new RequestRewriter(new byte[32], ForgedFields.of(List.of()), null)
                .rewrite(scanned(lines), PROXY, 0, new byte[0], RequestRewriter.AS_FRAMED, out);
        byte[] bytes = new byte[out.length()];
        System.arraycopy(out.bytes(), 0, bytes, 0, bytes.length);
        // The request id is zeros here, which no field may hold.
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == 0 ? (byte) '0' : bytes[i];
        }
        return ((StrictHead.Whole) StrictHead.request(bytes)).head();
    }
}
