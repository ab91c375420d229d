package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The program serves new certificates without a restart, and no client notices")
@Tag("alone")
final class CertificatesIT {

    private static final int RELOADS = Rounds.of(25, 1_000);
    private static final int HANDSHAKES_PER_SECOND = 200;

    /** The long form needs a machine of its own. */
    private static final Duration MOST = Duration.ofSeconds(Rounds.of(30, 1));

    private static final String NAME = "shop.example";
    private static final String LAST_REQUEST = "GET / HTTP/1.1\r\nHost: " + NAME + "\r\nConnection: close\r\n\r\n";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final TestAuthority root = TestAuthority.root("Root");
    private final TurnoutProcess.Settings settings = TurnoutProcess.with().inFile();

    @TempDir
    Path temp;

    private TurnoutProcess start() {
        Backend blue = arena.application("blue");
        replace();
        return arena.start(settings.blue(blue)
                .green(arena.application("green"))
                .tls(root, "unused.example")
                .set("turnout.tls.directory", temp.toString()));
    }

    private static Certificate served(TurnoutProcess turnout, String name) {
        try {
            try (RawClient client = RawClient.secure(turnout.secureFront(), name)) {
                return client.session().getPeerCertificates()[0];
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Issued replace() {
        Issued next = root.issue(NAME);
        next.write(temp, NAME);
        return next;
    }

    @Test
    @Guards("T13")
    void a_signal_serves_new_files_at_once_and_open_connections_go_on() throws IOException {
        TurnoutProcess turnout = start();
        try (RawClient before = RawClient.secure(turnout.secureFront(), NAME)) {
            before.send("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n").read();
            Issued next = replace();

            turnout.signal("HUP");

            Await.until(
                    () -> "the new certificate, before the files are looked at anyway",
                    Duration.ofSeconds(8),
                    () -> served(turnout, NAME).equals(next.certificate()));
            assertThat(turnout.log()).contains("is served from now on: " + temp.resolve(NAME + ".crt"));
            assertThat(before.send("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void each_of_a_hundred_pairs_in_a_folder_is_served_for_its_name() {
        Map<String, Certificate> pairs = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            Issued issued = root.issue("shop" + i + ".example");
            issued.write(temp, "shop" + i);
            pairs.put("shop" + i + ".example", issued.certificate());
        }
        TurnoutProcess turnout = start();

        pairs.forEach((name, certificate) -> assertThat(served(turnout, name)).isEqualTo(certificate));
        Issued renewed = root.issue("shop50.example");
        renewed.write(temp, "shop50");
        turnout.admin().post("/admin/certificates/reload").expect(200);

        assertThat(served(turnout, "shop50.example")).isEqualTo(renewed.certificate());
        assertThat(served(turnout, "shop51.example")).isEqualTo(pairs.get("shop51.example"));
    }

    @Test
    void new_files_are_noticed_without_a_word_within_ten_seconds() throws Exception {
        TurnoutProcess turnout = start();
        Issued next = replace();
        long start = System.nanoTime();

        while (!served(turnout, NAME).equals(next.certificate())) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
            Await.pause(Duration.ofMillis(100));
        }
    }

    @Test
    void a_reload_takes_another_certificate_of_the_configuration_or_refuses_all_of_it() throws IOException {
        TurnoutProcess turnout = start();
        Path elsewhere = temp.resolve(".elsewhere");
        settings.set(
                        "turnout.tls.certificates.\"more\".cert",
                        elsewhere.resolve("more.crt").toString())
                .set(
                        "turnout.tls.certificates.\"more\".key",
                        elsewhere.resolve("more.key").toString())
                .write();

        assertThat(turnout.admin().post("/admin/reload").expect(422).text())
                .contains(
                        "turnout.tls.certificates.", "more", "there is no folder " + elsewhere, "Nothing has changed");
        Issued more = root.issue("more.example");
        more.write(Files.createDirectory(elsewhere), "more");
        turnout.admin().post("/admin/reload").expect(200);

        assertThat(served(turnout, "more.example")).isEqualTo(more.certificate());
        assertThat(served(turnout, NAME)).isNotEqualTo(more.certificate());
    }

    @Test
    @RequiresProgram(value = "openssl", debianPackage = "openssl")
    void a_session_is_resumed_after_a_restart_with_a_new_certificate() throws Exception {
        TurnoutProcess turnout = start();
        String session = temp.resolve("session").toString();
        assertThat(ask(turnout.secureFront(), "-sess_out", session)).contains("New, TLSv1.3");
        replace();

        turnout.terminate();
        turnout.awaitExit();
        TurnoutProcess next = arena.keep(turnout.restart());

        assertThat(ask(next.secureFront(), "-sess_in", session)).contains("Reused, TLSv1.3");
    }

    private static String ask(URI front, String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-servername", NAME, "-tls1_3"));
        all.addAll(List.of(options));
        return TlsClient.openssl(front.getPort(), LAST_REQUEST, all);
    }

    @Test
    @Guards("T13")
    void certificates_are_replaced_under_two_hundred_handshakes_a_second_without_a_failure() throws Exception {
        TurnoutProcess turnout = start();
        SslContext client = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        Duration slowest = Duration.ZERO;
        try (HandshakeLoad load = new HandshakeLoad(
                NAME, turnout.secureFront().getPort(), HANDSHAKES_PER_SECOND, client, LAST_REQUEST, "HTTP/1.1 200 ")) {
            for (int i = 0; i < RELOADS; i++) {
                Issued next = replace();
                long start = System.nanoTime();
                turnout.admin().post("/admin/reload").expect(200);
                assertThat(served(turnout, NAME)).isEqualTo(next.certificate());
                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                slowest = taken.compareTo(slowest) > 0 ? taken : slowest;
            }
            System.out.printf(
                    "%d reloads and %d of %d handshakes, slowest new certificate after %d ms, resident %d MiB%n",
                    RELOADS, load.done(), load.begun(), slowest.toMillis(), turnout.residentBytes() >> 20);
            assertThat(load.failures()).isEmpty();
            assertThat(load.done()).isGreaterThan(load.begun() / 2);
        }
        assertThat(slowest).isLessThan(MOST);
    }

    @Test
    void the_keys_of_tickets_are_the_owners_only() throws IOException {
        TurnoutProcess turnout = start();
        Path keys = settings.stateDirectory().resolve("tls/tickets");

        assertThat(Files.getPosixFilePermissions(keys)).hasSize(2);
    }
}
