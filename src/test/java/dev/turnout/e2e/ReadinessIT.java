package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What load balancers and containers learn when an application is down. */
final class ReadinessIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private Backend blue;
    private Backend shop;
    private TurnoutProcess.Settings settings;

    @BeforeEach
    void twoServices() {
        blue = arena.application("blue");
        shop = arena.application("shop");
        settings = TurnoutProcess.with()
                .blue(blue)
                .green(arena.application("green"))
                .set("turnout.services.\"shop\".hosts", "shop.example.com")
                .set("turnout.services.\"shop\".blue", shop.address())
                .set(
                        "turnout.services.\"shop\".green",
                        arena.application("other").address())
                .set("turnout.ready.path", "/-/ready");
    }

    private static Response ask(TurnoutProcess turnout, String method, String target, String host) {
        try (RawClient client = turnout.connect()) {
            return client.send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .read(method);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int ready(TurnoutProcess turnout) {
        return turnout.admin().get("/q/health/ready").status();
    }

    @Test
    void a_service_with_nobody_makes_turnout_unready_by_name_and_leaves_it_alive() {
        TurnoutProcess turnout = arena.start(settings);
        Await.until("ready", () -> ready(turnout) == 200);

        shop.kill();
        Await.until("not ready", () -> ready(turnout) == 503);

        assertThat(turnout.admin().get("/q/health/ready").text())
                .contains("shop")
                .doesNotContain("default");
        assertThat(turnout.admin().get("/q/health/live").status()).isEqualTo(200);
        // A load balancer asks every few seconds: its questions are no lines of the log.
        assertThat(turnout.log()).doesNotContain("\"status\"");

        shop.revive();
        Await.until("ready again", () -> ready(turnout) == 200);
    }

    @Test
    void a_switch_away_from_a_dead_slot_makes_turnout_ready() {
        TurnoutProcess turnout = arena.start(settings);
        Await.until("ready", () -> ready(turnout) == 200);
        blue.kill();
        Await.until("not ready", () -> ready(turnout) == 503);

        turnout.admin().switchTo("green");

        assertThat(ready(turnout)).isEqualTo(200);
        Await.until("the front too", () -> ask(turnout, "GET", "/-/ready", "x").status() == 200);
    }

    @Test
    void the_front_port_answers_load_balancers_whatever_their_host_is() {
        TurnoutProcess turnout = arena.start(settings);

        for (String host : new String[] {"shop.example.com", "10.0.0.7", "nobody.example"}) {
            Response answer = ask(turnout, "GET", "/-/ready?x=1", host);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.fields().only("X-Turnout")).contains("ready");
        }
        assertThat(ask(turnout, "HEAD", "/-/ready", "x").status()).isEqualTo(200);
        assertThat(ask(turnout, "GET", "/-/ready/below", "x").fields().has("X-Turnout"))
                .isFalse();

        shop.kill();
        Await.until("not ready", () -> ask(turnout, "GET", "/-/ready", "x").status() == 503);
        assertThat(ask(turnout, "GET", "/-/ready", "x").fields().only("X-Turnout"))
                .contains("not-ready");
        assertThat(ask(turnout, "GET", "/", "x").status()).isEqualTo(200);
    }

    @Test
    void without_the_key_the_path_is_the_applications() {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with().blue(blue).green(arena.application("green")));

        Response answer = ask(turnout, "GET", "/-/ready", "x");

        assertThat(answer.fields().has("X-Turnout")).isFalse();
        assertThat(blue.requests()).isEqualTo(1);
    }

    @Test
    void a_turnout_that_stops_is_not_ready() throws IOException {
        TurnoutProcess turnout = arena.start(settings);
        try (RawClient waiting = turnout.connect();
                RawClient balancer = turnout.connect()) {
            balancer.get("/-/ready").read();
            // The head is unfinished, so the connection outlives the beginning of the stop.
            balancer.send("GET /-/ready HTTP/1.1\r\nHost: x\r\n");
            waiting.send("GET /");
            turnout.terminate();
            Await.until("the stop", () -> turnout.log().contains("Stopping"));

            assertThat(balancer.send("\r\n").read().status()).isEqualTo(503);
        }
    }
}
