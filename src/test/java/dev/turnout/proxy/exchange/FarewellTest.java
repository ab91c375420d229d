package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What becomes of an exchange that has no end of its own, once its target is to go. */
final class FarewellTest {

    private static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final ExchangeFixture fixture = new ExchangeFixture(false, ExchangeFixture.FIRST);

    @Test
    void a_stream_at_a_boundary_ends_at_its_place() {
        fixture.get().connected().answered(EVENTS);
        fixture.sent("b\r\ndata: one\n\n\r\n");
        fixture.retire();

        assertThat(fixture.client.ends).containsExactly("complete");
        assertThat(fixture.client.body.toString()).endsWith("0\r\n\r\n");
        assertThat(fixture.inFlight()).isZero();
    }

    @Test
    void a_stream_within_an_event_ends_at_the_next_boundary() {
        fixture.get().connected().answered(EVENTS);
        fixture.sent("5\r\ndata:\r\n");
        fixture.retire();
        assertThat(fixture.phase()).isEqualTo(Phase.RESPONDING);

        fixture.sent("6\r\n one\n\n\r\n");

        assertThat(fixture.client.ends).containsExactly("complete");
        assertThat(fixture.inFlight()).isZero();
        assertThat(fixture.target.kept).isFalse();
    }

    @Test
    void a_stream_whose_client_does_not_read_ends_after_the_time_of_grace() {
        fixture.get().connected().answered(EVENTS);
        fixture.client.takesMore = false;
        fixture.client.backlog = 1000;
        fixture.sent("5\r\ndata:\r\n");
        assertThat(fixture.target.reading).isFalse();
        fixture.retire();
        assertThat(fixture.phase()).isEqualTo(Phase.RESPONDING);
        fixture.passGrace();

        assertThat(fixture.client.ends).containsExactly("complete");
        assertThat(fixture.inFlight()).isZero();
        fixture.assertReleased();
    }

    @Test
    void a_response_with_a_length_is_left_alone() {
        fixture.get().connected().answered("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        assertThat(fixture.exchange.isRetirable()).isFalse();
    }

    @Test
    void a_websocket_is_asked_to_close_and_its_client_may_answer() {
        fixture.webSocket()
                .connected()
                .answered("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        fixture.retire();
        assertThat(fixture.phase()).isEqualTo(Phase.CLOSING);
        assertThat(fixture.client.body.toString()).hasSize(4);

        fixture.exchange.timedOut();

        assertThat(fixture.client.ends).containsExactly("complete");
        assertThat(fixture.inFlight()).isZero();
    }
}
