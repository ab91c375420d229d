package dev.turnout.proxy;

import static dev.turnout.support.Http2Target.ACK;
import static dev.turnout.support.Http2Target.DATA;
import static dev.turnout.support.Http2Target.ENABLE_CONNECT_PROTOCOL;
import static dev.turnout.support.Http2Target.END_HEADERS;
import static dev.turnout.support.Http2Target.END_STREAM;
import static dev.turnout.support.Http2Target.GOAWAY;
import static dev.turnout.support.Http2Target.HEADERS;
import static dev.turnout.support.Http2Target.INITIAL_WINDOW_SIZE;
import static dev.turnout.support.Http2Target.MAX_CONCURRENT_STREAMS;
import static dev.turnout.support.Http2Target.OK;
import static dev.turnout.support.Http2Target.PING;
import static dev.turnout.support.Http2Target.RST_STREAM;
import static dev.turnout.support.Http2Target.SETTINGS;
import static dev.turnout.support.Http2Target.WINDOW_UPDATE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.routing.InFlight;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.support.Await;
import dev.turnout.support.Http2Client;
import dev.turnout.support.Http2Client.Answer;
import dev.turnout.support.Http2Target;
import dev.turnout.support.Http2Target.SentFrame;
import dev.turnout.support.Http2Target.Session;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.wire.CutShort;
import dev.turnout.support.wire.Response;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A target that speaks HTTP/2")
@Timeout(60)
final class Http2TargetsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 5\r\n\r\nhello";
    private static final int CANCEL = 8;
    private static final int REFUSED_STREAM = 7;
    private static final int NO_ERROR = 0;

    @TempDir
    private Path folder;

    private final List<RawClient> clients = new ArrayList<>();
    private Http2Target target;
    private Vertx vertx;
    private DataPlane plane;

    @BeforeEach
    void begin() throws IOException {
        target = new Http2Target();
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        plane = start(target.port());
    }

    private DataPlane start(int port, String... settings) {
        return Http2TargetPlane.start(vertx, folder, port, settings);
    }

    @AfterEach
    void end() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        target.close();
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private RawClient client() throws IOException {
        RawClient client =
                RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()));
        clients.add(client);
        return client;
    }

    private long inFlight() {
        return plane.inFlight(Service.DEFAULT, List.of(new Target("127.0.0.1", target.port())))
                        instanceof InFlight.Known known
                ? known.requests()
                : -1;
    }

    private static String cause(Response response) {
        return response.status() + " " + String.join(",", response.fields().all("X-Turnout"));
    }

    // --- Messages --------------------------------------------------------------------------------------------------

    @Test
    void gets_the_fields_and_the_end_of_a_request_without_content_in_one_frame() throws IOException {
        RawClient client = client().send(GET);
        SentFrame request = target.accept().next(HEADERS);

        assertThat(request.has(END_STREAM)).isTrue();
        assertThat(request.has(END_HEADERS)).isTrue();
        assertThat(request.stream()).isEqualTo(1);
        assertThat(client.hasMore()).isFalse();
    }

    @Test
    void is_answered_for_with_chunks_where_it_announces_no_length() throws IOException {
        RawClient client = client().send(GET);
        Session session = target.accept();
        session.request();
        session.send(HEADERS, END_HEADERS, 1, OK)
                .send(DATA, 0, 1, "he".getBytes(ISO_8859_1))
                .send(DATA, 0, 1, "llo".getBytes(ISO_8859_1))
                .send(DATA, END_STREAM, 1);

        Response response = client.read();
        assertThat(response.fields().lists("Transfer-Encoding", "chunked")).isTrue();
        assertThat(response.text()).isEqualTo("hello");
    }

    @Test
    void keeps_its_stream_where_the_end_comes_behind_the_announced_length() throws IOException {
        RawClient client = client().send(GET);
        Session session = target.accept();
        session.request();
        session.send(HEADERS, END_HEADERS, 1, fields(OK, "content-length", "2"))
                .send(DATA, 0, 1, "ok".getBytes(ISO_8859_1));
        assertThat(client.read().text()).isEqualTo("ok");

        session.send(DATA, END_STREAM, 1);
        client.send(GET);
        SentFrame next = session.next();
        while (next.type() == SETTINGS || next.type() == WINDOW_UPDATE) {
            next = session.next();
        }
        assertThat(next.type()).as("no reset of the first stream").isEqualTo(HEADERS);
        session.answer(next.stream(), "again");
        assertThat(client.read().text()).isEqualTo("again");
    }

    @Test
    void gets_trailers_and_sends_trailers() throws IOException {
        RawClient client = client().send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n"
                + "Connection: TE\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nx-sum: 5\r\n\r\n");
        Session session = target.accept();
        SentFrame head = session.next(HEADERS);
        StringBuilder data = new StringBuilder();
        SentFrame frame = session.next();
        while (frame.type() != HEADERS) {
            data.append(frame.type() == DATA ? frame.text() : "");
            frame = session.next();
        }
        assertThat(head.text()).contains("trailers");
        assertThat(data.toString()).isEqualTo("abcde");
        assertThat(frame.text()).contains("x-sum");
        assertThat(frame.has(END_STREAM)).isTrue();

        session.send(HEADERS, END_HEADERS, 1, OK).send(DATA, 0, 1, "body".getBytes(ISO_8859_1));
        session.send(HEADERS, END_HEADERS | END_STREAM, 1, fields(new byte[0], "grpc-status", "0"));
        Response response = client.read();
        assertThat(response.text()).isEqualTo("body");
        assertThat(response.body().trailers().only("grpc-status")).contains("0");
    }

    @ParameterizedTest
    @CsvSource({"204, 204", "304, 304"})
    void may_end_a_response_without_content_behind_its_head(String status, int expected) throws IOException {
        RawClient client = client().send(GET + GET);
        Session session = target.accept();
        session.request();
        session.send(HEADERS, END_HEADERS, 1, status(status)).send(DATA, END_STREAM, 1);
        assertThat(client.read().status()).isEqualTo(expected);
        session.request();
        session.answer(3, "next");
        assertThat(client.read().text()).isEqualTo("next");
    }

    @Test
    void may_go_on_before_it_answers() throws IOException {
        RawClient client =
                client().send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        Session session = target.accept();
        assertThat(session.next(HEADERS).text()).contains("100-continue");
        session.send(HEADERS, END_HEADERS, 1, status("100"));
        assertThat(client.read().status()).isEqualTo(100);
        client.send("abc");
        assertThat(session.next(DATA).text()).isEqualTo("abc");
        session.answer(1, "done");
        assertThat(client.read().text()).isEqualTo("done");
    }

    @Test
    void may_answer_before_the_request_is_whole_and_take_no_more() throws IOException {
        RawClient client = client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhello");
        Session session = target.accept();
        session.next(HEADERS);
        session.answer(1, "enough").sendNumber(RST_STREAM, 1, NO_ERROR);
        assertThat(client.read().text()).isEqualTo("enough");
        client.send("x".repeat(99_995));
        client.send(GET);
        session.request();
        session.answer(3, "next");
        assertThat(client.read().text()).isEqualTo("next");
    }

    // --- Connections -----------------------------------------------------------------------------------------------

    @Test
    void serves_many_requests_at_a_time_over_one_connection() throws IOException {
        List<RawClient> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(client().send(GET));
        }
        Session session = target.accept();
        for (int i = 0; i < 20; i++) {
            session.request();
        }
        for (int i = 19; i >= 0; i--) {
            session.answer(2 * i + 1, "hello");
        }
        for (RawClient each : all) {
            assertThat(each.read().text()).isEqualTo("hello");
        }
        assertThat(target.isAlone()).isTrue();
    }

    @Test
    void gets_another_connection_where_its_streams_are_used_up() throws IOException {
        RawClient first = client().send(GET);
        Session session = target.accept(MAX_CONCURRENT_STREAMS, 1);
        session.request();
        RawClient second = client().send(GET);
        Session another = target.accept(MAX_CONCURRENT_STREAMS, 1);
        another.request();
        another.answer(1, "two");
        session.answer(1, "one");
        assertThat(first.read().text()).isEqualTo("one");
        assertThat(second.read().text()).isEqualTo("two");
    }

    @Test
    void that_takes_no_stream_at_all_is_a_target_that_cannot_be_reached() throws IOException {
        RawClient client = client().send(GET);
        target.accept(MAX_CONCURRENT_STREAMS, 0);
        assertThat(cause(client.read())).isEqualTo("502 connect-failed");
    }

    @Test
    void gets_a_goaway_when_its_connection_is_idle_for_long() throws IOException {
        restart("turnout.upstream.idle", "100ms");
        RawClient client = client().send(GET);
        Session session = target.accept();
        session.request();
        session.answer(1, "hello");
        client.read();
        assertThat(session.next(GOAWAY)).isNotNull();
        session.awaitEnd();
    }

    @Test
    void has_a_connection_ready_before_it_serves() throws IOException {
        plane.connectAhead(Service.DEFAULT, List.of(new Target("127.0.0.1", target.port())));
        Session session = target.accept();
        assertThat(session.next(SETTINGS).has(ACK)).isFalse();
        RawClient client = client().send(GET);
        session.request();
        session.answer(1, "hello");
        assertThat(client.read().text()).isEqualTo("hello");
        assertThat(target.isAlone()).isTrue();
    }

    @Test
    void is_answered_when_it_pings() throws IOException {
        client().send(GET);
        Session session = target.accept();
        byte[] payload = {1, 2, 3, 4, 5, 6, 7, 8};
        session.send(PING, 0, 0, payload);
        SentFrame answer = session.next(PING);
        assertThat(answer.has(ACK)).isTrue();
        assertThat(answer.payload()).isEqualTo(payload);
    }

    /** As gRPC's server in Go does: it measures the way with a PING whenever no other one is on its way. */
    @Test
    void may_answer_each_small_piece_of_a_request_with_an_update_and_a_ping() throws IOException {
        RawClient idle = client().send(GET);
        Session session = target.accept(INITIAL_WINDOW_SIZE, 1 << 20);
        session.request();
        RawClient chatty = client().send("POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n");
        String piece = "64\r\n" + "x".repeat(100) + "\r\n";
        for (int round = 0; round < 60; round++) {
            chatty.send(piece.repeat(50));
            for (int i = 0; i < 50; i++) {
                session.sendNumber(WINDOW_UPDATE, 0, session.next(DATA).payload().length);
                session.send(PING, 0, 0, new byte[8]);
            }
        }
        chatty.send("0\r\n\r\n");
        session.next(DATA);

        session.answer(3, "taken");
        session.answer(1, "untouched");

        assertThat(chatty.read().text()).isEqualTo("taken");
        assertThat(idle.read().text()).isEqualTo("untouched");
    }

    private void restart(String... settings) {
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        plane = start(target.port(), settings);
    }

    // --- Refusals and ends -----------------------------------------------------------------------------------------

    @Test
    void that_refuses_a_stream_gets_the_request_once_more_whatever_its_method() throws IOException {
        RawClient client = client().send(POST);
        Session session = target.accept();
        assertThat(session.request()).isEqualTo("hello");
        session.sendNumber(RST_STREAM, 1, REFUSED_STREAM);
        Session another = target.accept();
        assertThat(another.request()).isEqualTo("hello");
        another.answer(1, "taken");
        assertThat(client.read().text()).isEqualTo("taken");
    }

    @Test
    void that_refuses_a_request_twice_is_not_asked_again() throws IOException {
        RawClient client = client().send(POST);
        for (int i = 0; i < 2; i++) {
            Session session = target.accept();
            session.request();
            session.sendNumber(RST_STREAM, 1, REFUSED_STREAM);
        }
        assertThat(cause(client.read())).isEqualTo("503 target-refused");
    }

    /** As servers of gRPC do when the deadline of the client is over, which says itself that it is. */
    @ParameterizedTest
    @CsvSource({"application/grpc, 200 target-cancelled, 1", "text/plain, 502 target-closed,"})
    void that_gives_a_request_up_ends_a_call_with_a_status(String type, String cause, String status)
            throws IOException {
        RawClient client = client().send(POST.replace("Content-L", "Content-Type: " + type + "\r\nContent-L"));
        Session session = target.accept();
        session.request();
        session.sendNumber(RST_STREAM, 1, CANCEL);

        Response response = client.read();
        assertThat(cause(response)).isEqualTo(cause);
        assertThat(response.fields().only("grpc-status")).isEqualTo(Optional.ofNullable(status));
    }

    private static void awaitBody(Http2Client client, String body) throws IOException {
        while (!client.on(1).body().equals(body)) {
            client.read();
        }
    }

    /** What a call has sent so far is the client's, and its status says that the target has given it up. */
    @Test
    void that_gives_a_call_up_behind_its_head_ends_it_with_a_status_and_has_not_failed() throws IOException {
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            client.request(1, "POST", "/", true, "content-type=application/grpc");
            Session session = target.accept();
            session.request();
            session.send(HEADERS, END_HEADERS, 1, fields(OK, "content-type", "application/grpc"))
                    .send(DATA, 0, 1, "one".getBytes(ISO_8859_1));
            awaitBody(client, "one");
            session.sendNumber(RST_STREAM, 1, CANCEL);

            Answer answer = client.answer(1);
            assertThat(answer.body()).isEqualTo("one");
            assertThat(answer.reset()).isNegative();
            assertThat(answer.heads()).last().asString().contains("grpc-status: 1\n", "x-turnout: target-cancelled");
        }
        TargetTraffic traffic = plane.traffic(Service.DEFAULT).get(new Target("127.0.0.1", target.port()));
        assertThat(traffic.failures()).isZero();
        assertThat(traffic.failed()).isZero();
    }

    /** A client of HTTP/2 that gives up resets its stream, and the target is told in the same way. */
    @Test
    void is_told_when_a_client_gives_a_response_up_behind_its_head() throws IOException {
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            client.get(1, "/");
            Session session = target.accept();
            session.request();
            session.send(HEADERS, END_HEADERS, 1, OK).send(DATA, 0, 1, "one".getBytes(ISO_8859_1));
            awaitBody(client, "one");
            client.reset(1, CANCEL);

            SentFrame reset = session.next(RST_STREAM);
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(reset.number()).isEqualTo(CANCEL);
            client.get(3, "/");
            session.request();
            session.answer(3, "goes on");
            assertThat(client.answer(3).body()).isEqualTo("goes on");
        }
        Await.until("nothing is in flight", () -> inFlight() == 0);
    }

    @Test
    void that_goes_away_serves_what_it_has_taken_and_gets_the_rest_anew() throws IOException {
        RawClient first = client().send(POST);
        Session session = target.accept();
        session.request();
        RawClient second = client().send(POST);
        session.request();
        session.goAway(1, NO_ERROR);

        Session another = target.accept();
        assertThat(another.request()).isEqualTo("hello");
        another.answer(1, "anew");
        assertThat(second.read().text()).isEqualTo("anew");
        session.answer(1, "taken");
        assertThat(first.read().text()).isEqualTo("taken");
        session.awaitEnd();

        second.send(GET);
        another.request();
        another.answer(3, "goes on");
        assertThat(second.read().text()).isEqualTo("goes on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "closed"})
    void that_ends_a_stream_without_a_response_has_failed(String how) throws IOException {
        RawClient client = client().send(POST);
        Session session = target.accept();
        session.request();
        if (how.equals("reset")) {
            session.sendNumber(RST_STREAM, 1, CANCEL);
        } else {
            session.close();
        }
        assertThat(cause(client.read())).isEqualTo("502 target-closed");
    }

    @Test
    void that_has_closed_an_idle_connection_gets_an_idempotent_request_again() throws IOException {
        RawClient client = client().send(GET);
        Session session = target.accept();
        session.request();
        session.answer(1, "one");
        client.read();
        client.send(GET);
        session.request();
        session.close();
        Session another = target.accept();
        another.request();
        another.answer(1, "two");
        assertThat(client.read().text()).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void that_ends_in_the_middle_of_a_response_cuts_it(boolean isReset) throws IOException {
        RawClient client = client().send(GET);
        Session session = target.accept();
        session.request();
        session.send(HEADERS, END_HEADERS, 1, OK).send(DATA, 0, 1, "half".getBytes(ISO_8859_1));
        if (isReset) {
            session.sendNumber(RST_STREAM, 1, CANCEL);
        } else {
            session.close();
        }
        assertThatThrownBy(client::read).isInstanceOf(CutShort.class);
        Await.until("nothing is in flight", () -> inFlight() == 0);
    }

    @Test
    void is_told_when_a_client_has_gone() throws IOException {
        RawClient client = client().send(GET);
        Session session = target.accept();
        session.request();
        client.end(SocketEnd.RESET);
        SentFrame reset = session.next(RST_STREAM);
        assertThat(reset.number()).isEqualTo(CANCEL);
        Await.until("nothing is in flight", () -> inFlight() == 0);
    }

    // --- Broken targets --------------------------------------------------------------------------------------------

    @Test
    void that_speaks_http1_is_named_so() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
            plane = start(server.getLocalPort());
            RawClient client = client().send(GET);
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1));
                assertThat(cause(client.read())).isEqualTo("502 not-http2");
            }
        }
    }

    @Test
    void that_breaks_the_rules_of_a_head_has_its_stream_reset_alone() throws IOException {
        RawClient client = client().send(GET);
        Session session = target.accept();
        session.request();
        session.send(HEADERS, END_HEADERS | END_STREAM, 1, fields(OK, "Upper", "case"));
        assertThat(cause(client.read())).isEqualTo("502 bad-response: bad-http2");
        assertThat(session.next(RST_STREAM).number()).isEqualTo(1);
        client.send(GET);
        session.request();
        session.answer(3, "fine");
        assertThat(client.read().text()).isEqualTo("fine");
    }

    @Test
    void that_sends_less_than_it_announced_cuts_the_response() throws IOException {
        RawClient client = client().send(GET);
        Session session = target.accept();
        session.request();
        session.send(HEADERS, END_HEADERS, 1, fields(OK, "content-length", "5"))
                .send(DATA, END_STREAM, 1, "half".getBytes(ISO_8859_1));
        assertThatThrownBy(client::read).isInstanceOf(CutShort.class);
    }

    @Test
    void that_breaks_the_compression_loses_its_connection_and_all_its_streams() throws IOException {
        RawClient first = client().send(GET);
        Session session = target.accept();
        session.request();
        RawClient second = client().send(GET);
        session.request();
        session.send(
                HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff);
        assertThat(cause(first.read())).isEqualTo("502 bad-response: bad-http2");
        assertThat(cause(second.read())).isEqualTo("502 bad-response: bad-http2");
        assertThat(ByteBuffer.wrap(session.next(GOAWAY).payload()).getInt(4)).isEqualTo(9);
    }

    // --- Flow control ----------------------------------------------------------------------------------------------

    @Test
    void gets_no_more_of_a_body_than_its_window_allows() throws IOException {
        String body = "x".repeat(100_000);
        RawClient client = client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + body);
        Session session = target.accept(INITIAL_WINDOW_SIZE, 10);
        session.next(HEADERS);
        assertThat(session.next(DATA).payload()).hasSize(10);
        RawClient other = client().send(GET);
        session.next(HEADERS);
        session.answer(3, "not held up");
        assertThat(other.read().text()).isEqualTo("not held up");

        session.sendNumber(WINDOW_UPDATE, 1, 20);
        assertThat(session.next(DATA).payload()).hasSize(20);
        session.sendNumber(WINDOW_UPDATE, 1, 200_000).sendNumber(WINDOW_UPDATE, 0, 200_000);
        long rest = 100_000 - 30;
        while (rest > 0) {
            rest -= session.next(DATA).payload().length;
        }
        session.answer(1, "whole");
        assertThat(client.read().text()).isEqualTo("whole");
    }

    @Test
    void may_send_no_more_than_a_stream_s_window_to_a_client_that_does_not_read_and_serves_others_meanwhile()
            throws IOException {
        RawClient slow =
                RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()), 4096);
        clients.add(slow);
        slow.send(GET);
        Session session = target.accept();
        session.request();
        session.send(HEADERS, END_HEADERS, 1, OK);
        long most = 16 << 20;
        Allowance allowance = new Allowance(session);
        long sent = allowance.sendUntilStuck(most);
        assertThat(sent).as("what Turnout and the system hold of it").isLessThan(most);

        RawClient other = client().send(GET);
        allowance.read(HEADERS);
        session.answer(3, "not held up");
        assertThat(other.read().text()).isEqualTo("not held up");

        session.send(DATA, END_STREAM, 1);
        assertThat(slow.read().body().length()).isEqualTo(sent);
    }

    /** What a target may still send on stream 1. */
    private static final class Allowance {

        private final Session session;
        private final byte[] piece = new byte[16384];
        private long left = 65_535;

        Allowance(Session session) {
            this.session = session;
        }

        /** Sends until a PING is answered and there is still no room. */
        long sendUntilStuck(long most) throws IOException {
            long sent = 0;
            left = 256 * 1024;
            while (sent < most) {
                while (left >= piece.length) {
                    session.send(DATA, 0, 1, piece);
                    left -= piece.length;
                    sent += piece.length;
                }
                session.send(PING, 0, 0, new byte[8]);
                read(PING);
                if (left < piece.length) {
                    Await.pause(Duration.ofMillis(300));
                    session.send(PING, 0, 0, new byte[8]);
                    read(PING);
                    if (left < piece.length) {
                        return sent;
                    }
                }
            }
            return sent;
        }

        /** Takes frames up to one of a type. */
        void read(int type) throws IOException {
            SentFrame frame = session.next();
            while (frame.type() != type) {
                if (frame.type() == WINDOW_UPDATE && frame.stream() == 1) {
                    left += frame.number();
                }
                frame = session.next();
            }
        }
    }

    // --- WebSockets ------------------------------------------------------------------------------------------------

    private static final String WEBSOCKET = "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    @Test
    void takes_websockets_by_extended_connect() throws IOException {
        RawClient client = client().send(WEBSOCKET);
        Session session = target.accept(ENABLE_CONNECT_PROTOCOL, 1);
        SentFrame request = session.next(HEADERS);
        assertThat(request.text()).contains("websocket");
        assertThat(request.has(END_STREAM)).isFalse();
        session.send(HEADERS, END_HEADERS, 1, OK);
        Response response = client.read();
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.fields().only("Sec-WebSocket-Accept")).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        client.send("ping");
        assertThat(session.next(DATA).text()).isEqualTo("ping");
        session.send(DATA, 0, 1, "pong".getBytes(ISO_8859_1));
        byte[] four = new byte[4];
        client.in().readNBytes(four, 0, 4);
        assertThat(four).asString(ISO_8859_1).isEqualTo("pong");
        session.send(DATA, END_STREAM, 1);
        assertThat(client.readUntilClosed()).isEmpty();
        Await.until("nothing is in flight", () -> inFlight() == 0);
    }

    @Test
    void that_does_not_allow_websockets_is_named_so() throws IOException {
        RawClient client = client().send(WEBSOCKET);
        target.accept();
        assertThat(cause(client.read())).isEqualTo("502 bad-response: no-websocket");
    }

    // --- Header blocks ---------------------------------------------------------------------------------------------

    /** {@code :status}, with its name from HPACK's static table. */
    private static byte[] status(String code) {
        byte[] block = new byte[5];
        block[0] = 0x08;
        block[1] = 3;
        System.arraycopy(code.getBytes(ISO_8859_1), 0, block, 2, 3);
        return block;
    }

    /** Adds literal fields to a block: name, value, name, value. */
    private static byte[] fields(byte[] block, String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(block);
        for (int i = 0; i < fields.length; i += 2) {
            out.write(0);
            out.write(fields[i].length());
            out.writeBytes(fields[i].getBytes(ISO_8859_1));
            out.write(fields[i + 1].length());
            out.writeBytes(fields[i + 1].getBytes(ISO_8859_1));
        }
        return out.toByteArray();
    }
}
