package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Backend;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A request with bad framing is refused, and nothing of it reaches the target as a request")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestFramingIT {

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private static final String SENTINEL = "/sentinel";

    private Backend blue;
    private TurnoutProcess turnout;

    @BeforeAll
    void start() {
        blue = arena.application("blue");
        turnout = arena.start(blue, arena.application("green"));
    }

    @BeforeEach
    void forget() {
        blue.forget();
    }

    static Stream<RequestRow> heads() {
        return BadRequests.heads();
    }

    static Stream<RequestRow> bodies() {
        return BadRequests.bodies();
    }

    @ParameterizedTest
    @MethodSource("heads")
    void bad_head_sent_whole(RequestRow row) throws IOException {
        try (RawClient client = turnout.connect()) {
            assertRefused(client.send(row.exactly()), row);
        }
        assertTargetSawOnlyTheSentinel();
    }

    @ParameterizedTest
    @MethodSource("heads")
    void bad_head_sent_byte_by_byte(RequestRow row) throws IOException {
        try (RawClient client = turnout.connect()) {
            assertRefused(client.sendByteByByte(row.exactly()), row);
        }
        assertTargetSawOnlyTheSentinel();
    }

    @ParameterizedTest
    @MethodSource("heads")
    void bad_head_behind_a_good_request(RequestRow row) throws IOException {
        try (RawClient client = turnout.connect()) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes("GET /good HTTP/1.1\r\nHost: app.example\r\n\r\n".getBytes());
            both.writeBytes(row.exactly());
            client.send(both.toByteArray());
            assertThat(client.read().text()).isEqualTo("blue");
            assertRefused(client, row);
        }
        sendSentinel();
        assertThat(blue.arrivals())
                .extracting(arrival -> arrival.head().target())
                .containsExactly("/good", SENTINEL);
        assertThat(blue.violations()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void broken_body_sent_whole(RequestRow row) throws IOException {
        try (RawClient client = turnout.connect()) {
            assertRefused(client.send(row.exactly()), row);
        }
        assertTargetSawNoWholeRequestButTheSentinel();
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void broken_body_sent_byte_by_byte(RequestRow row) throws IOException {
        try (RawClient client = turnout.connect()) {
            assertRefused(client.sendByteByByte(row.exactly()), row);
        }
        assertTargetSawNoWholeRequestButTheSentinel();
    }

    private static void assertRefused(RawClient client, RequestRow row) throws IOException {
        Response response = client.read();
        assertThat(response.status()).as("status").isIn(row.statuses());
        assertThat(response.fields().only("X-Turnout")).as("X-Turnout").isPresent();
        assertThat(response.fields().lists("Connection", "close"))
                .as("Connection: close")
                .isTrue();
        assertThat(client.isClosedByPeer()).as("closed").isTrue();
    }

    private void assertTargetSawOnlyTheSentinel() throws IOException {
        sendSentinel();
        assertThat(blue.arrivals())
                .extracting(arrival -> arrival.head().target())
                .containsExactly(SENTINEL);
        int all = blue.received().stream().mapToInt(bytes -> bytes.length).sum();
        assertThat(all)
                .as("bytes at the target")
                .isEqualTo(blue.onlyArrival().head().raw().length);
    }

    private void assertTargetSawNoWholeRequestButTheSentinel() throws IOException {
        sendSentinel();
        assertThat(blue.arrivals())
                .filteredOn(arrival -> arrival.body().isPresent())
                .extracting(arrival -> arrival.head().target())
                .containsExactly(SENTINEL);
        assertThat(blue.violations()).isEmpty();
    }

    private void sendSentinel() throws IOException {
        try (RawClient client = turnout.connect()) {
            assertThat(client.get(SENTINEL).read().text()).isEqualTo("blue");
        }
    }
}
