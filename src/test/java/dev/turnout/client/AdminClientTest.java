package dev.turnout.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminOutcome.Lost;
import dev.turnout.client.AdminOutcome.NotTurnout;
import dev.turnout.client.AdminOutcome.Refused;
import dev.turnout.client.AdminOutcome.Unauthorized;
import dev.turnout.client.AdminOutcome.Unreachable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminClientTest {

    private static final AdminPath STATUS = AdminPath.of("admin", "status").with("service", "default");
    private static final Duration LONG = Duration.ofSeconds(20);

    private static AdminOutcome get(ScriptedPeer peer) {
        return new AdminClient(peer.address(), Optional.empty(), Optional.empty()).call("GET", STATUS, LONG);
    }

    @Test
    void an_answer_in_json_is_read() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering("200 OK", "application/json", "{\"active\":\"blue\"}")) {
            AdminOutcome outcome = get(peer);

            assertThat(outcome).isInstanceOfSatisfying(Answered.class, answered -> assertThat(
                            answered.json().orElseThrow().getString("active"))
                    .isEqualTo("blue"));
            assertThat(peer.requests().get(0))
                    .startsWith("GET /admin/status?service=default HTTP/1.1\r\nHost: 127.0.0.1:")
                    .contains("\r\nAccept: application/json\r\n")
                    .doesNotContain("Authorization");
        }
    }

    @Test
    void an_answer_in_chunks_is_read() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n{\"a\":\r\n3\r\n12}\r\n0\r\n\r\n")) {
            assertThat(get(peer)).isInstanceOfSatisfying(Answered.class, answered -> assertThat(answered.body())
                    .isEqualTo("{\"a\":12}"));
        }
    }

    @Test
    void the_token_is_sent() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering("200 OK", "application/json", "{}")) {
            new AdminClient(peer.address(), Optional.of("secret"), Optional.empty()).call("GET", STATUS, LONG);

            assertThat(peer.requests().get(0)).contains("\r\nAuthorization: Bearer secret\r\n");
        }
    }

    @Test
    void a_problem_is_known_by_its_type() throws IOException {
        String problem = "{\"type\":\"urn:turnout:problem:busy\",\"status\":409,\"detail\":\"A switch is under way.\"}";
        try (ScriptedPeer peer = ScriptedPeer.answering("409 Conflict", "application/problem+json", problem)) {
            assertThat(get(peer)).isInstanceOfSatisfying(Refused.class, refused -> {
                assertThat(refused.type()).isEqualTo("busy");
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.detail()).isEqualTo("A switch is under way.");
            });
        }
    }

    @Test
    void a_missing_token_is_an_outcome_of_its_own() throws IOException {
        String problem = "{\"type\":\"urn:turnout:problem:unauthorized\",\"status\":401}";
        try (ScriptedPeer peer = ScriptedPeer.answering("401 Unauthorized", "application/problem+json", problem)) {
            assertThat(get(peer)).isEqualTo(new Unauthorized(false));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>",
                "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
                "\u0000\u0001\u0002 garbage\n\n\n",
                "220 mail.example.com ESMTP\r\n"
            })
    void something_else_at_the_address_is_not_taken_for_turnout(String answer) throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering(answer)) {
            assertThat(get(peer)).isInstanceOfSatisfying(NotTurnout.class, other -> assertThat(other.seen())
                    .doesNotContain("\u0000", "\u0001", "\r"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"502 Bad Gateway", "504 Gateway Time-out"})
    void the_answer_of_a_gateway_that_got_none_is_no_answer(String status) throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering(
                "HTTP/1.1 " + status + "\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>")) {
            assertThat(get(peer)).isEqualTo(new Lost("HTTP " + status.substring(0, 3) + " text/html"));
        }
    }

    @Test
    void a_line_without_an_end_is_not_read_for_long() throws IOException {
        byte[] much = "HTTP/1.1 200 OK with very much to say ".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try (ScriptedPeer peer = ScriptedPeer.that(out -> {
            while (true) {
                out.write(much);
            }
        })) {
            assertThat(get(peer)).isInstanceOf(NotTurnout.class);
        }
    }

    @Test
    void a_body_without_an_end_is_not_read_for_long() throws IOException {
        byte[] much = new byte[1 << 16];
        try (ScriptedPeer peer = ScriptedPeer.that(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write(much);
            }
        })) {
            assertThat(get(peer)).isInstanceOf(NotTurnout.class);
        }
    }

    @Test
    void a_slow_drip_gains_no_time() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedPeer peer = ScriptedPeer.that(out -> {
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
                out.write('H');
            }
        })) {
            AdminOutcome outcome = new AdminClient(peer.address(), Optional.empty(), Optional.empty())
                    .call("GET", STATUS, Duration.ofMillis(300));

            assertThat(outcome).isInstanceOf(Lost.class);
        } finally {
            over.countDown();
        }
    }

    @Test
    void a_change_is_sent_once_even_if_the_connection_dies() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering("")) {
            AdminOutcome outcome = new AdminClient(peer.address(), Optional.empty(), Optional.empty())
                    .call("POST", AdminPath.of("admin", "switch").with("by", "민지 & co"), LONG);

            assertThat(outcome).isInstanceOf(Lost.class);
            assertThat(peer.requests())
                    .singleElement()
                    .asString()
                    .startsWith("POST /admin/switch?by=%EB%AF%BC%EC%A7%80%20%26%20co HTTP/1.1\r\n");
        }
    }

    @Test
    void an_answer_that_is_cut_off_is_lost() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"a\":1}")) {
            assertThat(get(peer)).isInstanceOf(Lost.class);
        }
    }

    @Test
    void nothing_was_sent_where_nobody_listens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        AdminOutcome outcome = new AdminClient(
                        URI.create("http://127.0.0.1:" + port), Optional.empty(), Optional.empty())
                .call("POST", AdminPath.of("admin", "switch"), LONG);

        assertThat(outcome).isInstanceOf(Unreachable.class);
    }

    @Test
    void escape_codes_in_an_answer_are_made_visible() throws IOException {
        String body = "{\"active\":\"\\u001b[31mblue\",\"x\":\"\u202e\"}";
        try (ScriptedPeer peer = ScriptedPeer.answering("200 OK", "application/json", body)) {
            assertThat(get(peer)).isInstanceOfSatisfying(Answered.class, answered -> {
                assertThat(answered.json().orElseThrow().getString("active")).isEqualTo("\\u001b[31mblue");
                assertThat(answered.body()).doesNotContain("\u202e").contains("\\u202e");
            });
        }
    }

    @Test
    void events_are_heard_until_the_listener_has_heard_enough() throws IOException {
        List<String> heard = new ArrayList<>();
        try (ScriptedPeer peer =
                ScriptedPeer.answering("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;charset=UTF-8"
                        + "\r\n\r\nevent: status\ndata: {\"a\":1}\n\n: still here\n\nevent: probe\ndata: {\"a\":2}\n\n"
                        + "event: ended\ndata: {\"a\":3}\n\nevent: step\ndata: {\"a\":4}\n\n")) {
            AdminOutcome outcome = new AdminClient(peer.address(), Optional.empty(), Optional.empty())
                    .events("shop", (kind, detail) -> {
                        heard.add(kind + detail.getInteger("a"));
                        return !kind.equals("ended");
                    });

            assertThat(heard).containsExactly("status1", "probe2", "ended3");
            assertThat(outcome).isInstanceOf(Answered.class);
            assertThat(peer.requests().get(0)).startsWith("GET /admin/events?service=shop ");
        }
    }

    @Test
    void a_stream_of_events_that_ends_is_lost() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: status\ndata: {}\n\n")) {
            AdminOutcome outcome = new AdminClient(peer.address(), Optional.empty(), Optional.empty())
                    .events("default", (kind, detail) -> true);

            assertThat(outcome).isInstanceOf(Lost.class);
        }
    }

    @Test
    void a_path_before_the_api_is_kept() throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.answering("200 OK", "application/json", "{}")) {
            new AdminClient(URI.create(peer.address() + "/ops/"), Optional.empty(), Optional.empty())
                    .call("GET", STATUS, LONG);

            assertThat(peer.requests().get(0)).startsWith("GET /ops/admin/status?");
        }
    }
}
