package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command;
import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.Http2Client;
import dev.turnout.support.Http2Client.Answer;
import dev.turnout.support.RawClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Requests over HTTP/2 are those of HTTP/1 to targets, and their answers come back on their streams")
final class Http2Test {

    private static final int INITIAL_WINDOW = 4;
    private static final int LARGEST_WINDOW = Integer.MAX_VALUE;

    @TempDir
    private Path folder;

    private TlsPlane plane;

    private Http2Client start(Effect effect, String... settings) throws IOException {
        begin(effect, settings);
        return Http2Client.to(port());
    }

    private void begin(Effect effect, String... settings) throws IOException {
        plane = TlsPlane.start(folder, "jdk", settings);
        plane.backend().always(effect);
    }

    private int port() {
        return plane.plane().plainPort().orElseThrow();
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private static Effect chunks(String... chunks) {
        return Effect.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + String.join("", chunks));
    }

    // --- Requests --------------------------------------------------------------------------------------------------

    @Test
    void a_get_arrives_as_one_of_http_1_1_with_its_cookies_in_one_line() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            client.get(1, "/a?b", "cookie=a=1", "accept=x/y", "cookie=b=2", "te=trailers");

            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(client.on(1).body()).isEqualTo("blue");
            var head = plane.backend().onlyArrival().head();
            assertThat(head.method()).isEqualTo("GET");
            assertThat(head.target()).isEqualTo("/a?b");
            assertThat(head.fields().all("cookie")).containsExactly("a=1; b=2");
            assertThat(head.fields().all("host")).containsExactly("shop.example");
            assertThat(plane.backend().violations()).isEmpty();
        }
    }

    @Test
    void the_port_for_https_agrees_on_h2() throws IOException {
        begin(new Effect.Application("blue"));
        try (Http2Client client = Http2Client.secure(plane.address(), TlsPlane.NAME)) {
            client.get(1, "/");

            assertThat(client.answer(1).body()).isEqualTo("blue");
            assertThat(plane.backend().onlyArrival().head().fields().all("x-forwarded-proto"))
                    .containsExactly("https");
        }
    }

    @Test
    void streams_wait_for_their_own_targets_only() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        Effect blue = new Effect.Application("blue");
        try (Http2Client client = start(new Effect.ByPath("/held", new Effect.Held(word, blue), blue))) {
            client.get(1, "/held");
            for (int stream = 3; stream < 201; stream += 2) {
                client.get(stream, "/");
                assertThat(client.answer(stream).body()).isEqualTo("blue");
            }
            word.countDown();

            assertThat(client.answer(1).body()).isEqualTo("blue");
        }
    }

    @Test
    void a_body_without_a_length_is_chunked_and_its_trailer_comes_behind() throws IOException {
        try (Http2Client client = start(new Effect.Receive())) {
            client.request(1, "POST", "/", false);
            client.data(1, false, "hello ");
            client.settle();
            client.data(1, false, "world");
            client.headers(1, true, "x-sum=1", "content-length=3");
            assertThat(client.answer(1).reset()).as("a trailer that frames").isEqualTo(1);

            client.request(3, "POST", "/", false);
            client.data(3, false, "hello ");
            client.settle();
            client.data(3, false, "world");
            client.headers(3, true, "x-sum=1");
            assertThat(client.answer(3).body()).startsWith("11 ");
            Await.until("the trailer arrives", () -> plane.backend().received().stream()
                    .anyMatch(bytes -> new String(bytes, ISO_8859_1).endsWith("\r\n0\r\nx-sum: 1\r\n\r\n")));
        }
    }

    @Test
    void a_body_of_its_length_arrives_as_it_is_however_it_is_cut() throws IOException {
        try (Http2Client client = start(new Effect.Receive())) {
            client.request(1, "POST", "/", false, "content-length=11");
            for (char letter : "hello world".toCharArray()) {
                // Padded by three octets.
                client.send(Http2Client.DATA, 8, 1, new byte[] {3, (byte) letter, 0, 0, 0});
            }
            client.data(1, true, "");

            assertThat(client.answer(1).body()).startsWith("11 ");
        }
    }

    @Test
    void the_interim_answer_to_expect_and_early_hints_come_before_the_final_one() throws IOException {
        Effect early = new Effect.First(
                List.of("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
                new Effect.Receive());
        try (Http2Client client = start(early)) {
            client.request(1, "POST", "/", false, "expect=100-continue");
            while (client.on(1).heads().size() < 2) {
                client.read();
            }
            client.data(1, true, "body");

            assertThat(client.answer(1).heads()).hasSize(3);
            assertThat(client.on(1).heads().get(0)).isEqualTo(":status: 100\n");
            assertThat(client.on(1).heads().get(1)).startsWith(":status: 103\n").contains("link: </a>");
            assertThat(client.on(1).body()).startsWith("4 ");
        }
    }

    // --- Answers ---------------------------------------------------------------------------------------------------

    @Test
    @Guards("T27")
    void the_trailer_of_a_target_ends_the_stream() throws IOException {
        try (Http2Client client = start(chunks("5\r\nhello\r\n", "0\r\ngrpc-status: 0\r\nx-sum: 5\r\n\r\n"))) {
            client.get(1, "/");

            Answer answer = client.answer(1);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.heads()).hasSize(2).last().isEqualTo("grpc-status: 0\nx-sum: 5\n");
            assertThat(answer.frames().get(answer.frames().size() - 1).has(Http2Client.END_STREAM))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\ngrpc-status: 5\r\n\r\n"
            })
    @Guards("T27")
    void a_head_without_a_body_is_one_frame(String response) throws IOException {
        try (Http2Client client = start(Effect.raw(response))) {
            client.get(1, "/");

            assertThat(client.answer(1).frames()).hasSize(1);
        }
    }

    @Test
    void a_body_that_is_cut_short_is_a_reset_and_the_connection_goes_on() throws IOException {
        Effect cut = new Effect.Ended(chunks("5\r\nhello\r\n"), dev.turnout.support.SocketEnd.CLOSE);
        try (Http2Client client = start(new Effect.ByPath("/cut", cut, new Effect.Application("blue")))) {
            client.get(1, "/cut");
            assertThat(client.answer(1).reset()).isEqualTo(2);

            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("blue");
        }
    }

    @Test
    void an_answer_before_the_end_of_an_upload_says_that_the_rest_is_not_wanted() throws IOException {
        Effect early = new Effect.EarlyResponse(
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno".getBytes(ISO_8859_1),
                dev.turnout.support.SocketEnd.STALL);
        try (Http2Client client = start(early)) {
            client.request(1, "POST", "/", false, "content-length=1000000");
            client.data(1, false, "some");
            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(403);
            while (answer.reset() < 0) {
                client.read();
            }

            assertThat(answer.body()).isEqualTo("no");
            assertThat(answer.reset()).isZero();
            client.data(1, false, "what was on its way");
            client.settle();
        }
    }

    @Test
    void turnouts_own_answers_come_on_their_streams() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            plane.backend().kill();
            client.get(1, "/", "accept=text/html");
            client.request(3, "HEAD", "/", true);

            assertThat(client.answer(1).status()).isEqualTo(502);
            assertThat(client.on(1).heads().get(0)).contains("x-turnout: ", "content-type: text/html", "date: ");
            assertThat(client.on(1).body()).contains("The service does not answer");
            assertThat(client.answer(3).status()).isEqualTo(502);
            assertThat(client.on(3).frames()).hasSize(1);
        }
    }

    @Test
    void a_call_of_grpc_that_fails_gets_a_trailer_alone() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            plane.backend().kill();
            client.request(1, "POST", "/", false, "content-type=application/grpc+proto", "te=trailers");

            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.heads().get(0)).contains("grpc-status: 14\n", "grpc-message: ", "x-turnout: ");
            assertThat(answer.frames().get(0).has(Http2Client.END_STREAM)).isTrue();
        }
    }

    @Test
    @Guards("T28")
    void a_call_of_grpc_that_is_cut_ends_with_a_status_that_its_client_calls_again_for() throws IOException {
        Effect cut = new Effect.Ended(
                Effect.raw("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "6\r\n\0\0\0\0\1x\r\n"),
                dev.turnout.support.SocketEnd.CLOSE);
        try (Http2Client client = start(cut)) {
            client.request(1, "POST", "/", true, "content-type=application/grpc");

            assertThat(client.answer(1).heads()).last().asString().contains("grpc-status: 14\n");
            assertThat(client.on(1).isEnded()).isTrue();
        }
    }

    @Test
    void a_call_of_grpc_may_be_silent_longer_than_a_body() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        try (Http2Client client = start(
                new Effect.Held(word, Effect.ok("done")),
                "turnout.client.body",
                "200ms",
                "turnout.upstream.body",
                "200ms")) {
            client.request(1, "POST", "/", false, "content-type=application/grpc");
            client.request(3, "POST", "/", false);
            assertThat(client.answer(3).status()).isEqualTo(408);
            client.data(1, true, "");
            word.countDown();

            assertThat(client.answer(1).body()).isEqualTo("done");
        }
    }

    // --- Windows ---------------------------------------------------------------------------------------------------

    @Test
    void no_more_data_comes_than_the_windows_allow() throws IOException {
        begin(new Effect.Application("blue"));
        try (Http2Client client = Http2Client.to(port(), INITIAL_WINDOW, 1000)) {
            client.get(1, "/download?5000");
            awaitBody(client, 1000);
            client.settle();
            assertThat(client.on(1).body()).hasSize(1000);
            client.open(1, 500);
            awaitBody(client, 1500);
            client.settle();
            assertThat(client.on(1).body()).hasSize(1500);
            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("blue");
            client.open(1, 100_000);

            assertThat(client.answer(1).body()).hasSize(5000);
        }
    }

    /** Reads until so much data has come on the first two streams together. */
    private static void awaitBody(Http2Client client, int length) throws IOException {
        while (client.on(1).body().length() + client.on(3).body().length() < length) {
            client.read();
        }
    }

    @Test
    void streams_share_the_window_of_the_connection_fairly() throws IOException {
        begin(new Effect.Application("blue"));
        try (Http2Client client = Http2Client.to(port(), INITIAL_WINDOW, LARGEST_WINDOW)) {
            client.get(1, "/download?1000000");
            client.get(3, "/download?1000000");
            Await.until("both targets are held up", () -> plane.backend().sent() > 400_000);
            awaitBody(client, 65_535);
            for (int i = 1; i <= 100; i++) {
                client.open(0, 10_000);
                awaitBody(client, 65_535 + i * 10_000);
            }
            int first = client.on(1).body().length();
            int second = client.on(3).body().length();

            assertThat(first + second).isEqualTo(65_535 + 1_000_000);
            // What came before the second was there is the first's alone.
            assertThat(second).isBetween(300_000, 700_000);
            client.open(0, 1_000_000);
            assertThat(client.answer(1).body()).hasSize(1_000_000);
            assertThat(client.answer(3).body()).hasSize(1_000_000);
        }
    }

    @Test
    void a_client_that_takes_nothing_does_not_fill_the_memory() throws IOException {
        begin(new Effect.Application("blue"));
        try (Http2Client client = Http2Client.to(port(), INITIAL_WINDOW, 0)) {
            client.get(1, "/download?50000000");
            Await.until("the target is held up", () -> {
                long sent = plane.backend().sent();
                Await.pause(Duration.ofMillis(200));
                return sent > 100_000 && sent == plane.backend().sent();
            });

            assertThat(plane.backend().sent()).isLessThan(20_000_000);
        }
    }

    @Test
    void more_bytes_than_may_wait_are_refused_though_they_come_after_their_heads() throws IOException {
        try (Http2Client client = start(new Effect.Receive(), "turnout.pause.bytes", "64K")) {
            plane.command(new Command.Pause());
            client.request(1, "POST", "/", false);
            client.request(3, "POST", "/", false);
            client.settle();
            String piece = "x".repeat(10_000);
            for (int i = 0; i < 4; i++) {
                client.data(1, false, piece);
            }
            client.settle();
            for (int i = 0; i < 4; i++) {
                client.data(3, false, piece);
            }

            assertThat(client.answer(3).status()).isEqualTo(503);
            assertThat(client.on(3).heads().get(0)).contains("x-turnout: paused");
            plane.change("turnout.pause.bytes", "1M");
            client.data(1, true, "end");
            assertThat(client.answer(1).body()).startsWith("40003 ");
        }
    }

    @Test
    void a_target_that_takes_nothing_closes_the_window_of_its_stream_alone() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        Effect unread = new Effect.Unread(word, new Effect.Receive());
        try (Http2Client client = start(new Effect.ByPath("/unread", unread, new Effect.Receive()))) {
            client.request(1, "POST", "/unread", false);
            String piece = "x".repeat(16_384);
            int sent = 0;
            int window = 65_536;
            long updatesBefore = 0;
            while (true) {
                while (window >= piece.length()) {
                    client.data(1, false, piece);
                    window -= piece.length();
                    sent++;
                }
                client.settle();
                long more = client.others().stream()
                        .filter(frame -> frame.type() == Http2Client.WINDOW_UPDATE && frame.stream() == 1)
                        .mapToInt(frame -> frame.number(0))
                        .sum();
                if (more == updatesBefore) {
                    Await.pause(Duration.ofMillis(300));
                    client.settle();
                    long later = updates(client, 1);
                    if (later == more) {
                        break;
                    }
                    more = later;
                }
                window += (int) (more - updatesBefore);
                updatesBefore = more;
            }
            client.request(3, "POST", "/", false);
            client.data(3, true, "hello");
            assertThat(client.answer(3).body()).startsWith("5 ");
            word.countDown();
            client.await(frame -> frame.type() == Http2Client.WINDOW_UPDATE && frame.stream() == 1);
            while (window < piece.length()) {
                client.read();
                window = 65_536 + (int) (updates(client, 1) - (long) sent * piece.length());
            }
            client.data(1, true, "end");

            assertThat(client.answer(1).body()).startsWith((long) sent * piece.length() + 3 + " ");
        }
    }

    private static long updates(Http2Client client, int stream) {
        return client.others().stream()
                .filter(frame -> frame.type() == Http2Client.WINDOW_UPDATE && frame.stream() == stream)
                .mapToLong(frame -> frame.number(0))
                .sum();
    }

    /** A small one is all in Turnout by then, and a large one still at its target. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 5_000_000})
    void an_answer_that_is_not_taken_in_time_is_reset_and_its_connection_goes_on(int length) throws IOException {
        begin(new Effect.Application("blue"), "turnout.client.body", "300ms");
        try (Http2Client client = Http2Client.to(port(), INITIAL_WINDOW, 0)) {
            client.get(1, "/download?" + length);
            assertThat(client.answer(1).reset()).isPositive();
            client.get(3, "/");
            client.open(3, 1_000);

            assertThat(client.answer(3).body()).isEqualTo("blue");
            Await.until("the target is free", () -> plane.inFlight() == 0);
        }
    }

    // --- WebSockets ------------------------------------------------------------------------------------------------

    private static String[] webSocket(String path) {
        return new String[] {
            ":method=CONNECT",
            ":protocol=websocket",
            ":scheme=http",
            ":path=" + path,
            ":authority=shop.example",
            "sec-websocket-version=13"
        };
    }

    /** Answers the key, and sends back what comes. */
    private static Effect echo() {
        return exchange -> {
            String key = exchange.head().fields().all("sec-websocket-key").get(0);
            String accept =
                    new String(dev.turnout.proxy.http2.WebSocketAccept.of(key.getBytes(ISO_8859_1)), ISO_8859_1);
            exchange.send(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
            String all = exchange.readToEnd();
            exchange.send(all.getBytes(ISO_8859_1));
            exchange.end(dev.turnout.support.SocketEnd.CLOSE);
        };
    }

    @Test
    void a_websocket_is_a_tunnel_on_its_stream() throws IOException {
        try (Http2Client client = start(echo())) {
            client.headers(1, false, webSocket("/chat"));
            client.data(1, false, "early");
            while (client.on(1).heads().isEmpty()) {
                client.read();
            }
            assertThat(client.on(1).status()).isEqualTo(200);
            assertThat(client.on(1).heads().get(0)).doesNotContain("upgrade", "sec-websocket-accept");
            client.data(1, true, "late");

            assertThat(client.answer(1).body()).isEqualTo("earlylate");
            assertThat(client.on(1).isEnded()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
            })
    void a_target_that_does_not_answer_the_key_begins_no_tunnel(String response) throws IOException {
        try (Http2Client client = start(Effect.raw(response))) {
            client.headers(1, false, webSocket("/chat"));

            assertThat(client.answer(1).status()).isEqualTo(502);
            assertThat(client.on(1).heads().get(0)).contains("x-turnout: bad-response: ");
        }
    }

    @Test
    void a_plain_connect_is_not_implemented() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"))) {
            client.headers(1, false, ":method=CONNECT", ":authority=shop.example:443");

            assertThat(client.answer(1).status()).isEqualTo(501);
        }
    }

    // --- Entry -----------------------------------------------------------------------------------------------------

    @Test
    void http_2_may_begin_byte_by_byte_on_the_plain_port() throws IOException {
        begin(new Effect.Application("blue"));
        try (Http2Client client = Http2Client.silent(port())) {
            for (byte octet : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1)) {
                client.write(new byte[] {octet});
            }
            client.send(Http2Client.SETTINGS, 0, 0, new byte[0]);
            client.get(1, "/");

            assertThat(client.answer(1).body()).isEqualTo("blue");
        }
    }

    @Test
    void the_plain_port_may_be_kept_to_http_1() throws IOException {
        begin(new Effect.Application("blue"), "turnout.http2.plain", "false");
        try (RawClient client = RawClient.to(URI.create("http://127.0.0.1:" + port()))) {
            assertThat(client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").read().status())
                    .isEqualTo(505);
        }
        try (Http2Client client = Http2Client.secure(plane.address(), TlsPlane.NAME)) {
            client.get(1, "/");
            assertThat(client.answer(1).body()).isEqualTo("blue");
        }
    }

    @Test
    void http_2_may_be_off() throws IOException {
        begin(new Effect.Application("blue"), "turnout.http2.enabled", "false");
        try (RawClient client = RawClient.secure(plane.address(), TlsPlane.NAME, "TLSv1.3", "h2", "http/1.1")) {
            assertThat(client.protocol()).isEqualTo("http/1.1");
        }
        try (RawClient client = RawClient.to(URI.create("http://127.0.0.1:" + port()))) {
            assertThat(client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").read().status())
                    .isEqualTo(505);
        }
    }

    @Test
    void an_upgrade_to_h2c_stays_http_1() throws IOException {
        begin(new Effect.Application("blue"));
        try (RawClient client = RawClient.to(URI.create("http://127.0.0.1:" + port()))) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                    + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("blue");
        }
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Test
    @Guards("T28")
    void a_stop_asks_for_no_more_streams_and_lets_those_that_are_there_end() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        try (Http2Client client = start(new Effect.Held(word, Effect.ok("done")))) {
            client.get(1, "/");
            Await.until("the request is in flight", () -> plane.inFlight() == 1);
            var stopped = plane.plane().stop(Duration.ofSeconds(10)).toCompletableFuture();
            assertThat(client.await(frame -> frame.type() == Http2Client.GOAWAY).number(0))
                    .isEqualTo(Integer.MAX_VALUE);
            client.get(3, "/");
            byte[] word8 =
                    client.await(frame -> frame.type() == Http2Client.PING).payload();
            client.send(Http2Client.PING, Http2Client.ACK, 0, word8);
            assertThat(client.await(frame -> frame.type() == Http2Client.GOAWAY && frame.number(0) < 1000)
                            .number(0))
                    .isEqualTo(3);
            word.countDown();

            assertThat(client.answer(1).body()).isEqualTo("done");
            assertThat(client.answer(3).body()).isEqualTo("done");
            assertThat(client.awaitEnd()).isTrue();
            stopped.join();
        }
    }

    /** They were on their way when the client was told which stream is the last. */
    @Test
    void frames_of_streams_that_a_stop_does_not_take_any_more_cost_no_other_stream() throws IOException {
        CountDownLatch word = new CountDownLatch(1);
        try (Http2Client client = start(new Effect.Held(word, Effect.ok("done")))) {
            client.get(1, "/");
            Await.until("the request is in flight", () -> plane.inFlight() == 1);
            var stopped = plane.plane().stop(Duration.ofSeconds(10)).toCompletableFuture();
            byte[] word8 =
                    client.await(frame -> frame.type() == Http2Client.PING).payload();
            client.send(Http2Client.PING, Http2Client.ACK, 0, word8);
            client.await(frame -> frame.type() == Http2Client.GOAWAY && frame.number(0) == 1);

            client.request(3, "POST", "/", false);
            client.data(3, false, "not taken");
            client.send(Http2Client.WINDOW_UPDATE, 0, 3, new byte[] {0, 0, 1, 0});
            client.reset(3, 8);
            client.get(5, "/");
            word.countDown();

            assertThat(client.answer(1).body()).isEqualTo("done");
            assertThat(client.awaitEnd()).isTrue();
            stopped.join();
        }
    }

    @Test
    void the_clients_of_a_process_that_stops_are_not_told_all_at_once() throws Exception {
        begin(new Effect.Application("blue"));
        int count = 40;
        List<Http2Client> clients = new ArrayList<>();
        ExecutorService readers = Executors.newFixedThreadPool(count);
        try {
            List<Callable<Long>> told = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Http2Client client = Http2Client.to(port());
                clients.add(client);
                client.get(1, "/");
                client.answer(1);
                told.add(() -> {
                    client.awaitGoAway();
                    return System.nanoTime();
                });
            }
            plane.plane().stop(Duration.ofSeconds(10));
            LongSummaryStatistics times = new LongSummaryStatistics();
            for (Future<Long> time : readers.invokeAll(told)) {
                times.accept(time.get());
            }

            assertThat(Duration.ofNanos(times.getMax() - times.getMin())).isGreaterThan(Duration.ofMillis(100));
        } finally {
            readers.shutdownNow();
            for (Http2Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void an_idle_connection_ends_with_a_farewell() throws IOException {
        try (Http2Client client = start(new Effect.Application("blue"), "turnout.client.idle", "300ms")) {
            client.get(1, "/");
            client.answer(1);

            assertThat(client.awaitGoAway()).isZero();
            assertThat(client.awaitEnd()).isTrue();
        }
    }

    @Test
    void a_client_that_goes_takes_its_requests_with_it() throws IOException {
        try (Http2Client client = start(new Effect.Deaf())) {
            for (int stream = 1; stream < 20; stream += 2) {
                client.get(stream, "/");
            }
            Await.until("the requests are in flight", () -> plane.inFlight() == 10);
        }
        Await.until("the requests are given up", () -> plane.inFlight() == 0);
        assertThat(plane.plane().counts().clients()).isZero();
    }
}
