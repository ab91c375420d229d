package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificate of a client on its way to the target. */
@RequiresProgram(value = "curl", debianPackage = "curl")
final class ClientCertificateTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void a_target_gets_the_certificate_that_the_client_has_proved(String engine) throws Exception {
        TestAuthority authority = TestAuthority.root("clients");
        TestAuthority.Issued client = authority.issue("client.example");
        Path ca = folder.resolve("clients.pem");
        Files.writeString(ca, authority.pem());
        Path pem = folder.resolve("client.pem");
        Files.writeString(pem, client.chainPem() + client.keyPem());
        try (TlsPlane plane = TlsPlane.start(
                folder, engine, "turnout.tls.client-auth", "request", "turnout.tls.client-ca", ca.toString())) {
            plane.backend().always(new Effect.Application("blue"));
            assertThat(curl(plane, "--cert", pem.toString())).isEqualTo("200");
            assertThat(certificate(plane, 0))
                    .isEqualTo(":"
                            + Base64.getEncoder()
                                    .encodeToString(client.certificate().getEncoded()) + ":");
            assertThat(curl(plane)).isEqualTo("200");
            assertThat(certificate(plane, 1)).isEmpty();
        }
    }

    /** Returns the status of a request on a connection that was opened for one host, and is for another. */
    private static String across(TlsPlane plane, String opened, String host, String... options)
            throws IOException, InterruptedException {
        int port = plane.address().getPort();
        List<String> command = new ArrayList<>(List.of("curl", "-sk", "-m", "10", "-o", "/dev/null"));
        command.addAll(List.of("-w", "%{http_code}", "-H", "Host: " + host));
        command.addAll(List.of("--resolve", opened + ":" + port + ":127.0.0.1"));
        command.addAll(List.of(options));
        command.add("https://" + opened + ":" + port + "/");
        return out(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Guards("T20")
    void a_host_that_asks_for_a_certificate_can_not_be_reached_through_one_that_does_not(String engine)
            throws Exception {
        TestAuthority authority = TestAuthority.root("clients");
        Path ca = folder.resolve("clients.pem");
        Files.writeString(ca, authority.pem());
        TestAuthority.Issued client = authority.issue("client.example");
        Path pem = folder.resolve("client.pem");
        Files.writeString(pem, client.chainPem() + client.keyPem());
        TestAuthority.root("own").issue("private.example").write(folder, "private");
        String own = "turnout.tls.certificates.\"private\".";
        try (TlsPlane plane = TlsPlane.start(
                folder,
                engine,
                own + "cert",
                folder.resolve("private.crt").toString(),
                own + "key",
                folder.resolve("private.key").toString(),
                own + "client-auth",
                "require",
                own + "client-ca",
                ca.toString())) {
            plane.backend().always(new Effect.Application("blue"));

            assertThat(across(plane, TlsPlane.NAME, "private.example")).isEqualTo("421");
            assertThat(across(plane, TlsPlane.NAME, "PRIVATE.example.:443")).isEqualTo("421");
            assertThat(across(plane, "private.example", TlsPlane.NAME, "--cert", pem.toString()))
                    .isEqualTo("421");
            // An unknown host asks what the default certificate's hosts ask: here that is the private one.
            assertThat(across(plane, TlsPlane.NAME, "unknown.example")).isEqualTo("421");
            assertThat(plane.backend().arrivals()).isEmpty();
            assertThat(across(plane, TlsPlane.NAME, TlsPlane.NAME + ":8443")).isEqualTo("200");
            assertThat(across(plane, "private.example", "private.example", "--cert", pem.toString()))
                    .isEqualTo("200");
        }
    }

    private static String certificate(TlsPlane plane, int arrival) {
        return plane.backend()
                .arrivals()
                .get(arrival)
                .head()
                .fields()
                .only("Client-Cert")
                .orElse("");
    }

    private static String curl(TlsPlane plane, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sk", "-m", "10", "-o", "/dev/null"));
        command.addAll(List.of("-w", "%{http_code}", "-H", "Client-Cert: :Zm9yZ2Vk:"));
        command.addAll(List.of(options));
        command.add(plane.address().toString());
        return out(command);
    }

    private static String out(List<String> command) throws IOException, InterruptedException {
        Process curl = new ProcessBuilder(command).start();
        String out = new String(curl.getInputStream().readAllBytes(), US_ASCII);
        curl.waitFor();
        return out;
    }
}
