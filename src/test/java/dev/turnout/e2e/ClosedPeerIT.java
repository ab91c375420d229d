package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Payload;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Back-pressure holds when a peer has closed its side")
@Tag("alone")
final class ClosedPeerIT {

    private static final int AT_ONCE = 30;
    /** More than the system holds for the receiver, so that the rest and the FIN arrive while nobody takes more. */
    private static final int BYTES = 5_500_000;

    private static final Payload BODY = new Payload(BYTES, 5);

    /** 256 KiB for each connection, and an eighth more for the allocator's size classes. */
    private static final long MOST = AT_ONCE * 288L * 1024;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.backend();
    private final TurnoutProcess turnout = arena.start(TurnoutProcess.with()
            .blue(blue)
            .green(arena.backend())
            .set("turnout.health.interval", "30s")
            .jvm("-Dio.netty.leakDetection.level=disabled"));

    @Test
    void a_target_that_closes_behind_its_response_is_read_no_faster_than_the_client_reads() throws Exception {
        blue.always(new Effect.Ended(new Effect.Download(BODY), SocketEnd.CLOSE));
        downloads(BYTES);
    }

    @Test
    void a_target_that_shuts_down_its_output_behind_its_response_is_read_no_faster_either() throws Exception {
        blue.always(new Effect.Ended(new Effect.Download(BODY), SocketEnd.HALF_CLOSE));
        downloads(BYTES);
    }

    @Test
    void a_response_that_ends_with_its_connection_arrives_whole_at_slow_clients() throws Exception {
        byte[] head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(head, head.length + BYTES);
        blue.always(new Effect.Raw(bytes, SocketEnd.CLOSE));
        downloads(-1);
    }

    private void downloads(long length) throws Exception {
        long before = MemoryUse.of(turnout).direct();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                clients.add(RawClient.to(turnout.front(), 4096).get("/big"));
            }
            Await.until("every download at blue", () -> blue.requests() == AT_ONCE);
            awaitStandstill(() -> MemoryUse.of(turnout).direct());
            assertThat(MemoryUse.of(turnout).direct() - before).as("held").isLessThan(MOST);
            for (RawClient client : clients) {
                Response response = client.read();
                assertThat(response.body().length()).isEqualTo(BYTES);
                if (length >= 0) {
                    assertThat(response.body().crc()).isEqualTo(BODY.crc());
                }
            }
            Await.until(
                    "nothing in flight", () -> turnout.admin().target("blue").getLong("inFlight") == 0);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void a_client_that_shuts_down_its_output_behind_its_upload_is_read_no_faster_than_the_target_reads()
            throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        blue.always(new Effect.Unread(word, new Effect.Receive()));
        long before = MemoryUse.of(turnout).direct();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                RawClient client = turnout.connect();
                clients.add(client);
                client.send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: " + BYTES + "\r\n\r\n");
                Thread upload = new Thread(() -> uploadAndShutDown(client), "upload");
                upload.setDaemon(true);
                upload.start();
            }
            Await.until("every upload at blue", () -> blue.requests() == AT_ONCE);
            awaitStandstill(() -> MemoryUse.of(turnout).direct());
            assertThat(MemoryUse.of(turnout).direct() - before).as("held").isLessThan(MOST);
            word.countDown();
            for (RawClient client : clients) {
                assertThat(client.read("POST").text()).isEqualTo(BYTES + " " + BODY.crc());
            }
            Await.until(
                    "nothing in flight", () -> turnout.admin().target("blue").getLong("inFlight") == 0);
        } finally {
            word.countDown();
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static void uploadAndShutDown(RawClient client) {
        try {
            client.send(BODY);
            client.end(SocketEnd.HALF_CLOSE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_client_that_resets_during_a_held_upload_leaves_nothing_in_flight() throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        blue.always(new Effect.Unread(word, new Effect.Receive()));
        try (RawClient client = turnout.connect()) {
            client.send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n");
            Thread upload = new Thread(() -> {
                try {
                    client.send(new Payload(200_000_000, 6));
                } catch (IOException e) {
                    // Reset by this test.
                }
            });
            upload.setDaemon(true);
            upload.start();
            Await.until("the upload at blue", () -> blue.requests() == 1);
            awaitStandstill(() -> MemoryUse.of(turnout).direct());
            client.end(SocketEnd.RESET);
            Await.until(
                    "nothing in flight", () -> turnout.admin().target("blue").getLong("inFlight") == 0);
        } finally {
            word.countDown();
        }
    }

    /** Waits until a figure has stayed the same for half a second. */
    private static void awaitStandstill(LongSupplier figure) {
        long[] last = {-1, 0};
        Await.until("a standstill", () -> {
            long now = figure.getAsLong();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > TimeUnit.MILLISECONDS.toNanos(500);
        });
    }
}
