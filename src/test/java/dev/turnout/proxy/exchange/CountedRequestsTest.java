package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.RequestTotals;
import dev.turnout.routing.RequestTotals.Answer;
import dev.turnout.routing.Service;
import dev.turnout.routing.ServiceTotals;
import dev.turnout.routing.Slot;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each kind of end counts for. */
final class CountedRequestsTest {

    private static ExchangeFixture fixture() {
        return new ExchangeFixture(false, ExchangeFixture.FIRST);
    }

    private static RequestTotals blue(ExchangeFixture fixture) {
        return totals(fixture).of(Slot.BLUE);
    }

    private static ServiceTotals totals(ExchangeFixture fixture) {
        return fixture.counters.totals(Service.DEFAULT);
    }

    @Test
    @DisplayName("a response counts for its slot, method and status, and for its whole duration")
    void a_response() {
        ExchangeFixture fixture = fixture().get().connected();
        fixture.pass(Duration.ofMillis(30));
        fixture.answered("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        fixture.pass(Duration.ofMillis(10));
        fixture.sent("ok");

        assertThat(blue(fixture).answers()).isEqualTo(Map.of(new Answer("GET", 200), 1L));
        assertThat(blue(fixture).durations().get("2xx").totalNanos())
                .isEqualTo(Duration.ofMillis(40).toNanos());
        assertThat(blue(fixture).failed()).isZero();
        assertThat(totals(fixture).of(Slot.GREEN)).isEqualTo(RequestTotals.NONE);
        assertThat(totals(fixture).ownAnswers()).isEmpty();
        assertThat(totals(fixture).cutResponses()).isEmpty();
    }

    @Test
    @DisplayName("a 500 of the application is a failure, and no answer of Turnout's own")
    void an_error() {
        ExchangeFixture fixture = fixture().get().connected();
        fixture.answered("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");

        assertThat(blue(fixture).answers()).containsOnlyKeys(new Answer("GET", 500));
        assertThat(blue(fixture).failed()).isOne();
        assertThat(totals(fixture).ownAnswers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "13, 1", "14, 1", "2, 1", "5, 0", "4, 0", "12, 0"})
    @DisplayName(
            "a call of gRPC is a failure if its trailer says that the application has failed, and judges its version")
    void a_call(int status, long failed) {
        ExchangeFixture fixture = fixture().get().connected();
        fixture.answered("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nTransfer-Encoding: chunked\r\n\r\n");
        TargetState target = fixture.exchange.target();
        fixture.sent("5\r\n\0\0\0\0\0\r\n0\r\ngrpc-status: " + status + "\r\n\r\n");

        assertThat(blue(fixture).answers()).containsOnlyKeys(new Answer("GET", 200));
        assertThat(blue(fixture).failed()).isEqualTo(failed);
        assertThat(target.traffic().failed()).isEqualTo(failed);
    }

    @ParameterizedTest
    @CsvSource({"application/grpc, 14, 1", "application/grpc+proto, 0, 0", "text/plain, 14, 0"})
    @DisplayName("a call of gRPC that ends with its head is judged by it")
    void a_call_without_messages(String type, int status, long failed) {
        ExchangeFixture fixture = fixture().get().connected();
        TargetState target = fixture.exchange.target();
        fixture.answered("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: 0\r\ngrpc-status: " + status
                + "\r\n\r\n");

        assertThat(blue(fixture).failed()).isEqualTo(failed);
        assertThat(target.traffic().failed()).isEqualTo(failed);
    }

    @Test
    @DisplayName("a call of gRPC that Turnout ends, since its version goes, is no failure of the version")
    void a_call_that_is_ended() {
        ExchangeFixture fixture = fixture().get().connected();
        TargetState target = fixture.exchange.target();
        fixture.answered("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nTransfer-Encoding: chunked\r\n\r\n");
        fixture.retire();
        fixture.passGrace();

        assertThat(fixture.client.body.toString())
                .contains("grpc-status: 14\r\n")
                .endsWith("\r\n\r\n");
        assertThat(target.traffic().failed()).isZero();
    }

    @Test
    @DisplayName("an answer of Turnout's own counts by its cause, and is a failure of the slot that was tried")
    void an_own_answer() {
        ExchangeFixture fixture = fixture().get().connected();
        fixture.target.listener.closed();

        assertThat(blue(fixture).answers()).containsOnlyKeys(new Answer("GET", 502));
        assertThat(blue(fixture).failed()).isOne();
        assertThat(totals(fixture).ownAnswers()).isEqualTo(Map.of("target-closed", 1L));
    }

    @Test
    @DisplayName("a response that the application cuts keeps its status, is a failure, and counts as cut")
    void a_cut_response() {
        ExchangeFixture fixture = fixture().get().connected();
        fixture.answered("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        fixture.target.listener.closed();

        assertThat(blue(fixture).answers()).containsOnlyKeys(new Answer("GET", 200));
        assertThat(blue(fixture).failed()).isOne();
        assertThat(totals(fixture).cutResponses()).isEqualTo(Map.of("target-closed", 1L));
    }

    @Test
    @DisplayName("a client that goes before it got anything counts as 499, and is no failure")
    void a_client_that_goes() {
        ExchangeFixture fixture = fixture().get().connected();
        fixture.exchange.clientGone();

        assertThat(blue(fixture).answers()).containsOnlyKeys(new Answer("GET", 499));
        assertThat(blue(fixture).failed()).isZero();
        assertThat(totals(fixture).cutResponses()).isEqualTo(Map.of("client-gone", 1L));
    }

    @Test
    @DisplayName("a WebSocket and an event stream count as requests, and their durations do not")
    void no_end_of_their_own() {
        ExchangeFixture socket = fixture().webSocket().connected();
        socket.answered("HTTP/1.1 101 On\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        socket.pass(Duration.ofHours(1));
        socket.exchange.clientGone();
        ExchangeFixture events = fixture().get().connected();
        events.answered("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        events.pass(Duration.ofHours(1));
        events.exchange.clientGone();

        assertThat(blue(socket).answers()).containsOnlyKeys(new Answer("GET", 101));
        assertThat(blue(socket).durations()).isEmpty();
        assertThat(blue(events).answers()).containsOnlyKeys(new Answer("GET", 200));
        assertThat(blue(events).durations()).isEmpty();
    }

    @Test
    @DisplayName("a method that is not known counts as other")
    void an_unknown_method() {
        ExchangeFixture fixture = fixture()
                .start("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", MessageBody.ofLength(0), null)
                .connected();
        fixture.answered("HTTP/1.1 204 No\r\n\r\n");

        assertThat(blue(fixture).answers()).containsOnlyKeys(new Answer("other", 204));
    }

    @Test
    @DisplayName("the bytes of bodies count for the target while they pass")
    void bytes() {
        ExchangeFixture fixture = fixture()
                .start("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", MessageBody.ofLength(5), "abc")
                .connected();
        assertThat(fixture.exchange.target().traffic().bytesReceived()).isEqualTo(3);
        fixture.exchange.relay().requestBody(fixture.buffer("de"));
        fixture.answered("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok");

        assertThat(fixture.exchange.target().traffic().bytesReceived()).isEqualTo(5);
        assertThat(fixture.exchange.target().traffic().bytesSent()).isEqualTo(2);
    }

    @Test
    @DisplayName("the framing of chunks is no body, wherever it comes")
    void bytes_of_chunks() {
        ExchangeFixture fixture = fixture()
                .start(
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                        MessageBody.chunked(100, ChunkScanner.NO_FRAMING),
                        "3\r\nabc")
                .connected();
        fixture.exchange.relay().requestBody(fixture.buffer("\r\n2\r\nde\r\n0\r\n\r\n"));

        assertThat(fixture.exchange.target().traffic().bytesReceived()).isEqualTo(5);
    }
}
