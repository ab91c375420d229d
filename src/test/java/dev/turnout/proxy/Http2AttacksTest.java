package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.Http2Client;
import dev.turnout.support.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What HTTP/2 has been abused for costs the attacker the stream or the connection, and no target sees it")
final class Http2AttacksTest {

    private static final int INITIAL_WINDOW = 4;
    private static final int PROTOCOL_ERROR = 1;
    private static final int INTERNAL_ERROR = 2;
    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;

    @TempDir
    private Path folder;

    private TlsPlane plane;

    private Http2Client start(Effect effect, String... settings) throws IOException {
        plane = TlsPlane.start(folder, "jdk", settings);
        plane.backend().always(effect);
        return connect();
    }

    private Http2Client connect() throws IOException {
        return Http2Client.to(plane.plane().plainPort().orElseThrow());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    /** Sends as often as it may, and returns what the GOAWAY says that follows. */
    private interface Attack {
        void send(int round) throws IOException;
    }

    private static int goAwayAfter(Http2Client client, int most, Attack attack) throws IOException {
        try {
            for (int round = 0; round < most; round++) {
                attack.send(round);
            }
        } catch (SocketException e) {
            // The connection has ended; what came before is still to be read.
        }
        return client.awaitGoAway();
    }

    private void othersAreServed() throws IOException {
        plane.backend().always(new Effect.Application("blue"));
        try (Http2Client other = connect()) {
            other.get(1, "/");
            assertThat(other.answer(1).body()).isEqualTo("blue");
        }
    }

    private long resets(String by) {
        return plane.plane().counts().http2Resets().stream()
                .filter(resets -> resets.label().equals(by))
                .mapToLong(resets -> resets.count().getAsLong())
                .sum();
    }

    // --- Heads -----------------------------------------------------------------------------------------------------

    @Test
    @Guards("T22")
    void a_head_over_the_limit_is_answered_on_its_stream_and_the_others_go_on() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            client.get(1, "/slow?300");
            client.send(Http2Client.HEADERS, Http2Client.END_STREAM, 3, large(":method=GET", 15_000));
            client.send(Http2Client.CONTINUATION, Http2Client.END_HEADERS, 3, large("x-more=1", 8_000));
            client.get(5, "/");

            assertThat(client.answer(3).status()).isEqualTo(431);
            assertThat(client.on(3).heads().get(0)).contains("x-turnout: head-too-large");
            assertThat(client.answer(5).body()).isEqualTo("blue");
            assertThat(client.answer(1).body()).isEqualTo("blue");
        }
    }

    /** Entries of the dynamic table that a head over the limit has made are there for the next head. */
    @Test
    @Guards("T22")
    void the_compression_goes_on_behind_a_head_over_the_limit() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(Http2Client.block(":method=GET", ":scheme=http", ":path=/", ":authority=a"));
            block.writeBytes(new byte[] {0x40, 3});
            block.writeBytes("x-a".getBytes(ISO_8859_1));
            block.write(1);
            block.write('v');
            client.send(Http2Client.HEADERS, Http2Client.END_STREAM, 1, large(block.toByteArray(), 14_000));
            client.send(Http2Client.CONTINUATION, Http2Client.END_HEADERS, 1, large("x-more=1", 8_000));
            assertThat(client.answer(1).status()).isEqualTo(431);
            block.reset();
            block.writeBytes(Http2Client.block(":method=GET", ":scheme=http", ":path=/", ":authority=a"));
            block.write(0x80 | 62);
            client.send(Http2Client.HEADERS, Http2Client.END_STREAM | Http2Client.END_HEADERS, 3, block.toByteArray());

            assertThat(client.answer(3).body()).isEqualTo("blue");
            assertThat(plane.backend().onlyArrival().head().fields().all("x-a")).containsExactly("v");
        }
    }

    private static byte[] large(String row, int length) {
        return large(Http2Client.block(row), length);
    }

    private static byte[] large(byte[] begin, int length) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(begin);
        while (block.size() < length) {
            block.writeBytes(Http2Client.block("x-filler=" + "f".repeat(900)));
        }
        return block.toByteArray();
    }

    @Test
    @Guards("T22")
    void a_head_as_large_as_its_frames_can_make_it_ends_no_other_stream() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            client.get(1, "/slow?300");
            client.send(Http2Client.HEADERS, Http2Client.END_STREAM, 3, large(":method=GET", 15_400));
            for (int i = 1; i <= 8; i++) {
                int flags = i == 8 ? Http2Client.END_HEADERS : 0;
                client.send(Http2Client.CONTINUATION, flags, 3, large("x-more=1", 15_400));
            }
            client.get(5, "/");

            assertThat(client.answer(3).status()).isEqualTo(431);
            assertThat(client.answer(5).body()).isEqualTo("blue");
            assertThat(client.answer(1).body()).isEqualTo("blue");
        }
    }

    /** A few octets that stand for 4,000 are not expanded: the bomb of RFC 7541, section 7.3. */
    @Test
    @Guards("T22")
    void a_head_that_grows_when_it_is_decoded_ends_no_other_stream() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(Http2Client.block(":method=GET", ":scheme=http", ":path=/", ":authority=a"));
            byte[] literal = Http2Client.block("x-bomb=" + "b".repeat(3_900));
            literal[0] = 0x40;
            block.writeBytes(literal);
            byte[] indexed = new byte[10_000];
            Arrays.fill(indexed, (byte) (0x80 | 62));
            block.writeBytes(indexed);
            client.get(1, "/slow?300");
            client.send(Http2Client.HEADERS, Http2Client.END_STREAM | Http2Client.END_HEADERS, 3, block.toByteArray());

            assertThat(client.answer(3).status()).isEqualTo(431);
            assertThat(client.answer(1).body()).isEqualTo("blue");
            othersAreServed();
        }
    }

    /** Each literal of two octets puts a name of 3,900 into the table once more. */
    @Test
    @Guards("T22")
    void a_head_whose_octets_are_copied_many_times_ends_its_connection() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            byte[] literal = Http2Client.block("x".repeat(3_900) + "=");
            literal[0] = 0x40;
            block.writeBytes(literal);
            for (int i = 0; i < 5_000; i++) {
                block.write(0x40 | 62);
                block.write(0);
            }
            client.send(Http2Client.HEADERS, Http2Client.END_STREAM | Http2Client.END_HEADERS, 1, block.toByteArray());

            assertThat(client.awaitGoAway()).isEqualTo(ENHANCE_YOUR_CALM);
            othersAreServed();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000})
    @Guards("T25")
    void a_head_in_too_many_continuations_ends_its_connection(int octets) throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            client.send(Http2Client.HEADERS, 0, 1, Http2Client.block(":method=GET"));
            byte[] part = Http2Client.block("x-a=" + "a".repeat(Math.max(0, octets - 8)));
            int code = goAwayAfter(
                    client,
                    100,
                    round -> client.send(Http2Client.CONTINUATION, 0, 1, octets == 0 ? new byte[0] : part));

            assertThat(code).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(plane.plane().counts().http2GoAways())
                    .filteredOn(ended -> ended.count().getAsLong() > 0)
                    .singleElement()
                    .matches(ended -> ended.label().equals("too-many-continuations"));
        }
    }

    @Test
    @Guards("T25")
    void a_head_that_is_not_finished_in_time_ends_its_connection() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"), "turnout.client.head", "300ms")) {
            client.settle();
            client.send(Http2Client.HEADERS, 0, 1, Http2Client.block(":method=GET"));

            assertThat(client.awaitGoAway()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(client.awaitEnd()).isTrue();
        }
    }

    @Test
    @Guards("T25")
    void unfinished_heads_have_a_bound_together() throws IOException {
        List<Http2Client> clients = new ArrayList<>();
        try (Http2Client first =
                start(new Effect.Application("blue"), "turnout.limits.heads", "64K", "turnout.limits.head", "1K")) {
            byte[] part = Http2Client.frame(Http2Client.HEADERS, 0, 1, large(":method=GET", 900));
            first.settle();
            first.write(part);
            for (int i = 0; i < 200; i++) {
                Http2Client client = connect();
                clients.add(client);
                client.write(part);
            }

            assertThat(first.awaitGoAway()).isEqualTo(ENHANCE_YOUR_CALM);
        } finally {
            for (Http2Client client : clients) {
                client.close();
            }
        }
    }

    // --- Floods ----------------------------------------------------------------------------------------------------

    @Test
    @Guards("T23")
    void streams_that_are_reset_at_once_end_their_connection_and_leave_nothing_behind() throws IOException {
        try (Http2Client client = start(new Effect.Deaf())) {
            int code = goAwayAfter(client, 20_000, round -> {
                int stream = 1 + 2 * round;
                client.get(stream, "/");
                client.reset(stream, 8);
            });

            assertThat(code).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(resets("client")).isBetween(190L, 260L);
            Await.until("no request is in flight", () -> plane.inFlight() == 0);
            assertThat(plane.backend().requests())
                    .as("what the target was bothered with")
                    .isLessThan(260);
            othersAreServed();
        }
    }

    /** MadeYouReset: frames that make the server reset streams whose requests it has begun. */
    @Test
    @Guards("T23")
    void streams_that_turnout_is_made_to_reset_are_paid_for_too() throws IOException {
        try (Http2Client client = start(new Effect.Deaf())) {
            int code = goAwayAfter(client, 20_000, round -> {
                int stream = 1 + 2 * round;
                client.get(stream, "/");
                client.send(Http2Client.WINDOW_UPDATE, 0, stream, Http2Client.number(0));
            });

            assertThat(code).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(resets("turnout")).isBetween(190L, 260L);
            Await.until("no request is in flight", () -> plane.inFlight() == 0);
            othersAreServed();
        }
    }

    /** A drain resets each stream that it cuts, and a client may have little left to pay with. */
    @ParameterizedTest
    @CsvSource({"250, 0", "128, 1900"})
    @Guards("T24")
    void resets_that_a_drain_causes_cost_the_client_nothing(int streams, int pings) throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        Effect silent = Effect.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
        Effect effect = new Effect.ByPath("/held", new Effect.Held(word, new Effect.Application("blue")), silent);
        try (Http2Client client = start(effect, twoServices("turnout.http2.streams", "300"))) {
            for (int i = 0; i < pings; i++) {
                client.send(Http2Client.PING, 0, 0, new byte[8]);
            }
            client.settle();
            client.headers(1, true, ":method=GET", ":scheme=http", ":path=/held", ":authority=api.example");
            openSilent(client, 3, streams);

            assertThat(cutShop()).isEqualTo(streams);
            for (int i = 0; i < streams; i++) {
                assertThat(client.answer(3 + 2 * i).reset()).isEqualTo(INTERNAL_ERROR);
            }
            openSilent(client, 3 + 2 * streams, 2);
            assertThat(cutShop()).as("a second drain").isEqualTo(2);
            word.countDown();
            assertThat(client.answer(1).body()).isEqualTo("blue");
        }
        Await.until("no request is in flight", () -> plane.inFlight() == 0);
    }

    private static String[] twoServices(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        for (String service : List.of("shop", "api")) {
            String prefix = "turnout.services.\"" + service + "\".";
            all.addAll(List.of(prefix + "hosts", service + ".example"));
            all.addAll(List.of(prefix + "blue", "a:1", prefix + "green", "b:1"));
        }
        return all.toArray(String[]::new);
    }

    /** Opens streams of the service shop, each of which gets half of its response. */
    private static void openSilent(Http2Client client, int first, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            client.get(first + 2 * i, "/");
        }
        for (int i = 0; i < count; i++) {
            while (client.on(first + 2 * i).body().isEmpty()) {
                client.read();
            }
        }
    }

    private long cutShop() {
        return plane.plane()
                .cut("shop", List.of(plane.activeTarget()))
                .toCompletableFuture()
                .join()
                .count();
    }

    @Test
    @Guards("T24")
    void a_client_that_cancels_every_other_request_is_served_on() throws IOException {
        try (Http2Client client =
                start(new Effect.ByPath("/deaf", new Effect.Deaf(), new Effect.Application("blue")))) {
            for (int stream = 1; stream < 4_000; stream += 4) {
                client.get(stream, "/deaf");
                client.reset(stream, 8);
                client.get(stream + 2, "/");
                assertThat(client.answer(stream + 2).body()).isEqualTo("blue");
            }
            assertThat(client.others()).noneMatch(frame -> frame.type() == Http2Client.GOAWAY);
        }
    }

    /** A client of small events tells with each that it takes more, on the stream and on the connection. */
    @Test
    @Guards("T24")
    void a_client_of_many_small_events_is_served_on() throws IOException {
        int events = 5_000;
        try (Http2Client client = start(events(events))) {
            client.get(1, "/");
            Http2Client.Answer answer = client.on(1);
            while (!answer.isEnded()) {
                Http2Client.Frame frame = client.read();
                if (frame.type() == Http2Client.DATA && frame.payload().length > 0) {
                    client.open(0, frame.payload().length);
                    client.open(1, frame.payload().length);
                }
            }

            client.settle();

            assertThat(answer.body()).hasSize(10 * events);
            assertThat(client.others()).noneMatch(frame -> frame.type() == Http2Client.GOAWAY);
        }
    }

    private static Effect events(int count) {
        return exchange -> {
            exchange.readBody();
            exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
            for (int i = 0; i < count; i++) {
                exchange.send("a\r\ndata: abc\n\r\n".getBytes(ISO_8859_1));
            }
            exchange.send("0\r\n\r\n".getBytes(ISO_8859_1));
        };
    }

    /** As gRPC's client in Go does, which measures the way with a PING whenever no other one is on its way. */
    @Test
    @Guards("T24")
    void a_client_that_pings_for_each_of_many_small_events_is_served_on() throws IOException {
        int events = 5_000;
        try (Http2Client client = start(events(events))) {
            client.get(1, "/");
            Http2Client.Answer answer = client.on(1);
            while (!answer.isEnded()) {
                Http2Client.Frame frame = client.read();
                if (frame.type() == Http2Client.DATA && frame.payload().length > 0) {
                    client.open(0, frame.payload().length);
                    client.send(Http2Client.PING, 0, 0, new byte[8]);
                }
            }

            client.settle();

            assertThat(answer.body()).hasSize(10 * events);
            assertThat(client.others()).noneMatch(frame -> frame.type() == Http2Client.GOAWAY);
        }
    }

    /** CVE-2019-9511: windows that are opened octet by octet make frames of one octet each. */
    @Test
    @Guards("T24")
    void windows_that_are_opened_by_single_octets_end_their_connection() throws IOException {
        start(new Effect.Application("blue")).close();
        int initialWindow = 4;
        try (Http2Client client = Http2Client.to(plane.plane().plainPort().orElseThrow(), initialWindow, 1)) {
            client.get(1, "/download?1000000");
            int code = goAwayAfter(client, 20_000, round -> client.open(1, 1));

            assertThat(code).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(client.on(1).body().length()).isLessThan(5_000);
            othersAreServed();
        }
    }

    /** What a frame of each kind is. */
    static Stream<Arguments> floods() {
        return Stream.of(
                Arguments.of("SETTINGS", Http2Client.SETTINGS, 0, 0, new byte[0]),
                Arguments.of("PING", Http2Client.PING, 0, 0, new byte[8]),
                Arguments.of("small WINDOW_UPDATE", Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(1)),
                Arguments.of("PRIORITY", 2, 0, 1, new byte[5]),
                Arguments.of("unknown", 99, 0, 0, new byte[0]),
                Arguments.of("empty DATA", Http2Client.DATA, 0, 1, new byte[0]),
                Arguments.of("padding", Http2Client.DATA, 8, 1, new byte[] {1, 0}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    @Guards("T24")
    void frames_that_do_nothing_end_their_connection(String name, int type, int flags, int stream, byte[] payload)
            throws IOException {
        try (Http2Client client = start(new Effect.Deaf())) {
            client.request(1, "POST", "/", false);
            byte[] frame = Http2Client.frame(type, flags, stream, payload);
            byte[] hundred = new byte[frame.length * 100];
            for (int i = 0; i < 100; i++) {
                System.arraycopy(frame, 0, hundred, i * frame.length, frame.length);
            }

            assertThat(goAwayAfter(client, 100, round -> client.write(hundred))).isEqualTo(ENHANCE_YOUR_CALM);
            othersAreServed();
        }
    }

    @Test
    void more_streams_than_announced_are_refused_and_may_come_again() throws IOException {
        try (Http2Client client = start(new Effect.Deaf(), "turnout.http2.streams", "10")) {
            for (int stream = 1; stream <= 21; stream += 2) {
                client.get(stream, "/");
            }

            assertThat(client.answer(21).reset()).isEqualTo(REFUSED_STREAM);
            assertThat(plane.inFlight()).isEqualTo(10);
        }
    }

    /** A hundred streams cost a client one connection, and as many targets' connections as a hundred of HTTP/1. */
    @Test
    @Guards("T23")
    void a_few_clients_that_take_no_answer_do_not_take_all_requests_that_there_may_be() throws IOException {
        List<Http2Client> stalled = new ArrayList<>();
        try (Http2Client client = start(new Effect.Application("blue"), "turnout.limits.requests", "256")) {
            for (int i = 0; i < 10; i++) {
                Http2Client reader = Http2Client.to(plane.plane().plainPort().orElseThrow(), INITIAL_WINDOW, 0);
                stalled.add(reader);
                for (int stream = 1; stream < 256; stream += 2) {
                    reader.get(stream, "/download?5000000");
                }
                while (reader.on(255).heads().isEmpty()) {
                    reader.read();
                }
                assertThat(reader.on(255).status()).isEqualTo(i == 0 ? 200 : 503);
            }
            for (int stream = 1; stream < 16; stream += 2) {
                client.get(stream, "/");
            }
            for (int stream = 1; stream < 16; stream += 2) {
                assertThat(client.answer(stream).body()).isEqualTo("blue");
            }
        } finally {
            for (Http2Client reader : stalled) {
                reader.close();
            }
        }
        Await.until("no request is in flight", () -> plane.inFlight() == 0);
    }

    /** Answers that nobody takes keep further requests from being read, not from being bounded. */
    @Test
    void a_client_that_reads_nothing_is_not_answered_without_end() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            Thread sender = new Thread(() -> {
                try {
                    for (int stream = 1; stream < 400_000; stream += 2) {
                        client.get(stream, "/", "host=other.example");
                    }
                } catch (IOException e) {
                    // The test has closed the connection.
                }
            });
            sender.setDaemon(true);
            sender.start();
            othersAreServed();
        }
        Await.until("the connection is gone", () -> plane.plane().counts().clients() == 0);
    }

    // --- Smuggling -------------------------------------------------------------------------------------------------

    private static Arguments cell(String name, String... rows) {
        return Arguments.of(name, rows);
    }

    static Stream<Arguments> heads() {
        String method = ":method=GET";
        String scheme = ":scheme=http";
        String path = ":path=/";
        String host = ":authority=shop.example";
        return Stream.of(
                cell("TE", method, scheme, path, host, "transfer-encoding=chunked"),
                cell(
                        "TE in a pseudo-header",
                        method,
                        scheme,
                        ":path=/ HTTP/1.1\r\ntransfer-encoding: chunked\r\nx: x",
                        host),
                cell("two lengths", method, scheme, path, host, "content-length=0", "content-length=5"),
                cell("a length with a sign", method, scheme, path, host, "content-length=+0"),
                cell("a list of lengths", method, scheme, path, host, "content-length=0, 5"),
                cell("a length of more than comes", method, scheme, path, host, "content-length=5"),
                cell("Connection", method, scheme, path, host, "connection=content-length"),
                cell("Keep-Alive", method, scheme, path, host, "keep-alive=1"),
                cell("Proxy-Connection", method, scheme, path, host, "proxy-connection=close"),
                cell("Upgrade", method, scheme, path, host, "upgrade=websocket"),
                cell("TE of gzip", method, scheme, path, host, "te=gzip"),
                cell("CRLF in a value", method, scheme, path, host, "x=y\r\ntransfer-encoding: chunked"),
                cell("LF in a value", method, scheme, path, host, "x=y\ntransfer-encoding: chunked"),
                cell("CR in a value", method, scheme, path, host, "x=y\rz"),
                cell("NUL in a value", method, scheme, path, host, "x=y\0z"),
                cell("CRLF in a name", method, scheme, path, host, "x: y\r\nz=1"),
                cell("a colon in a name", method, scheme, path, host, "transfer-encoding: chunked=x"),
                cell("a blank in a name", method, scheme, path, host, "transfer-encoding =chunked"),
                cell("an upper case name", method, scheme, path, host, "X-A=b"),
                cell("a blank in the path", method, scheme, ":path=/a b", host),
                cell("CRLF in the path", method, scheme, ":path=/\r\nx: y", host),
                cell("a path that is no path", method, scheme, ":path=a", host),
                cell("an empty path", method, scheme, ":path=", host),
                cell("a request line in the method", ":method=GET / HTTP/1.1\r\nx: y", scheme, path, host),
                cell("a blank in the method", ":method=GET /admin", scheme, path, host),
                cell("CRLF in the authority", method, scheme, path, ":authority=a\r\nx: y"),
                cell("a user in the authority", method, scheme, path, ":authority=a@shop.example"),
                cell("CRLF in the scheme", method, ":scheme=http\r\nx: y", path, host),
                cell("another scheme", method, ":scheme=ftp", path, host),
                cell("another Host", method, scheme, path, host, "host=other.example"),
                cell("two Hosts", method, scheme, path, "host=a", "host=b"),
                cell("no host", method, scheme, path),
                cell("a pseudo-header twice", method, method, scheme, path, host),
                cell("a pseudo-header behind a field", method, scheme, path, "x=y", host),
                cell("an unknown pseudo-header", method, scheme, path, host, ":x=y"),
                cell("a status", method, scheme, path, host, ":status=200"),
                cell("a protocol without CONNECT", method, scheme, path, host, ":protocol=websocket"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    @Guards("T26")
    void a_head_that_would_smuggle_reaches_no_target(String name, String[] rows) throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            client.headers(1, true, rows);

            Http2Client.Answer answer = client.answer(1);
            assertThat(answer.reset() == PROTOCOL_ERROR || answer.status() == 400)
                    .as("%s %s", answer.reset(), answer.heads())
                    .isTrue();
            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("blue");
            assertThat(plane.backend().requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4", "6", "100"})
    @Guards("T26")
    void data_that_is_not_of_its_length_resets_the_stream(String length) throws IOException {
        try (Http2Client client = start(new Effect.Receive())) {
            client.request(1, "POST", "/", false, "content-length=" + length);
            client.data(1, true, "GET /");

            assertThat(client.answer(1).reset()).isIn(PROTOCOL_ERROR, 0);
            client.request(3, "POST", "/", true);
            assertThat(client.answer(3).body()).startsWith("0 ");
            assertThat(plane.backend().violations()).isEmpty();
        }
    }

    @Test
    @Guards("T26")
    void chunks_in_data_are_data() throws IOException {
        try (Http2Client client = start(new Effect.Receive())) {
            client.request(1, "POST", "/", false);
            client.data(1, true, "0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n");

            assertThat(client.answer(1).body()).startsWith("28 ");
            assertThat(plane.backend().requests()).isEqualTo(1);
        }
    }

    // --- Hosts -----------------------------------------------------------------------------------------------------

    @Test
    @Guards("T20")
    void a_host_that_asks_for_another_certificate_is_misdirected_on_its_stream_alone() throws IOException {
        Path ca = Files.writeString(
                folder.resolve("clients.txt"), TestAuthority.root("clients").pem());
        start(
                        new Effect.Application("blue"),
                        "turnout.tls.certificates.\"closed.example\".client-auth",
                        "require",
                        "turnout.tls.certificates.\"closed.example\".client-ca",
                        ca.toString())
                .close();
        try (Http2Client client = Http2Client.secure(plane.address(), TlsPlane.NAME)) {
            client.headers(1, true, ":method=GET", ":scheme=https", ":path=/", ":authority=closed.example");
            client.headers(3, true, ":method=GET", ":scheme=https", ":path=/", ":authority=other.example");

            assertThat(client.answer(1).status()).isEqualTo(421);
            assertThat(client.answer(3).body()).isEqualTo("blue");
        }
    }

    static Stream<Arguments> hosts() {
        return Stream.of(
                Arguments.of(TlsPlane.NAME, TlsPlane.NAME, 200),
                Arguments.of(TlsPlane.NAME, "SHOP.example:8443", 200),
                Arguments.of(TlsPlane.NAME, "other.example", 421),
                Arguments.of(TlsPlane.NAME, "a.wild.example", 421),
                // No certificate is for it: a connection of its own would be shown none that fits.
                Arguments.of(TlsPlane.NAME, "unknown.example", 200),
                Arguments.of("other.example", "a.wild.example", 200),
                Arguments.of("other.example", "wild.example", 200),
                Arguments.of("other.example", TlsPlane.NAME, 421),
                // Its client does not hold the certificate to names.
                Arguments.of("unknown.example", "other.example", 200));
    }

    /** Clients of HTTP/2 use a connection for further hosts if its certificate is for these too. */
    @ParameterizedTest(name = "opened for {0}, asked for {1}: {2}")
    @MethodSource("hosts")
    @Guards("T20")
    void a_host_with_another_certificate_is_misdirected(String opened, String asked, int status) throws IOException {
        Path certificates = Files.createDirectories(folder.resolve("certificates"));
        TestAuthority.root("test").issue("other.example", "*.wild.example").write(certificates, "other");
        start(new Effect.Application("blue")).close();
        try (Http2Client client = Http2Client.secure(plane.address(), opened)) {
            client.headers(1, true, ":method=GET", ":scheme=https", ":path=/", ":authority=" + asked);

            assertThat(client.answer(1).status()).isEqualTo(status);
        }
    }
}
