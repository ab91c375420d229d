package dev.turnout.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.ChunkedInput;
import dev.turnout.support.wire.CutShort;
import dev.turnout.support.wire.EventReader;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Guards("F12")
@DisplayName("Server-sent events are streamed, and end between two events in a drain")
final class EventStreamIT {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;charset=UTF-8\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String UNTIL_CLOSE = HEAD + "Connection: close\r\n\r\n";
    private static final String LINES =
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final int DRAIN_MILLIS = 5000;

    @RegisterExtension
    static final TurnoutExtension ARENA = new TurnoutExtension();

    private static Backend blue;
    private static Backend green;
    private static TurnoutProcess turnout;
    private static Footprint footprint;

    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() {
        blue = ARENA.backend().always(Effect.ok("blue"));
        green = ARENA.backend().always(Effect.ok("green"));
        turnout = ARENA.start(
                TurnoutProcess.with().blue(blue).green(green).set("turnout.drain.timeout", DRAIN_MILLIS + "ms"));
        footprint = Footprint.of(turnout);
    }

    @BeforeEach
    void feedTheNextRequest() {
        turnout.admin().switchTo("blue");
        blue.forget();
        blue.next(new Effect.Fed(pieces));
    }

    @AfterEach
    void feedNoMore() {
        pieces.add(new byte[0]);
    }

    @AfterAll
    static void nothingIsLost() throws IOException {
        footprint.assertRegained();
    }

    private void feed(String bytes) {
        pieces.add(bytes.getBytes(ISO_8859_1));
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    private static String event(int number) {
        return "id: " + number + "\ndata: event " + number + "\n\n";
    }

    private EventStreamClient open(String head, String version) throws IOException {
        feed(head);
        return EventStreamClient.open(turnout.connect(), version);
    }

    private static CompletableFuture<Admin.Answer> flip() {
        return turnout.admin().postAsync("/admin/switch?to=green");
    }

    /** The receipt's part about a drain that nothing had to be cut in, well before its deadline. */
    private static JsonObject drained(CompletableFuture<Admin.Answer> flip) throws Exception {
        JsonObject drain = flip.get(30, TimeUnit.SECONDS).expect(200).json().getJsonObject("drain");
        assertThat(drain.getBoolean("drained")).isTrue();
        assertThat(drain.getJsonArray("cut")).isEmpty();
        assertThat(drain.getLong("waitedMillis")).isLessThan(DRAIN_MILLIS / 2);
        return drain;
    }

    @ParameterizedTest
    @CsvSource({"true,HTTP/1.1", "true,HTTP/1.0", "false,HTTP/1.1", "false,HTTP/1.0"})
    void each_event_arrives_before_the_next_is_sent(boolean chunked, String version) throws IOException {
        try (EventStreamClient client = open(chunked ? CHUNKED : UNTIL_CLOSE, version)) {
            for (int i = 0; i < 20; i++) {
                feed(chunked ? chunk(event(i)) : event(i));
                assertThat(client.next()).contains(event(i));
            }
            feed(chunked ? "0\r\n\r\n" : "");
            assertThat(client.next()).isEmpty();
        }
    }

    @Test
    void half_an_event_arrives_too_before_the_rest_is_sent() throws IOException {
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            feed("20\r\ndata: ha");
            assertThat(client.raw().in().readNBytes("8\r\ndata: ha".length()))
                    .asString()
                    .isEqualTo("8\r\ndata: ha");
        }
    }

    @ParameterizedTest
    @CsvSource({"true,HTTP/1.1", "true,HTTP/1.0", "false,HTTP/1.1", "false,HTTP/1.0"})
    void an_idle_stream_ends_when_its_slot_is_drained(boolean chunked, String version) throws Exception {
        try (EventStreamClient client = open(chunked ? CHUNKED : UNTIL_CLOSE, version)) {
            feed(chunked ? chunk(event(1)) : event(1));
            assertThat(client.next()).contains(event(1));
            var flip = flip();
            assertThat(client.next()).isEmpty();
            JsonObject drain = drained(flip);
            assertThat(drain.getInteger("completed")).isEqualTo(1);
            assertThat(drain.getInteger("streamsEnded")).isEqualTo(1);
            assertThat(client.retryMillis().orElseThrow()).isBetween(100, 400);
        }
    }

    @Test
    void a_stream_without_any_event_ends_too() throws Exception {
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            var flip = flip();
            assertThat(client.next()).isEmpty();
            drained(flip);
        }
    }

    @Test
    void a_client_goes_on_with_the_new_slot_over_the_same_connection() throws Exception {
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            assertThat(client.head().announcesClose()).isFalse();
            var flip = flip();
            assertThat(client.next()).isEmpty();
            assertThat(client.raw().get("/next").read().text()).isEqualTo("green");
            drained(flip);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: ", "data: half", "data: whole line\n", "data: whole line\r\n", "id: 1\r"})
    void a_stream_within_an_event_goes_on_to_its_end(String half) throws Exception {
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            feed(chunk(event(1)) + chunk(half));
            assertThat(client.next()).contains(event(1));
            var flip = flip();
            Await.until("the drain", () -> turnout.admin().isDraining());
            String rest = "id: 9\n\n";
            feed(chunk(rest + event(2) + event(3)));
            assertThat(client.next()).contains(half + rest);
            Optional<String> next = client.next();
            while (next.isPresent()) {
                next = client.next();
            }
            drained(flip);
        }
    }

    @RepeatedTest(3)
    void events_in_pieces_of_any_size_are_never_torn(RepetitionInfo round) throws Exception {
        Random random = new Random(round.getCurrentRepetition());
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            int fed = 0;
            while (fed < 200) {
                feedInPieces(fed++, random);
            }
            CompletableFuture<Admin.Answer> flip = null;
            int read = 0;
            for (var next = client.next(); next.isPresent(); next = client.next()) {
                feedInPieces(fed++, random);
                assertThat(next).contains(numbered(read++));
                if (read == 1000) {
                    flip = flip();
                }
            }
            assertThat(read).isGreaterThan(1000);
            drained(flip);
        }
    }

    private static String numbered(int number) {
        return number % 3 == 0 ? "data: a\r\ndata: b" + number + "\r\n\r\n" : event(number);
    }

    private void feedInPieces(int number, Random random) {
        String event = numbered(number);
        int cut = random.nextInt(event.length());
        String chunks = (cut > 0 ? chunk(event.substring(0, cut)) : "") + chunk(event.substring(cut));
        int pause = 1 + random.nextInt(chunks.length() - 1);
        feed(chunks.substring(0, pause));
        feed(chunks.substring(pause));
    }

    @Test
    void a_heartbeat_of_comment_lines_is_no_half_event() throws Exception {
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            feed(chunk(event(1)) + chunk(": still here\n"));
            assertThat(client.next()).contains(event(1));
            var flip = flip();
            assertThat(client.next()).isEmpty();
            assertThat(client.retryMillis()).isPresent();
            drained(flip);
        }
    }

    @Test
    void what_is_left_of_a_request_is_no_next_request_when_its_stream_has_ended() throws Exception {
        blue.forget();
        blue.next(new Effect.First(
                List.of(CHUNKED + chunk(event(1))), new Effect.Unread(new CountDownLatch(1), Effect.ok("never"))));
        String rest = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        try (RawClient raw = turnout.connect()) {
            raw.send("POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: " + rest.length() + "\r\n\r\n");
            assertThat(raw.read("HEAD").status()).isEqualTo(200);
            EventReader events = new EventReader(new ChunkedInput(raw.in()));
            assertThat(events.next()).contains(event(1));
            var flip = flip();
            assertThat(events.next()).isEmpty();
            raw.send(rest);
            assertThat(raw.isClosedByPeer()).isTrue();
            drained(flip);
        }
        assertThat(green.arrivals())
                .noneMatch(arrival -> arrival.head().target().equals("/smuggled"));
    }

    @ParameterizedTest
    @CsvSource({"true,HTTP/1.1", "true,HTTP/1.0", "false,HTTP/1.1", "false,HTTP/1.0"})
    void a_compressed_stream_ends_at_its_place_behind_what_was_sent(boolean chunked, String version) throws Exception {
        String piece = "\u001f\u008b\b\0\n\nhalf";
        String head = HEAD + "Content-Encoding: gzip\r\n" + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
        feed(head + (chunked ? chunk(piece) : piece));
        try (RawClient client = turnout.connect()) {
            client.send("GET /events " + version + "\r\nHost: app.example\r\n\r\n");
            Await.until("the stream has begun", () -> blue.requests() == 1);
            var flip = flip();
            Response whole = client.read();
            assertThat(whole.text()).isEqualTo(new String(piece.getBytes(ISO_8859_1), UTF_8));
            JsonObject drain = drained(flip);
            assertThat(drain.getInteger("streamsEnded")).isEqualTo(1);
            if (chunked && version.equals("HTTP/1.1")) {
                assertThat(client.get("/next").read().text()).isEqualTo("green");
            }
        }
    }

    @Test
    void a_compressed_stream_to_a_client_that_sends_no_more_ends_too() throws Exception {
        feed(HEAD + "Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("packed"));
        try (RawClient client = turnout.connect()) {
            client.get("/events").end(SocketEnd.HALF_CLOSE);
            Await.until("the stream has begun", () -> blue.requests() == 1);
            var flip = flip();
            assertThat(client.read().text()).isEqualTo("packed");
            drained(flip);
        }
    }

    @Test
    void parts_that_replace_each_other_end_too() throws Exception {
        feed("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=a\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunk("--a\r\n\r\npicture\r\n"));
        try (RawClient client = turnout.connect()) {
            client.get("/camera");
            Await.until("the stream has begun", () -> blue.requests() == 1);
            var flip = flip();
            assertThat(client.read().text()).isEqualTo("--a\r\n\r\npicture\r\n");
            drained(flip);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void an_ended_stream_tells_its_reader_to_be_back_at_once_in_its_own_line_ends(String lineEnd) throws Exception {
        String event = "id: 1" + lineEnd + "data: a" + lineEnd + lineEnd;
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            feed(chunk(event));
            byte[] passed = client.raw().in().readNBytes(chunk(event).length());
            assertThat(passed).asString().isEqualTo(chunk(event));
            var flip = flip();
            String last = new String(new ChunkedInput(client.raw().in()).readAllBytes(), ISO_8859_1);
            assertThat(last).matches("retry: [1-4]\\d\\d" + lineEnd + lineEnd);
            drained(flip);
        }
    }

    @Test
    void a_stream_that_stands_still_within_an_event_ends_there_after_a_time_of_grace() throws Exception {
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            feed(chunk(event(1)) + chunk("data: ha"));
            assertThat(client.next()).contains(event(1));
            var flip = flip();
            // The reader drops what no empty line has ended, and no retry field may become a part of it.
            assertThatThrownBy(client::next).isInstanceOf(CutShort.class).hasMessageEndingWith("data: ha");
            assertThat(client.raw().get("/next").read().text()).isEqualTo("green");
            assertThat(drained(flip).getInteger("streamsEnded")).isEqualTo(1);
        }
    }

    @Test
    void a_stream_whose_client_does_not_read_holds_no_drain() throws Exception {
        String event = "data: " + "x".repeat(60_000) + "\n\n";
        feed(CHUNKED);
        try (RawClient client = RawClient.to(turnout.front(), 4096)) {
            client.get("/events");
            for (int i = 0; i < 200; i++) {
                feed(chunk(event));
            }
            Await.until("the client is slow", () -> blue.sent() > 1_000_000);
            drained(flip());
        }
    }

    @Test
    void a_head_request_for_a_stream_is_over_with_its_head() throws Exception {
        feed(CHUNKED);
        try (RawClient client = turnout.connect()) {
            client.send("HEAD /events HTTP/1.1\r\nHost: app.example\r\n\r\n");
            assertThat(client.read("HEAD").status()).isEqualTo(200);
            assertThat(drained(flip()).getInteger("streamsEnded")).isZero();
        }
    }

    @Test
    void events_with_a_length_are_waited_for() throws Exception {
        feed(HEAD + "Content-Length: 24\r\n\r\ndata: one\n\n");
        try (EventStreamClient client = EventStreamClient.open(turnout.connect(), "HTTP/1.1")) {
            assertThat(client.next()).contains("data: one\n\n");
            var flip = flip();
            Await.until("the drain", () -> turnout.admin().isDraining());
            feed("data: three\n\n");
            assertThat(client.next()).contains("data: three\n\n");
            JsonObject drain = drained(flip);
            assertThat(drain.getInteger("completed")).isEqualTo(1);
            assertThat(drain.getInteger("streamsEnded")).isZero();
        }
    }

    @Test
    void a_canary_that_is_taken_back_ends_its_streams_too() throws Exception {
        blue.forget();
        green.next(new Effect.Fed(pieces));
        turnout.admin().post("/admin/canary?weight=100").expect(200);
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            var back = turnout.admin().deleteAsync("/admin/canary");
            assertThat(client.next()).isEmpty();
            assertThat(client.retryMillis()).isPresent();
            assertThat(drained(back).getInteger("streamsEnded")).isEqualTo(1);
        }
    }

    @Test
    void a_target_that_is_taken_out_ends_its_streams_too() throws Exception {
        try (EventStreamClient client = open(CHUNKED, "HTTP/1.1")) {
            var out = turnout.admin().postAsync("/admin/targets/" + blue.address() + "/drain?force=true");
            assertThat(client.next()).isEmpty();
            assertThat(drained(out).getInteger("streamsEnded")).isEqualTo(1);
        } finally {
            turnout.admin().post("/admin/targets/" + blue.address() + "/ready").expect(200);
        }
    }

    @Test
    void lines_end_behind_a_line_once_nothing_more_comes() throws Exception {
        feed(LINES + chunk("{\"n\":1}\n{\"n\":2}\n"));
        try (RawClient client = turnout.connect()) {
            client.get("/lines");
            Await.until("the stream has begun", () -> blue.requests() == 1);
            var flip = flip();
            assertThat(client.read().text()).isEqualTo("{\"n\":1}\n{\"n\":2}\n");
            assertThat(drained(flip).getInteger("streamsEnded")).isEqualTo(1);
        }
    }

    @Test
    void an_export_of_lines_that_goes_on_is_left_to_its_end() throws Exception {
        feed(LINES);
        try (RawClient client = turnout.connect()) {
            client.get("/export");
            Await.until("the stream has begun", () -> blue.requests() == 1);
            var flip = flip();
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                String line = "{\"n\":" + i + "}\n";
                all.append(line);
                feed(chunk(line));
                Await.pause(Duration.ofMillis(50));
            }
            feed("0\r\n\r\n");
            assertThat(client.read().text()).isEqualTo(all.toString());
            assertThat(drained(flip).getInteger("streamsEnded")).isZero();
        }
    }

    @Test
    void lines_that_never_pause_end_behind_a_line_and_can_be_seen_not_to_be_whole() throws Exception {
        feed(LINES);
        try (RawClient client = turnout.connect()) {
            client.get("/lines");
            assertThat(client.read("HEAD").status()).isEqualTo(200);
            var flip = flip();
            while (!flip.isDone()) {
                feed(chunk("{\"n\":1}\n"));
                Await.pause(Duration.ofMillis(20));
            }
            String all = new String(client.readUntilClosed(), ISO_8859_1);
            assertThat(all).endsWith("{\"n\":1}\n\r\n").doesNotContain("0\r\n\r\n");
            JsonObject drain = flip.get().expect(200).json().getJsonObject("drain");
            assertThat(drain.getBoolean("drained")).isTrue();
            assertThat(drain.getInteger("streamsEnded")).isEqualTo(1);
            assertThat(drain.getLong("waitedMillis")).isBetween(DRAIN_MILLIS * 3L / 4, DRAIN_MILLIS * 9L / 10);
        }
    }

    @Test
    void a_stop_ends_streams_too_and_does_not_wait_for_its_deadline() throws Exception {
        TurnoutProcess own = ARENA.start(blue, green);
        try (EventStreamClient client = openOn(own)) {
            feed(chunk(event(1)));
            assertThat(client.next()).contains(event(1));
            long told = System.nanoTime();
            own.terminate();
            assertThat(client.next()).isEmpty();
            // Who comes back to a proxy that is being restarted at once finds nobody, or what stands in front says 502.
            assertThat(client.retryMillis()).isEmpty();
            assertThat(own.awaitExit()).isZero();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - told)).isLessThan(15);
        }
    }

    private EventStreamClient openOn(TurnoutProcess own) throws IOException {
        feed(CHUNKED);
        return EventStreamClient.open(own.connect(), "HTTP/1.1");
    }
}
