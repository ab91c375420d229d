package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Upgrades to a protocol that is not WebSocket, as docker exec and docker attach ask for")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UpgradeIT {

    private static final String SWITCHES =
            "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/raw\r\n\r\n";
    private static final String EXEC =
            "POST /exec/1/start HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\n";

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private TurnoutProcess turnout;
    private final AtomicReference<String> got = new AtomicReference<>();

    @BeforeAll
    void start() {
        blue = arena.backend();
        turnout = arena.start(blue, arena.backend());
    }

    @BeforeEach
    void forget() {
        blue.forget();
        got.set(null);
    }

    /** Switches, says a word, ends its side if told to, and remembers all that comes until the other side ends. */
    private Effect raw(boolean endsFirst) {
        return exchange -> {
            exchange.readBody();
            exchange.send((SWITCHES + "hello").getBytes());
            if (endsFirst) {
                exchange.halfClose();
            }
            got.set(exchange.readToEnd());
            if (!endsFirst) {
                exchange.send("bye".getBytes());
            }
            exchange.end(SocketEnd.CLOSE);
        };
    }

    @Test
    void a_request_with_content_passes() throws IOException {
        blue.next(raw(false));
        try (RawClient client = turnout.connect().send(EXEC + "Content-Length: 2\r\n\r\n{}")) {
            assertThat(client.read("POST").status()).isEqualTo(101);
            client.send("input");
            client.end(SocketEnd.HALF_CLOSE);
            assertThat(client.readUntilClosed()).asString().isEqualTo("hellobye");
        }
        assertThat(blue.onlyArrival().body().orElseThrow().length()).isEqualTo(2);
        assertThat(got.get()).isEqualTo("input");
    }

    @Test
    void content_in_pieces_passes_before_the_switch() throws IOException {
        blue.next(raw(false));
        try (RawClient client = turnout.connect().send(EXEC + "Content-Length: 2\r\n\r\n{")) {
            Await.until("the head has come", () -> !blue.arrivals().isEmpty());
            client.send("}");
            assertThat(client.read("POST").status()).isEqualTo(101);
            client.end(SocketEnd.HALF_CLOSE);
            assertThat(client.readUntilClosed()).asString().isEqualTo("hellobye");
        }
    }

    @Test
    void a_switch_before_the_content_is_whole_is_a_broken_answer() throws IOException {
        blue.next(new Effect.EarlyResponse(SWITCHES.getBytes(), SocketEnd.STALL));
        try (RawClient client = turnout.connect().send(EXEC + "Content-Length: 2\r\n\r\n{")) {
            assertThat(client.read("POST").status()).isEqualTo(502);
        }
    }

    @Test
    void a_target_that_sends_no_more_still_gets_what_the_client_sends() throws IOException, InterruptedException {
        blue.next(raw(true));
        try (RawClient client = turnout.connect().send(EXEC + "Content-Length: 2\r\n\r\n{}")) {
            assertThat(client.read("POST").status()).isEqualTo(101);
            assertThat(client.readUntilClosed()).asString().isEqualTo("hello");
            for (int i = 0; i < 3; i++) {
                client.send("input");
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
            }
            client.end(SocketEnd.HALF_CLOSE);
            Await.until("the target has it all", () -> "inputinputinput".equals(got.get()));
        }
        Await.until("the tunnel has ended", () -> turnout.admin().target("blue").getInteger("inFlight") == 0);
    }
}
