package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.SocketEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cells of TimeoutsIT that concern streams: each has a neighbour on its connection that waits all the while. */
@DisplayName("A time-out over HTTP/2 ends one stream, and its neighbour gets its answer,")
@Timeout(60)
final class Http2TimeoutsTest {

    private static final int INTERNAL_ERROR = 2;
    private static final int NEIGHBOUR = 1;
    private static final int STALLED = 3;

    @TempDir
    private Path folder;

    private final CountDownLatch word = new CountDownLatch(1);
    private TlsPlane plane;
    private Http2Client client;

    @BeforeEach
    void start() throws IOException {
        plane = TlsPlane.start(
                folder,
                "jdk",
                "turnout.upstream.head",
                "1s",
                "turnout.upstream.body",
                "1s",
                "turnout.client.body",
                "1s");
        plane.backend()
                .always(new Effect.ByPath(
                        "/neighbour",
                        new Effect.Receive(),
                        new Effect.ByPath(
                                "/part",
                                new Effect.EarlyResponse(
                                        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart".getBytes(ISO_8859_1),
                                        SocketEnd.STALL),
                                new Effect.ByPath(
                                        "/silent",
                                        new Effect.Held(word, new Effect.Application("late")),
                                        new Effect.Receive()))));
        client = Http2Client.to(plane.plane().plainPort().orElseThrow());
        client.request(NEIGHBOUR, "POST", "/neighbour", false);
    }

    @AfterEach
    void stop() throws IOException {
        word.countDown();
        client.close();
        plane.close();
    }

    /** The neighbour sends on, so it is never silent itself. Its connection has ended nothing. */
    private Http2Client.Answer besideNeighbour() throws IOException {
        Http2Client.Answer stalled = client.on(STALLED);
        while (!stalled.isEnded() && stalled.reset() < 0) {
            client.data(NEIGHBOUR, false, "a piece of a large size, more than nothing ".repeat(30));
            client.settle();
            Await.pause(Duration.ofMillis(200));
        }
        client.data(NEIGHBOUR, true, "end");
        assertThat(client.answer(NEIGHBOUR).status()).isEqualTo(200);
        assertThat(plane.plane().counts().http2GoAways())
                .allSatisfy(ended -> assertThat(ended.count().getAsLong()).isZero());
        return stalled;
    }

    private static List<Object> facts(Http2Client.Answer answer) {
        return List.of(
                answer.status(),
                answer.heads()
                        .get(0)
                        .lines()
                        .filter(line -> line.startsWith("x-turnout"))
                        .findFirst()
                        .orElse("none"));
    }

    @Test
    void a_target_that_does_not_answer() throws IOException {
        client.get(STALLED, "/silent");
        assertThat(facts(besideNeighbour())).containsExactly(504, "x-turnout: response-timeout");
    }

    @Test
    void a_target_that_stops_in_its_answer() throws IOException {
        client.get(STALLED, "/part");
        Http2Client.Answer answer = besideNeighbour();
        assertThat(answer.body()).isEqualTo("part");
        assertThat(answer.reset()).isEqualTo(INTERNAL_ERROR);
    }

    @Test
    void a_client_that_stops_in_its_upload() throws IOException {
        client.request(STALLED, "POST", "/upload", false, "content-length=9");
        client.data(STALLED, false, "part");
        assertThat(facts(besideNeighbour())).containsExactly(408, "x-turnout: client-body-timeout");
    }
}
