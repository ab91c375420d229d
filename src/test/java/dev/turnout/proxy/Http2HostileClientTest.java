package dev.turnout.proxy;

import static dev.turnout.support.Http2Client.DATA;
import static dev.turnout.support.Http2Client.END_HEADERS;
import static dev.turnout.support.Http2Client.END_STREAM;
import static dev.turnout.support.Http2Client.GOAWAY;
import static dev.turnout.support.Http2Client.HEADERS;
import static dev.turnout.support.Http2Client.RST_STREAM;
import static dev.turnout.support.Http2Client.SETTINGS;
import static dev.turnout.support.Http2Client.WINDOW_UPDATE;
import static dev.turnout.support.Http2Client.frame;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Arrival;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An HTTP/2 client that sends what no good client sends")
@Timeout(60)
final class Http2HostileClientTest {

    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int CANCEL = 8;
    private static final int COMPRESSION_ERROR = 9;
    private static final int INITIAL_WINDOW = 4;
    private static final int LARGEST = Integer.MAX_VALUE;

    @TempDir
    private Path folder;

    private TlsPlane plane;
    private Http2Client client;

    @BeforeEach
    void start() throws IOException {
        plane = TlsPlane.start(folder, "jdk");
        plane.backend().always(new Effect.Receive());
        client = Http2Client.to(plane.plane().plainPort().orElseThrow());
        client.settle();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        plane.close();
    }

    private static byte[] head(int stream, boolean ends, String path, String... more) {
        List<String> rows = new ArrayList<>(List.of(
                ":method=" + (ends ? "GET" : "POST"), ":scheme=http", ":path=" + path, ":authority=shop.example"));
        rows.addAll(Arrays.asList(more));
        return frame(
                HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, Http2Client.block(rows.toArray(String[]::new)));
    }

    private static byte[] data(int stream, boolean ends, String text) {
        return frame(DATA, ends ? END_STREAM : 0, stream, text.getBytes(ISO_8859_1));
    }

    private static byte[] joined(byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] next : frames) {
            out.writeBytes(next);
        }
        return out.toByteArray();
    }

    private List<String> arrivedPaths() {
        return plane.backend().arrivals().stream()
                .map(Arrival::head)
                .map(head -> head.method() + " " + head.target())
                .toList();
    }

    private void assertServedOn(int stream) throws IOException {
        client.get(stream, "/on");
        assertThat(client.answer(stream).status()).isEqualTo(200);
    }

    // --- Heads whose data comes with them --------------------------------------------------------------------------

    @Test
    void has_each_request_arrive_with_its_own_head_and_data_however_they_are_mixed() throws IOException {
        client.write(joined(
                head(1, false, "/one"),
                head(3, false, "/three"),
                data(1, false, "one, "),
                data(3, false, "three, three "),
                head(5, true, "/five"),
                head(7, false, "/seven"),
                data(7, false, "seven, seven, "),
                frame(SETTINGS, 0, 0, new byte[0]),
                data(7, true, "seven"),
                data(1, true, "one"),
                data(3, true, "three")));
        assertThat(client.answer(1).body()).startsWith("8 ");
        assertThat(client.answer(3).body()).startsWith("18 ");
        assertThat(client.answer(5).status()).isEqualTo(200);
        assertThat(client.answer(7).body()).startsWith("19 ");
        assertThat(arrivedPaths()).containsExactlyInAnyOrder("POST /one", "POST /three", "GET /five", "POST /seven");
        assertThat(plane.backend().violations()).isEmpty();
    }

    @Test
    void loses_a_request_alone_whose_data_is_longer_than_it_says() throws IOException {
        client.write(
                joined(head(1, false, "/long", "content-length=3"), data(1, true, "four"), head(3, true, "/next")));
        assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
        assertThat(client.answer(3).status()).isEqualTo(200);
        assertThat(arrivedPaths()).as("nothing of the request that is wrong").containsExactly("GET /next");
    }

    @Test
    void may_reset_a_request_in_the_write_that_begins_it() throws IOException {
        client.write(joined(
                head(1, false, "/gone"),
                data(1, false, "some"),
                frame(RST_STREAM, 0, 1, Http2Client.number(CANCEL)),
                head(3, true, "/next")));
        assertThat(client.answer(3).status()).isEqualTo(200);
        assertThat(client.on(1).heads()).isEmpty();
        assertThat(plane.backend().violations()).isEmpty();
    }

    @Test
    void gets_the_same_answer_when_each_octet_comes_alone() throws IOException {
        byte[] all = joined(
                head(1, false, "/slow"),
                data(1, false, "some "),
                data(1, false, "more"),
                frame(HEADERS, END_HEADERS | END_STREAM, 1, Http2Client.block("x-sum=1")),
                head(3, true, "/next"));
        for (byte octet : all) {
            client.write(new byte[] {octet});
        }
        assertThat(client.answer(1).body()).startsWith("9 ");
        assertThat(client.answer(3).status()).isEqualTo(200);
        assertThat(arrivedPaths()).containsExactlyInAnyOrder("POST /slow", "GET /next");
    }

    // --- Windows ---------------------------------------------------------------------------------------------------

    @Test
    void loses_the_stream_alone_whose_window_it_opens_over_the_bound() throws IOException {
        client.request(1, "POST", "/", false);
        client.open(1, LARGEST);
        assertThat(client.answer(1).reset()).isEqualTo(FLOW_CONTROL_ERROR);
        assertServedOn(3);
    }

    @Test
    void loses_the_connection_whose_window_it_opens_over_the_bound() throws IOException {
        client.open(0, LARGEST);
        assertThat(client.awaitGoAway()).isEqualTo(FLOW_CONTROL_ERROR);
        assertThat(client.awaitEnd()).isTrue();
    }

    @Test
    void loses_the_connection_where_its_settings_open_a_window_over_the_bound() throws IOException {
        client.request(1, "POST", "/", false);
        client.open(1, LARGEST - 65_535);
        client.settle();
        assertThat(client.on(1).reset()).isNegative();
        byte[] payload = {0, INITIAL_WINDOW, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        client.send(SETTINGS, 0, 0, payload);
        assertThat(client.awaitGoAway()).isEqualTo(FLOW_CONTROL_ERROR);
    }

    @ParameterizedTest(name = "stream {0}")
    @ValueSource(ints = {0, 1})
    void may_open_no_window_by_nothing(int stream) throws IOException {
        client.request(1, "POST", "/", false);
        client.send(WINDOW_UPDATE, 0, stream, Http2Client.number(0));
        if (stream == 0) {
            assertThat(client.awaitGoAway()).isEqualTo(PROTOCOL_ERROR);
        } else {
            assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
            assertServedOn(3);
        }
    }

    // --- Header blocks ---------------------------------------------------------------------------------------------

    /** RFC 7541, section 4.2: a size stands at the beginning of a block, and is no more than the setting. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"behind a field, false", "over the setting, true"})
    void may_not_change_the_size_of_the_table(String where, boolean isAtBeginning) throws IOException {
        byte[] rows = Http2Client.block(":method=GET", ":scheme=http", ":path=/", ":authority=shop.example");
        byte[] block = isAtBeginning
                ? joined(new byte[] {0x3f, (byte) 0xff, (byte) 0xff, 0x7f}, rows)
                : joined(rows, new byte[] {0x20});
        client.send(HEADERS, END_HEADERS | END_STREAM, 1, block);
        assertThat(client.awaitGoAway()).isEqualTo(COMPRESSION_ERROR);
        assertThat(arrivedPaths()).isEmpty();
    }

    @Test
    void may_send_no_trailer_behind_its_own_reset_but_goes_on_otherwise() throws IOException {
        client.request(1, "POST", "/", false);
        client.reset(1, CANCEL);
        client.headers(1, true, "x-sum=1");
        assertThat(client.answer(1).reset()).isEqualTo(STREAM_CLOSED);
        assertServedOn(3);
    }

    @Test
    void has_a_trailer_ignored_that_was_on_its_way_when_turnout_reset_its_stream() throws IOException {
        client.request(1, "POST", "/", false, "content-length=1");
        client.data(1, false, "too long");
        client.headers(1, true, "x-sum=1");
        assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
        assertServedOn(3);
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Test
    void gets_the_answers_of_the_streams_that_it_has_open_when_it_says_that_it_leaves() throws IOException {
        client.write(joined(
                head(1, false, "/one"),
                frame(GOAWAY, 0, 0, new byte[8]),
                data(1, true, "one"),
                head(3, true, "/three")));
        assertThat(client.answer(1).body()).startsWith("3 ");
        assertThat(client.answer(3).status()).isEqualTo(200);
        assertThat(client.awaitGoAway()).isZero();
        assertThat(client.awaitEnd()).isTrue();
    }

    // --- Extended CONNECT ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method=GET|:protocol=websocket|:scheme=http|:path=/|:authority=shop.example",
                ":method=CONNECT|:protocol=websocket|:authority=shop.example",
                ":method=CONNECT|:protocol=websocket|:scheme=http|:authority=shop.example",
                ":method=CONNECT|:protocol=websocket|:protocol=websocket|:scheme=http|:path=/|:authority=shop.example",
                ":method=CONNECT|:protocol=websocket|:scheme=http|:path=/|:authority=shop.example|connection=upgrade",
                ":method=CONNECT|:protocol=websocket|:scheme=http|:path=/|:authority=shop.example|upgrade=websocket"
            })
    void loses_the_stream_alone_whose_connect_is_malformed(String rows) throws IOException {
        client.headers(1, false, rows.split("\\|"));
        assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
        assertServedOn(3);
        assertThat(arrivedPaths()).containsExactly("GET /on");
    }

    @Test
    void opens_no_tunnel_of_another_protocol() throws IOException {
        client.headers(
                1,
                false,
                ":method=CONNECT",
                ":protocol=connect-udp",
                ":scheme=http",
                ":path=/",
                ":authority=shop.example");
        assertThat(client.answer(1).status()).isGreaterThanOrEqualTo(400);
        assertServedOn(3);
        assertThat(arrivedPaths()).containsExactly("GET /on");
    }
}
