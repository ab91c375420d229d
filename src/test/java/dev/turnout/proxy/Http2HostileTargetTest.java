package dev.turnout.proxy;

import static dev.turnout.support.Http2Target.ACK;
import static dev.turnout.support.Http2Target.DATA;
import static dev.turnout.support.Http2Target.END_HEADERS;
import static dev.turnout.support.Http2Target.END_STREAM;
import static dev.turnout.support.Http2Target.GOAWAY;
import static dev.turnout.support.Http2Target.HEADERS;
import static dev.turnout.support.Http2Target.OK;
import static dev.turnout.support.Http2Target.RST_STREAM;
import static dev.turnout.support.Http2Target.WINDOW_UPDATE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Http2Client;
import dev.turnout.support.Http2Target;
import dev.turnout.support.Http2Target.SentFrame;
import dev.turnout.support.Http2Target.Session;
import dev.turnout.support.RawClient;
import dev.turnout.support.wire.Response;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A target over HTTP/2 that sends what no good target sends")
@Timeout(60)
final class Http2HostileTargetTest {

    private static final int CONTINUATION = 9;
    private static final int PING = 6;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int CANCEL = 8;
    private static final int FLOOD = 2_000;

    /** As many as the budget of a connection allows, nearly. */
    private static final int MANY_INTERIM = 950;

    @TempDir
    private Path folder;

    private Http2Target target;
    private Vertx vertx;
    private DataPlane plane;
    private Http2Client client;
    private Session session;

    /** Two requests wait at the target. */
    @BeforeEach
    void begin() throws IOException {
        target = new Http2Target();
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        plane = Http2TargetPlane.start(vertx, folder, target.port());
        client = Http2Client.to(plane.plainPort().orElseThrow());
        client.get(1, "/");
        session = target.accept();
        session.request();
        client.get(3, "/");
        session.request();
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        target.close();
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Sends up to the end of the connection: the other side may have ended it at any time. */
    private void flood(int type, int flags, int stream, byte... payload) {
        try {
            for (int i = 0; i < FLOOD; i++) {
                session.send(type, flags, stream, payload);
            }
        } catch (IOException ended) {
            // As it should be.
        }
    }

    private void assertLost(int code) throws IOException {
        assertThat(ByteBuffer.wrap(session.next(GOAWAY).payload()).getInt(4)).isEqualTo(code);
        assertThat(client.answer(1).status()).isEqualTo(502);
        assertThat(client.answer(3).status()).isEqualTo(502);
        assertServedAnew();
    }

    private void assertServedAnew() throws IOException {
        client.get(5, "/");
        Session next = target.accept();
        next.request();
        next.answer(1, "anew");
        assertThat(client.answer(5).body()).isEqualTo("anew");
    }

    @Test
    void in_continuations_without_end_loses_its_connection() throws IOException {
        session.send(HEADERS, 0, 1, OK);
        flood(CONTINUATION, 0, 1);
        assertLost(ENHANCE_YOUR_CALM);
    }

    @Test
    void in_pings_without_end_loses_its_connection() throws IOException {
        flood(PING, 0, 0, new byte[8]);
        assertLost(ENHANCE_YOUR_CALM);
    }

    @Test
    void in_interim_responses_without_end_loses_its_connection() throws IOException {
        byte[] early = Http2Client.block(":status=103", "link=" + "x".repeat(1000));
        flood(HEADERS, END_HEADERS, 1, early);
        assertLost(ENHANCE_YOUR_CALM);
    }

    /** As a long request with a sign of life every second, for ten minutes. */
    @Test
    void sends_interim_responses_now_and_then_and_is_served_on() throws IOException {
        byte[] processing = Http2Client.block(":status=102");
        for (int i = 0; i < 600; i++) {
            session.send(HEADERS, END_HEADERS, 1, processing);
        }
        session.answer(1, "at last");
        assertThat(client.answer(1).body()).isEqualTo("at last");
        assertThat(client.on(1).heads()).hasSize(601);
    }

    private void sendLargeInterimResponses(int stream) throws IOException {
        byte[] early = Http2Client.block(":status=103", "link=" + "x".repeat(15_000));
        for (int i = 0; i < MANY_INTERIM; i++) {
            session.send(HEADERS, END_HEADERS, stream, early);
        }
        session.answer(stream, "at last");
    }

    @Test
    void sends_interim_responses_that_its_client_does_not_take_and_they_are_dropped() throws IOException {
        sendLargeInterimResponses(1);
        assertThat(client.answer(1).body()).isEqualTo("at last");
        assertThat(client.on(1).heads()).hasSizeLessThan(MANY_INTERIM);
    }

    @Test
    void sends_interim_responses_that_its_client_of_http1_does_not_take_and_they_are_dropped() throws IOException {
        URI address = URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow());
        try (RawClient slow = RawClient.to(address, 4096)) {
            slow.send("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            session.request();
            sendLargeInterimResponses(5);
            int passed = 0;
            Response response = slow.read();
            while (response.status() == 103) {
                passed++;
                response = slow.read();
            }
            assertThat(response.text()).isEqualTo("at last");
            assertThat(passed).isLessThan(MANY_INTERIM);
        }
    }

    @Test
    void resets_streams_that_have_ended_without_end_and_loses_its_connection() throws IOException {
        session.sendNumber(RST_STREAM, 1, CANCEL);
        assertThat(client.answer(1).status()).isEqualTo(502);
        for (int i = 0; i < 3; i++) {
            flood(RST_STREAM, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) CANCEL);
        }
        assertThat(ByteBuffer.wrap(session.next(GOAWAY).payload()).getInt(4)).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(client.answer(3).status()).isEqualTo(502);
        assertServedAnew();
    }

    @Test
    void opens_windows_of_streams_that_have_ended_without_end_and_loses_its_connection() throws IOException {
        session.sendNumber(RST_STREAM, 1, CANCEL);
        assertThat(client.answer(1).status()).isEqualTo(502);
        for (int i = 0; i < 3; i++) {
            flood(WINDOW_UPDATE, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
        }
        assertThat(ByteBuffer.wrap(session.next(GOAWAY).payload()).getInt(4)).isEqualTo(ENHANCE_YOUR_CALM);
        assertServedAnew();
    }

    /** A target that is only slow answers each PING. */
    private void awaitRequest() throws IOException {
        for (SentFrame frame = session.next(); frame.type() != HEADERS; frame = session.next()) {
            if (frame.type() == PING) {
                session.send(PING, ACK, 0, frame.payload());
            }
        }
    }

    /** As a server of gRPC does that is too slow for the deadlines of its clients. */
    @Test
    void resets_each_request_that_it_gets_and_harms_no_other_one() throws IOException {
        for (int stream = 5; stream < 605; stream += 2) {
            client.get(stream, "/");
            awaitRequest();
            session.sendNumber(RST_STREAM, stream, CANCEL);
            assertThat(client.answer(stream).status()).isEqualTo(502);
        }
        session.answer(3, "untouched");
        assertThat(client.answer(3).body()).isEqualTo("untouched");
        assertThat(target.isAlone()).isTrue();
    }

    @Test
    void in_empty_data_without_end_loses_its_connection() throws IOException {
        session.send(HEADERS, END_HEADERS, 1, OK);
        session.send(HEADERS, END_HEADERS, 3, OK);
        flood(DATA, 0, 1);
        assertThat(ByteBuffer.wrap(session.next(GOAWAY).payload()).getInt(4)).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(client.answer(1).reset()).isPositive();
        assertThat(client.answer(3).reset()).isPositive();
        assertServedAnew();
    }

    @Test
    void opens_the_window_of_the_connection_over_the_bound_and_loses_it() throws IOException {
        session.sendNumber(WINDOW_UPDATE, 0, Integer.MAX_VALUE);
        assertLost(FLOW_CONTROL_ERROR);
    }

    @Test
    void opens_the_window_of_a_stream_over_the_bound_and_loses_that_alone() throws IOException {
        session.sendNumber(WINDOW_UPDATE, 1, Integer.MAX_VALUE);
        assertThat(client.answer(1).status()).isEqualTo(502);
        assertThat(session.next(RST_STREAM).number()).isEqualTo(FLOW_CONTROL_ERROR);
        session.answer(3, "untouched");
        assertThat(client.answer(3).body()).isEqualTo("untouched");
    }

    @Test
    void changes_the_size_of_the_table_behind_a_field_and_loses_its_connection() throws IOException {
        session.send(HEADERS, END_HEADERS | END_STREAM, 1, OK[0], (byte) 0x20);
        assertLost(COMPRESSION_ERROR);
    }

    @Test
    void sends_each_octet_alone_and_is_understood() throws IOException {
        byte[] body = "octets".getBytes(ISO_8859_1);
        ByteBuffer all = ByteBuffer.allocate(100);
        all.put(Http2Client.frame(HEADERS, END_HEADERS, 1, OK));
        all.put(Http2Client.frame(DATA, 0, 1, body));
        all.put(Http2Client.frame(HEADERS, END_HEADERS | END_STREAM, 1, Http2Client.block("x-sum=1")));
        for (int i = 0; i < all.position(); i++) {
            session.write(all.get(i));
        }
        assertThat(client.answer(1).body()).isEqualTo("octets");
        assertThat(client.on(1).heads()).last().isEqualTo("x-sum: 1\n");
        session.answer(3, "too");
        assertThat(client.answer(3).body()).isEqualTo("too");
    }

    @Test
    void sends_a_trailer_behind_its_own_reset_and_harms_nobody_else() throws IOException {
        session.sendNumber(RST_STREAM, 1, CANCEL);
        session.send(HEADERS, END_HEADERS | END_STREAM, 1, Http2Client.block("x-sum=1"));
        assertThat(client.answer(1).status()).isEqualTo(502);
        session.answer(3, "untouched");
        assertThat(client.answer(3).body()).isEqualTo("untouched");
    }

    @Test
    void goes_away_in_the_middle_of_an_answer_and_ends_what_it_has_begun() throws IOException {
        session.send(HEADERS, END_HEADERS, 1, OK);
        session.send(DATA, 0, 1, (byte) 'a');
        session.goAway(1, 0);
        session.send(DATA, END_STREAM, 1, (byte) 'b');
        assertThat(client.answer(1).body()).isEqualTo("ab");

        assertTheOtherIsServedAnew();
    }

    /** A request whose response has begun never goes again: its client would get two responses in one. */
    @Test
    void goes_away_as_if_it_had_not_taken_what_it_answers_and_gets_that_no_more() throws IOException {
        session.send(HEADERS, END_HEADERS, 1, OK);
        session.send(DATA, 0, 1, (byte) 'a');
        awaitBody(1, "a");
        session.goAway(0, 0);

        assertThat(client.answer(1).reset()).isPositive();
        assertThat(client.on(1).body()).isEqualTo("a");
        assertTheOtherIsServedAnew();
    }

    private void awaitBody(int stream, String body) throws IOException {
        while (!client.on(stream).body().equals(body)) {
            client.read();
        }
    }

    /** The next connection gets the request of stream 3, and no other one before the next request. */
    private void assertTheOtherIsServedAnew() throws IOException {
        Session next = target.accept();
        next.request();
        client.get(5, "/");
        assertThat(next.next(HEADERS).stream()).isEqualTo(3);
        next.answer(1, "from the next connection");
        next.answer(3, "the one behind");
        assertThat(client.answer(3).body()).isEqualTo("from the next connection");
        assertThat(client.answer(5).body()).isEqualTo("the one behind");
    }
}
