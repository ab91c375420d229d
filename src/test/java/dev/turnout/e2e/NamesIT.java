package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.DnsServer;
import dev.turnout.support.DnsServer.Mood;
import dev.turnout.support.DnsServer.Record;
import dev.turnout.support.DnsServer.Type;
import dev.turnout.support.Effect;
import dev.turnout.support.Load;
import dev.turnout.support.RawClient;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Targets follow the addresses of a name")
final class NamesIT {

    private static final String NAME = "app.internal";
    private static final String SERVICE = "_http._tcp.app.internal";
    private static final String IDLE = "_http._tcp.idle.internal";

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final DnsServer names = new DnsServer();
    private final Backend one = arena.application("one");
    private final Backend two = arena.application("two");
    private final Backend three = arena.application("three");
    private final Backend green = arena.application("green");

    @AfterEach
    void close() {
        names.close();
    }

    private TurnoutProcess.Settings settings(String blue) {
        return TurnoutProcess.with()
                .inFile()
                .set("turnout.blue", blue)
                .set("turnout.green", green.address())
                .set("turnout.upstream.dns-server", names.address())
                .set("turnout.health.interval", "20ms")
                .set("turnout.health.deadline", "2s");
    }

    /** Returns a Turnout with a name for each slot: blue stands for the first application, green for the second. */
    private TurnoutProcess startBothByName() {
        say(one);
        say(IDLE, two);
        TurnoutProcess turnout = arena.start(settings("srv:" + SERVICE).set("turnout.green", "srv:" + IDLE));
        Await.until(
                "both have a target",
                () -> blue(turnout).equals(List.of(one.address()))
                        && targets(turnout, "green").equals(List.of(two.address())));
        return turnout;
    }

    /** The address of a container that has ended goes to the next one. */
    @Test
    @DisplayName("take an address over that the other slot only remembers")
    void taken_over() throws IOException {
        TurnoutProcess turnout = startBothByName();

        names.remove(IDLE);
        say(two);

        Await.until("blue has it", () -> blue(turnout).equals(List.of(two.address())));
        assertThat(targets(turnout, "green")).isEmpty();
        try (RawClient client = turnout.connect()) {
            assertThat(client.get("/").read().text()).isEqualTo("two");
        }
    }

    /** Both containers are made anew, and each gets the address of the other. */
    @Test
    @DisplayName("swap their addresses if their names do")
    void swapped() throws IOException {
        TurnoutProcess turnout = startBothByName();

        say(IDLE, one);
        say(two);

        Await.until("blue has the other one", () -> blue(turnout).equals(List.of(two.address())));
        Await.until("green has the other one", () -> targets(turnout, "green").equals(List.of(one.address())));
    }

    /** Says that the service has these instances. Each application has a port of its own, which only SRV can tell. */
    private void say(Backend... instances) {
        say(SERVICE, instances);
    }

    private void say(String service, Backend... instances) {
        List<Record> records = new ArrayList<>();
        for (Backend instance : instances) {
            String[] address = instance.address().split(":");
            String host = "h" + address[1] + ".internal";
            names.addresses(host, address[0]);
            records.add(new Record(service, Type.SRV, 1, "10 5 " + address[1] + " " + host));
        }
        names.records(service, records.toArray(Record[]::new));
    }

    private static List<String> blue(TurnoutProcess turnout) {
        return targets(turnout, "blue");
    }

    private static List<String> targets(TurnoutProcess turnout, String slot) {
        List<String> targets = new ArrayList<>();
        turnout.admin()
                .status()
                .getJsonObject("slots")
                .getJsonObject(slot)
                .getJsonArray("targets")
                .forEach(target -> targets.add(((JsonObject) target).getString("target")));
        return targets;
    }

    private static String answer(TurnoutProcess turnout) throws IOException {
        try (RawClient client = turnout.connect()) {
            return client.get("/").read().text();
        }
    }

    private static String warnings(TurnoutProcess turnout) {
        return turnout.admin().status().encode();
    }

    @Test
    @DisplayName("from the start on, and say in status and metrics where they come from")
    void from_the_start() throws IOException {
        String[] address = one.address().split(":");
        names.addresses(NAME, address[0]);
        TurnoutProcess turnout = arena.start(settings("dns:" + NAME + ":" + address[1]));
        Await.until("the first answer", () -> blue(turnout).equals(List.of(one.address())));
        assertThat(answer(turnout)).isEqualTo("one");
        assertThat(turnout.admin()
                        .status()
                        .getJsonObject("slots")
                        .getJsonObject("blue")
                        .getJsonArray("configured"))
                .containsExactly("dns:" + NAME + ":" + address[1]);
        String labels = "{service=\"default\",slot=\"blue\",name=\"dns:" + NAME + ":" + address[1] + "\"}";
        assertThat(turnout.admin().metric("turnout_name_up" + labels)).isEqualTo(1);
        assertThat(turnout.admin().metric("turnout_name_targets" + labels)).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "as they come and go under load: what comes is probed before, what goes is drained, and no request fails")
    void come_and_go() throws IOException {
        say(one);
        TurnoutProcess turnout = arena.start(settings("srv:" + SERVICE));
        Await.until("the first answer", () -> blue(turnout).equals(List.of(one.address())));
        Load load = Load.on(turnout.front())
                .keepAlive(4, Duration.ofMillis(2))
                .fresh(2, Duration.ofMillis(5))
                .slow(2, Duration.ofMillis(100), Duration.ofMillis(5))
                .start();
        for (int i = 0; i < 2; i++) {
            say(one, two);
            Await.until("both", () -> blue(turnout).equals(List.of(one.address(), two.address())));
            say(two);
            Await.until("the second alone", () -> blue(turnout).equals(List.of(two.address())));
            say(one);
            Await.until("the first alone", () -> blue(turnout).equals(List.of(one.address())));
        }
        Await.until(
                "the drain of what went is over", () -> turnout.admin().status().getJsonObject("switching") == null);
        turnout.admin().switchTo("green");
        turnout.admin().switchTo("blue");
        Load.Report report = load.stop();
        assertThat(report.failures()).isEmpty();
        assertThat(two.requests()).isPositive();
    }

    @Test
    @DisplayName(
            "also while a long request at one that has gone is waited for, and the one that has gone may come back")
    void during_a_drain() throws Exception {
        say(one);
        CountDownLatch word = new CountDownLatch(1);
        one.always(Effect.heldUntil(word, Effect.ok("one, late")));
        TurnoutProcess turnout = arena.start(settings("srv:" + SERVICE).set("turnout.drain.timeout", "5m"));
        Await.until("the first answer", () -> blue(turnout).equals(List.of(one.address())));
        try (RawClient client = turnout.connect()) {
            client.get("/long");
            Await.until("the request has arrived", () -> one.requests() > 0);
            say(two);
            Await.until("the second alone", () -> blue(turnout).equals(List.of(two.address())));
            say(two, three);
            Await.until("another one", () -> blue(turnout).equals(List.of(two.address(), three.address())));
            say(one);
            Await.until("the first again", () -> blue(turnout).equals(List.of(one.address())));
            word.countDown();
            assertThat(client.read().text()).isEqualTo("one, late");
        }
        Await.until("the drains are over", () -> turnout.admin().status().getJsonObject("switching") == null);
    }

    @Test
    @DisplayName("but not one that answers no probe, which keeps nobody from a change")
    void unhealthy() throws IOException {
        say(one);
        two.probes(Effect.status(503, "not yet"));
        TurnoutProcess turnout = arena.start(settings("srv:" + SERVICE));
        Await.until("the first answer", () -> blue(turnout).equals(List.of(one.address())));
        say(one, two);
        Await.until("probes of the second", () -> two.probesAnswered() > 3);
        assertThat(blue(turnout)).containsExactly(one.address());
        turnout.admin().put("/admin/slots/green/targets/127.0.0.1:9").expect(200);
        assertThat(blue(turnout)).containsExactly(one.address());
        two.probes(Effect.ok("well"));
        Await.until("the second", () -> blue(turnout).contains(two.address()));
    }

    @Test
    @DisplayName(
            "and stay as they were while the name server fails, which status, log and metrics say, after a restart too")
    void an_answer_that_fails_keeps_the_last() throws IOException {
        say(one, two);
        TurnoutProcess turnout = arena.start(settings("srv:" + SERVICE));
        Await.until("the first answer", () -> blue(turnout).size() == 2);
        names.is(Mood.FAILS);
        Await.until("the warning", () -> warnings(turnout).contains("name-not-resolved"));
        assertThat(blue(turnout)).hasSize(2);
        assertThat(turnout.log()).contains("srv:" + SERVICE + " can't be looked up");
        assertThat(turnout.admin()
                        .metric("turnout_name_up{service=\"default\",slot=\"blue\",name=\"srv:" + SERVICE + "\"}"))
                .isZero();

        turnout.terminate();
        turnout.awaitExit();
        TurnoutProcess again = arena.keep(turnout.restart());
        assertThat(blue(again)).hasSize(2);
        assertThat(answer(again)).isIn("one", "two");

        names.is(Mood.ANSWERS);
        say(two);
        Await.until("the answer", () -> blue(again).equals(List.of(two.address())));
        assertThat(warnings(again)).doesNotContain("name-not-resolved");
        names.remove(SERVICE);
        Await.until("the warning", () -> warnings(again).contains("there is no such name"));
        assertThat(answer(again)).isEqualTo("two");
    }

    @Test
    @DisplayName(
            "alone: a list of the run time is refused, and a reload to a name keeps what serves until its first answer")
    void lists_and_reloads() throws IOException {
        TurnoutProcess.Settings settings = settings(one.address());
        TurnoutProcess turnout = arena.start(settings);
        settings.set("turnout.blue", "srv:" + SERVICE).write();
        turnout.admin().post("/admin/reload").expect(200);
        assertThat(answer(turnout)).isEqualTo("one");
        say(two);
        Await.until("the answer", () -> blue(turnout).equals(List.of(two.address())));

        // The target before is still drained.
        Await.until("the end of the change", () -> {
            Admin.Answer refused = turnout.admin()
                    .put("/admin/slots/blue/targets/" + one.address())
                    .expect(409);
            return refused.problem().equals("follows-names");
        });
        turnout.admin().put("/admin/slots/green/targets/dns:" + NAME + ":80").expect(400);
    }
}
