package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Connections to a target that die just as they are used")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("alone")
final class StaleConnectionIT {

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private Backend green;
    private TurnoutProcess turnout;

    @BeforeAll
    void start() {
        blue = arena.backend();
        green = arena.backend();
        turnout = arena.start(blue, green);
    }

    @BeforeEach
    void startWithoutKeptConnections() {
        blue.always(Effect.ok("ok"));
        blue.closeConnections(SocketEnd.CLOSE);
        blue.forget();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "RESET", "HALF_CLOSE"})
    @Guards("F3")
    @DisplayName("A GET on a connection that the application closes at that moment goes again over a fresh connection")
    void a_get_is_replayed_once_on_a_fresh_connection(SocketEnd ending) throws IOException {
        blue.always(Effect.ok("fresh")).next(new Effect.EndWhenReused(Effect.ok("first"), ending));
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/1").read().text()).isEqualTo("first");
            assertThat(client.get("/2").read().text()).isEqualTo("fresh");
        }
        assertThat(targets()).containsExactly("/1", "/2");
        assertThat(blue.arrivals().get(0).connection())
                .isNotEqualTo(blue.arrivals().get(1).connection());
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "RESET", "HALF_CLOSE"})
    @Guards("F3")
    @DisplayName("An application that announces keep-alive and closes at once harms no GET")
    void a_lie_about_keep_alive_harms_no_get(SocketEnd ending) throws IOException {
        blue.always(new Effect.KeepAliveLie(ending));
        try (RawClient client = turnout.connect()) {
            for (int i = 0; i < 1000; i++) {
                Response response = client.get("/" + i).read();
                assertThat(response.text()).as("answer " + i).isEqualTo("lie");
            }
        }
        assertThat(targets()).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    @Guards("F3")
    @DisplayName("A request is sent twice at most")
    void a_get_is_sent_twice_at_most() throws IOException {
        blue.always(Effect.cutBeforeHead(SocketEnd.CLOSE)).next(Effect.ok("first"));
        try (RawClient client = turnout.connect()) {
            client.get("/1").read();
            assertBadGateway(client.get("/2").read());
        }
        assertThat(targets()).containsExactly("/1", "/2", "/2");
    }

    @Test
    @Guards("F3")
    @DisplayName("A GET on a fresh connection that dies is not sent again")
    void a_get_on_a_fresh_connection_is_not_replayed() throws IOException {
        blue.always(Effect.cutBeforeHead(SocketEnd.CLOSE));
        try (RawClient client = turnout.connect()) {
            assertBadGateway(client.get("/1").read());
        }
        assertThat(targets()).containsExactly("/1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "LOCK"})
    @Guards("F4")
    @DisplayName("A request that is not idempotent is never sent twice")
    void what_may_have_been_received_and_is_not_idempotent_is_not_sent_again(String method) throws IOException {
        blue.next(Effect.ok("first"), Effect.cutBeforeHead(SocketEnd.CLOSE));
        try (RawClient client = turnout.connect()) {
            client.get("/1").read();
            client.send(method + " /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertBadGateway(client.read(method));
        }
        assertThat(targets()).containsExactly("/1", "/2");
    }

    @Test
    @Guards("F4")
    @DisplayName("A POST without a body is never sent twice")
    void a_post_without_a_body_is_not_sent_again() throws IOException {
        blue.next(Effect.ok("first"), Effect.cutBeforeHead(SocketEnd.RESET));
        try (RawClient client = turnout.connect()) {
            client.get("/1").read();
            client.send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertBadGateway(client.read("POST"));
        }
        assertThat(targets()).containsExactly("/1", "/2");
    }

    @Test
    @Guards("F4")
    @DisplayName("A POST that meets a dying connection arrives once at most")
    void a_post_that_meets_a_dying_connection_arrives_at_most_once() throws IOException {
        for (int i = 0; i < 50; i++) {
            blue.forget();
            blue.next(new Effect.EndWhenReused(Effect.ok("first"), SocketEnd.CLOSE));
            try (RawClient client = turnout.connect()) {
                client.get("/1").read();
                client.send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
                assertThat(client.read("POST").status()).isIn(200, 502);
            }
            assertThat(targets().stream().filter("/2"::equals)).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    @Guards("F3")
    @DisplayName("A response that has begun is not begun again")
    void nothing_is_replayed_after_a_response_byte() throws IOException {
        blue.next(Effect.ok("first"), Effect.cutInHead(SocketEnd.CLOSE));
        try (RawClient client = turnout.connect()) {
            client.get("/1").read();
            assertBadGateway(client.get("/2").read());
        }
        assertThat(targets()).containsExactly("/1", "/2");
    }

    @Test
    @Guards("F3")
    @DisplayName("Stale connections do not count against a target's health")
    void stale_reuse_is_no_sign_of_bad_health() throws IOException {
        TurnoutProcess own = arena.start(blue, green);
        Await.until(
                "blue UP", () -> own.admin().target("blue").getString("health").equals("UP"));
        for (int i = 0; i < 20; i++) {
            blue.next(new Effect.EndWhenReused(Effect.ok("first"), SocketEnd.CLOSE));
            try (RawClient client = own.connect()) {
                client.get("/1").read();
                assertThat(client.get("/2").read().status()).isEqualTo(200);
            }
        }
        JsonObject target = own.admin().target("blue");
        assertThat(target.getString("health")).isEqualTo("UP");
        assertThat(target.getBoolean("inRotation")).isTrue();
        assertThat(target.getLong("connectFailures")).isZero();
        assertThat(target.getLong("failures")).isZero();
        assertThat(target.getLong("retries")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    @DisplayName("A target that refuses connections: another one in rotation serves, whatever the method")
    void a_connect_failure_goes_to_another_target(String method) throws IOException {
        Backend dead = arena.backend();
        dead.kill();
        TurnoutProcess own =
                arena.start(TurnoutProcess.with().blue(dead, blue).green(green).set("turnout.health.interval", "10s"));
        try (RawClient client = own.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send(method + " /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
                assertThat(client.read(method).status()).isEqualTo(200);
            }
        }
        assertThat(targets()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("Keep-Alive: timeout=1 of a target is believed")
    void an_idle_connection_is_closed_before_the_target_would() throws IOException {
        TurnoutProcess own =
                arena.start(TurnoutProcess.with().blue(blue).green(green).set("turnout.health.interval", "30s"));
        blue.always(new Effect.Respond(200, List.of("Keep-Alive: timeout=1"), new byte[0]));
        try (RawClient client = own.connect()) {
            client.get("/").read();
            long answered = System.nanoTime();
            Await.until("the idle connection closed by Turnout", () -> blue.openConnections() == 0);
            assertThat(System.nanoTime() - answered).isLessThan(1_500_000_000L);
        }
    }

    @Test
    void a_connection_opened_ahead_of_a_switch_may_be_stale_too() throws IOException {
        TurnoutProcess own = arena.start(blue, green);
        try (RawClient client = own.connect()) {
            client.get("/1").read();
            green.always(Effect.ok("green"));
            int before = green.openConnections();
            own.admin().switchTo("green");
            assertThat(green.openConnections()).as("opened ahead").isGreaterThan(before);
            green.next(new Effect.EndUnread(SocketEnd.CLOSE));
            assertThat(client.get("/2").read().text()).isEqualTo("green");
        }
        assertThat(own.admin().target("green").getLong("failures")).isZero();
    }

    private List<String> targets() {
        return blue.arrivals().stream().map(arrival -> arrival.head().target()).toList();
    }

    private static void assertBadGateway(Response response) {
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.fields().only("X-Turnout")).isPresent();
    }
}
