package dev.turnout.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.DaemonThread;
import dev.turnout.config.RunningConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.support.Await;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The thread that orders certificates")
final class AcmeWorkTest {

    @TempDir
    private Path folder;

    private static RunningConfig shop() {
        Map<String, String> values = Map.of(
                "turnout.blue",
                "127.0.0.1:1",
                "turnout.green",
                "127.0.0.1:2",
                "turnout.acme.names",
                "shop.example.com");
        return new RunningConfig(new TurnoutConfig(ConfigUtils.emptyConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .build()));
    }

    @Test
    @DisplayName("goes on after an error, and orders in the next round")
    void an_error_does_not_end_the_orders() throws Exception {
        RenewalsFixture fixture = new RenewalsFixture(folder, new UnseenProofs());
        AtomicInteger looks = new AtomicInteger();
        FleetFolder fleet = new FleetFolder(
                folder,
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new OutOfMemoryError("a test");
                    }
                    return Optional.empty();
                },
                () -> {});
        // No authority listens at the address: each order fails, and is told.
        AcmeWork work = new AcmeWork(shop(), fixture.begin(), fleet, null, false, fixture.clock);
        Thread thread = begin(work);
        try {
            Await.until("the error of the first rest", () -> looks.get() == 1);
            assertThat(fixture.failed).hasSize(1);

            fixture.clock.pass(Duration.ofDays(2));
            Await.until("one more order", () -> {
                work.look();
                return fixture.failed.size() > 1;
            });
        } finally {
            work.end();
            thread.join(10_000);
        }
        assertThat(thread.isAlive()).isFalse();
    }

    private static Thread begin(AcmeWork work) {
        return DaemonThread.start("test-acme", () -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** While another process has the right to order, a rest lasts five seconds. */
    @Test
    @DisplayName("rests no longer if the clock is set back during the rest")
    void a_clock_that_is_set_back_does_not_prolong_a_rest() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        RenewalsFixture fixture = new RenewalsFixture(folder, new UnseenProofs());
        fixture.right(() -> {
            looks.incrementAndGet();
            return Optional.empty();
        });
        FleetFolder fleet = new FleetFolder(folder, Optional::empty, () -> {});
        AcmeWork work = new AcmeWork(shop(), fixture.begin(), fleet, null, false, fixture.clock);
        Thread thread = begin(work);
        try {
            Await.until("the first rest", () -> looks.get() == 1 && thread.getState() == Thread.State.TIMED_WAITING);
            fixture.clock.pass(Duration.ofDays(-365));

            Await.until("one more look", () -> looks.get() > 1);
        } finally {
            work.end();
            thread.join(10_000);
        }
    }
}
