package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TrustAll;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose host asks clients for another certificate than the connection did, over real TLS connections. */
final class MisdirectedTest {

    private static final String CLOSED = "closed.example";
    private static final char[] NO_PASSWORD = {};

    private final TestAuthority authority = TestAuthority.root("clients");

    @TempDir
    private Path folder;

    private TlsPlane start(String engine, String... more) throws IOException {
        Path ca = Files.writeString(folder.resolve("clients.txt"), authority.pem());
        String[] settings = new String[more.length + 4];
        settings[0] = demandOf(CLOSED);
        settings[1] = "require";
        settings[2] = "turnout.tls.certificates.\"" + CLOSED + "\".client-ca";
        settings[3] = ca.toString();
        System.arraycopy(more, 0, settings, 4, more.length);
        TlsPlane plane = TlsPlane.start(folder, engine, settings);
        plane.backend().always(new Effect.Application("blue"));
        return plane;
    }

    private static String demandOf(String host) {
        return "turnout.tls.certificates.\"" + host + "\".client-auth";
    }

    /** Connects with the name that asks for a certificate, and with a certificate. */
    private RawClient connectClosed(TlsPlane plane) throws Exception {
        TestAuthority.Issued client = authority.issue("client.example");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", client.key(), NO_PASSWORD, client.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext context = TrustAll.context(keys.getKeyManagers());
        return RawClient.secure(context, plane.address(), CLOSED);
    }

    private static String get(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private static void assertMisdirected(Response response) {
        assertThat(response.status()).isEqualTo(421);
        assertThat(response.fields().only("X-Turnout")).contains("misdirected");
        assertThat(response.fields().only("Content-Type")).contains("application/problem+json");
    }

    /** A service with this wildcard gets requests for names that no certificate is for. */
    @Test
    void a_wildcard_requires_one_for_all_that_is_below_it() throws IOException {
        String wildcard = "*.below.example";
        try (TlsPlane plane = start(
                        "auto",
                        demandOf(wildcard),
                        "require",
                        "turnout.tls.certificates.\"" + wildcard + "\".client-ca",
                        folder.resolve("clients.txt").toString());
                RawClient client = plane.connect("TLSv1.3")) {
            for (String host : List.of("a.below.example", "a.b.below.example", "a..below.example")) {
                assertMisdirected(client.send(get(host)).read());
            }
            assertThat(plane.backend().arrivals()).isEmpty();
            assertThat(client.send(get("below.example")).read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_wildcard_that_requires_none_opens_only_what_a_certificate_can_be_for() throws Exception {
        String wildcard = "*.open.example";
        try (TlsPlane plane = start(
                        "auto",
                        "turnout.tls.client-auth",
                        "require",
                        "turnout.tls.client-ca",
                        folder.resolve("clients.txt").toString(),
                        demandOf(wildcard),
                        "none");
                RawClient client = RawClient.secure(TrustAll.context(), plane.address(), "a.open.example")) {
            assertThat(client.send(get("b.open.example")).read().status()).isEqualTo(200);
            assertMisdirected(client.send(get("a.b.open.example")).read());
        }
    }

    @ParameterizedTest
    @CsvSource({"boringssl, TLSv1.3", "boringssl, TLSv1.2", "jdk, TLSv1.3", "jdk, TLSv1.2"})
    void a_connection_without_a_certificate_does_not_reach_a_host_that_requires_one(String engine, String version)
            throws IOException {
        try (TlsPlane plane = start(engine);
                RawClient client = plane.connect(version)) {
            assertMisdirected(client.send(get(CLOSED)).read());
            assertMisdirected(client.send(get("CLOSED.Example.")).read());
            assertMisdirected(client.send(get(CLOSED + ":443")).read());
            assertMisdirected(client.send(get(CLOSED + ".:8443")).read());
            assertMisdirected(client.send(get(CLOSED + ":")).read());
            assertMisdirected(client.send("GET https://closed.example:443/ HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                    .read());
            assertMisdirected(client.send("GET / HTTP/1.0\r\nHost: closed.example\r\nConnection: keep-alive\r\n\r\n")
                    .read());
            assertMisdirected(client.send("POST / HTTP/1.1\r\nHost: closed.example\r\nContent-Length: 3\r\n\r\nabc")
                    .read());
            assertThat(plane.backend().arrivals()).isEmpty();
            assertThat(client.send(get(TlsPlane.NAME)).read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void hosts_of_the_policy_of_the_connection_are_served(String engine) throws IOException {
        try (TlsPlane plane = start(engine);
                RawClient client = plane.connect("TLSv1.3")) {
            assertThat(client.send(get("shop.example:8443")).read().status()).isEqualTo(200);
            assertThat(client.send(get("unknown.example")).read().status()).isEqualTo(200);
            assertThat(client.send(get("[::1]:443")).read().status()).isEqualTo(200);
            assertThat(client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
            int before = plane.backend().arrivals().size();
            assertThat(client.send("GET https://shop.example/ HTTP/1.1\r\nHost: closed.example\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(plane.backend().arrivals().get(before).head().fields().only("Host"))
                    .contains(TlsPlane.NAME);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void a_connection_with_a_certificate_reaches_its_own_host_only(String engine) throws Exception {
        try (TlsPlane plane = start(engine);
                RawClient client = connectClosed(plane)) {
            assertThat(client.send(get(CLOSED)).read().status()).isEqualTo(200);
            assertMisdirected(client.send(get(TlsPlane.NAME)).read());
            assertMisdirected(client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    .read());
            assertThat(client.send(get(CLOSED + ":8443")).read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void a_change_of_policies_holds_for_the_next_request_of_an_open_connection(String engine) throws Exception {
        try (TlsPlane plane = start(engine);
                RawClient client = plane.connect("TLSv1.3");
                RawClient closed = connectClosed(plane)) {
            assertMisdirected(client.send(get(CLOSED)).read());
            plane.certificates().reload();
            assertThat(closed.send(get(CLOSED)).read().status()).isEqualTo(200);
            plane.change(demandOf(CLOSED), "none");
            assertThat(client.send(get(CLOSED)).read().status()).isEqualTo(200);
            assertMisdirected(closed.send(get(CLOSED)).read());
            plane.change(demandOf(CLOSED), "require");
            assertMisdirected(client.send(get(CLOSED)).read());
            assertThat(closed.send(get(CLOSED)).read().status()).isEqualTo(200);
        }
    }

    @Test
    void other_authorities_are_another_policy() throws Exception {
        try (TlsPlane plane = start("auto");
                RawClient closed = connectClosed(plane)) {
            assertThat(closed.send(get(CLOSED)).read().status()).isEqualTo(200);
            Files.writeString(
                    folder.resolve("clients.txt"), TestAuthority.root("others").pem());
            plane.certificates().reload();
            assertMisdirected(closed.send(get(CLOSED)).read());
        }
    }

    @Test
    void challenges_come_before_and_the_question_of_a_load_balancer_and_redirects_behind() throws IOException {
        try (TlsPlane plane = start(
                        "auto",
                        "turnout.ready.path",
                        "/ready",
                        "turnout.tls.redirect",
                        "true",
                        "turnout.trusted-proxies",
                        "127.0.0.1");
                RawClient client = plane.connect("TLSv1.3")) {
            plane.plane().httpChallenges().offer("token", "token.thumb");
            assertThat(client.send("GET /.well-known/acme-challenge/token HTTP/1.1\r\nHost: closed.example\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
            assertMisdirected(client.send("GET /ready HTTP/1.1\r\nHost: closed.example\r\n\r\n")
                    .read());
            assertThat(client.send("GET /ready HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
            String plain = "GET / HTTP/1.1\r\nX-Forwarded-Proto: http\r\nHost: ";
            assertMisdirected(client.send(plain + "closed.example\r\n\r\n").read());
            assertThat(client.send(plain + "shop.example\r\n\r\n").read().status())
                    .isEqualTo(301);
        }
    }

    @Test
    void plain_http_has_no_policy() throws IOException {
        try (TlsPlane plane = start("auto");
                RawClient client = RawClient.to(URI.create(
                        "http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()))) {
            assertThat(client.send(get(CLOSED)).read().status()).isEqualTo(200);
        }
    }
}
