package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Backend;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A canary gets its share of the clients, and keeps them")
final class CanaryTrafficIT {

    private static final int CLIENTS = 20_000;
    private static final int PIPELINED = 50;

    /** Of the normal distribution: one run in 100,000 is outside by chance. */
    private static final double Z = 4.42;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private TurnoutProcess.Settings settings;
    private Backend blue;
    private Backend green;

    @BeforeEach
    void slots() {
        blue = arena.application("blue");
        green = arena.application("green");
        settings = TurnoutProcess.with().blue(blue).green(green);
    }

    private static void canary(TurnoutProcess turnout, int weight) {
        turnout.admin().post("/admin/canary?weight=" + weight).expect(200);
    }

    private static Response get(RawClient connection, String lines) throws IOException {
        return connection
                .send("GET / HTTP/1.1\r\nHost: app.example\r\n" + lines + "\r\n")
                .read();
    }

    /** A browser: it sends back the cookie that it got last. */
    private static final class Browser {
        private String cookie = "";
        private String slot = "";

        void get(RawClient connection) throws IOException {
            Response response = CanaryTrafficIT.get(connection, cookie);
            slot = response.text();
            response.fields()
                    .only("Set-Cookie")
                    .ifPresent(line -> cookie = "Cookie: theme=dark; " + line.split(";")[0] + "\r\n");
        }
    }

    private static List<String> slots(TurnoutProcess turnout, List<Browser> browsers) throws IOException {
        List<String> slots = new ArrayList<>();
        try (RawClient connection = turnout.connect()) {
            for (Browser browser : browsers) {
                browser.get(connection);
                slots.add(browser.slot);
            }
        }
        return slots;
    }

    private static void assertShare(long got, int count, int weight) {
        double share = weight / 100.0;
        double margin = Z * Math.sqrt(count * share * (1 - share));
        assertThat((double) got).isBetween(count * share - margin, count * share + margin);
    }

    private static List<Browser> browsers(int count) {
        List<Browser> browsers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            browsers.add(new Browser());
        }
        return browsers;
    }

    private static long onGreen(List<String> slots) {
        return slots.stream().filter("green"::equals).count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50})
    void twenty_thousand_new_clients_are_split_by_weight(int weight) throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        canary(turnout, weight);

        long got = 0;
        try (RawClient connection = turnout.connect()) {
            for (int i = 0; i < CLIENTS; i += PIPELINED) {
                connection.send("GET / HTTP/1.1\r\nHost: app.example\r\n\r\n".repeat(PIPELINED));
                for (int j = 0; j < PIPELINED; j++) {
                    got += connection.read().text().equals("green") ? 1 : 0;
                }
            }
        }
        System.out.println("canary of " + weight + " %: " + got + " of " + CLIENTS + " new clients");
        assertShare(got, CLIENTS, weight);
    }

    @Test
    @Guards("F20")
    void clients_stay_follow_the_weight_and_are_all_taken_back_by_an_abort() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        canary(turnout, 20);
        List<Browser> browsers = browsers(4_000);
        List<String> at20 = slots(turnout, browsers);
        assertShare(onGreen(at20), browsers.size(), 20);
        assertThat(slots(turnout, browsers)).isEqualTo(at20);

        canary(turnout, 5);
        List<String> at5 = slots(turnout, browsers);
        assertShare(onGreen(at5), browsers.size(), 5);
        for (int i = 0; i < browsers.size(); i++) {
            assertThat(at5.get(i).equals("green") && at20.get(i).equals("blue")).isFalse();
        }

        canary(turnout, 0);
        assertThat(onGreen(slots(turnout, browsers))).isZero();

        canary(turnout, 5);
        assertShare(onGreen(slots(turnout, browsers)), browsers.size(), 5);
    }

    @Test
    void clients_stay_through_a_crash() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        canary(turnout, 30);
        List<Browser> browsers = browsers(500);
        List<String> before = slots(turnout, browsers);
        turnout.kill9();

        TurnoutProcess next = arena.keep(turnout.restart());
        assertThat(slots(next, browsers)).isEqualTo(before);
    }

    @Test
    void a_cookie_is_given_once_and_only_while_there_is_a_canary() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        try (RawClient connection = turnout.connect()) {
            assertThat(get(connection, "").fields().has("Set-Cookie")).isFalse();
            canary(turnout, 50);
            String cookie = get(connection, "").fields().only("Set-Cookie").orElseThrow();
            assertThat(cookie).matches("turnout_slot=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax");
            assertThat(get(connection, "Cookie: " + cookie.split(";")[0] + "\r\n")
                            .fields()
                            .has("Set-Cookie"))
                    .isFalse();
            assertThat(get(connection, "Cookie: turnout_slot=green\r\n")
                            .fields()
                            .has("Set-Cookie"))
                    .isTrue();
        }
    }

    @Test
    void a_canary_that_dies_leaves_its_clients_to_the_active_slot_without_a_failure() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        canary(turnout, 100);
        try (RawClient connection = turnout.connect()) {
            assertThat(get(connection, "").text()).isEqualTo("green");
            green.kill();
            for (int i = 0; i < 20; i++) {
                assertThat(get(connection, "").text()).isEqualTo("blue");
            }
        }
    }

    @Test
    void a_preview_looks_at_the_idle_slot_and_the_application_does_not_see_that_it_was_asked_for() throws IOException {
        TurnoutProcess turnout =
                arena.start(settings.set("turnout.preview", "true").set("turnout.show-slot", "true"));
        try (RawClient connection = turnout.connect()) {
            Response preview = get(connection, "X-Turnout-Slot: green\r\n");
            assertThat(preview.text()).isEqualTo("green");
            assertThat(preview.fields().only("X-Turnout-Slot")).contains("green");
            assertThat(green.onlyArrival().head().fields().has("X-Turnout-Slot"))
                    .isFalse();

            Response normal = get(connection, "");
            assertThat(normal.text()).isEqualTo("blue");
            assertThat(normal.fields().only("X-Turnout-Slot")).contains("blue");
        }
    }

    @Test
    void a_preview_is_not_given_to_who_may_not_have_it() throws IOException {
        TurnoutProcess closed = arena.start(settings);
        TurnoutProcess guarded = arena.start(TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.preview", "true")
                .set("turnout.preview-secret", "s3cret"));
        try (RawClient toClosed = closed.connect();
                RawClient toGuarded = guarded.connect()) {
            assertThat(get(toClosed, "X-Turnout-Slot: green\r\n").text()).isEqualTo("blue");
            assertThat(get(toGuarded, "X-Turnout-Slot: green\r\n").text()).isEqualTo("blue");
            assertThat(get(toGuarded, "X-Turnout-Slot: green:s3cret\r\n").text())
                    .isEqualTo("green");
        }
        assertThat(blue.arrivals()).noneMatch(arrival -> arrival.head().fields().has("X-Turnout-Slot"));
    }

    @Test
    void a_preview_of_what_does_not_run_says_so_instead_of_showing_the_other_slot() throws IOException {
        TurnoutProcess turnout = arena.start(settings.set("turnout.preview", "true"));
        green.kill();
        try (RawClient connection = turnout.connect()) {
            Response response = get(connection, "X-Turnout-Slot: green\r\n");
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.fields().only("X-Turnout")).contains("connect-failed");
        }
    }
}
