package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.Rounds;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Frame;
import dev.turnout.support.wire.Payload;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Guards("T21")
@DisplayName("Clients over TLS are served as all others are")
@Tag("alone")
@Tag("jars")
final class TlsIT {

    private static final int MEGABYTE = 1024 * 1024;
    private static final Payload BIG = new Payload(200L * MEGABYTE, 1);
    private static final int AT_ONCE = 8;
    private static final long MOST_GROWTH = 48L * MEGABYTE;

    /** The beginning of a ClientHello of 512 bytes. */
    private static final byte[] BEGINNING = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 1, 2, 3};

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");

    private TurnoutProcess.Settings settings(String engine) {
        return TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .tls(TestAuthority.root("test"), "app.example")
                .set("turnout.tls.engine", engine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void web_sockets_and_event_streams_end_in_order_in_a_drain(String engine) throws IOException {
        BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
        WebSocketApplication application = new WebSocketApplication("blue");
        TurnoutProcess turnout = arena.start(
                settings(engine).set("turnout.blue", application.address()).set("turnout.drain.timeout", "10s"));
        try (WebSocketClient socket = WebSocketClient.open(turnout.secureFront())) {
            assertThat(socket.ask("one")).isEqualTo("blue one");
            turnout.admin().postAsync("/admin/switch?to=green");
            Frame close = socket.read();
            assertThat(close.opcode()).isEqualTo(Frame.CLOSE);
            assertThat(socket.answerClose(close)).isTrue();
        }
        Await.until("the end of the switch", () -> !turnout.admin().isDraining());
        green.next(new Effect.Fed(pieces));
        try (RawClient raw = RawClient.to(turnout.secureFront());
                application) {
            pieces.add(("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                            + "data: one\n\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            EventStreamClient events = EventStreamClient.open(raw, "HTTP/1.1");
            assertThat(events.next()).contains("data: one\n\n");
            turnout.admin().postAsync("/admin/switch?to=blue");
            assertThat(events.next()).isEmpty();
            assertThat(raw.in().readAllBytes()).isEmpty();
        } finally {
            pieces.add(new byte[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void downloads_that_nobody_reads_take_bounded_memory(String engine) throws IOException {
        TurnoutProcess turnout = arena.start(
                settings(engine).set("turnout.health.interval", "30s").jvm("-XX:MaxDirectMemorySize=64m"));
        blue.next(new Effect.Download(new Payload(32L * MEGABYTE, 2)));
        try (RawClient client = RawClient.to(turnout.secureFront())) {
            client.get("/warm").read();
        }
        blue.always(new Effect.Download(BIG));
        blue.forget();
        long before = turnout.residentBytes();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                clients.add(RawClient.to(turnout.secureFront(), 64 * 1024).get("/big"));
            }
            Await.until("every download at blue", () -> blue.requests() == AT_ONCE);
            awaitStandstill();
            assertThat(blue.sent()).as("bytes that blue got rid of").isLessThan(AT_ONCE * BIG.length() / 4);
            Response whole = clients.get(0).read();
            assertThat(whole.body().length()).isEqualTo(BIG.length());
            assertThat(whole.body().crc()).isEqualTo(BIG.crc());
            assertThat(turnout.residentBytes() - before).as("growth").isLessThan(MOST_GROWTH);
        } finally {
            for (RawClient client : clients) {
                client.endBelow(SocketEnd.RESET);
            }
        }
    }

    private void awaitStandstill() {
        long[] seen = {-1, System.nanoTime()};
        Await.until("a standstill", () -> {
            long now = blue.sent();
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > Duration.ofMillis(500).toNanos();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void at_a_stop_what_is_in_flight_is_finished_and_a_handshake_holds_it_a_second(String engine) throws IOException {
        TurnoutProcess turnout = arena.start(settings(engine));
        CountDownLatch word = new CountDownLatch(1);
        blue.next(Effect.heldUntil(word, Effect.ok("finished")));
        try (RawClient client = RawClient.to(turnout.secureFront());
                RawClient silent = RawClient.to(below(turnout))) {
            silent.send(BEGINNING);
            client.get("/long");
            Await.until("the request at blue", () -> blue.requests() == 1);
            turnout.terminate();
            assertThat(silent.readUntilClosed()).isEmpty();
            word.countDown();
            assertThat(client.read().text()).isEqualTo("finished");
            assertThat(client.in().readAllBytes()).isEmpty();
        }
        assertThat(turnout.awaitExit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void what_scanners_send_is_counted_and_leaves_no_line_in_the_log(String engine) throws IOException {
        TurnoutProcess turnout = arena.start(settings(engine));
        byte[] typical = {22, 3, 1, 0, 5, 1, 0, 0, 1, 0};
        byte[] garbage = "\0\1\2 SSH-2.0-scan\r\n".getBytes(StandardCharsets.ISO_8859_1);
        for (byte[] bytes : List.of(typical, garbage, "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
            try (RawClient client = RawClient.to(below(turnout))) {
                client.send(bytes).readUntilClosed();
            }
        }
        try (RawClient client = RawClient.to(turnout.secureFront())) {
            client.get("/").read();
            client.sendBelow("no record".getBytes(StandardCharsets.US_ASCII));
        }
        Await.until("no client", () -> turnout.admin().metric("turnout_clients") == 0);
        assertThat(turnout.admin().metric("turnout_tls_handshakes_total{result=\"broken\",version=\"none\"}"))
                .isEqualTo(1);
        assertThat(turnout.admin().metric("turnout_tls_handshakes_total{result=\"not-tls\",version=\"none\"}"))
                .isEqualTo(2);
        assertThat(turnout.admin().metric("turnout_tls_handshakes_total{result=\"full\",version=\"TLSv1.3\"}"))
                .isEqualTo(1);
        assertThat(turnout.admin().metric("turnout_tls_clients")).isZero();
        assertThat(turnout.log()).doesNotContain("\tat ").doesNotContain("ERROR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void clients_that_stop_in_the_middle_of_a_client_hello_keep_nobody_else_from_being_served(String engine)
            throws IOException {
        int count = Rounds.of(200, 2000);
        TurnoutProcess turnout = arena.start(settings(engine).set("turnout.client.handshake", "3s"));
        List<RawClient> stopped = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                stopped.add(RawClient.to(below(turnout)).send(BEGINNING));
            }
            try (RawClient other = RawClient.to(turnout.secureFront())) {
                assertThat(other.get("/").read().status()).isEqualTo(200);
            }
            Await.until("the end of their time", () -> turnout.admin().metric("turnout_clients") == 0);
            assertThat(turnout.admin().metric("turnout_tls_handshakes_total{result=\"timeout\",version=\"none\"}"))
                    .isEqualTo(count);
        } finally {
            for (RawClient client : stopped) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void a_handshake_byte_by_byte_is_a_handshake(String engine) throws IOException {
        TurnoutProcess turnout = arena.start(settings(engine));
        try (RawClient client = RawClient.secureByteByByte(turnout.secureFront(), "app.example")) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"challenges", "off"})
    void the_plain_port_can_be_switched_off_for_all_but_challenges(String plain) throws IOException {
        TurnoutProcess turnout =
                arena.start(settings("auto").set("turnout.listen.plain", plain).set("turnout.ready.path", "/ready"));
        try (RawClient secure = RawClient.to(turnout.secureFront())) {
            assertThat(secure.get("/").read().status()).isEqualTo(200);
        }
        if (plain.equals("challenges")) {
            try (RawClient client = turnout.connect()) {
                assertThat(client.get("/ready").read().status()).isEqualTo(200);
                Response refused = client.get("/").read();
                assertThat(refused.status()).isEqualTo(403);
                assertThat(refused.fields().only("X-Turnout")).contains("https-only");
            }
        } else {
            assertThat(turnout.front()).isEqualTo(turnout.secureFront());
        }
        assertThat(blue.requests()).isEqualTo(1);
    }

    /** The port for HTTPS, for a client that speaks no TLS. */
    private static URI below(TurnoutProcess turnout) {
        return URI.create("http://127.0.0.1:" + turnout.secureFront().getPort());
    }
}
