package dev.turnout.proxy;

import static dev.turnout.support.Http2Target.DATA;
import static dev.turnout.support.Http2Target.END_HEADERS;
import static dev.turnout.support.Http2Target.END_STREAM;
import static dev.turnout.support.Http2Target.HEADERS;
import static dev.turnout.support.Http2Target.RST_STREAM;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.support.Await;
import dev.turnout.support.Http2Client;
import dev.turnout.support.Http2Target;
import dev.turnout.support.Http2Target.Session;
import dev.turnout.support.RawClient;
import dev.turnout.support.wire.Response;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A stream over HTTP/2 without an end of its own, whose target is to go,")
@Timeout(60)
final class Http2RetirementTest {

    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final int CANCEL = 8;
    private static final int STREAMS = 8;
    private static final String CALL = "content-type=application/grpc";
    private static final String EVENTS = "content-type=text/event-stream";

    /** A message of gRPC with three octets. */
    private static final String MESSAGE = "\0\0\0\0\3abc";

    @TempDir
    private Path folder;

    private Http2Target target;
    private Vertx vertx;
    private DataPlane plane;

    @BeforeEach
    void begin() throws IOException {
        target = new Http2Target();
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        plane = Http2TargetPlane.start(vertx, folder, target.port());
    }

    @AfterEach
    void end() {
        target.close();
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void retire() {
        plane.retire(Service.DEFAULT, List.of(new Target("127.0.0.1", target.port())), DRAIN);
    }

    private static void answer(Session session, int stream, String type, String data) throws IOException {
        session.send(HEADERS, END_HEADERS, stream, Http2Client.block(":status=200", type));
        session.send(DATA, 0, stream, data.getBytes(ISO_8859_1));
    }

    /** Opens streams of one client, each of which has got a first piece. */
    private Session open(Http2Client client, int streams, String type, String data) throws IOException {
        client.request(1, "POST", "/", true, type);
        Session session = target.accept();
        for (int i = 0; i < streams; i++) {
            int stream = 2 * i + 1;
            if (i > 0) {
                client.request(stream, "POST", "/", true, type);
            }
            session.request();
            answer(session, stream, type, data);
            while (!client.on(stream).body().endsWith(data)) {
                client.read();
            }
        }
        return session;
    }

    @Test
    void ends_as_a_call_that_its_client_calls_again_each_at_its_own_time() throws IOException {
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            Session session = open(client, STREAMS, CALL, MESSAGE);
            retire();
            List<Long> ends = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                Http2Client.Frame end = client.read();
                while (end.type() != HEADERS || !end.has(END_STREAM)) {
                    end = client.read();
                }
                ends.add(System.nanoTime());
                assertThat(client.on(end.stream()).heads()).last().asString().contains("grpc-status: 14\n", "drained");
                assertThat(client.on(end.stream()).body()).isEqualTo(MESSAGE);
                assertThat(session.next(RST_STREAM).number()).isEqualTo(CANCEL);
            }
            assertThat(ends.get(STREAMS - 1) - ends.get(0))
                    .as("they do not all come back at once")
                    .isGreaterThan(Duration.ofMillis(20L * (STREAMS - 2)).toNanos() / 2);
            client.settle();
            assertThat(plane.counts().http2TargetStreams()).isEqualTo(STREAMS);
            assertThat(plane.counts().http2TargetConnections()).isOne();
            assertThat(plane.counts().http2TargetResets())
                    .extracting(
                            counted -> counted.label() + " " + counted.count().getAsLong())
                    .containsExactly("target 0", "turnout " + STREAMS);
        }
    }

    @Test
    void ends_behind_the_message_that_is_under_way() throws IOException {
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            Session session = open(client, 1, CALL, MESSAGE + MESSAGE.substring(0, 6));
            retire();
            session.send(DATA, 0, 1, (MESSAGE.substring(6) + MESSAGE).getBytes(ISO_8859_1));
            Http2Client.Answer answer = client.answer(1);
            assertThat(answer.heads()).last().asString().contains("grpc-status: 14\n");
            assertThat(answer.body().length() % MESSAGE.length()).isZero();
        }
    }

    @Test
    void ends_by_itself_where_it_can() throws IOException {
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            Session session = open(client, 1, CALL, MESSAGE);
            retire();
            session.send(HEADERS, END_HEADERS | END_STREAM, 1, Http2Client.block("grpc-status=0"));
            assertThat(client.answer(1).heads()).last().isEqualTo("grpc-status: 0\n");
        }
    }

    /** A poll is answered by Turnout once it has waited for a second. A call without a response is no poll. */
    @Test
    void is_none_as_long_as_a_call_has_no_response_so_that_a_slow_unary_call_gets_its_own() throws IOException {
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            client.request(1, "POST", "/", true, CALL);
            Session session = target.accept();
            session.request();
            retire();
            Await.pause(Duration.ofMillis(1500));
            client.settle();
            assertThat(client.on(1).heads()).isEmpty();

            answer(session, 1, CALL, MESSAGE);
            session.send(HEADERS, END_HEADERS | END_STREAM, 1, Http2Client.block("grpc-status=0"));
            assertThat(client.answer(1).heads()).last().isEqualTo("grpc-status: 0\n");
            assertThat(client.on(1).body()).isEqualTo(MESSAGE);
        }
    }

    @Test
    void is_a_call_without_a_response_where_the_operator_has_said_so_and_ends_with_a_status() throws IOException {
        plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
        plane = Http2TargetPlane.start(vertx, folder, target.port(), "turnout.drain.endless", "/watch");
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            client.request(1, "POST", "/watch", true, CALL);
            target.accept().request();
            retire();

            assertThat(client.answer(1).heads()).last().asString().contains(":status: 200", "grpc-status: 14\n");
        }
    }

    @Test
    void ends_as_events_that_their_reader_asks_for_again() throws IOException {
        try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
            Session session = open(client, STREAMS, EVENTS, "data: a\n\n");
            retire();
            for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
                Http2Client.Answer answer = client.answer(stream);
                assertThat(answer.body()).matches("data: a\n\nretry: \\d+\n\n");
                assertThat(answer.isEnded()).isTrue();
                assertThat(session.next(RST_STREAM).number()).isEqualTo(CANCEL);
            }
            client.settle();
        }
    }

    @Test
    void ends_with_the_last_chunk_for_a_client_of_http1() throws IOException {
        try (RawClient client =
                RawClient.to(URI.create("http://127.0.0.1:" + plane.plainPort().orElseThrow()))) {
            client.send("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            Session session = target.accept();
            session.request();
            answer(session, 1, EVENTS, "data: a\n\n");
            retire();
            Response response = client.read();
            assertThat(response.text()).matches("data: a\n\nretry: \\d+\n\n");
            assertThat(session.next(RST_STREAM).number()).isEqualTo(CANCEL);
        }
    }
}
