package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A response with bad framing never passes for a whole one, and its connection is never used again")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ResponseFramingIT {

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private static final Effect SOUND = new Effect.Application("sound");

    private Backend blue;
    private TurnoutProcess turnout;

    @BeforeAll
    void start() {
        blue = arena.backend();
        turnout = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(arena.application("green"))
                .set("turnout.health.interval", "10s"));
    }

    @BeforeEach
    void startWithoutKeptConnections() {
        blue.always(SOUND);
        blue.closeConnections(SocketEnd.CLOSE);
        blue.forget();
    }

    static Stream<ResponseRow> heads() {
        return BadResponses.heads();
    }

    static Stream<ResponseRow> bodies() {
        return BadResponses.bodies();
    }

    static Stream<GoodResponses.Expected> good() {
        return GoodResponses.all();
    }

    @ParameterizedTest
    @MethodSource("heads")
    void bad_head_sent_whole(ResponseRow row) throws IOException {
        assertBadGateway(row.whole());
    }

    @ParameterizedTest
    @MethodSource("heads")
    void bad_head_sent_byte_by_byte(ResponseRow row) throws IOException {
        assertBadGateway(byteByByte(row));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void broken_body_sent_whole(ResponseRow row) throws IOException {
        assertNotWhole(row.whole());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void broken_body_sent_byte_by_byte(ResponseRow row) throws IOException {
        assertNotWhole(byteByByte(row));
    }

    @ParameterizedTest
    @MethodSource("good")
    void good_response_sent_whole(GoodResponses.Expected expected) throws IOException {
        assertPasses(expected, expected.row().whole());
    }

    @ParameterizedTest
    @MethodSource("good")
    void good_response_sent_byte_by_byte(GoodResponses.Expected expected) throws IOException {
        assertPasses(expected, byteByByte(expected.row()));
    }

    private void assertBadGateway(Effect effect) throws IOException {
        blue.always(effect);
        try (RawClient client = turnout.connect()) {
            Response response = finalResponse(client.get("/odd"), "GET");
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.fields().only("X-Turnout")).as("X-Turnout").isPresent();
            if (response.announcesClose()) {
                assertThat(client.isClosedByPeer()).as("closed").isTrue();
            }
        }
        assertNextRequestIsServedOnAnotherConnection();
    }

    private void assertNotWhole(Effect effect) throws IOException {
        blue.next(effect);
        try (RawClient client = turnout.connect()) {
            client.get("/odd");
            assertCutShortOrRefused(client);
        }
        assertNextRequestIsServedOnAnotherConnection();
    }

    /** What fits into one segment may be found out in time for a 502; later, only an end says that it is not whole. */
    private static void assertCutShortOrRefused(RawClient client) throws IOException {
        try {
            Response response = client.read();
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.fields().only("X-Turnout")).as("X-Turnout").isPresent();
        } catch (CutShort | SocketException e) {
            assertThat(client.isClosedByPeer()).as("closed").isTrue();
        }
    }

    private void assertPasses(GoodResponses.Expected expected, Effect effect) throws IOException {
        blue.next(effect);
        String method = expected.row().method();
        try (RawClient client = turnout.connect()) {
            client.send(method + " /odd HTTP/1.1\r\nHost: app.example\r\n\r\n");
            Response response = finalResponse(client, method);
            assertThat(response.status()).isEqualTo(expected.status());
            assertThat(response.text()).isEqualTo(expected.text());
            assertThat(response.fields().has("X-Turnout")).as("X-Turnout").isFalse();
            if (!expected.reusable()) {
                Await.until("the target's connection closed", () -> blue.openConnections() == 0);
            }
            if (response.announcesClose()) {
                assertThat(client.isClosedByPeer()).as("closed").isTrue();
            } else {
                assertThat(client.get("/next").read().text()).isEqualTo("sound");
            }
        }
        if (!expected.reusable()) {
            assertNextRequestIsServedOnAnotherConnection();
        }
    }

    private void assertNextRequestIsServedOnAnotherConnection() throws IOException {
        blue.always(SOUND);
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/next").read().text()).isEqualTo("sound");
        }
        List<Integer> odd = connectionsOf("/odd");
        assertThat(odd).isNotEmpty();
        assertThat(connectionsOf("/next")).isNotEmpty().doesNotContainAnyElementsOf(odd);
    }

    private List<Integer> connectionsOf(String target) {
        return blue.arrivals().stream()
                .filter(arrival -> arrival.head().target().equals(target))
                .map(Arrival::connection)
                .toList();
    }

    private static Response finalResponse(RawClient client, String method) throws IOException {
        Response response = client.read(method);
        while (response.status() < 200) {
            response = client.read(method);
        }
        return response;
    }

    private static Effect byteByByte(ResponseRow row) {
        return new Effect.Dribble(row.exactly(), 1, Duration.ZERO, row.ending());
    }
}
