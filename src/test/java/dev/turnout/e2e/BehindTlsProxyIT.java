package dev.turnout.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Four servers, three ways to read what proxies say: what an application sees is what it sees without Turnout. */
@DisplayName(
        "Behind a TLS proxy a Spring Boot application sees scheme, client, port, cookie and redirect as without Turnout")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BehindTlsProxyIT {

    private static final List<String> SERVERS = List.of("tomcat", "jetty", "undertow", "netty");
    private static final List<String> STRATEGIES = List.of("none", "native", "framework");
    private static final Path APPS = Path.of("src", "test", "forwarding-apps");

    private static final String FOR = "X-Forwarded-For: 203.0.113.9";
    private static final String PROTO = "X-Forwarded-Proto: https";
    private static final String SHOP = "shop.example.com";

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private final List<Process> processes = new ArrayList<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private TurnoutProcess turnout;

    /**
     * What a proxy sends.
     *
     * @param sent its lines
     * @param same lines that say the same to an application without Turnout
     */
    private record Shape(String name, String host, List<String> sent, List<String> same) {

        static Shape of(String name, String... sent) {
            return new Shape(name, SHOP, List.of(sent), List.of(sent));
        }

        Shape at(String otherHost) {
            return new Shape(name, otherHost, sent, same);
        }

        Shape as(String... lines) {
            return new Shape(name, host, sent, List.of(lines));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Shape> SHAPES = List.of(
            Shape.of("nginx", FOR, PROTO, "X-Real-IP: 203.0.113.9"),
            Shape.of("ALB", FOR, PROTO, "X-Forwarded-Port: 443"),
            Shape.of(
                    "Traefik",
                    FOR,
                    PROTO,
                    "X-Forwarded-Host: " + SHOP,
                    "X-Forwarded-Port: 443",
                    "X-Forwarded-Server: t"),
            Shape.of("Cloudflare", FOR, PROTO, "CF-Connecting-IP: 203.0.113.9", "CF-Visitor: {\"scheme\":\"https\"}"),
            Shape.of("the scheme only", PROTO),
            Shape.of("a chain", "X-Forwarded-For: 203.0.113.9, 198.51.100.2", PROTO),
            Shape.of("an IPv6 client", "X-Forwarded-For: 2001:db8::9", PROTO),
            Shape.of("a port", FOR, PROTO, "X-Forwarded-Port: 8443").at(SHOP + ":8443"),
            Shape.of("another host", FOR, PROTO, "X-Forwarded-Host: www.example.com")
                    .at("internal.example"),
            Shape.of("both families", FOR, PROTO, "Forwarded: for=203.0.113.9;proto=https;host=" + SHOP),
            Shape.of("without TLS", FOR, "X-Forwarded-Proto: http"),
            // A server that reads one family only learns what the proxy says in the other.
            Shape.of("Forwarded only", "Forwarded: for=203.0.113.9;proto=https;host=" + SHOP)
                    .as(FOR, PROTO),
            Shape.of("X-Forwarded-Ssl", FOR, "X-Forwarded-Ssl: on").as(FOR, PROTO),
            // The client's own Forwarded, which the proxy has passed, deceives the application without Turnout.
            Shape.of("a forged Forwarded", FOR, PROTO, "Forwarded: for=6.6.6.6;proto=http")
                    .as(FOR, PROTO),
            // Without X-Forwarded-Port most servers leave the port out, and a link leads to another one.
            Shape.of("a port in Host only", FOR, PROTO).at(SHOP + ":8443").as(FOR, PROTO, "X-Forwarded-Port: 8443"));

    @BeforeAll
    void start() throws IOException {
        for (String server : SERVERS) {
            processes.add(new ProcessBuilder(
                            "java",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx96m",
                            "-jar",
                            APPS.resolve(Path.of(server, "target", server + ".jar"))
                                    .toString())
                    .redirectErrorStream(true)
                    .start());
        }
        TurnoutProcess.Settings settings = TurnoutProcess.with().set("turnout.trusted-proxies", "127.0.0.0/8");
        for (int i = 0; i < SERVERS.size(); i++) {
            readPorts(SERVERS.get(i), processes.get(i));
        }
        ports.forEach((name, port) -> {
            String service = "turnout.services.\"" + name + "\".";
            settings.set(service + "path", "/" + name)
                    .set(service + "blue", "127.0.0.1:" + port)
                    .set(service + "green", "127.0.0.1:1");
        });
        turnout = arena.start(settings);
    }

    private void readPorts(String server, Process process) throws IOException {
        StringBuilder log = new StringBuilder();
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        int found = 0;
        while (found < STRATEGIES.size()) {
            String line = lines.readLine();
            assertThat(line).as("%s has not started:%n%s", server, log).isNotNull();
            log.append(line).append('\n');
            if (line.startsWith("port ")) {
                String[] words = line.split(" ");
                ports.put(server + "-" + words[1], Integer.parseInt(words[2]));
                found++;
            }
        }
    }

    @AfterAll
    void stop() throws InterruptedException {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    static Stream<Arguments> cells() {
        return SERVERS.stream().flatMap(server -> STRATEGIES.stream()
                .flatMap(strategy -> SHAPES.stream().map(shape -> Arguments.of(server, strategy, shape))));
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @MethodSource("cells")
    void an_application_sees_what_it_sees_without_turnout(String server, String strategy, Shape shape)
            throws IOException {
        String path = "/" + server + "-" + strategy;
        URI application = URI.create("http://127.0.0.1:" + ports.get(server + "-" + strategy));
        List<String> without = seen(application, path, shape.host(), shape.same());
        List<String> with = seen(turnout.front(), path, shape.host(), shape.sent());
        assertThat(with).isEqualTo(without);
        if (!strategy.equals("none") && shape.same().contains(PROTO)) {
            assertThat(with).contains("scheme=https").noneMatch(line -> line.startsWith("location=http:"));
        }
    }

    private static List<String> seen(URI address, String path, String host, List<String> lines) throws IOException {
        List<String> seen = new ArrayList<>();
        Response client = ask(address, path, host, lines);
        // Spring 6 leaves the brackets of an IPv6 address in Forwarded, which RFC 7239 wants.
        client.text()
                .lines()
                .map(line -> line.replaceAll("^client=\\[(.*)]$", "client=$1"))
                .forEach(seen::add);
        client.fields().all("Set-Cookie").stream()
                .map(cookie -> "cookie=" + (cookie.toLowerCase(Locale.ROOT).contains("; secure") ? "secure" : "plain"))
                .forEach(seen::add);
        Response redirect = ask(address, path + "/redirect", host, lines);
        redirect.fields().all("Location").forEach(location -> seen.add("location=" + location));
        return seen;
    }

    private static Response ask(URI address, String path, String host, List<String> lines) throws IOException {
        try (RawClient client = RawClient.to(address)) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + String.join("\r\n", lines)
                            + "\r\n\r\n")
                    .read();
        }
    }
}
