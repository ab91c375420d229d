package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.support.Guards;
import dev.turnout.support.Rounds;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Certificates are replaced under load")
@Tag("alone")
final class CertificateReloadTest {

    private static final int RELOADS = Rounds.of(50, 1_000);
    private static final int HANDSHAKES_PER_SECOND = 200;
    private static final int DIFFERENT = 10;

    @TempDir
    Path temp;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handshakes = new AtomicInteger();

    @Test
    @Guards("T13")
    void no_handshake_fails_while_certificates_are_replaced_and_the_new_one_is_seen_at_once() throws Exception {
        TestAuthority root = TestAuthority.root("Root");
        List<Issued> all = new ArrayList<>();
        for (int i = 0; i < DIFFERENT; i++) {
            all.add(root.issue("shop.example"));
        }
        all.get(0).write(temp, "shop");
        ScheduledExecutorService load = Executors.newScheduledThreadPool(4);
        Duration slowest = Duration.ZERO;
        try (Certificates certificates = new Certificates(
                        new TestSettings(temp.resolve("state"))
                                .engine(Engine.AUTO)
                                .directory(temp)
                                .settings(),
                        Clock.systemUTC());
                TlsServer server = new TlsServer(certificates)) {
            certificates.open();
            TlsClient client = new TlsClient(server.port());
            load.scheduleAtFixedRate(
                    () -> load.execute(() -> handshake(client)),
                    0,
                    1_000_000 / HANDSHAKES_PER_SECOND,
                    TimeUnit.MICROSECONDS);
            for (int i = 1; i <= RELOADS; i++) {
                Issued next = all.get(i % DIFFERENT);
                long start = System.nanoTime();
                next.write(temp, "shop");
                certificates.reload();

                assertThat(client.ask("shop.example")).isEqualTo(next.certificate());

                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                slowest = taken.compareTo(slowest) > 0 ? taken : slowest;
            }
            load.shutdownNow();
            assertThat(load.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.faults()).isZero();
        } finally {
            load.shutdownNow();
        }
        System.out.printf(
                "%d reloads, %d handshakes, slowest new certificate after %d ms%n",
                RELOADS, handshakes.get(), slowest.toMillis());
        assertThat(failures).isEmpty();
        assertThat(handshakes.get()).isPositive();
        assertThat(slowest).isLessThan(Duration.ofSeconds(1));
    }

    private void handshake(TlsClient client) {
        try {
            client.ask("shop.example");
            handshakes.incrementAndGet();
        } catch (IOException | RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                failures.add(e.toString());
            }
        }
    }
}
