package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PipedPiece;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Goes through every cell of the table at the top of {@link Exchange}: the table is read from the source itself. */
final class ExchangeTest {

    private static final Path SOURCE = source();
    private static final String NOTHING = "-";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
    private static final String UNTIL_CLOSE = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    private static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    /** One way to the event of a cell: from a fresh exchange to the phase, and then the event. */
    private record Way(Supplier<ExchangeFixture> to, Consumer<ExchangeFixture> event) {}

    private static final Map<String, Map<Phase, List<Way>>> WAYS = new LinkedHashMap<>();

    private static Path source() {
        Path flat = Path.of("src/main/java/dev/turnout/proxy/Exchange.java");
        return Files.exists(flat) ? flat : Path.of("src/main/java/dev/turnout/proxy/exchange/Exchange.java");
    }

    private static void way(String event, Phase phase, Supplier<ExchangeFixture> to, Consumer<ExchangeFixture> doing) {
        WAYS.computeIfAbsent(event, name -> new EnumMap<>(Phase.class))
                .computeIfAbsent(phase, name -> new ArrayList<>())
                .add(new Way(to, doing));
    }

    private static ExchangeFixture waiting() {
        return new ExchangeFixture(true, ExchangeFixture.FIRST).get();
    }

    private static ExchangeFixture connecting() {
        return new ExchangeFixture(false, ExchangeFixture.FIRST).get();
    }

    private static ExchangeFixture requesting() {
        return connecting().connected();
    }

    private static ExchangeFixture stale() {
        ExchangeFixture fixture = new ExchangeFixture(false, ExchangeFixture.FIRST);
        fixture.target = new FakeTargetStream();
        fixture.target.wasIdle = true;
        fixture.targets.idle.add(fixture.target);
        return fixture.get();
    }

    /** The client sends a chunked body of which the first chunk has come. */
    private static ExchangeFixture uploading() {
        return new ExchangeFixture(false, ExchangeFixture.FIRST)
                .start(
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                        MessageBody.chunked(100, ChunkScanner.NO_FRAMING),
                        "1\r\na\r\n")
                .connected();
    }

    private static ExchangeFixture responding() {
        return requesting().answered(ANSWER);
    }

    private static ExchangeFixture tunnel() {
        return new ExchangeFixture(false, ExchangeFixture.FIRST)
                .webSocket()
                .connected()
                .answered(SWITCHING);
    }

    private static ExchangeFixture closing() {
        ExchangeFixture fixture = tunnel();
        fixture.retire();
        return fixture;
    }

    private static void end(FakeTargetStream stream) {
        TargetStream.Listener listener = stream.listener;
        stream.close();
        listener.closed();
    }

    private static void brokenUpload(ExchangeFixture fixture) {
        ByteBuf in = fixture.buffer("no chunk");
        fixture.exchange.relay().requestBody(in);
        in.release();
    }

    static {
        way("resumed", Phase.WAITING, ExchangeTest::waiting, f -> {
            f.publish(false, List.of(ExchangeFixture.FIRST));
            f.context.releasePaused();
        });
        way("dismissed", Phase.WAITING, ExchangeTest::waiting, f -> f.context.dismissPaused(LocalReplies.STOPPING));
        way("let go", Phase.WAITING, ExchangeTest::waiting, f -> {
            f.publish(false, List.of(ExchangeFixture.FIRST));
            f.exchange.letGo(null);
        });
        way(
                "answered",
                Phase.WAITING,
                ExchangeTest::waiting,
                f -> f.exchange.answered(LocalReplies.NO_SERVICE, LocalReply.Form.PROBLEM));
        way(
                "refused",
                Phase.WAITING,
                ExchangeTest::waiting,
                f -> f.exchange.refused(LocalReplies.NO_SERVICE, LocalReply.Form.PROBLEM));
        way("too much is kept", Phase.WAITING, ExchangeTest::waiting, f -> f.exchange.bodyKept(Integer.MAX_VALUE));
        way("request sent", Phase.CONNECTING, ExchangeTest::connecting, ExchangeFixture::connected);
        way("goes again", Phase.CONNECTING, ExchangeTest::connecting, f -> {
            FakeTargetStream dead = new FakeTargetStream();
            dead.wasIdle = true;
            dead.outputBroken = true;
            f.targets.waiting.remove().opened(dead);
        });
        way("goes again", Phase.REQUESTING, ExchangeTest::stale, f -> end(f.target));
        way(
                "goes again",
                Phase.REQUESTING,
                ExchangeTest::stale,
                f -> f.answered("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        way(
                "undeliverable",
                Phase.CONNECTING,
                ExchangeTest::connecting,
                f -> f.targets.refuse(new IOException("refused")));
        way("undeliverable", Phase.REQUESTING, ExchangeTest::stalePost, f -> end(f.target));
        way("response begins", Phase.REQUESTING, ExchangeTest::requesting, f -> f.answered(ANSWER));
        way(
                "response begins",
                Phase.REQUESTING,
                () -> new ExchangeFixture(false, ExchangeFixture.FIRST)
                        .webSocket()
                        .connected(),
                f -> f.answered(SWITCHING));
        way("intercepted", Phase.REQUESTING, ExchangeTest::requesting, f -> {
            f.exchange.intercepted(new LocalReply(404, Interception.CAUSE, "The application answers so."));
            f.exchange.relay().delivery().attempt().end();
        });
        way("response whole", Phase.RESPONDING, ExchangeTest::responding, f -> f.sent("0123456789"));
        way("stream ended", Phase.RESPONDING, () -> requesting().answered(EVENTS), ExchangeFixture::retire);
        way("stream ended", Phase.RESPONDING, ExchangeTest::tunnel, ExchangeFixture::retire);
        way("stream ended", Phase.RESPONDING, ExchangeTest::busyExport, ExchangeTest::retireWhileBusy);
        way(
                "message broken",
                Phase.REQUESTING,
                ExchangeTest::requesting,
                f -> f.target.listener.badResponse(Rejection.BAD_CHUNK));
        way("message broken", Phase.REQUESTING, ExchangeTest::uploading, ExchangeTest::brokenUpload);
        way("message broken", Phase.RESPONDING, () -> uploading().answered(ANSWER), ExchangeTest::brokenUpload);
        way("message broken", Phase.RESPONDING, () -> requesting().answered(EVENTS), f -> f.sent("no chunk"));
        way("target closed", Phase.REQUESTING, ExchangeTest::requesting, f -> end(f.target));
        way("target closed", Phase.RESPONDING, ExchangeTest::responding, f -> end(f.target));
        way("target closed", Phase.RESPONDING, () -> requesting().answered(UNTIL_CLOSE), f -> end(f.target));
        way("target closed", Phase.CLOSING, ExchangeTest::closing, f -> end(f.target));
        everywhere("client gone", f -> f.exchange.clientGone());
        everywhere("timed out", f -> f.exchange.timedOut());
        way("cut", Phase.CONNECTING, ExchangeTest::connecting, ExchangeTest::cut);
        way("cut", Phase.REQUESTING, ExchangeTest::requesting, ExchangeTest::cut);
        way("cut", Phase.RESPONDING, ExchangeTest::responding, ExchangeTest::cut);
        way("cut", Phase.CLOSING, ExchangeTest::closing, ExchangeTest::cut);
    }

    private static void cut(ExchangeFixture fixture) {
        assertThat(fixture.exchange.cut(LocalReplies.DRAIN_TIMEOUT)).isNotNull();
    }

    private static void everywhere(String event, Consumer<ExchangeFixture> doing) {
        way(event, Phase.WAITING, ExchangeTest::waiting, doing);
        way(event, Phase.CONNECTING, ExchangeTest::connecting, doing);
        way(event, Phase.REQUESTING, ExchangeTest::requesting, doing);
        way(event, Phase.RESPONDING, ExchangeTest::responding, doing);
        way(event, Phase.CLOSING, ExchangeTest::closing, doing);
    }

    private static ExchangeFixture stalePost() {
        ExchangeFixture fixture = new ExchangeFixture(false, ExchangeFixture.FIRST);
        fixture.target = new FakeTargetStream();
        fixture.target.wasIdle = true;
        fixture.targets.idle.add(fixture.target);
        return fixture.start("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", MessageBody.ofLength(0), null);
    }

    /** An export as ndjson, whose reader must not take a part for the whole. */
    private static ExchangeFixture busyExport() {
        return requesting()
                .answered(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    private static void retireWhileBusy(ExchangeFixture fixture) {
        fixture.exchange.target().retire(fixture.spent());
        fixture.exchange.retire(fixture.spent(), 0);
        fixture.runDue();
    }

    // --- The table -------------------------------------------------------------------------------------------------

    /** Reads the table: event, then phase, then the outcomes of the cell. */
    private static Map<String, Map<Phase, Set<String>>> table() throws IOException {
        List<String> lines = Files.readAllLines(SOURCE).stream()
                .map(line -> line.replaceFirst("^ \\* ?", ""))
                .toList();
        List<String> rows = lines.subList(lines.indexOf("<pre>") + 1, lines.indexOf("</pre>"));
        Phase[] phases =
                Stream.of(rows.get(0).trim().split("\\s+")).map(Phase::valueOf).toArray(Phase[]::new);
        Map<String, Map<Phase, Set<String>>> table = new LinkedHashMap<>();
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.trim().split("\\s{2,}");
            Map<Phase, Set<String>> byPhase = new EnumMap<>(Phase.class);
            for (int i = 0; i < phases.length; i++) {
                byPhase.put(phases[i], new TreeSet<>(Arrays.asList(cells[i + 1].split("\\|"))));
            }
            table.put(cells[0], byPhase);
        }
        return table;
    }

    static Stream<Arguments> cells() throws IOException {
        return table().entrySet().stream().flatMap(row -> row.getValue().entrySet().stream()
                .map(cell -> Arguments.of(row.getKey(), cell.getKey(), cell.getValue())));
    }

    @ParameterizedTest(name = "{0} in {1}: {2}")
    @MethodSource("cells")
    void each_cell_of_the_table_is_what_happens(String event, Phase phase, Set<String> outcomes) {
        List<Way> ways = WAYS.getOrDefault(event, Map.of()).getOrDefault(phase, List.of());
        Set<String> seen = new TreeSet<>();
        for (Way way : ways) {
            ExchangeFixture fixture = way.to().get();
            assertThat(fixture.phase()).as("before the event").isEqualTo(phase);
            way.event().accept(fixture);
            seen.add(outcome(fixture));
        }
        assertThat(seen).isEqualTo(outcomes.contains(NOTHING) ? Set.of() : outcomes);
    }

    private static String outcome(ExchangeFixture fixture) {
        if (fixture.phase() != Phase.ENDED) {
            assertThat(fixture.client.ends).isEmpty();
            return fixture.phase().name();
        }
        assertThat(fixture.inFlight()).as("claims that are left").isZero();
        assertThat(fixture.records).as("records").hasSize(1);
        assertThat(fixture.client.ends).hasSizeLessThan(2);
        fixture.assertReleased();
        return fixture.client.ends.isEmpty() ? "leave" : fixture.client.ends.get(0);
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of("a whole response", way(ExchangeTest::responding, f -> f.sent("0123456789"))),
                Arguments.of("an answer of Turnout's own", way(ExchangeTest::requesting, ExchangeTest::cut)),
                Arguments.of("a cut response", way(ExchangeTest::responding, ExchangeTest::cut)));
    }

    private static Way way(Supplier<ExchangeFixture> to, Consumer<ExchangeFixture> event) {
        return new Way(to, event);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void nothing_happens_once_it_has_ended(String name, Way way) {
        ExchangeFixture fixture = way.to().get();
        way.event().accept(fixture);
        List<String> ends = List.copyOf(fixture.client.ends);
        outcome(fixture);

        fixture.exchange.clientGone();
        fixture.exchange.targetClosed(false);
        fixture.exchange.failed(LocalReplies.BAD_RESPONSE_BODY, ExchangeEnd.BAD_RESPONSE);
        fixture.exchange.timedOut();
        fixture.exchange.bodyKept(Integer.MAX_VALUE);
        fixture.exchange.streamEnded();
        fixture.exchange.goOn();
        assertThat(fixture.exchange.cut(LocalReplies.DRAIN_TIMEOUT)).isNull();

        outcome(fixture);
        assertThat(fixture.client.ends).isEqualTo(ends);
    }

    @Test
    void one_that_has_ended_takes_no_other_one_out_of_the_list() {
        ExchangeFixture fixture = requesting();
        Exchange ended = fixture.exchange;
        Exchange other = fixture.get().exchange;
        ended.clientGone();
        fixture.context.requests().remove(ended);

        assertThat(fixture.context.requests().list()).containsExactly(other);
    }

    @Test
    void a_request_that_goes_again_has_no_more_time_than_one_that_does_not() {
        ExchangeFixture fixture = stale();
        end(fixture.target);
        assertThat(fixture.phase()).isEqualTo(Phase.CONNECTING);

        fixture.exchange.relay().timer().timedOut();

        assertThat(fixture.client.ends).containsExactly("fail");
        assertThat(fixture.client.reply).isEqualTo(LocalReplies.RESPONSE_TIMEOUT);
    }

    @Test
    void a_request_that_goes_again_lets_its_client_wait_with_the_body() {
        ExchangeFixture fixture = stale();
        assertThat(fixture.client.held).isZero();
        end(fixture.target);
        assertThat(fixture.client.held).isEqualTo(1);
    }

    @Test
    void a_piece_in_a_pipe_that_has_no_connection_to_go_to_ends_its_request() {
        ExchangeFixture fixture = new ExchangeFixture(false, ExchangeFixture.FIRST)
                .start("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n", MessageBody.ofLength(900), null);
        PipedBytes piece = PipedPiece.of(100);

        fixture.exchange.relay().requestBody(piece);

        assertThat(piece.refCnt()).isZero();
        assertThat(fixture.client.ends).containsExactly("fail");
        assertThat(fixture.client.reply).isEqualTo(LocalReplies.TARGET_CLOSED);
    }

    @Test
    void every_phase_has_a_column() throws IOException {
        table().forEach((event, cells) -> assertThat(cells.keySet())
                .as(event)
                .containsExactly(Phase.WAITING, Phase.CONNECTING, Phase.REQUESTING, Phase.RESPONDING, Phase.CLOSING));
    }

    @Test
    void every_event_that_is_tried_has_a_row() throws IOException {
        assertThat(table().keySet()).containsExactlyElementsOf(WAYS.keySet());
    }
}
