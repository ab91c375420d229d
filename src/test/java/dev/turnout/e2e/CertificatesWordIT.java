package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Ports;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TrustAll;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("turnout certificates, as it is typed, and the calls of its API")
final class CertificatesWordIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final TestAuthority authority = TestAuthority.root("Test Authority");

    @TempDir
    private Path folder;

    private Path certificates;
    private TurnoutProcess turnout;

    private void start() throws Exception {
        certificates = Files.createDirectory(folder.resolve("certificates"));
        authority.issue("shop.example.com", "www.example.com").write(certificates, "shop");
        turnout = arena.start(TurnoutProcess.with()
                .blue(arena.application("blue"))
                .green(arena.application("green"))
                .set("turnout.tls.port", String.valueOf(Ports.next()))
                .set("turnout.tls.directory", certificates.toString()));
    }

    private TurnoutCommand certificates(String... words) throws InterruptedException {
        return run(List.of(), "certificates", words);
    }

    private TurnoutCommand korean(String word, String... words) throws InterruptedException {
        return run(List.of("LC_ALL=ko_KR.UTF-8"), word, words);
    }

    private TurnoutCommand run(List<String> variables, String word, String... words) throws InterruptedException {
        List<String> line =
                TurnoutCommand.line(word, "--url", turnout.adminAddress().toString());
        line.addAll(List.of(words));
        TurnoutCommand command = TurnoutCommand.start(folder, variables, line);
        command.exit();
        return command;
    }

    /** Returns the certificate that a new client gets. */
    private X509Certificate served() throws Exception {
        URI front = turnout.secureFront();
        try (SSLSocket socket =
                (SSLSocket) TrustAll.context().getSocketFactory().createSocket(front.getHost(), front.getPort())) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void the_list_has_names_issuer_days_left_and_source() throws Exception {
        start();

        TurnoutCommand list = certificates();

        assertThat(list.exit()).isZero();
        assertThat(list.out().lines().toList())
                .satisfiesExactly(
                        head -> assertThat(head).matches("NAMES +ISSUER +DAYS LEFT +SOURCE +LAST ERROR"),
                        row -> assertThat(row)
                                .matches("shop\\.example\\.com \\+1 +.*Test Authority.* +89 +directory +-"));
        JsonObject json = new JsonObject(certificates("--json").out());
        assertThat(json.getJsonArray("certificates").getJsonObject(0).getJsonArray("names"))
                .containsExactlyInAnyOrder("shop.example.com", "www.example.com");
        assertThat(turnout.admin().get("/q/metrics").text())
                .containsPattern(
                        "turnout_certificate_not_after_seconds\\{.*name=\"shop\\.example\\.com\".*\\} [0-9.E]+")
                .containsPattern("turnout_certificate_failed\\{.*\\} 0\\.0");
    }

    @Test
    void a_reload_serves_a_changed_file_and_says_so() throws Exception {
        start();
        TestAuthority.Issued renewed = authority.issue("shop.example.com");
        renewed.write(certificates, "shop");

        TurnoutCommand reload = certificates("reload");

        assertThat(reload.exit()).isZero();
        assertThat(reload.out()).contains("The new certificates are served:", "shop.example.com, issued by");
        assertThat(served()).isEqualTo(renewed.certificate());
        assertThat(certificates("reload").out()).contains("Nothing has changed in the certificates: 1 are served");
    }

    @Test
    void who_watches_the_events_hears_of_a_renewal_and_of_a_failure() throws Exception {
        start();
        TurnoutCommand events = TurnoutCommand.start(
                folder,
                List.of(),
                TurnoutCommand.line("events", "--url", turnout.adminAddress().toString()));
        Await.until("the stream is open", () -> events.out().contains("status"));
        authority.issue("shop.example.com").write(certificates, "shop");
        assertThat(certificates("reload").exit()).isZero();
        Files.writeString(certificates.resolve("shop.crt"), "broken");
        certificates("reload");
        Await.until("both are told", () -> events.out().contains("certificate-failed"));
        events.signal("TERM");
        assertThat(events.out())
                .containsPattern("certificate +verdict=certificate-renewed names=shop\\.example\\.com file=.*shop\\.crt"
                        + " daysLeft=89")
                .containsPattern("certificate +verdict=certificate-failed names=shop.* reason=.*holds no certificate");
    }

    @Test
    void a_key_that_does_not_fit_ends_with_1_and_the_old_certificate_stays() throws Exception {
        start();
        X509Certificate before = served();
        Files.writeString(
                certificates.resolve("shop.key"),
                authority.issue("shop.example.com").keyPem());

        TurnoutCommand reload = certificates("reload");

        assertThat(reload.exit()).isEqualTo(1);
        assertThat(reload.err()).contains("the old one stays in use", "shop.key", "Next: repair the file");
        assertThat(served()).isEqualTo(before);
        assertThat(certificates().out()).contains("shop.key");
        assertThat(turnout.admin().status().getJsonArray("warnings").encode()).contains("shop.key");
        assertThat(turnout.admin().get("/q/metrics").text())
                .containsPattern("turnout_certificate_failed\\{.*\\} 1\\.0");
        assertThat(turnout.admin()
                        .post("/admin/certificates/reload")
                        .expect(422)
                        .json()
                        .getString("type"))
                .endsWith(":bad-certificate");
    }

    @Test
    void who_reads_korean_learns_in_korean_why_a_certificate_is_not_taken() throws Exception {
        start();
        Files.writeString(certificates.resolve("shop.crt"), "broken");
        String reason = "shop.crt: 인증서가 들어 있지 않습니다";

        assertThat(korean("certificates", "reload").err()).contains(reason, "이전 인증서를 계속");
        assertThat(korean("certificates").out()).contains(reason, "파일을 고치면 10초 안에 다시 읽습니다.");
        assertThat(korean("status").out()).contains(reason);
        assertThat(certificates().out()).contains("shop.crt: it holds no certificate");
    }

    @Test
    void a_certificate_that_ends_soon_is_a_warning_of_the_status() throws Exception {
        start();
        authority
                .issue(
                        Instant.now().minus(Duration.ofDays(80)),
                        Instant.now().plus(Duration.ofDays(10)),
                        "shop.example.com")
                .write(certificates, "shop");
        assertThat(certificates("reload").exit()).isZero();

        assertThat(turnout.admin().status().getJsonArray("warnings").encode())
                .contains("The certificate for shop.example.com", "ends in 9 days");
    }

    @Test
    void another_word_behind_it_is_refused() throws Exception {
        start();

        TurnoutCommand wrong = certificates("renew");

        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("'renew' is not known here");
    }
}
