package dev.turnout.e2e;

import static dev.turnout.support.SocketEnd.CLOSE;
import static dev.turnout.support.SocketEnd.HALF_CLOSE;
import static dev.turnout.support.SocketEnd.RESET;
import static dev.turnout.support.SocketEnd.STALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.turnout.support.Arrival;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.CutShort;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What everybody sees of a target that misbehaves: the client, the target, the pool of connections to it, the counters
 * and the access log; for each method, over a fresh and over a reused connection.
 */
@DisplayName("A target that misbehaves, in every way, to every method, on a fresh and on a reused connection")
@Tag("alone")
final class MisbehaviourIT {

    private static final Effect WELL = Effect.ok("well");
    private static final Effect LAST =
            Effect.raw("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlast");

    @RegisterExtension
    static final TurnoutExtension ARENA = new TurnoutExtension();

    private static Backend blue;
    private static TurnoutProcess turnout;
    private static Path log;
    private static Footprint footprint;

    /** A request, and whether it is sent again after a stale connection. */
    private enum Method {
        GET(""),
        POST("a body of twenty-nine bytes\r\n"),
        PUT("a body of twenty-nine bytes\r\n");

        private final String body;

        Method(String body) {
            this.body = body;
        }

        boolean isIdempotent() {
            return this != POST;
        }

        String request(String path) {
            String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
            return this + " " + path + " HTTP/1.1\r\nHost: app.example\r\n" + length + "\r\n" + body;
        }
    }

    /** What an effect comes to, if it is met once. */
    private enum Fate {
        /** The answer arrives whole, and both connections go on. */
        WHOLE(200, "-", true, false),
        /** The answer arrives whole, and the target's connection is not used again. */
        WHOLE_THEN_CLOSED(200, "-", false, false),
        /** Nothing came: a stale connection, if it was a reused one. */
        NOTHING(502, "target-closed", false, true),
        /** The head did not arrive whole. */
        CUT_IN_HEAD(502, "target-closed", false, true),
        /** The head was whole and the body was not. */
        CUT_IN_BODY(200, "target-closed", false, true),
        /** What came is no answer. */
        BAD_STATUS_LINE(502, "bad-response: bad-status-line", false, true),
        TWO_FRAMINGS(502, "bad-response: two-framings", false, true),
        BAD_LENGTH(502, "bad-response: bad-content-length", false, true),
        BAD_CHUNK(502, "bad-response: bad-chunk", false, true),
        UNASKED_UPGRADE(502, "bad-response: unasked-upgrade", false, true),
        /** No head in time. */
        LATE_HEAD(504, "response-timeout", false, true),
        /** No rest of the body in time. */
        LATE_BODY(200, "target-body-timeout", false, true);

        private final int status;
        private final String cause;
        private final boolean pooled;
        private final boolean counted;

        Fate(int status, String cause, boolean pooled, boolean counted) {
            this.status = status;
            this.cause = cause;
            this.pooled = pooled;
            this.counted = counted;
        }

        /** Whether the client sees an end in the middle of a 200. */
        boolean isBrokenOff() {
            return status == 200 && counted;
        }
    }

    /** One row of the table. */
    private record Row(String name, Effect effect, Fate fate) {}

    private static final String OK = "HTTP/1.1 200 OK\r\n";

    /** How long a target has to keep an idle connection to be trusted with any request, and a little more. */
    private static final Duration SETTLED = Duration.ofMillis(70);

    private static final List<Row> TABLE = List.of(
            new Row("answers", WELL, Fate.WHOLE),
            new Row("dribbles", dribble(), Fate.WHOLE),
            new Row("sends 1xx first", new Effect.First(List.of(interim(103), interim(102)), WELL), Fate.WHOLE),
            new Row("answers before the body", early(STALL), Fate.WHOLE),
            new Row(
                    "says close and stays",
                    Effect.raw(OK + "Connection: close\r\nContent-Length: 4\r\n\r\nwell"),
                    Fate.WHOLE_THEN_CLOSED),
            new Row("ends the body by close", Effect.raw(OK + "\r\nwell", CLOSE), Fate.WHOLE_THEN_CLOSED),
            new Row(
                    "speaks HTTP/1.0",
                    Effect.raw("HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nwell"),
                    Fate.WHOLE_THEN_CLOSED),
            new Row("lies about keep-alive", keepAliveLie(), Fate.WHOLE_THEN_CLOSED),
            new Row("closes before the head", Effect.cutBeforeHead(CLOSE), Fate.NOTHING),
            new Row("resets before the head", Effect.cutBeforeHead(RESET), Fate.NOTHING),
            new Row("half-closes before the head", Effect.cutBeforeHead(HALF_CLOSE), Fate.NOTHING),
            new Row("resets without reading", new Effect.EndUnread(RESET), Fate.NOTHING),
            new Row("closes in the head", Effect.cutInHead(CLOSE), Fate.CUT_IN_HEAD),
            new Row("resets in the head", Effect.cutInHead(RESET), Fate.CUT_IN_HEAD),
            new Row("half-closes in the head", Effect.cutInHead(HALF_CLOSE), Fate.CUT_IN_HEAD),
            new Row(
                    "closes after a 1xx",
                    new Effect.First(List.of(interim(103)), Effect.cutBeforeHead(CLOSE)),
                    Fate.CUT_IN_HEAD),
            new Row("closes in the body", Effect.cutInBody(CLOSE), Fate.CUT_IN_BODY),
            new Row("resets in the body", Effect.cutInBody(RESET), Fate.CUT_IN_BODY),
            new Row("half-closes in the body", Effect.cutInBody(HALF_CLOSE), Fate.CUT_IN_BODY),
            new Row("closes in a chunk", Effect.cutInChunk(CLOSE), Fate.CUT_IN_BODY),
            new Row("resets in a chunk", Effect.cutInChunk(RESET), Fate.CUT_IN_BODY),
            new Row("resets a body without length", Effect.raw(OK + "\r\nhello", RESET), Fate.CUT_IN_BODY),
            new Row("sends garbage", Effect.raw("\u0000garbage\r\n\r\n"), Fate.BAD_STATUS_LINE),
            new Row(
                    "sends two framings",
                    Effect.raw(OK + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwell\r\n0\r\n\r\n"),
                    Fate.TWO_FRAMINGS),
            new Row("sends a wrong length", Effect.raw(OK + "Content-Length: 4x\r\n\r\nwell"), Fate.BAD_LENGTH),
            new Row(
                    "sends a wrong chunk size",
                    Effect.raw(OK + "Transfer-Encoding: chunked\r\n\r\n0x4\r\nwell\r\n0\r\n\r\n"),
                    Fate.BAD_CHUNK),
            new Row(
                    "switches protocols unasked",
                    Effect.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
                    Fate.UNASKED_UPGRADE),
            new Row("stalls before the head", Effect.raw("", STALL), Fate.LATE_HEAD),
            new Row("stalls in the head", Effect.cutInHead(STALL), Fate.LATE_HEAD),
            new Row("stalls in the body", Effect.cutInBody(STALL), Fate.LATE_BODY),
            // The last one: from then on no connection is kept behind content.
            new Row(
                    "sends more than the length",
                    Effect.raw(OK + "Content-Length: 4\r\n\r\nwellHTTP/1.1 200 OK\r\n"),
                    Fate.WHOLE_THEN_CLOSED));

    private static Effect dribble() {
        byte[] bytes = (OK + "Transfer-Encoding: chunked\r\n\r\n4;x=\"y\"\r\nwell\r\n0\r\nT: r\r\n\r\n").getBytes();
        return new Effect.Dribble(bytes, 5, Duration.ofMillis(1), STALL);
    }

    private static Effect keepAliveLie() {
        return Effect.raw(
                OK + "Connection: keep-alive\r\nKeep-Alive: timeout=600\r\nContent-Length: 4\r\n\r\nwell", CLOSE);
    }

    private static Effect early(SocketEnd ending) {
        return new Effect.EarlyResponse((OK + "Content-Length: 4\r\n\r\nwell").getBytes(), ending);
    }

    private static String interim(int status) {
        return "HTTP/1.1 " + status + " Wait\r\nLink: </x>\r\n\r\n";
    }

    private static Stream<Arguments> matrix() {
        return TABLE.stream().flatMap(row -> Arrays.stream(Method.values()).flatMap(method -> Stream.of(false, true)
                .map(reused -> arguments(row.name(), method, reused ? "reused" : "fresh", row))));
    }

    @BeforeAll
    static void start() {
        blue = ARENA.backend();
        TurnoutProcess.Settings settings = TurnoutProcess.with()
                .blue(blue)
                .green(ARENA.application("green"))
                .set("turnout.access-log", "json")
                .set("turnout.health.interval", "50s")
                .set("turnout.upstream.head", "600ms")
                .set("turnout.upstream.body", "600ms");
        log = settings.stateDirectory().resolveSibling("access.log");
        turnout = ARENA.start(settings.set("turnout.access-log-file", log.toString()));
        footprint = Footprint.of(turnout);
    }

    @AfterAll
    static void nothingIsLost() throws IOException {
        assertThat(blue.violations()).isEmpty();
        footprint.assertRegained();
    }

    /** The counters of the target, less what they were before. */
    private record Counters(long requests, long failures, long retries, long connectFailures, long inFlight) {

        static Counters now() {
            JsonObject target = turnout.admin().target("blue");
            return new Counters(
                    target.getLong("requests"),
                    target.getLong("failures"),
                    target.getLong("retries"),
                    target.getLong("connectFailures"),
                    target.getLong("inFlight"));
        }

        Counters since(Counters before) {
            return new Counters(
                    requests - before.requests,
                    failures - before.failures,
                    retries - before.retries,
                    connectFailures - before.connectFailures,
                    inFlight);
        }
    }

    @ParameterizedTest(name = "{0}: {1}, {2} connection")
    @MethodSource("matrix")
    void everybody_sees_what_it_is(String name, Method method, String connection, Row row) throws IOException {
        boolean reused = connection.equals("reused");
        boolean retried = reused && row.fate() == Fate.NOTHING && method.isIdempotent();
        Fate fate = retried ? Fate.WHOLE : row.fate();
        String path = "/" + (name + " " + connection).replace(' ', '-');
        Await.until("no connection left of the row before", () -> blue.openConnections() == 0);
        blue.forget();
        blue.always(WELL);
        Counters before = Counters.now();

        try (RawClient client = turnout.connect()) {
            if (reused) {
                client.get("/first").read();
                // A target that has closed behind its answers is not believed at once.
                Await.pause(SETTLED);
            }
            blue.next(row.effect());
            client.send(method.request(path));
            boolean goesOn = assertSeenByClient(client, method, fate);
            assertSeenByTarget(method, reused, retried);
            assertSeenInPool(fate);
            assertSeenInCounters(before, fate, reused, retried);
            if (goesOn) {
                // Leaves the pool empty for the next row.
                blue.next(LAST);
                assertThat(client.get("/next").read().text()).isEqualTo("last");
            }
        }
        assertSeenInLog(method + " " + path, fate);
    }

    /** Whether the client can go on with its connection. */
    private static boolean assertSeenByClient(RawClient client, Method method, Fate fate) throws IOException {
        if (fate.isBrokenOff()) {
            assertThatThrownBy(() -> client.read(method.name()))
                    .isInstanceOfAny(CutShort.class, SocketException.class)
                    .hasMessageNotContaining("before a response");
            return false;
        }
        Response response = client.read(method.name());
        while (response.status() < 200) {
            response = client.read(method.name());
        }
        assertThat(response.status()).isEqualTo(fate.status);
        if (fate.status == 200) {
            assertThat(response.text()).isEqualTo("well");
        } else {
            assertThat(response.fields().only("X-Turnout")).contains(fate.cause);
        }
        if (response.announcesClose()) {
            assertThat(client.isClosedByPeer()).isTrue();
            return false;
        }
        return true;
    }

    private static void assertSeenByTarget(Method method, boolean reused, boolean retried) {
        List<Arrival> arrivals = new ArrayList<>(blue.arrivals());
        if (reused) {
            int first = arrivals.remove(0).connection();
            assertThat(arrivals.get(0).connection()).as("the connection").isEqualTo(first);
        }
        assertThat(arrivals)
                .hasSize(retried ? 2 : 1)
                .allMatch(arrival -> arrival.head().method().equals(method.name()));
        if (retried) {
            assertThat(arrivals.get(1).connection())
                    .isNotEqualTo(arrivals.get(0).connection());
            assertThat(arrivals.get(1).body().orElseThrow().length()).isEqualTo(method.body.length());
        }
    }

    private static void assertSeenInPool(Fate fate) {
        Await.until(
                () -> "the target's connection " + (fate.pooled ? "kept" : "closed") + ", open are "
                        + blue.openConnections(),
                Duration.ofSeconds(3),
                () -> blue.openConnections() == (fate.pooled ? 1 : 0));
    }

    private static void assertSeenInCounters(Counters before, Fate fate, boolean reused, boolean retried) {
        // The client has its answer a moment before the request has left.
        Await.until("nothing in flight", () -> Counters.now().inFlight() == 0);
        assertThat(Counters.now().since(before))
                .isEqualTo(new Counters(reused ? 2 : 1, fate.counted ? 1 : 0, retried ? 1 : 0, 0, 0));
    }

    private static void assertSeenInLog(String request, Fate fate) {
        Await.until("a line for " + request, () -> !lines(request).isEmpty());
        assertThat(lines(request)).hasSize(1);
        JsonObject line = lines(request).get(0);
        assertThat(line.getInteger("status")).isEqualTo(fate.status);
        assertThat(line.getString("cause", "-")).isEqualTo(fate.cause);
        assertThat(line.getString("slot")).isEqualTo("blue");
        assertThat(line.getString("upstream")).isEqualTo(blue.address());
    }

    private static List<JsonObject> lines(String request) {
        return LogLines.of(log).stream()
                .map(JsonObject::new)
                .filter(line -> request.equals(line.getString("method") + " " + line.getString("target")))
                .toList();
    }
}
