package dev.turnout.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.Http2Client;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A client stays at its target, and gets one new target when its own goes")
final class StickyIT {

    private static final int CLIENTS = 1_000;

    private static final Effect SWITCHED =
            Effect.raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend a = arena.application("a");
    private final Backend b = arena.application("b");
    private final Backend c = arena.application("c");

    /** A browser: it sends back the cookies that it got last. */
    private static final class Visitor {
        private String cookie = "";
        private String given = "";
        private final List<String> targets = new ArrayList<>();

        void get(RawClient connection) throws IOException {
            Response response = connection
                    .send("GET / HTTP/1.1\r\nHost: app.example\r\n" + cookie + "\r\n")
                    .read();
            assertThat(response.status()).isEqualTo(200);
            String target = response.text();
            if (targets.isEmpty() || !targets.get(targets.size() - 1).equals(target)) {
                targets.add(target);
            }
            given = response.fields().only("Set-Cookie").orElse("");
            if (!given.isEmpty()) {
                cookie = "Cookie: theme=dark; " + given.split(";")[0] + "\r\n";
            }
        }

        String last() {
            return targets.get(targets.size() - 1);
        }
    }

    private static List<Visitor> visitors(int count) {
        return Stream.generate(Visitor::new).limit(count).toList();
    }

    private static void get(TurnoutProcess turnout, List<Visitor> visitors) throws IOException {
        try (RawClient connection = turnout.connect()) {
            for (Visitor visitor : visitors) {
                visitor.get(connection);
            }
        }
    }

    private static JsonObject drain(TurnoutProcess turnout, Backend target) {
        return turnout.admin()
                .post("/admin/targets/" + target.address() + "/drain")
                .expect(200)
                .json();
    }

    private static void ready(TurnoutProcess turnout, Backend target) {
        turnout.admin().post("/admin/targets/" + target.address() + "/ready").expect(200);
    }

    private TurnoutProcess.Settings settings(Backend... blue) {
        return TurnoutProcess.with()
                .blue(blue)
                .green(arena.application("green1"), arena.application("green2"))
                .set("turnout.sticky", "cookie");
    }

    @Test
    void a_thousand_clients_change_their_target_at_most_once_while_three_targets_are_replaced_one_by_one()
            throws IOException {
        Backend d = arena.application("d");
        Backend e = arena.application("e");
        Backend f = arena.application("f");
        TurnoutProcess turnout = arena.start(settings(a, b, c, d, e, f));
        List<Backend> next = List.of(d, e, f);
        next.forEach(target -> drain(turnout, target));
        List<Visitor> visitors = visitors(CLIENTS);
        get(turnout, visitors);

        List<Backend> old = List.of(a, b, c);
        for (int i = 0; i < old.size(); i++) {
            ready(turnout, next.get(i));
            get(turnout, visitors);
            drain(turnout, old.get(i));
            get(turnout, visitors);
            old.get(i).kill();
            get(turnout, visitors);
        }

        assertThat(visitors).allSatisfy(visitor -> {
            assertThat(visitor.targets).hasSize(2);
            assertThat(visitor.last()).isIn("d", "e", "f");
        });
        assertThat(visitors.stream()
                        .collect(Collectors.groupingBy(Visitor::last, Collectors.counting()))
                        .values())
                .allSatisfy(count -> assertThat(count).isCloseTo(CLIENTS / 3, within(2L)));
        assertThat(turnout.admin().get("/admin/targets").text())
                .containsPattern(d.address() + " in UP 0-in-flight 3\\d\\d-sessions");
    }

    @Test
    void a_client_gets_one_new_target_when_its_own_dies_and_stays_there_when_that_one_comes_back() throws IOException {
        TurnoutProcess turnout = arena.start(settings(a, b, c));
        List<Visitor> visitors = visitors(60);
        get(turnout, visitors);
        a.kill();
        get(turnout, visitors);
        get(turnout, visitors);
        a.revive();
        Await.until(
                "the target is up",
                () -> turnout.admin().get("/admin/targets").text().contains(a.address() + " in UP"));
        get(turnout, visitors);

        assertThat(visitors).allSatisfy(visitor -> assertThat(visitor.targets)
                .hasSize(visitor.targets.get(0).equals("a") ? 2 : 1));
        assertThat(visitors).extracting(Visitor::last).contains("b", "c").doesNotContain("a");
    }

    @Test
    void clients_stay_through_a_crash_and_move_once_with_a_flip() throws IOException {
        TurnoutProcess turnout = arena.start(settings(a, b, c));
        List<Visitor> visitors = visitors(30);
        get(turnout, visitors);
        turnout.kill9();
        TurnoutProcess next = arena.keep(turnout.restart());
        get(next, visitors);
        assertThat(visitors).allSatisfy(visitor -> {
            assertThat(visitor.targets).hasSize(1);
            assertThat(visitor.given).isEmpty();
        });

        next.admin().switchTo("green");
        get(next, visitors);
        get(next, visitors);
        assertThat(visitors).allSatisfy(visitor -> assertThat(visitor.targets).hasSize(2));
    }

    @Test
    void a_drain_lets_the_sessions_of_its_target_go_on_as_long_as_they_may_and_names_them() throws Exception {
        TurnoutProcess turnout = arena.start(settings(a, b).set("turnout.sticky.drain", "2s"));
        List<Visitor> visitors = visitors(10);
        get(turnout, visitors);
        get(turnout, visitors);

        CompletableFuture<Admin.Answer> drained = turnout.admin().postAsync("/admin/targets/" + a.address() + "/drain");
        Await.until(
                "the target is out",
                () -> turnout.admin().get("/admin/targets").text().contains(a.address() + " out"));
        get(turnout, visitors);
        List<Visitor> late = visitors(10);
        get(turnout, late);
        assertThat(visitors).allSatisfy(visitor -> assertThat(visitor.targets).hasSize(1));
        assertThat(late).allSatisfy(visitor -> assertThat(visitor.last()).isEqualTo("b"));

        JsonObject receipt = drained.get().expect(200).json().getJsonObject("drain");
        assertThat(receipt.getLong("sessions")).isEqualTo(5);
        assertThat(receipt.getLong("sessionMillis")).isBetween(1_500L, 4_000L);
        assertThat(receipt.getBoolean("drained")).isTrue();
        get(turnout, visitors);
        assertThat(visitors).allSatisfy(visitor -> assertThat(visitor.last()).isEqualTo("b"));
    }

    @Test
    void a_cookie_of_the_application_begins_a_session_and_its_absence_ends_it() throws IOException {
        for (Backend target : List.of(a, b)) {
            target.always(new Effect.ByPath(
                    "/login",
                    new Effect.Respond(
                            200,
                            List.of("Set-Cookie: SESSION=1; Path=/"),
                            target.address().getBytes(UTF_8)),
                    Effect.ok(target.address())));
        }
        TurnoutProcess turnout = arena.start(settings(a, b).set("turnout.sticky", "SESSION"));
        try (RawClient connection = turnout.connect()) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                Response response = get(connection, "/", "");
                seen.add(response.text());
                assertThat(response.fields().has("Set-Cookie")).isFalse();
            }
            assertThat(seen).hasSize(2);

            Response login = get(connection, "/login", "");
            List<String> given = login.fields().all("Set-Cookie");
            assertThat(given).hasSize(2).anyMatch(line -> line.startsWith("turnout_sticky="));
            String cookies = given.stream().map(line -> line.split(";")[0]).collect(Collectors.joining("; "));
            for (int i = 0; i < 4; i++) {
                Response response = get(connection, "/", "Cookie: " + cookies + "\r\n");
                assertThat(response.text()).isEqualTo(login.text());
                assertThat(response.fields().has("Set-Cookie")).isFalse();
            }

            String own = cookies.replace("SESSION=1", "other=1");
            assertThat(Stream.of(own, own, own, own)
                            .map(cookie -> text(connection, "Cookie: " + cookie + "\r\n"))
                            .collect(Collectors.toSet()))
                    .hasSize(2);
        }
    }

    private static Response get(RawClient connection, String path, String lines) throws IOException {
        return connection
                .send("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n")
                .read();
    }

    private static String text(RawClient connection, String lines) {
        try {
            return get(connection, "/", lines).text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_client_over_http2_and_a_websocket_get_the_cookie_too() throws IOException {
        TurnoutProcess turnout = arena.start(settings(a, b).set("turnout.http2.plain", "true"));
        try (Http2Client client = Http2Client.to(turnout.front().getPort())) {
            client.get(1, "/");
            assertThat(client.answer(1).heads()).anyMatch(line -> line.contains("turnout_sticky="));
        }
        a.always(SWITCHED);
        b.always(SWITCHED);
        try (RawClient connection = turnout.connect()) {
            Response response = get(connection, "/", "Connection: Upgrade\r\nUpgrade: websocket\r\n");
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.fields().only("Set-Cookie"))
                    .hasValueSatisfying(line -> assertThat(line).startsWith("turnout_sticky="));
        }
    }
}
