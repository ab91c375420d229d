package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Payload;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Whoever is slow is waited for, at bounded memory")
@Tag("alone")
final class BackPressureIT {

    private static final int MEGABYTE = 1024 * 1024;
    private static final Payload BIG = new Payload(200L * MEGABYTE, 1);
    private static final int AT_ONCE = 16;
    private static final int PIPELINED = 1500;
    private static final int ANSWER = 32 * 1024;

    /** 512 KiB for each of the requests at once, and as much again for the allocator's generosity. */
    private static final long MOST_GROWTH = 2L * AT_ONCE * MEGABYTE / 2 + 24L * MEGABYTE;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.backend();
    private final TurnoutProcess turnout = arena.start(TurnoutProcess.with()
            .blue(blue)
            .green(arena.backend())
            .set("turnout.health.interval", "30s")
            .jvm("-XX:MaxDirectMemorySize=64m"));

    @Test
    void downloads_that_nobody_reads_are_held_back_at_the_target() throws Exception {
        warmUp();
        blue.always(new Effect.Download(BIG));
        long before = turnout.residentBytes();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                clients.add(RawClient.to(turnout.front(), 64 * 1024).get("/big"));
            }
            Await.until("every download at blue", () -> blue.requests() == AT_ONCE);
            awaitStandstill(new Counter(blue::sent));
            assertThat(turnout.residentBytes() - before).as("growth").isLessThan(MOST_GROWTH);
            // The system's own buffers take 10 to 14 MiB for each connection.
            assertThat(blue.sent()).as("bytes that blue got rid of").isLessThan(AT_ONCE * BIG.length() / 8);
            Response whole = clients.get(0).read();
            assertThat(whole.body().length()).isEqualTo(BIG.length());
            assertThat(whole.body().crc()).isEqualTo(BIG.crc());
            assertThat(turnout.residentBytes() - before).as("growth").isLessThan(MOST_GROWTH);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void uploads_that_the_target_does_not_read_are_held_back_at_the_client() throws Exception {
        warmUp();
        CountDownLatch word = new CountDownLatch(1);
        blue.always(new Effect.Unread(word, new Effect.Receive()));
        long before = turnout.residentBytes();
        List<Upload> uploads = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                uploads.add(new Upload(turnout.connect()));
            }
            uploads.forEach(Thread::start);
            Await.until("every upload at blue", () -> blue.requests() == AT_ONCE);
            awaitStandstill(new Counter(() ->
                    uploads.stream().mapToLong(upload -> upload.sent.get()).sum()));
            assertThat(turnout.residentBytes() - before).as("growth").isLessThan(MOST_GROWTH);
            for (Upload upload : uploads.subList(1, AT_ONCE)) {
                upload.client.close();
            }
            word.countDown();
            Upload first = uploads.get(0);
            first.join(60_000);
            assertThat(first.answer).isEqualTo(BIG.length() + " " + BIG.crc());
            assertThat(turnout.residentBytes() - before).as("growth").isLessThan(MOST_GROWTH);
        } finally {
            word.countDown();
            for (Upload upload : uploads) {
                upload.client.close();
            }
        }
    }

    @Test
    void requests_wait_while_the_answers_before_them_are_not_read() throws Exception {
        blue.always(new Effect.Application("x".repeat(ANSWER)));
        try (RawClient client = RawClient.to(turnout.front(), 64 * 1024)) {
            client.send("GET /piped HTTP/1.1\r\nHost: a\r\n\r\n".repeat(PIPELINED));
            awaitStandstill(new Counter(blue::requests));
            assertThat(blue.requests()).as("requests at blue").isLessThan(PIPELINED / 2);
            for (int i = 0; i < PIPELINED; i++) {
                assertThat(client.read().body().length()).isEqualTo(ANSWER);
            }
        }
        assertThat(blue.requests()).isEqualTo(PIPELINED);
    }

    @Test
    void after_all_of_it_the_connection_goes_on() throws IOException {
        blue.next(new Effect.Download(BIG), new Effect.Receive());
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/big").read().body().crc()).isEqualTo(BIG.crc());
            client.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: " + BIG.length() + "\r\n\r\n");
            assertThat(client.send(BIG).read("POST").text()).isEqualTo(BIG.length() + " " + BIG.crc());
            assertThat(client.get("/next").read().text()).isEqualTo("ok");
        }
    }

    /** So that what every first transfer costs is not counted. */
    private void warmUp() throws IOException {
        Payload some = new Payload(32L * MEGABYTE, 2);
        blue.next(new Effect.Download(some), new Effect.Receive());
        try (RawClient client = turnout.connect()) {
            client.get("/warm").read();
            client.send("POST /warm HTTP/1.1\r\nHost: a\r\nContent-Length: " + some.length() + "\r\n\r\n");
            client.send(some).read("POST");
        }
        blue.forget();
    }

    /** Waits until a count has stopped growing for half a second. */
    private static void awaitStandstill(Counter counter) {
        Await.until("a standstill", () -> counter.isUnchangedFor(TimeUnit.MILLISECONDS.toNanos(500)));
    }

    private interface Count {
        long now();
    }

    /** Since when a count is what it is. */
    private static final class Counter {

        private final Count count;
        private long last = -1;
        private long since;

        Counter(Count count) {
            this.count = count;
        }

        boolean isUnchangedFor(long nanos) {
            long now = count.now();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
            return System.nanoTime() - since > nanos;
        }
    }

    /** One upload on a thread of its own. */
    private static final class Upload extends Thread {

        private final RawClient client;
        private final AtomicLong sent = new AtomicLong();
        private volatile String answer = "none";

        Upload(RawClient client) {
            super("upload");
            this.client = client;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                client.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: " + BIG.length() + "\r\n\r\n");
                client.send(BIG, sent);
                answer = client.read("POST").text();
            } catch (IOException e) {
                answer = e.toString();
            }
        }
    }
}
