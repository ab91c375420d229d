package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Frame;
import dev.turnout.support.wire.Payload;
import dev.turnout.support.wire.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("WebSockets and other upgrades pass through as tunnels")
final class WebSocketIT {

    @RegisterExtension
    static final TurnoutExtension ARENA = new TurnoutExtension();

    private static WebSocketApplication application;
    private static Backend scripted;
    private static TurnoutProcess turnout;
    private static Footprint footprint;

    /** Blue speaks WebSocket, green follows a script. */
    @BeforeAll
    static void start() {
        application = new WebSocketApplication("blue");
        scripted = ARENA.backend();
        turnout = ARENA.start(TurnoutProcess.with().green(scripted).set("turnout.blue", application.address()));
        footprint = Footprint.of(turnout);
    }

    @AfterAll
    static void nothingIsLost() throws IOException {
        turnout.admin().switchTo("blue");
        footprint.assertRegained();
        application.close();
    }

    private static WebSocketClient open() throws IOException {
        turnout.admin().switchTo("blue");
        return WebSocketClient.open(turnout.front());
    }

    private static RawClient connectToScripted(Effect effect) throws IOException {
        turnout.admin().switchTo("green");
        scripted.forget();
        scripted.next(effect);
        return turnout.connect();
    }

    private static Effect accept(String lines, String behind) {
        return Effect.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + WebSocketClient.ACCEPT + "\r\n" + lines + "\r\n" + behind);
    }

    @Test
    void frames_go_to_and_fro() throws IOException {
        try (WebSocketClient client = open()) {
            assertThat(client.ask("one")).isEqualTo("blue one");
            assertThat(client.ask("two")).isEqualTo("blue two");
            client.send(new Frame(false, Frame.BINARY, new byte[] {1}))
                    .send(new Frame(false, Frame.CONTINUATION, new byte[0]))
                    .send(new Frame(true, Frame.CONTINUATION, new byte[] {2}));
            assertThat(client.read().last()).isFalse();
            assertThat(client.read().payload()).isEmpty();
            assertThat(client.read().payload()).containsExactly(2);
        }
    }

    @Test
    void a_ping_is_answered_by_the_application() throws IOException {
        try (WebSocketClient client = open()) {
            Frame pong = client.send(new Frame(true, Frame.PING, "still there?".getBytes()))
                    .read();
            assertThat(pong.opcode()).isEqualTo(Frame.PONG);
            assertThat(pong.text()).isEqualTo("still there?");
        }
    }

    @Test
    void a_close_is_answered_by_the_application_and_ends_both_connections() throws IOException {
        try (WebSocketClient client = open()) {
            client.ask("hello");
            Frame answer = client.send(Frame.close(1000)).read();
            assertThat(answer.closeCode()).isEqualTo(1000);
            assertThat(client.isClosedByPeer()).isTrue();
        }
        Await.until("the application's socket closed", () -> application.openSockets() == 0);
    }

    @Test
    void the_jdk_s_client_gets_its_subprotocol_its_echo_and_its_goodbye() throws Exception {
        turnout.admin().switchTo("blue");
        CompletableFuture<String> text = new CompletableFuture<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("chat.v1", "chat.v2")
                .buildAsync(
                        URI.create(turnout.front().toString().replace("http:", "ws:") + "/socket"),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                text.complete(data.toString());
                                from.request(1);
                                return null;
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                                closed.complete(code);
                                return null;
                            }
                        })
                .get(15, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo("chat.v2");
        socket.sendText("hello", true);
        assertThat(text.get(15, TimeUnit.SECONDS)).isEqualTo("blue hello");
        socket.sendClose(1000, "bye");
        assertThat(closed.get(15, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void the_fields_of_the_handshake_pass_both_ways() throws IOException {
        try (RawClient raw = connectToScripted(
                        accept("Sec-WebSocket-Protocol: chat.v2\r\nSec-WebSocket-Extensions: x; y=1\r\n", ""));
                WebSocketClient client = WebSocketClient.open(
                        raw, "Sec-WebSocket-Protocol: chat.v1, chat.v2\r\nSec-WebSocket-Extensions: x; y\r\n")) {
            var sent = scripted.onlyArrival().head().fields();
            assertThat(sent.only("Upgrade")).contains("websocket");
            assertThat(sent.only("Connection")).contains("Upgrade");
            assertThat(sent.only("Sec-WebSocket-Key")).contains(WebSocketClient.KEY);
            assertThat(sent.only("Sec-WebSocket-Version")).contains("13");
            assertThat(sent.only("Sec-WebSocket-Protocol")).contains("chat.v1, chat.v2");
            assertThat(sent.only("Sec-WebSocket-Extensions")).contains("x; y");
            var got = client.handshake().fields();
            assertThat(got.only("Upgrade")).contains("websocket");
            assertThat(got.only("Connection")).contains("Upgrade");
            assertThat(got.only("Sec-WebSocket-Protocol")).contains("chat.v2");
            assertThat(got.only("Sec-WebSocket-Extensions")).contains("x; y=1");
        }
    }

    @Test
    void what_comes_right_behind_the_handshake_is_not_lost() throws IOException {
        turnout.admin().switchTo("blue");
        try (RawClient raw = turnout.connect()) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(WebSocketClient.opening("/socket", "").getBytes());
            both.writeBytes(Frame.text("early").masked());
            raw.send(both.toByteArray());
            assertThat(raw.read().status()).isEqualTo(101);
            byte[] frame = raw.in().readNBytes(2 + "blue early".length());
            assertThat(new String(frame, 2, frame.length - 2)).isEqualTo("blue early");
        }
        try (RawClient raw = connectToScripted(accept("", "\u0081\u0005early"));
                WebSocketClient client = WebSocketClient.open(raw, "")) {
            assertThat(client.read().text()).isEqualTo("early");
        }
    }

    @Test
    void a_silent_tunnel_is_watched_at_both_ends() throws IOException {
        turnout.admin().switchTo("blue");
        try (RawClient raw = turnout.connect();
                WebSocketClient client = WebSocketClient.open(raw, "")) {
            client.ask("hello");
            int port = Integer.parseInt(application.address().split(":")[1]);
            Await.until(
                    "timers for both connections",
                    () -> turnout.keptAlive(raw.localPort()) == 1 && turnout.keptAlive(port) == 1);
        }
    }

    @Test
    void an_application_that_will_not_upgrade_answers_as_usual() throws IOException {
        try (RawClient client = connectToScripted(Effect.status(403, "no sockets here"))) {
            client.send(WebSocketClient.opening("/socket", ""));
            assertThat(client.read().text()).isEqualTo("no sockets here");
            assertThat(client.get("/next").read().text()).isEqualTo("ok");
        }
    }

    @Test
    void an_upgrade_to_http_2_is_not_passed_on() throws IOException {
        try (RawClient client = connectToScripted(Effect.ok("in HTTP/1.1"))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("in HTTP/1.1");
            var sent = scripted.onlyArrival().head().fields();
            assertThat(sent.has("Upgrade")).isFalse();
            assertThat(sent.has("HTTP2-Settings")).isFalse();
            assertThat(sent.has("Connection")).isFalse();
        }
    }

    @Test
    void a_101_that_nobody_asked_for_ends_in_502() throws IOException {
        String asked = "Connection: Upgrade\r\nUpgrade: h2c\r\n";
        for (String lines : List.of("", asked, "Upgrade: websocket\r\n")) {
            try (RawClient client = connectToScripted(accept("", "\u0081\u0005early"))) {
                Response response = client.send("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n")
                        .read();
                assertThat(response.status()).as(lines).isEqualTo(502);
                assertThat(response.fields().only("X-Turnout")).isPresent();
                assertThat(client.get("/next").read().text()).isEqualTo("ok");
            }
            assertThat(scripted.arrivals().get(0).connection())
                    .isNotEqualTo(scripted.arrivals().get(1).connection());
        }
    }

    @Test
    void a_client_that_is_gone_takes_its_tunnel_with_it() throws IOException {
        for (SocketEnd ending : List.of(SocketEnd.CLOSE, SocketEnd.RESET, SocketEnd.HALF_CLOSE)) {
            try (WebSocketClient client = open()) {
                client.ask("hello");
                client.end(ending);
                Await.until("the application's socket closed after " + ending, () -> application.openSockets() == 0);
            }
        }
    }

    @Test
    void an_application_that_is_gone_takes_its_tunnel_with_it() throws IOException {
        for (SocketEnd ending : List.of(SocketEnd.CLOSE, SocketEnd.RESET)) {
            Effect effect = new Effect.First(
                    List.of("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + WebSocketClient.ACCEPT + "\r\n\r\n"),
                    new Effect.EndUnread(ending));
            try (RawClient raw = connectToScripted(effect)) {
                raw.send(WebSocketClient.opening("/socket", ""));
                assertThat(new String(raw.readUntilClosed())).startsWith("HTTP/1.1 101");
            }
        }
    }

    @Test
    void large_frames_pass_both_ways_and_wait_for_a_slow_reader_at_bounded_memory() throws Exception {
        // More than the system's own buffers hold on the way there and back, each of which may grow to 32 MiB.
        int frames = 256;
        byte[] content = new byte[1024 * 1024];
        new Random(1).nextBytes(content);
        try (RawClient raw = connectedTo(blue());
                WebSocketClient client = WebSocketClient.open(raw, "")) {
            long resident = turnout.residentBytes();
            AtomicLong sent = new AtomicLong();
            Thread sender = new Thread(() -> sendAll(client, content, frames, sent), "sender");
            sender.start();
            long stalledAt = awaitStandstill(sent);
            assertThat(stalledAt).as("frames sent, none read").isLessThan(frames);
            assertThat(turnout.residentBytes() - resident).isLessThan(24 * 1024 * 1024);
            for (int i = 0; i < frames; i++) {
                content[0] = (byte) i;
                assertThat(client.read().payload()).isEqualTo(content);
            }
            sender.join();
        }
    }

    private static URI blue() {
        turnout.admin().switchTo("blue");
        return turnout.front();
    }

    private static RawClient connectedTo(URI front) throws IOException {
        return RawClient.to(front, 64 * 1024);
    }

    private static void sendAll(WebSocketClient client, byte[] content, int frames, AtomicLong sent) {
        byte[] own = content.clone();
        try {
            for (int i = 0; i < frames; i++) {
                own[0] = (byte) i;
                client.send(Frame.binary(own));
                sent.incrementAndGet();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The number at which it has not grown for half a second. */
    private static long awaitStandstill(AtomicLong number) {
        long seen = -1;
        while (seen != number.get()) {
            seen = number.get();
            Await.pause(Duration.ofMillis(500));
        }
        return seen;
    }

    @Test
    @Guards("F6")
    void a_flip_ends_a_socket_between_two_frames_however_dense_they_come() throws Exception {
        try (WebSocketClient client = open()) {
            Payload payload = new Payload(200_000, 5);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            payload.writeTo(bytes);
            Frame frame = Frame.binary(bytes.toByteArray());
            Thread sender = new Thread(() -> sendUntilClosed(client, frame), "sender");
            sender.start();
            List<CompletableFuture<Admin.Answer>> flip = new ArrayList<>();
            Frame last = client.read();
            for (int read = 1; !last.isClose(); read++) {
                assertThat(last.payload()).isEqualTo(frame.payload());
                if (read == 10) {
                    flip.add(turnout.admin().postAsync("/admin/switch?to=green"));
                }
                last = client.read();
            }
            assertThat(last.closeCode()).isEqualTo(1012);
            client.end(SocketEnd.HALF_CLOSE);
            assertThat(client.isClosedByPeer()).isTrue();
            sender.join();
            var drain = flip.get(0).get(30, TimeUnit.SECONDS).expect(200).json().getJsonObject("drain");
            assertThat(drain.getBoolean("drained")).isTrue();
            assertThat(drain.getInteger("webSocketsClosed")).isEqualTo(1);
        }
    }

    private static void sendUntilClosed(WebSocketClient client, Frame frame) {
        try {
            while (true) {
                client.send(frame);
            }
        } catch (IOException e) {
            // The end that is waited for.
        }
    }

    @Test
    void a_client_that_never_answers_the_close_does_not_hold_the_drain_to_its_deadline() throws Exception {
        try (WebSocketClient client = open()) {
            client.ask("hello");
            var answer = turnout.admin().postAsync("/admin/switch?to=green");
            assertThat(client.read().closeCode()).isEqualTo(1012);
            var drain = answer.get(30, TimeUnit.SECONDS).expect(200).json().getJsonObject("drain");
            assertThat(drain.getBoolean("drained")).isTrue();
            assertThat(drain.getLong("waitedMillis")).isBetween(4_000L, 15_000L);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_socket_that_opens_during_the_drain_is_closed_in_it() throws Exception {
        var word = new CountDownLatch(1);
        try (RawClient raw = connectToScripted(Effect.heldUntil(word, accept("", "")))) {
            raw.send(WebSocketClient.opening("/socket", ""));
            Await.until("the request at the old slot", () -> scripted.requests() == 1);
            var answer = turnout.admin().postAsync("/admin/switch?to=blue");
            Await.until("the flip", () -> turnout.admin().active().equals("blue"));
            word.countDown();
            assertThat(raw.read().status()).isEqualTo(101);
            assertThat(raw.in().readNBytes(4)).containsExactly(0x88, 2, 1012 >> 8, 1012 & 0xff);
            raw.send(Frame.close(1012).masked()).end(SocketEnd.HALF_CLOSE);
            assertThat(answer.get(30, TimeUnit.SECONDS)
                            .expect(200)
                            .json()
                            .getJsonObject("drain")
                            .getLong("waitedMillis"))
                    .isLessThan(10_000);
        }
    }

    @Test
    void a_socket_outlives_every_idle_timeout() throws Exception {
        try (WebSocketApplication own = new WebSocketApplication("own")) {
            TurnoutProcess impatient = ARENA.start(TurnoutProcess.with()
                    .set("turnout.blue", own.address())
                    .set("turnout.client.idle", "300ms")
                    .set("turnout.client.body", "300ms")
                    .set("turnout.upstream.body", "300ms")
                    .set("turnout.upstream.head", "300ms"));
            try (WebSocketClient client = WebSocketClient.open(impatient.front())) {
                assertThat(client.ask("now")).isEqualTo("own now");
                assertThat(client.hasMoreWithin(Duration.ofSeconds(1))).isFalse();
                assertThat(client.ask("later")).isEqualTo("own later");
                assertThat(client.hasMoreWithin(Duration.ofSeconds(1))).isFalse();
                impatient.terminate();
                Frame close = client.read();
                assertThat(close.closeCode()).isEqualTo(1001);
                assertThat(client.answerClose(close)).isTrue();
                assertThat(impatient.awaitExit()).isZero();
            }
        }
    }
}
