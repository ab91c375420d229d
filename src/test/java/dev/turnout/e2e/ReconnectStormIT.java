package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Guards;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Frame;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("timing")
@Guards("F6")
@DisplayName("WebSockets are closed one after another, so that clients do not reconnect all at once")
final class ReconnectStormIT {

    private static final int CLIENTS = 500;
    private static final Duration DRAIN = Duration.ofSeconds(13);
    private static final Duration AT_ONCE = Duration.ofMillis(10);
    private static final Duration PAUSE = Duration.ofMillis(700);

    /** How many others may be told to go in the same ten milliseconds. */
    private static final int HANDFUL = 8;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    /** When a client was told to go, and how. */
    private record Goodbye(int code, long nanoTime) {}

    private final Queue<Goodbye> goodbyes = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch onBlue = new CountDownLatch(CLIENTS);
    private final CountDownLatch onGreen = new CountDownLatch(CLIENTS);

    @Test
    @DisplayName(
            "500 clients are each told 1012 at a time of their own, between two frames, and come back to the new slot")
    void every_client_has_a_time_of_its_own() throws Exception {
        try (WebSocketApplication blue = new WebSocketApplication("blue");
                WebSocketApplication green = new WebSocketApplication("green")) {
            TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                    .set("turnout.blue", blue.address())
                    .set("turnout.green", green.address())
                    .set("turnout.drain.timeout", DRAIN.toSeconds() + "s"));
            Footprint footprint = Footprint.of(turnout);
            List<Thread> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> new Thread(() -> live(turnout, i), "socket " + i))
                    .toList();
            clients.forEach(Thread::start);
            assertThat(onBlue.await(30, TimeUnit.SECONDS)).as("all on blue").isTrue();

            Heartbeat heartbeat = Heartbeat.of(turnout);
            JsonObject drain = turnout.admin().switchTo("green").getJsonObject("drain");
            long drained = System.nanoTime();
            heartbeat.stop();

            assertThat(onGreen.await(15, TimeUnit.SECONDS))
                    .as("all on green, failures: " + failures)
                    .isTrue();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(failures).isEmpty();
            assertThat(drain.getBoolean("drained")).isTrue();
            assertThat(drain.getLong("waitedMillis")).isLessThan(DRAIN.toMillis());
            assertThat(drain.getInteger("webSocketsClosed")).isEqualTo(CLIENTS);
            assertThat(goodbyes).hasSize(CLIENTS).allSatisfy(goodbye -> {
                assertThat(goodbye.code()).isEqualTo(1012);
                assertThat(goodbye.nanoTime()).isLessThan(drained);
            });
            assertThat(mostOthersAtOnce(goodbyes, heartbeat)).isLessThanOrEqualTo(HANDFUL);
            assertThat(blue.openSockets()).isZero();
            footprint.assertRegained();
            turnout.close();
        }
    }

    /** Asks again and again until it is told to go, comes back at once, and leaves once it has been answered. */
    private void live(TurnoutProcess turnout, int number) {
        try {
            try (WebSocketClient client = WebSocketClient.open(turnout.front())) {
                Frame close = askUntilTold(client, number);
                goodbyes.add(new Goodbye(close.closeCode(), System.nanoTime()));
                if (!client.answerClose(close)) {
                    failures.add("not closed after the goodbye");
                }
            }
            try (WebSocketClient client = WebSocketClient.open(turnout.front())) {
                expect("green again", client.ask("again"));
                client.send(Frame.close(1000)).read();
            }
            onGreen.countDown();
        } catch (IOException | AssertionError e) {
            failures.add(e.toString());
        }
    }

    /** Every tenth has much to say, so that frames are in the making when it is told. */
    private Frame askUntilTold(WebSocketClient client, int number) throws IOException {
        byte[] much = new byte[30_000 + number];
        Arrays.fill(much, (byte) number);
        for (int i = 0; ; i++) {
            client.send(number % 10 == 0 ? Frame.binary(much) : Frame.text("message " + i));
            Frame frame = client.read();
            if (frame.isClose()) {
                return frame;
            }
            expect(number % 10 == 0 ? new String(much) : "blue message " + i, frame.text());
            if (i == 0) {
                onBlue.countDown();
            }
            if (client.hasMoreWithin(PAUSE)) {
                return client.read();
            }
        }
    }

    private static void expect(String wanted, String got) {
        if (!wanted.equals(got)) {
            throw new AssertionError("got '" + got.substring(0, Math.min(80, got.length())) + "'");
        }
    }

    /** The most that were told within ten milliseconds of one of them, as long as the machine did not stand still. */
    private static long mostOthersAtOnce(Collection<Goodbye> goodbyes, Heartbeat heartbeat) {
        List<Goodbye> clear = goodbyes.stream()
                .filter(one -> !heartbeat.missedBetween(one.nanoTime(), one.nanoTime() + AT_ONCE.toNanos()))
                .toList();
        assertThat(clear).as("goodbyes while the machine ran").hasSizeGreaterThan(CLIENTS / 4);
        return clear.stream()
                .mapToLong(one -> goodbyes.stream()
                                .filter(other -> other.nanoTime() >= one.nanoTime()
                                        && other.nanoTime() - one.nanoTime() <= AT_ONCE.toNanos())
                                .count()
                        - 1)
                .max()
                .orElseThrow();
    }
}
