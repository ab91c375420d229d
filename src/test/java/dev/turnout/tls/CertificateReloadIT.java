package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Guards;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Certificates are replaced under load")
@Tag("alone")
final class CertificateReloadIT {

    private static final int RELOADS = Rounds.of(50, 1_000);
    private static final int HANDSHAKES_PER_SECOND = 200;
    private static final int DIFFERENT = 10;

    /** The long form needs a machine of its own. */
    private static final Duration MOST = Duration.ofSeconds(Rounds.of(10, 1));

    @TempDir
    Path temp;

    @Test
    @Guards("T13")
    void no_handshake_fails_while_certificates_are_replaced_and_the_new_one_is_seen_at_once() throws Exception {
        TestAuthority root = TestAuthority.root("Root");
        List<Issued> all = new ArrayList<>();
        for (int i = 0; i < DIFFERENT; i++) {
            all.add(root.issue("shop.example"));
        }
        all.get(0).write(temp, "shop");
        Duration slowest = Duration.ZERO;
        try (Certificates certificates = new Certificates(
                        new TestSettings(temp.resolve("state")).directory(temp).settings(), Clock.systemUTC());
                TlsServer server = new TlsServer(certificates)) {
            certificates.open();
            TlsClient client = new TlsClient(server.port());
            client.ask("shop.example");
            try (HandshakeLoad load = new HandshakeLoad("shop.example", server.port(), HANDSHAKES_PER_SECOND)) {
                long begin = System.nanoTime();
                for (int i = 1; i <= RELOADS; i++) {
                    Issued next = all.get(i % DIFFERENT);
                    long start = System.nanoTime();
                    next.write(temp, "shop");
                    certificates.reload();

                    assertThat(client.ask("shop.example")).isEqualTo(next.certificate());

                    Duration taken = Duration.ofNanos(System.nanoTime() - start);
                    slowest = taken.compareTo(slowest) > 0 ? taken : slowest;
                }
                System.out.printf(
                        "%d reloads and %d handshakes in %d ms, slowest new certificate after %d ms%n",
                        RELOADS,
                        load.done(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                        slowest.toMillis());
                assertThat(load.failures()).isEmpty();
                assertThat(load.done()).isGreaterThan(load.begun() / 2).isPositive();
            }
            assertThat(server.faults()).isZero();
        }
        assertThat(slowest).isLessThan(MOST);
    }
}
