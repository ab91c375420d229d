package dev.turnout.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cookie of a canary, over real sockets. */
@DisplayName("Turnout's own cookie is Secure if, and only if, the client came over TLS")
final class SecureCookieTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "https, '', '', true",
        "http, '', '', false",
        "http, '', https, false",
        "http, 127.0.0.1, https, true",
        "http, 127.0.0.1, http, false",
        "https, 127.0.0.1, http, false"
    })
    void the_cookie_of_a_canary(String scheme, String trusted, String said, boolean isSecure) throws IOException {
        try (TlsPlane plane = trusted.isEmpty()
                        ? TlsPlane.start(folder, "auto")
                        : TlsPlane.start(folder, "auto", "turnout.trusted-proxies", trusted);
                RawClient client = scheme.equals("https") ? plane.connect("TLSv1.3") : plain(plane)) {
            plane.backend().always(new Effect.Application("blue"));
            plane.command(new Command.SetCanary(1, "0123456789abcdef".repeat(2)));
            String line = said.isEmpty() ? "" : "X-Forwarded-Proto: " + said + "\r\n";
            String cookie = client.send("GET / HTTP/1.1\r\nHost: shop.example\r\n" + line + "\r\n")
                    .read()
                    .fields()
                    .only("Set-Cookie")
                    .orElseThrow();
            assertThat(cookie)
                    .startsWith("turnout_slot=")
                    .contains("; HttpOnly")
                    .contains("; SameSite=Lax");
            assertThat(cookie.contains("; Secure")).isEqualTo(isSecure);
        }
    }

    private static RawClient plain(TlsPlane plane) throws IOException {
        return RawClient.to(
                URI.create("http://127.0.0.1:" + plane.plane().plainPort().orElseThrow()));
    }
}
