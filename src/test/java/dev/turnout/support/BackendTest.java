package dev.turnout.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.support.wire.CutShort;
import dev.turnout.support.wire.Payload;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BackendTest {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend backend = arena.backend();

    @Test
    void answers_as_queued_and_then_as_always() throws IOException {
        backend.always(Effect.ok("always")).next(Effect.status(503, "once"));
        try (RawClient client = connect()) {
            assertThat(client.get("/1").read().status()).isEqualTo(503);
            assertThat(client.get("/2").read().text()).isEqualTo("always");
        }
        assertThat(backend.arrivals()).hasToString("[GET /1 on connection 0, GET /2 on connection 0]");
    }

    @Test
    void remembers_every_byte_of_a_connection() throws IOException {
        String bytes = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
        try (RawClient client = connect()) {
            client.send(bytes).read("POST");
        }
        assertThat(backend.received()).singleElement().isEqualTo(bytes.getBytes());
    }

    @Test
    void counts_probes_apart() throws IOException {
        backend.probes(Effect.status(500, "down"));
        try (RawClient client = connect()) {
            assertThat(client.get(Backend.PROBE_PATH).read().status()).isEqualTo(500);
        }
        assertThat(backend.requests()).isZero();
        assertThat(backend.received()).isEmpty();
        assertThat(backend.probesAnswered()).isOne();
    }

    @Test
    void tells_what_no_client_may_send() throws IOException {
        try (RawClient client = connect()) {
            client.send("GET / HTTP/1.1\nHost: a\n\n").readUntilClosed();
        }
        Await.until("it is told", () -> !backend.violations().isEmpty());
        assertThat(backend.violations()).hasSize(1);
    }

    @Test
    void cuts_a_response_in_its_body() throws IOException {
        backend.next(Effect.cutInBody(SocketEnd.CLOSE));
        try (RawClient client = connect()) {
            assertThatThrownBy(() -> client.get("/").read()).isInstanceOf(CutShort.class);
        }
    }

    @Test
    void resets_a_connection() throws IOException {
        backend.next(Effect.cutBeforeHead(SocketEnd.RESET));
        try (RawClient client = connect()) {
            assertThatThrownBy(() -> client.get("/").read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void answers_before_an_upload_is_finished() throws IOException {
        backend.next(
                new Effect.EarlyResponse("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(), SocketEnd.STALL));
        try (RawClient client = connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na");
            assertThat(client.read("POST").status()).isEqualTo(200);
            assertThat(client.send("b").get("/next").read().text()).isEqualTo("ok");
        }
    }

    @Test
    void ends_a_connection_just_as_it_is_reused() throws IOException {
        backend.next(new Effect.EndWhenReused(Effect.ok("first"), SocketEnd.CLOSE));
        try (RawClient client = connect()) {
            assertThat(client.get("/1").read().text()).isEqualTo("first");
            assertThat(client.hasMore()).isFalse();
            assertThat(client.get("/2").isClosedByPeer()).isTrue();
        }
        assertThat(backend.requests()).isOne();
    }

    @Test
    void sends_interim_responses_first() throws IOException {
        backend.next(new Effect.First(List.of("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), Effect.ok("then")));
        try (RawClient client = connect()) {
            assertThat(client.get("/").read().status()).isEqualTo(103);
            assertThat(client.read().text()).isEqualTo("then");
        }
    }

    @Test
    void dies_and_comes_back_on_the_same_port() throws IOException {
        try (RawClient client = connect()) {
            client.get("/").read();
            backend.kill();
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        backend.revive();
        try (RawClient client = connect()) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    void load_finds_nothing_wrong_with_a_sound_application() throws IOException {
        backend.always(new Effect.Application("sound"));
        Load load = everyKindOfLoad();
        Await.until("some requests", () -> load.requests() > 100);
        assertThat(load.stop().failures()).isEmpty();
    }

    @Test
    void load_counts_each_kind_of_wrong_answer() throws IOException {
        backend.always(new Effect.Download(new Payload(10, 1)));
        Load load = Load.on(address()).downloads(1, 10).start();
        Await.until("a failure", () -> load.failed() > 0);
        assertThat(load.stop().failures().toString()).contains("download: java.io.IOException: wrong answer: 200");
    }

    private Load everyKindOfLoad() {
        return Load.on(address())
                .keepAlive(2, Duration.ofMillis(1))
                .fresh(1, Duration.ofMillis(1))
                .slow(1, Duration.ofMillis(5), Duration.ZERO)
                .uploads(1, 100_000)
                .downloads(1, 100_000)
                .start();
    }

    private URI address() {
        return URI.create("http://" + backend.address());
    }

    private RawClient connect() throws IOException {
        return RawClient.to(address());
    }
}
