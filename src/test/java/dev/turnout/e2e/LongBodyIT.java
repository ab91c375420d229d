package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.RawClient;
import dev.turnout.support.SlowClients;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Payload;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A body of any size passes at flat memory, whoever dawdles beside it")
@Tag("alone")
@Tag("jars")
final class LongBodyIT {

    private static final long MEGABYTE = 1024 * 1024;

    /** {@code -Dbodies.bytes=4294967296} sends four gigabytes. */
    private static final long LONG = Long.getLong("bodies.bytes", 512 * MEGABYTE);

    private static final long WARM_UP = 64 * MEGABYTE;
    private static final int DAWDLERS_OF_A_KIND = 8;
    private static final long MOST_GROWTH = 16 * MEGABYTE;
    private static final long MOST_HEAP_GROWTH = 4 * MEGABYTE;
    private static final long MOST_DIRECT = 32 * MEGABYTE;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    /** All of the heap is resident from the start, so that what is resident grows by nothing but buffers. */
    private final TurnoutProcess turnout = arena.start(TurnoutProcess.with()
            .blue(arena.application("blue"))
            .green(arena.backend())
            .jvm("-Xms64m")
            .jvm("-XX:+AlwaysPreTouch")
            .jvm("-XX:MaxDirectMemorySize=" + MOST_DIRECT));

    private interface Transfer {
        void of(Payload payload, RawClient client) throws IOException;
    }

    @Test
    void a_download() throws IOException {
        assertFlat("download", (payload, client) -> {
            Response whole = client.get("/download?" + payload.length()).read();
            assertThat(whole.body().length()).isEqualTo(payload.length());
            assertThat(whole.body().crc()).isEqualTo(payload.crc());
        });
    }

    @Test
    void an_upload() throws IOException {
        assertFlat("upload", (payload, client) -> {
            client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + payload.length() + "\r\n\r\n");
            assertThat(client.send(payload).read("POST").text()).isEqualTo(payload.length() + " " + payload.crc());
        });
    }

    private void assertFlat(String name, Transfer transfer) throws IOException {
        Footprint footprint = Footprint.of(turnout);
        try (SlowClients dawdlers = SlowClients.start(turnout.front(), DAWDLERS_OF_A_KIND);
                RawClient client = turnout.connect()) {
            transfer.of(new Payload(WARM_UP, WARM_UP), client);
            MemoryUse before = MemoryUse.of(turnout);
            long started = System.nanoTime();
            long highest = highestDuring(() -> transfer.of(new Payload(LONG, LONG), client));
            long millis = Duration.ofNanos(System.nanoTime() - started).toMillis();
            MemoryUse after = MemoryUse.of(turnout);
            System.out.printf(
                    "%s of %,d bytes in %,d ms: before %s; after %s; highest RSS %.1f MiB%n",
                    name, LONG, millis, before, after, (double) highest / MEGABYTE);
            assertThat(dawdlers.failures()).isEmpty();
            assertThat(highest - before.resident())
                    .as("growth of what is resident")
                    .isLessThan(MOST_GROWTH);
            if (!TurnoutProcess.isNative()) {
                // Nobody can make an executable collect its garbage; what is resident bounds its heap too.
                assertThat(after.heap() - before.heap())
                        .as("growth of the heap")
                        .isLessThan(MOST_HEAP_GROWTH);
            }
            assertThat(after.direct()).as("memory of buffers").isLessThanOrEqualTo(MOST_DIRECT);
        }
        footprint.assertRegained();
    }

    private interface Work {
        void run() throws IOException;
    }

    /** The most resident memory that is seen while work is done. */
    private long highestDuring(Work work) throws IOException {
        AtomicLong highest = new AtomicLong();
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        watch.scheduleAtFixedRate(
                () -> highest.accumulateAndGet(turnout.residentBytes(), Math::max), 0, 10, TimeUnit.MILLISECONDS);
        try {
            work.run();
        } finally {
            watch.shutdownNow();
        }
        return highest.get();
    }
}
