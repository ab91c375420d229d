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

    /** A Turnout and its application. */
    private record Site(Backend blue, TurnoutProcess turnout) {

        static Site start() {
            Backend blue = arena.application("blue");
            return new Site(blue, arena.start(blue, arena.application("green")));
        }

        RawClient connect() throws IOException {
            return turnout.connect();
        }
    }

    private Site heads;

    /** Apart from the other: a head before a broken body arrives, and may be noted after the next test has begun. */
    private Site bodies;

    @BeforeAll
    void start() {
        heads = Site.start();
        bodies = Site.start();
    }

    @BeforeEach
    void forget() {
        heads.blue().forget();
        bodies.blue().forget();
    }

    static Stream<RequestRow> badHeads() {
        return BadRequests.heads();
    }

    static Stream<RequestRow> brokenBodies() {
        return BadRequests.bodies();
    }

    @ParameterizedTest
    @MethodSource("badHeads")
    void bad_head_sent_whole(RequestRow row) throws IOException {
        try (RawClient client = heads.connect()) {
            assertRefused(client.send(row.exactly()), row);
        }
        assertTargetSawOnlyTheSentinel();
    }

    @ParameterizedTest
    @MethodSource("badHeads")
    void bad_head_sent_byte_by_byte(RequestRow row) throws IOException {
        try (RawClient client = heads.connect()) {
            assertRefused(client.sendByteByByte(row.exactly()), row);
        }
        assertTargetSawOnlyTheSentinel();
    }

    @ParameterizedTest
    @MethodSource("badHeads")
    void bad_head_behind_a_good_request(RequestRow row) throws IOException {
        try (RawClient client = heads.connect()) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes("GET /good HTTP/1.1\r\nHost: app.example\r\n\r\n".getBytes());
            both.writeBytes(row.exactly());
            client.send(both.toByteArray());
            assertThat(client.read().text()).isEqualTo("blue");
            assertRefused(client, row);
        }
        sendSentinel(heads);
        assertThat(heads.blue().arrivals())
                .extracting(arrival -> arrival.head().target())
                .containsExactly("/good", SENTINEL);
        assertThat(heads.blue().violations()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void broken_body_sent_whole(RequestRow row) throws IOException {
        try (RawClient client = bodies.connect()) {
            assertRefused(client.send(row.exactly()), row);
        }
        assertTargetSawNoWholeRequestButTheSentinel();
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void broken_body_sent_byte_by_byte(RequestRow row) throws IOException {
        try (RawClient client = bodies.connect()) {
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
        sendSentinel(heads);
        assertThat(heads.blue().arrivals())
                .extracting(arrival -> arrival.head().target())
                .containsExactly(SENTINEL);
        int all =
                heads.blue().received().stream().mapToInt(bytes -> bytes.length).sum();
        assertThat(all)
                .as("bytes at the target")
                .isEqualTo(heads.blue().onlyArrival().head().raw().length);
    }

    private void assertTargetSawNoWholeRequestButTheSentinel() throws IOException {
        sendSentinel(bodies);
        assertThat(bodies.blue().arrivals())
                .filteredOn(arrival -> arrival.body().isPresent())
                .extracting(arrival -> arrival.head().target())
                .containsExactly(SENTINEL);
        assertThat(bodies.blue().violations()).isEmpty();
    }

    private static void sendSentinel(Site site) throws IOException {
        try (RawClient client = site.connect()) {
            assertThat(client.get(SENTINEL).read().text()).isEqualTo("blue");
        }
    }
}
