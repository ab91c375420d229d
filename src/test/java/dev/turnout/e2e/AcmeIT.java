package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Etcd;
import dev.turnout.support.Guards;
import dev.turnout.support.Pebble;
import dev.turnout.support.Ports;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The packaged Turnout and a real certificate authority. */
@RequiresProgram(value = "pebble", debianPackage = "pebble")
final class AcmeIT {

    private static final String NAME = "shop.example.com";
    private static final Duration PATIENCE = Await.LONG_PATIENCE;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    @RegisterExtension
    final Pebble pebble = new Pebble();

    private final int plain = Ports.next();
    private final int secure = Ports.next();

    private TurnoutProcess.Settings settings() {
        return settings(plain, secure);
    }

    private TurnoutProcess.Settings settings(int plain, int secure) {
        Backend application = arena.application("blue");
        return TurnoutProcess.with()
                .set("turnout.listen.port", String.valueOf(plain))
                .set("turnout.tls.port", String.valueOf(secure))
                .set("turnout.services.\"shop\".hosts", NAME)
                .set("turnout.services.\"shop\".blue", application.address())
                .set(
                        "turnout.services.\"shop\".green",
                        arena.application("green").address())
                .set("turnout.acme.directory", pebble.directory().toString())
                .set("turnout.acme.ca-file", pebble.caFile().toString())
                .set("turnout.acme.email", "admin@example.com")
                .set("turnout.acme.terms-agreed", "true")
                .set("turnout.acme.self-check", "false");
    }

    /** Takes any certificate, and keeps it. */
    private static final class Seen implements X509TrustManager {

        private X509Certificate certificate;

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            certificate = chain[0];
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Asks for a page by HTTPS on a new connection; returns the certificate. */
    private X509Certificate ask(String name) {
        return ask(secure, name);
    }

    private static X509Certificate ask(int secure, String name) {
        Seen seen = new Seen();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {seen}, null);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", secure)) {
                socket.setSoTimeout(10_000);
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                socket.setSSLParameters(parameters);
                socket.getOutputStream()
                        .write(("GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n").getBytes());
                String answer = new String(socket.getInputStream().readAllBytes());
                assertThat(answer).startsWith("HTTP/1.1 200");
            }
            return seen.certificate;
        } catch (Exception e) {
            throw new AssertionError("no page by HTTPS: " + e, e);
        }
    }

    private static boolean isIssued(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().getName().contains("Pebble");
    }

    private TurnoutProcess.Settings withoutHttps() {
        return TurnoutProcess.with()
                .inFile()
                .set("turnout.listen.port", String.valueOf(plain))
                .set("turnout.services.\"shop\".hosts", NAME)
                .set("turnout.services.\"shop\".blue", arena.application("blue").address())
                .set(
                        "turnout.services.\"shop\".green",
                        arena.application("green").address());
    }

    private TurnoutProcess.Settings orders(TurnoutProcess.Settings settings, String directory) {
        return settings.set("turnout.tls.port", String.valueOf(secure))
                .set("turnout.acme.directory", directory)
                .set("turnout.acme.ca-file", pebble.caFile().toString())
                .set("turnout.acme.email", "admin@example.com")
                .set("turnout.acme.terms-agreed", "true")
                .set("turnout.acme.self-check", "false");
    }

    private static JsonObject reload(TurnoutProcess turnout, TurnoutProcess.Settings settings) {
        settings.write();
        return turnout.admin().post("/admin/reload").expect(200).json();
    }

    private static JsonArray acme(TurnoutProcess turnout) {
        return turnout.admin().get("/admin/certificates").json().getJsonArray("acme");
    }

    private Path own(TurnoutProcess.Settings settings) throws IOException {
        String authority = "localhost-" + pebble.port() + "-dir";
        return settings.stateDirectory().resolve("acme").resolve(authority).resolve(NAME);
    }

    @Test
    void three_lines_and_a_host_give_https_and_a_restart_orders_nothing() throws IOException {
        pebble.start(plain, secure);
        TurnoutProcess.Settings settings = settings();
        TurnoutProcess turnout = arena.start(settings);
        assertThat(turnout.awaitReady()).isNotNull();

        Await.until(() -> "a certificate is served", PATIENCE, () -> isIssued(ask(NAME)));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(own(settings).resolve("key.pem"))))
                .isEqualTo("rw-------");

        turnout.kill9();
        arena.start(settings);
        assertThat(isIssued(ask(NAME))).isTrue();
        assertThat(pebble.orders()).isOne();
    }

    @Test
    void a_kill_in_the_middle_of_an_order_is_followed_by_a_certificate() {
        pebble.environment("PEBBLE_VA_NOSLEEP", "0")
                .environment("PEBBLE_VA_SLEEPTIME", "3")
                .start(plain, secure);
        TurnoutProcess.Settings settings = settings();
        TurnoutProcess turnout = arena.start(settings);
        Await.until(() -> "the authority looks for the proof", PATIENCE, () -> pebble.said()
                .contains("chalZ"));

        turnout.kill9();
        arena.start(settings);

        Await.until(() -> "a certificate is served", PATIENCE, () -> isIssued(ask(NAME)));
        // The authority ends the first order if it looks for the proof while nobody answers.
        assertThat(pebble.orders()).isBetween(1L, 2L);
    }

    /** Starts a Turnout with ports of its own, which shares the folder of its certificates. */
    private TurnoutProcess sharing(Path shared, int plain, int secure) {
        return arena.start(settings(plain, secure).set("turnout.acme.shared", shared.toString()));
    }

    @Test
    @Guards("T6")
    void two_processes_that_share_a_folder_order_once_and_serve_the_same_certificate(@TempDir Path shared) {
        int otherSecure = Ports.next();
        pebble.start(plain, secure);
        TurnoutProcess first = sharing(shared, plain, secure);
        TurnoutProcess second = sharing(shared, Ports.next(), otherSecure);

        awaitSameOfOneOrder(first, second, otherSecure);
    }

    /** Waits until both serve a certificate: it is the same, and was ordered once. */
    private void awaitSameOfOneOrder(TurnoutProcess first, TurnoutProcess second, int otherSecure) {
        Await.until(
                () -> "both serve the certificate, in:\n" + first.log() + second.log(),
                PATIENCE,
                () -> isIssued(ask(secure, NAME)) && isIssued(ask(otherSecure, NAME)));

        assertThat(ask(otherSecure, NAME)).isEqualTo(ask(secure, NAME));
        assertThat(pebble.orders()).isOne();
    }

    @Test
    @RequiresProgram(value = "etcd", debianPackage = "etcd-server")
    void two_members_of_a_fleet_order_once_and_the_other_one_answers_for_the_one_that_orders() {
        try (Etcd etcd = Etcd.start()) {
            int otherPlain = Ports.next();
            int otherSecure = Ports.next();
            String blue = arena.application("blue").address();
            String green = arena.application("green").address();
            List<TurnoutProcess.Settings> settings = List.of(
                    inFleet(etcd, "m0", blue, green),
                    inFleet(etcd, "m1", blue, green).set("turnout.listen.port", String.valueOf(otherPlain)));
            TurnoutProcess first = arena.start(settings.get(0));
            TurnoutProcess second = arena.start(settings.get(1));
            first.admin().post("/admin/fleet/init").expect(200);
            second.admin().post("/admin/fleet/join").expect(200);
            // The authority asks the one that is told of its orders last.
            pebble.start(otherPlain, otherSecure);

            reload(first, orders(settings.get(0), pebble.directory().toString()));
            Await.until(() -> "the first one orders", PATIENCE, () -> pebble.orders() == 1);
            reload(
                    second,
                    orders(settings.get(1), pebble.directory().toString())
                            .set("turnout.tls.port", String.valueOf(otherSecure)));

            awaitSameOfOneOrder(first, second, otherSecure);
        }
    }

    @Test
    @RequiresProgram(value = "etcd", debianPackage = "etcd-server")
    @RequiresProgram(value = "etcdctl", debianPackage = "etcd-client")
    void what_a_machine_has_ordered_before_it_enters_a_fleet_is_the_fleets_at_once() {
        try (Etcd etcd = Etcd.start()) {
            pebble.start(plain, secure);
            TurnoutProcess turnout = arena.start(
                    settings().set("turnout.fleet.endpoints", etcd.addresses()).set("turnout.fleet.member", "m0"));
            Await.until(() -> "a certificate is served", PATIENCE, () -> isIssued(ask(NAME)));

            turnout.admin().post("/admin/fleet/init").expect(200);

            Await.until("the certificate is in etcd", () -> etcd.control(
                            "get", "--prefix", "--keys-only", "/turnout/main/~")
                    .contains("/" + NAME + "/cert.pem"));
            assertThat(pebble.orders()).isOne();
        }
    }

    private TurnoutProcess.Settings inFleet(Etcd etcd, String member, String blue, String green) {
        return withoutHttps()
                .set("turnout.services.\"shop\".blue", blue)
                .set("turnout.services.\"shop\".green", green)
                .set("turnout.fleet.endpoints", etcd.addresses())
                .set("turnout.fleet.member", member);
    }

    @Test
    @Guards("T5")
    void another_process_goes_on_with_the_order_of_one_that_was_killed_with_the_lease(@TempDir Path shared)
            throws IOException {
        int otherPlain = Ports.next();
        int otherSecure = Ports.next();
        // The authority asks the process that has not ordered.
        pebble.environment("PEBBLE_VA_NOSLEEP", "0")
                .environment("PEBBLE_VA_SLEEPTIME", "3")
                .start(otherPlain, otherSecure);
        // Shorter than a lease that a clock that is ahead has written.
        writeLease(shared.resolve("lease.1"), Instant.now().plus(Duration.ofSeconds(100)));
        TurnoutProcess other = sharing(shared, otherPlain, otherSecure);
        // Stopped, so that it does not take the lease first.
        other.signal("STOP");
        writeLease(shared.resolve("lease.1"), Instant.EPOCH);
        TurnoutProcess holder = sharing(shared, plain, secure);
        Await.until(() -> "the first one orders", PATIENCE, () -> pebble.orders() == 1);
        other.signal("CONT");
        Await.until(() -> "the authority looks for the proof", PATIENCE, () -> pebble.said()
                .contains("chalZ"));

        holder.kill9();
        letTheLeaseExpire(shared);

        Await.until(
                () -> "the other one serves a certificate, in:\n" + other.log(),
                PATIENCE,
                () -> isIssued(ask(otherSecure, NAME)));
        Await.until(() -> "it says so, in:\n" + other.log(), PATIENCE, () -> other.log()
                .contains("has issued the certificate for " + NAME));
        assertThat(pebble.orders()).isOne();
    }

    /** Has the lease of a dead process end; with {@code -Pthorough} its minute is waited for. */
    private static void letTheLeaseExpire(Path shared) throws IOException {
        if (Rounds.of(0, 1) == 1) {
            return;
        }
        Path lease = shared.resolve("lease.2");
        assertThat(Files.readString(lease)).contains("expires");
        writeLease(lease, Instant.EPOCH);
    }

    private static void writeLease(Path file, Instant expires) throws IOException {
        Files.writeString(file, "{\"owner\":\"test\",\"expires\":\"" + expires + "\"}");
    }

    @Test
    void the_first_order_begins_at_a_reload_that_opens_https_too() {
        pebble.start(plain, secure);
        TurnoutProcess.Settings settings = withoutHttps();
        TurnoutProcess turnout = arena.start(settings);
        assertThat(turnout.awaitReady()).isNotNull();

        JsonObject reloaded =
                reload(turnout, orders(settings, pebble.directory().toString()));
        assertThat(reloaded.encode()).doesNotContain("\"restart\":true");
        Await.until(() -> "a certificate is served, in:\n" + turnout.log(), PATIENCE, () -> isIssued(ask(NAME)));
        reload(turnout, settings.set("turnout.show-slot", "true"));

        assertThat(isIssued(ask(NAME))).isTrue();
        assertThat(pebble.orders()).isOne();
    }

    @Test
    void another_authority_and_another_challenge_hold_at_a_reload_and_so_does_none() {
        pebble.start(1, secure);
        TurnoutProcess.Settings settings = withoutHttps();
        TurnoutProcess turnout = arena.start(orders(settings, "https://127.0.0.1:" + Ports.next() + "/dir"));
        Await.until(() -> "the try has failed, in:\n" + turnout.log(), PATIENCE, () -> acme(turnout)
                .encode()
                .contains("does not answer"));

        reload(turnout, orders(settings, pebble.directory().toString()).set("turnout.acme.challenge", "tls-alpn-01"));
        Await.until(() -> "a certificate is served, in:\n" + turnout.log(), PATIENCE, () -> isIssued(ask(NAME)));
        assertThat(pebble.orders()).isOne();

        for (String key : List.of("tls.port", "acme.directory", "acme.ca-file", "acme.email", "acme.terms-agreed")) {
            settings.unset("turnout." + key);
        }
        reload(turnout, settings.unset("turnout.acme.challenge").unset("turnout.acme.self-check"));
        Await.until("nothing is ordered any more", () -> acme(turnout).isEmpty());
    }

    @Test
    void a_certificate_is_issued_while_the_service_is_paused() {
        pebble.start(plain, secure);
        Admin admin;
        TurnoutProcess.Settings settings = settings().set("turnout.acme.names", NAME);
        TurnoutProcess turnout = arena.start(settings);
        admin = turnout.admin();
        admin.post("/admin/pause?service=shop");

        Await.until(() -> "a certificate is stored", PATIENCE, () -> turnout.log()
                .contains("has issued the certificate for " + NAME));
        admin.post("/admin/resume?service=shop");
        assertThat(isIssued(ask(NAME))).isTrue();
    }

    @Test
    void tls_alpn_01_proves_a_name_on_the_port_for_https() {
        pebble.start(1, secure);
        arena.start(settings().set("turnout.acme.challenge", "tls-alpn-01"));

        Await.until(() -> "a certificate is served", PATIENCE, () -> isIssued(ask(NAME)));
        assertThat(pebble.orders()).isOne();
    }

    @Test
    void dns_01_proves_a_wildcard_by_the_hook(@TempDir Path folder) throws IOException {
        pebble.start(1, 1);
        Path hook = folder.resolve("hook.sh");
        Files.writeString(hook, """
                #!/bin/sh
                # $1 is set or clear, $2 the name, $3 the value
                exec curl -sSf -d "{\\"host\\":\\"$2.\\",\\"value\\":\\"$3\\"}" %s$1-txt
                """.formatted(pebble.records().resolve("/")));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        arena.start(settings()
                .set("turnout.acme.names", "*.example.com")
                .set("turnout.acme.challenge", "dns-01")
                .set("turnout.acme.dns-hook", hook.toString())
                .set("turnout.acme.dns-server", "127.0.0.1:" + pebble.nameServer()));

        Await.until(() -> "a certificate is served", PATIENCE, () -> isIssued(ask(NAME)));
        assertThat(pebble.said()).contains("_acme-challenge.example.com.");
        Files.delete(hook);
    }

    @Test
    @Guards("T12")
    void a_name_that_is_not_configured_is_never_ordered() throws IOException {
        pebble.start(plain, secure);
        TurnoutProcess turnout = arena.start(settings());
        Await.until(() -> "a certificate is served", PATIENCE, () -> isIssued(ask(NAME)));

        for (int i = 0; i < 20; i++) {
            try (RawClient client = turnout.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: n" + i + ".example.org\r\n\r\n")
                        .read();
            }
        }

        assertThat(pebble.orders()).isOne();
        assertThat(pebble.said()).doesNotContain("example.org");
    }

    @Test
    void a_certificate_is_renewed_under_load_without_a_failed_request() throws InterruptedException {
        // 600 seconds take 400 to a renewal; 24 take 16.
        int validity = Rounds.of(24, 600);
        pebble.validity(Duration.ofSeconds(validity)).start(plain, secure);
        TurnoutProcess turnout = arena.start(settings());
        Await.until(() -> "a certificate is served", PATIENCE, () -> isIssued(ask(NAME)));
        X509Certificate first = ask(NAME);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        Thread load = new Thread(() -> {
            while (!isOver.get()) {
                try {
                    ask(NAME);
                    requests.incrementAndGet();
                } catch (AssertionError e) {
                    failures.incrementAndGet();
                }
            }
        });
        load.start();

        Await.until(() -> "another certificate is served", Duration.ofSeconds(validity + 30L), () -> !ask(NAME)
                .getSerialNumber()
                .equals(first.getSerialNumber()));
        isOver.set(true);
        load.join();

        System.out.printf(
                "%d requests on new connections during a renewal, %d failed%n", requests.get(), failures.get());
        assertThat(failures).hasValue(0);
        assertThat(turnout.log()).contains("has issued the certificate for " + NAME);
    }
}
