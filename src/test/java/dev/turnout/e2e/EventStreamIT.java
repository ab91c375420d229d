package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.e2e.wire.ChunkedInput;
import dev.turnout.e2e.wire.EventReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

@DisplayName("F12: SSE is buffered, or holds every drain until its deadline")
class EventStreamIT {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;charset=UTF-8\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String UNTIL_CLOSE = HEAD + "Connection: close\r\n\r\n";
    private static final int DRAIN_MILLIS = 5000;

    @RegisterExtension
    static final Arena ARENA = new Arena();

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
        pieces.add(bytes.getBytes(StandardCharsets.ISO_8859_1));
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
            assertThat(drained(flip).getInteger("completed")).isEqualTo(1);
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
            Await.until("the flip", () -> turnout.admin().active().equals("green"));
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
            assertThatThrownBy(client::next).hasMessageContaining("still here");
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

    @Test
    void a_compressed_stream_is_not_ended_where_its_bytes_look_like_an_empty_line() throws Exception {
        feed(HEAD + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
        try (EventStreamClient client = EventStreamClient.open(turnout.connect(), "HTTP/1.1")) {
            feed(chunk("\u001f\u008b\b\0\n\n"));
            client.next();
            var flip = flip();
            assertThatThrownBy(client::next).isInstanceOfAny(IOException.class);
            JsonObject drain = flip.get(30, TimeUnit.SECONDS).expect(200).json().getJsonObject("drain");
            assertThat(drain.getJsonArray("cut")).hasSize(1);
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
            assertThat(own.awaitExit()).isZero();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - told)).isLessThan(15);
        }
    }

    private EventStreamClient openOn(TurnoutProcess own) throws IOException {
        feed(CHUNKED);
        return EventStreamClient.open(own.connect(), "HTTP/1.1");
    }
}
