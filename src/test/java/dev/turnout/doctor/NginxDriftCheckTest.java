package dev.turnout.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.client.AdminClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NginxDriftCheckTest {

    @TempDir
    private Path folder;

    private HttpServer admin;
    private Path include;
    private String warnings = "[]";

    @BeforeEach
    void start() throws IOException {
        include = Files.createFile(folder.resolve("service-url.inc"));
        admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        admin.createContext("/admin/status", exchange -> {
            byte[] body = ("{\"service\":\"default\",\"warnings\":" + warnings + "}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        admin.start();
    }

    @AfterEach
    void stop() {
        admin.stop(0);
    }

    private List<Finding> look(int port) {
        AdminClient client =
                new AdminClient(URI.create("http://127.0.0.1:" + port), Optional.empty(), Optional.empty());
        return new NginxDriftCheck(include, "default", Optional.of(client)).look();
    }

    @Test
    void a_file_that_turnout_does_not_complain_about_is_good() {
        Findings.only(look(admin.getAddress().getPort()), Severity.GOOD);
    }

    @Test
    void a_file_that_somebody_else_has_changed_is_an_error() {
        warnings = "[\"somebody else has changed " + include + ": it sends the traffic elsewhere.\"]";

        assertThat(Findings.only(look(admin.getAddress().getPort()), Severity.ERROR)
                        .seen()
                        .english())
                .contains("somebody else has changed");
    }

    @Test
    void a_missing_file_is_an_error() throws IOException {
        Files.delete(include);

        Findings.only(look(admin.getAddress().getPort()), Severity.ERROR);
    }

    @Test
    void without_a_running_turnout_nothing_can_be_compared() {
        int port = admin.getAddress().getPort();
        admin.stop(0);

        Findings.only(look(port), Severity.ADVICE);
    }
}
