package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.ApiDocument;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.ChunkedInput;
import dev.turnout.support.wire.EventReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The stream of events of the admin port")
final class AdminEventsIT {

    private static final int READERS = 150;
    private static final int DEAF = 50;
    private static final ApiDocument DOCUMENT = ApiDocument.ofSources();

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final List<RawClient> deaf = new ArrayList<>();

    /** An event as it came. */
    private record Received(String id, String kind, JsonObject data) {

        /** Reads an event, which is as the document describes it. */
        static Received of(String text) {
            String kind = field(text, "event: ");
            DOCUMENT.checkEvent(kind, field(text, "data: "));
            return new Received(field(text, "id: "), kind, new JsonObject(field(text, "data: ")));
        }

        private static String field(String text, String name) {
            return text.lines()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()))
                    .findFirst()
                    .orElse("");
        }

        String service() {
            return data.getString("service");
        }
    }

    /** An open stream. */
    private record Stream(RawClient raw, EventReader events) implements AutoCloseable {

        Received next() throws IOException {
            String text = events.next().orElseThrow();
            return text.startsWith(":") ? next() : Received.of(text);
        }

        Received nextOf(String kind) throws IOException {
            Received received = next();
            while (!received.kind().equals(kind)) {
                received = next();
            }
            return received;
        }

        @Override
        public void close() throws IOException {
            raw.close();
        }
    }

    private static Stream open(TurnoutProcess turnout, String query, String fields) throws IOException {
        RawClient raw = RawClient.to(turnout.adminAddress())
                .send("GET /admin/events" + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields + "\r\n");
        assertThat(raw.read("HEAD").status()).isEqualTo(200);
        return new Stream(raw, new EventReader(new ChunkedInput(raw.in())));
    }

    private static String after(Received last) {
        return "Last-Event-ID: " + last.id() + "\r\n";
    }

    private TurnoutProcess.Settings twoServices() {
        TurnoutProcess.Settings settings = TurnoutProcess.with();
        for (String name : List.of("shop", "blog")) {
            settings.set("turnout.services.\"" + name + "\".hosts", name + ".example")
                    .set(
                            "turnout.services.\"" + name + "\".blue",
                            arena.application(name + " blue").address())
                    .set(
                            "turnout.services.\"" + name + "\".green",
                            arena.application(name + " green").address());
        }
        return settings;
    }

    @Test
    void has_all_services_unless_one_is_named() throws IOException {
        TurnoutProcess turnout = arena.start(twoServices());
        try (Stream all = open(turnout, "", "");
                Stream blog = open(turnout, "?service=blog", "")) {
            assertThat(List.of(all.next().service(), all.next().service())).containsExactlyInAnyOrder("shop", "blog");
            assertThat(blog.next().service()).isEqualTo("blog");

            turnout.admin().post("/admin/switch?service=shop").expect(200);
            turnout.admin().post("/admin/switch?service=blog").expect(200);

            assertThat(all.nextOf("switched").service()).isEqualTo("shop");
            assertThat(all.nextOf("switched").service()).isEqualTo("blog");
            Received ofBlog = blog.next();
            for (; !ofBlog.kind().equals("switched"); ofBlog = blog.next()) {
                assertThat(ofBlog.service()).as(ofBlog.toString()).isEqualTo("blog");
            }
        }
    }

    @Test
    void goes_on_where_a_lost_connection_was() throws IOException {
        TurnoutProcess turnout = arena.start(arena.application("blue"), arena.application("green"));
        Received seen;
        try (Stream first = open(turnout, "", "")) {
            seen = first.next();
            assertThat(seen.kind()).isEqualTo("status");
        }
        turnout.admin().switchTo("green");
        try (Stream second = open(turnout, "", after(seen))) {
            Received missed = second.nextOf("step");
            assertThat(missed.service()).isEqualTo("default");
            Received switched = second.nextOf("switched");
            assertThat(switched.data().getString("to")).isEqualTo("green");
            seen = switched;
        }
        turnout.admin().switchTo("blue");
        try (Stream third = open(turnout, "", after(seen))) {
            assertThat(third.nextOf("switched").data().getString("to"))
                    .as("what was read does not come again")
                    .isEqualTo("blue");
        }
    }

    @Test
    void begins_anew_for_a_reader_whose_events_are_gone() throws IOException {
        TurnoutProcess turnout = arena.start(twoServices());
        for (String unknown : List.of("1", "abc-1", "abc-99999999999999999999")) {
            try (Stream stream = open(turnout, "", "Last-Event-ID: " + unknown + "\r\n")) {
                Received reset = stream.next();
                assertThat(reset.kind()).isEqualTo("reset");
                assertThat(reset.data().getJsonArray("services")).containsExactlyInAnyOrder("shop", "blog");
                Received one = stream.next();
                Received other = stream.next();
                assertThat(List.of(one.kind(), other.kind())).containsOnly("status");
                assertThat(one.id()).as("not before all of them are there").isEmpty();
                assertThat(other.id()).isNotEmpty();
            }
        }
    }

    @Test
    void has_the_counters_each_second_if_they_are_asked_for() throws IOException {
        TurnoutProcess turnout = arena.start(arena.application("blue"), arena.application("green"));
        try (Stream stream = open(turnout, "?traffic=true", "");
                RawClient client = turnout.connect()) {
            client.get("/");
            Received traffic = stream.nextOf("traffic");
            while (requests(traffic) == 0) {
                traffic = stream.nextOf("traffic");
            }
            assertThat(traffic.id()).isEmpty();
            assertThat(requests(traffic)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("tells of a watch, a drain, a refusal and an outage as the document describes them")
    void each_kind_is_as_described() throws Exception {
        Backend blue = arena.application("blue");
        Backend green = arena.application("green");
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.health.interval", "100ms")
                .set("turnout.health.deadline", "1s"));
        CountDownLatch word = new CountDownLatch(1);
        try (Stream stream = open(turnout, "", "");
                RawClient client = turnout.connect()) {
            blue.next(Effect.heldUntil(word, Effect.ok("late")));
            client.get("/held");
            Await.until("the request", () -> blue.requests() == 1);
            CompletableFuture<Admin.Answer> change =
                    CompletableFuture.supplyAsync(() -> turnout.admin().post("/admin/switch?watch=2s"));
            stream.nextOf("watch");
            assertThat(stream.nextOf("drain").data().getLong("inFlight")).isEqualTo(1);
            word.countDown();
            stream.nextOf("ended");
            change.get().expect(200);

            blue.close();
            turnout.admin().post("/admin/switch?to=blue").expect(424);
            Received refused = stream.nextOf("refused");
            JsonObject entry = turnout.admin()
                    .get("/admin/history")
                    .expect(200)
                    .json()
                    .getJsonArray("entries")
                    .getJsonObject(0);
            assertThat(entry.getInstant("startedAt"))
                    .isEqualTo(refused.data().getInstant("since"))
                    .isBefore(entry.getInstant("at"));

            green.close();
            assertThat(stream.nextOf("outage").data().getString("verdict")).isEqualTo("outage-began");
        }
    }

    private static int requests(Received traffic) {
        return traffic.data()
                .getJsonObject("slots")
                .getJsonObject("blue")
                .getJsonArray("targets")
                .getJsonObject(0)
                .getInteger("requests");
    }

    @Test
    void neither_slows_flips_down_nor_grows_for_readers_that_do_not_read() throws Exception {
        int flips = Rounds.of(20, 100);
        Backend blue = arena.application("blue");
        Backend green = arena.application("green");
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .jvm("-Xmx128m")
                .set("turnout.health.interval", "20ms")
                .set("turnout.admin.connections", "1024"));
        flip(turnout, flips);
        long[] alone = flip(turnout, flips);
        MemoryUse before = MemoryUse.of(turnout);

        try (Readers readers = new Readers()) {
            for (int i = 0; i < READERS; i++) {
                readers.open(turnout);
            }
            for (int i = 0; i < DEAF; i++) {
                deaf.add(RawClient.to(turnout.adminAddress(), 4_096)
                        .send("GET /admin/events?traffic=true HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            }
            readers.start();
            long[] watched = flip(turnout, flips);
            Await.until("every reader has every flip", () -> readers.switched() == READERS * flips);
            MemoryUse after = MemoryUse.of(turnout);
            System.out.println("flips alone " + shown(alone) + ", with " + (READERS + DEAF) + " streams "
                    + shown(watched) + "; " + before + " -> " + after);
            assertThat(quarter(watched)).isLessThan(2 * quarter(alone) + 50);
            assertThat(after.heap() - before.heap()).isLessThan(32L << 20);
            assertThat(after.direct() - before.direct()).isLessThan(32L << 20);
        } finally {
            for (RawClient client : deaf) {
                client.close();
            }
        }
    }

    /** Many readers on one thread, which count flips. */
    private static final class Readers implements AutoCloseable {

        private static final byte[] SWITCHED = "event: switched\n".getBytes(StandardCharsets.US_ASCII);

        private final Selector selector = Selector.open();
        private final AtomicInteger switched = new AtomicInteger();
        private final Thread thread = new Thread(this::read, "event-readers");

        Readers() throws IOException {}

        void open(TurnoutProcess turnout) throws IOException {
            InetSocketAddress address = new InetSocketAddress(
                    turnout.adminAddress().getHost(), turnout.adminAddress().getPort());
            SocketChannel channel = SocketChannel.open(address);
            channel.write(ByteBuffer.wrap(
                    "GET /admin/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            // The first byte comes once the reader has subscribed: before that it misses flips.
            channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new int[1]);
        }

        void start() {
            thread.start();
        }

        int switched() {
            return switched.get();
        }

        private void read() {
            ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
            try {
                while (selector.isOpen()) {
                    selector.select(key -> count(key, bytes));
                }
            } catch (IOException | ClosedSelectorException closed) {
                // The test has ended.
            }
        }

        private void count(SelectionKey key, ByteBuffer bytes) {
            int[] matched = (int[]) key.attachment();
            try {
                if (((SocketChannel) key.channel()).read(bytes.clear()) < 0) {
                    key.cancel();
                }
            } catch (IOException e) {
                key.cancel();
            }
            bytes.flip();
            while (bytes.hasRemaining()) {
                byte octet = bytes.get();
                matched[0] = octet == SWITCHED[matched[0]] ? matched[0] + 1 : octet == SWITCHED[0] ? 1 : 0;
                if (matched[0] == SWITCHED.length) {
                    matched[0] = 0;
                    switched.incrementAndGet();
                }
            }
        }

        @Override
        public void close() throws IOException {
            List<SelectionKey> keys = List.copyOf(selector.keys());
            selector.close();
            for (SelectionKey key : keys) {
                key.channel().close();
            }
        }
    }

    /** Returns how long it took until the new slot served, each time, in milliseconds. */
    private static long[] flip(TurnoutProcess turnout, int flips) {
        long[] millis = new long[flips];
        for (int i = 0; i < flips; i++) {
            String to = turnout.admin().active().equals("blue") ? "green" : "blue";
            JsonObject receipt = turnout.admin().switchTo(to);
            millis[i] = Duration.between(receipt.getInstant("startedAt"), receipt.getInstant("switchedAt"))
                    .toMillis();
        }
        return millis;
    }

    /** Returns the lower quartile: a busy machine slows some flips down, and many readers would slow down all of them. */
    private static long quarter(long[] millis) {
        return Arrays.stream(millis).sorted().toArray()[millis.length / 4];
    }

    private static String shown(long[] millis) {
        return "lower quartile " + quarter(millis) + " ms, longest "
                + Arrays.stream(millis).max().orElseThrow() + " ms";
    }
}
