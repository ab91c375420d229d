package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.support.Guards;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import dev.turnout.support.TestClock;
import dev.turnout.tls.ClientAuthPolicy.Demand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A session is resumed where it began, and nowhere else")
@RequiresProgram(value = "openssl", debianPackage = "openssl")
final class SessionTicketsTest {

    private final TestAuthority root = TestAuthority.root("Root");
    private final TestClock clock = new TestClock(Instant.now());
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path temp;

    @BeforeEach
    void write() {
        root.issue("open.example").write(temp, "open");
        root.issue("closed.example").write(temp, "closed");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closed : open) {
            closed.close();
        }
    }

    private Certificates opened(Engine engine) throws IOException {
        Path ca = Files.writeString(temp.resolve("ca.pem"), root.pem());
        Certificates certificates = new Certificates(
                new TestSettings(temp.resolve("state"))
                        .engine(engine)
                        .file(temp, "open")
                        .file(temp, "closed")
                        .clientAuthOf("closed", Demand.REQUIRE, ca)
                        .settings(),
                clock);
        open.add(certificates);
        certificates.open();
        return certificates;
    }

    private int port(Certificates certificates) {
        TlsServer server = new TlsServer(certificates);
        open.add(0, server);
        return server.port();
    }

    private String session() {
        return temp.resolve("session").toString();
    }

    private void begin(int port, String version) throws Exception {
        assertThat(TlsClient.openssl(port, version, "-servername", "open.example", "-sess_out", session()))
                .contains("New, TLSv")
                .contains("bye");
    }

    private String resume(int port, String version, String name, String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of(version, "-servername", name, "-sess_in", session()));
        options.addAll(List.of(more));
        return TlsClient.openssl(port, options.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void a_session_goes_on_after_a_new_certificate_and_after_a_restart(String version) throws Exception {
        Certificates certificates = opened(Engine.BORINGSSL);
        int port = port(certificates);
        begin(port, version);
        root.issue("open.example").write(temp, "open");
        assertThat(certificates.reload().changed()).hasSize(1);

        assertThat(resume(port, version, "open.example")).contains("Reused, TLSv");
        assertThat(resume(port(opened(Engine.BORINGSSL)), version, "open.example"))
                .contains("Reused, TLSv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    @Guards("T18")
    void a_session_is_resumed_under_the_key_before_and_not_after_three_rotations(String version) throws Exception {
        Certificates certificates = opened(Engine.BORINGSSL);
        int port = port(certificates);
        begin(port, version);
        clock.pass(TicketKeys.PERIOD);
        certificates.reload();
        assertThat(resume(port, version, "open.example")).contains("Reused, TLSv");

        clock.pass(Duration.ofHours(24));
        certificates.reload();

        assertThat(resume(port, version, "open.example")).contains("New, TLSv");
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, -tls1_2", "BORINGSSL, -tls1_3", "JDK, -tls1_2", "JDK, -tls1_3"})
    @Guards("T19")
    void a_session_without_a_certificate_is_no_way_into_a_host_that_requires_one(Engine engine, String version)
            throws Exception {
        int port = port(opened(engine));
        begin(port, version);

        assertThat(resume(port, version, "closed.example"))
                .doesNotContain("Reused")
                .doesNotContain("\nbye")
                .containsAnyOf("alert", "handshake failure");
        Issued client = root.issue("client");
        client.write(temp, "client");
        assertThat(resume(
                        port,
                        version,
                        "closed.example",
                        "-cert",
                        temp.resolve("client.crt").toString(),
                        "-key",
                        temp.resolve("client.key").toString()))
                .contains("New, TLSv")
                .contains("bye");
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, -tls1_2", "BORINGSSL, -tls1_3", "JDK, -tls1_2", "JDK, -tls1_3"})
    void the_certificate_of_a_client_is_known_in_a_resumed_session_too(Engine engine, String version) throws Exception {
        TlsServer server = new TlsServer(opened(engine));
        open.add(0, server);
        root.issue("client").write(temp, "client");
        List<String> own = List.of(
                version,
                "-servername",
                "closed.example",
                "-cert",
                temp.resolve("client.crt").toString(),
                "-key",
                temp.resolve("client.key").toString());
        for (String session : List.of("-sess_out", "-sess_in")) {
            List<String> options = new ArrayList<>(own);
            options.addAll(List.of(session, session()));
            String said = TlsClient.openssl(server.port(), options.toArray(String[]::new));

            assertThat(said).contains(session.equals("-sess_in") ? "Reused, TLSv" : "New, TLSv");
        }
        assertThat(server.clients()).containsExactly("CN=leaf", "CN=leaf");
    }

    @ParameterizedTest
    @CsvSource({"JDK, -tls1_2", "JDK, -tls1_3"})
    void the_engine_of_java_resumes_a_session_with_the_same_certificate(Engine engine, String version)
            throws Exception {
        int port = port(opened(engine));
        begin(port, version);

        assertThat(resume(port, version, "open.example")).contains("Reused, TLSv");
    }
}
