package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Body;
import dev.turnout.support.wire.ReceivedHead;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("HTTP/1.0 clients are answered in a way that they understand, and targets never notice them")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VersionsIT {

    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n there\r\n0\r\nSum: 1\r\n\r\n";

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private TurnoutProcess turnout;

    @BeforeAll
    void start() {
        blue = arena.backend();
        turnout = arena.start(blue, arena.backend());
    }

    @BeforeEach
    void forget() {
        blue.forget();
    }

    @Test
    void the_target_gets_http_1_1_with_a_host() throws IOException {
        ask("GET /old HTTP/1.0\r\n\r\n");
        ReceivedHead head = blue.onlyArrival().head();
        assertThat(head.version()).isEqualTo("HTTP/1.1");
        assertThat(head.fields().all("Host")).hasSize(1);
    }

    @Test
    void a_host_that_an_old_client_sends_is_preserved() throws IOException {
        ask("GET /old HTTP/1.0\r\nHost: app.example\r\n\r\n");
        assertThat(blue.onlyArrival().head().fields().only("Host")).contains("app.example");
    }

    @Test
    void a_chunked_answer_arrives_without_chunks_and_ends_with_the_connection() throws IOException {
        blue.next(Effect.raw(CHUNKED));
        Response response = ask("GET /old HTTP/1.0\r\n\r\n");
        assertThat(response.fields().has("Transfer-Encoding")).isFalse();
        assertThat(response.body().framing()).isEqualTo(Body.Framing.CLOSE);
        assertThat(response.text()).isEqualTo("hello there");
    }

    @Test
    void a_broken_chunked_answer_ends_with_a_reset_for_it_has_no_other_sign() throws IOException {
        blue.next(Effect.cutInChunk(SocketEnd.CLOSE));
        try (RawClient client = turnout.connect()) {
            client.send("GET /old HTTP/1.0\r\n\r\n");
            assertThat(catchThrowable(() -> {
                        Response response = client.read();
                        if (response.status() == 502) {
                            throw new SocketException("refused");
                        }
                    }))
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void an_answer_with_a_length_keeps_it() throws IOException {
        Response response = ask("GET /old HTTP/1.0\r\n\r\n");
        assertThat(response.body().framing()).isEqualTo(Body.Framing.LENGTH);
        assertThat(response.text()).isEqualTo("ok");
    }

    @Test
    void the_connection_ends_after_the_answer() throws IOException {
        try (RawClient client = turnout.connect()) {
            client.send("GET /old HTTP/1.0\r\n\r\n").read();
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void interim_responses_are_not_for_old_clients() throws IOException {
        blue.next(new Effect.First(List.of("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), Effect.ok("then")));
        assertThat(ask("GET /old HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
    }

    @Test
    void an_upload_with_a_length_arrives() throws IOException {
        ask("POST /old HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(blue.onlyArrival().body().orElseThrow().content()).asString().isEqualTo("hello");
    }

    private Response ask(String request) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.send(request).read();
        }
    }
}
