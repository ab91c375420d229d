package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Ports;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nginx speaks each protocol on a port of its own, and says in its answers which one it was asked by. */
@DisplayName("Clients and targets speak HTTP/1.1 or HTTP/2, each for itself")
@RequiresProgram(value = "nginx", debianPackage = "nginx-light")
@RequiresProgram(value = "curl", debianPackage = "curl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TargetProtocolsIT {

    private static final Payload UP = new Payload(3 * 1024 * 1024, 1);
    private static final long DOWN = 3 * 1024 * 1024 + 1;

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    static Path folder;

    private TurnoutProcess turnout;
    private Process nginx;

    @BeforeAll
    void start() throws IOException {
        TestAuthority authority = TestAuthority.root("protocols");
        Files.writeString(folder.resolve("ca.pem"), authority.pem());
        authority.issue("app.internal").write(folder, "target");
        Path certificates = Files.createDirectory(folder.resolve("certificates"));
        authority
                .issue("plain1.example", "plain2.example", "secure1.example", "secure2.example")
                .write(certificates, "front");
        Backend application = arena.application("blue");
        TurnoutProcess.Settings settings = TurnoutProcess.with()
                .blue(application)
                .green(arena.application("green"))
                .set("turnout.tls.directory", certificates.toString())
                .set("turnout.tls.port", "0");
        String plain1 = service(settings, "plain1", "http1", false);
        String plain2 = service(settings, "plain2", "h2c", false);
        String secure1 = service(settings, "secure1", "http1", true);
        String secure2 = service(settings, "secure2", "h2", true);
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                %s
                pid %s/nginx.pid;
                error_log stderr;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                    client_max_body_size 0;
                    server {
                        listen %s;
                        listen %s http2;
                        listen %s ssl;
                        listen %s ssl http2;
                        ssl_certificate target.crt;
                        ssl_certificate_key target.key;
                        location / {
                            proxy_pass http://%s;
                            proxy_request_buffering off;
                            proxy_buffering off;
                            add_header X-Spoken $server_protocol;
                        }
                    }
                }
                """.formatted(
                        System.getProperty("user.name").equals("root") ? "user root;" : "",
                        folder,
                        plain1,
                        plain2,
                        secure1,
                        secure2,
                        application.address()));
        nginx = new ProcessBuilder("nginx", "-p", folder.toString(), "-c", configuration.toString(), "-e", "stderr")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        Await.until("nginx listens", () -> Files.exists(folder.resolve("nginx.pid")));
        turnout = arena.start(settings);
    }

    /** Returns where the target of a service has to listen. */
    private static String service(TurnoutProcess.Settings settings, String name, String protocol, boolean isSecure) {
        String address = "127.0.0.1:" + Ports.next();
        String prefix = "turnout.services.\"" + name + "\".";
        settings.set(prefix + "hosts", name + ".example")
                .set(prefix + "blue", address)
                .set(prefix + "green", "127.0.0.1:1")
                .set(prefix + "protocol", protocol);
        if (isSecure) {
            settings.set(prefix + "tls", "true")
                    .set(prefix + "tls-ca", folder.resolve("ca.pem").toString())
                    .set(prefix + "tls-name", "app.internal");
        }
        return address;
    }

    @AfterAll
    void stop() throws InterruptedException {
        nginx.destroy();
        nginx.waitFor();
    }

    private String curl(String client, String service, String path, String... more) throws Exception {
        boolean isSecure = client.startsWith("s");
        int port = (isSecure ? turnout.secureFront() : turnout.front()).getPort();
        String host = service + ".example";
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "--max-time",
                "60",
                "--cacert",
                folder.resolve("ca.pem").toString(),
                "--connect-to",
                host + "::127.0.0.1:" + port,
                isSecure
                        ? client.endsWith("2") ? "--http2" : "--http1.1"
                        : client.endsWith("2") ? "--http2-prior-knowledge" : "--http1.1"));
        command.addAll(List.of(more));
        command.add((isSecure ? "https://" : "http://") + host + path);
        Path output = Files.createTempFile(folder, "curl", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    @ParameterizedTest(name = "a client of {0} gets through to a target of {1}")
    @CsvSource({
        "plain1, plain1", "plain1, plain2", "plain1, secure1", "plain1, secure2",
        "plain2, plain1", "plain2, plain2", "plain2, secure1", "plain2, secure2",
        "secure1, plain1", "secure1, plain2", "secure1, secure1", "secure1, secure2",
        "secure2, plain1", "secure2, plain2", "secure2, secure1", "secure2, secure2"
    })
    void every_pair_carries_messages_as_they_are(String client, String service) throws Exception {
        String spoken = service.endsWith("2") ? "HTTP/2.0" : "HTTP/1.1";
        String statusLine = client.endsWith("2")
                ? "HTTP/2 200"
                : service.endsWith("2") ? "HTTP/1.1 200 OK" : "HTTP/1.1 200 Some Reason";

        assertThat(curl(client, service, "/", "-i"))
                .startsWith(statusLine)
                .containsIgnoringCase("x-spoken: " + spoken)
                .endsWith("blue");
        assertThat(curl(client, service, "/", "-I")).startsWith(statusLine).containsIgnoringCase("x-spoken: " + spoken);

        Path up = folder.resolve("up");
        try (OutputStream out = Files.newOutputStream(up)) {
            UP.writeTo(out);
        }
        assertThat(curl(client, service, "/upload", "--data-binary", "@" + up)).isEqualTo(UP.length() + " " + UP.crc());
        assertThat(curl(client, service, "/upload", "-H", "Transfer-Encoding: chunked", "-T", up.toString()))
                .as("without a length")
                .isEqualTo(UP.length() + " " + UP.crc());

        Path down = folder.resolve("down");
        curl(client, service, "/download?" + DOWN, "-o", down.toString());
        CRC32 crc = new CRC32();
        crc.update(Files.readAllBytes(down));
        assertThat(crc.getValue()).isEqualTo(new Payload(DOWN, DOWN).crc());
    }
}
