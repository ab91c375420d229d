package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Etcd;
import dev.turnout.support.EtcdInTheMiddle;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each question has a fleet of its own in one etcd. */
@RequiresProgram(value = "etcd", debianPackage = "etcd-server")
@RequiresProgram(value = "etcdctl", debianPackage = "etcd-client")
@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("A fleet of one Turnout or two on a real etcd")
final class SmallFleetIT {

    private static final int MOST_SERVICES = 59;
    private static final int MOST_RECEIPTS = 50;

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private final Etcd etcd = Etcd.start();
    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final Backend other = arena.application("other");
    private final List<TurnoutProcess> started = new ArrayList<>();
    private String fleet = "";

    @BeforeEach
    void begin(TestInfo test) {
        fleet = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    }

    @AfterEach
    void stop() {
        started.forEach(TurnoutProcess::close);
        started.clear();
    }

    @AfterAll
    void end() {
        etcd.close();
    }

    private TurnoutProcess.Settings settings(String member) {
        return TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.health.interval", "20ms")
                .set("turnout.health.rise", "1")
                .set("turnout.fleet.endpoints", etcd.addresses())
                .set("turnout.fleet.name", fleet)
                .set("turnout.fleet.member", member)
                .set("turnout.fleet.start-alone", "2s")
                .set("turnout.fleet.hold", "3s")
                .set("turnout.fleet.in-doubt", "20s")
                .set("turnout.fleet.lease", "3s")
                .inFile();
    }

    private TurnoutProcess.Settings with(TurnoutProcess.Settings settings, String service, Backend idle) {
        return settings.set("turnout.services.\"" + service + "\".hosts", service + ".example")
                .set("turnout.services.\"" + service + "\".blue", blue.address())
                .set("turnout.services.\"" + service + "\".green", idle.address());
    }

    private static TurnoutProcess.Settings without(TurnoutProcess.Settings settings, String service) {
        return settings.unset("turnout.services.\"" + service + "\".hosts")
                .unset("turnout.services.\"" + service + "\".blue")
                .unset("turnout.services.\"" + service + "\".green");
    }

    private TurnoutProcess start(TurnoutProcess.Settings settings) {
        TurnoutProcess turnout = arena.start(settings);
        started.add(turnout);
        return turnout;
    }

    /** Starts a Turnout and has it begin the fleet, or enter it. */
    private TurnoutProcess enter(TurnoutProcess.Settings settings) {
        TurnoutProcess turnout = start(settings);
        String call = keys("roster").isEmpty() ? "/admin/fleet/init" : "/admin/fleet/join";
        turnout.admin().post(call).expect(200);
        return turnout;
    }

    private static void awaitHere(TurnoutProcess turnout, int members) {
        Await.until(
                "all are here",
                () -> objects(fleetOf(turnout), "members").stream()
                                .filter(place -> place.getBoolean("present"))
                                .count()
                        == members);
    }

    private static JsonObject fleetOf(TurnoutProcess turnout) {
        return turnout.admin().get("/admin/fleet").json();
    }

    private static List<JsonObject> objects(JsonObject json, String name) {
        return json.getJsonArray(name).stream().map(JsonObject.class::cast).toList();
    }

    private static List<String> lacking(TurnoutProcess turnout, String service) {
        return objects(fleetOf(turnout), "services").stream()
                .filter(known -> known.getString("service").equals(service))
                .flatMap(known -> known.getJsonArray("lacking").stream())
                .map(String.class::cast)
                .toList();
    }

    private static List<String> services(TurnoutProcess turnout) {
        return objects(fleetOf(turnout), "services").stream()
                .map(known -> known.getString("service"))
                .toList();
    }

    private static JsonObject status(TurnoutProcess turnout, String service) {
        return turnout.admin()
                .get("/admin/status?service=" + service)
                .expect(200)
                .json();
    }

    private static List<String> warnings(TurnoutProcess turnout) {
        JsonObject status = turnout.admin().status();
        return status.getJsonArray("warnings").stream().map(String::valueOf).toList();
    }

    private static List<String> warningCodes(TurnoutProcess turnout) {
        return turnout.admin().status().getJsonArray("warningCodes").stream()
                .map(String::valueOf)
                .toList();
    }

    /** Returns the keys of the fleet that begin with a path, without what all begin with. */
    private List<String> keys(String path) {
        String prefix = "/turnout/" + fleet + "/";
        return etcd.control("get", "--prefix", "--keys-only", prefix + path)
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    @Test
    @DisplayName("has at most 59 services, however they come, and says what to do if there are more")
    void most_services() {
        TurnoutProcess.Settings settings = settings("m0");
        for (int i = 1; i <= MOST_SERVICES; i++) {
            with(settings, "s" + i, green);
        }
        TurnoutProcess turnout = start(settings);
        Admin admin = turnout.admin();
        Admin.Answer refused = admin.post("/admin/fleet/init").expect(400);
        assertThat(refused.text())
                .contains("60 services", "at most 59", "Nothing has changed", "turnout.services", "turnout.fleet.name");
        assertThat(fleetOf(turnout).getString("fleet")).isNull();
        assertThat(keys("")).isEmpty();

        without(settings, "s1").write();
        admin.post("/admin/reload").expect(200);
        admin.post("/admin/fleet/init").expect(200);
        assertThat(services(turnout)).hasSize(MOST_SERVICES);
        admin.post("/admin/switch?service=s2&to=green").expect(200);
        assertThat(admin.put("/admin/services/s1", service(green)).expect(400).text())
                .contains("60 services", "at most 59", "Nothing has changed");
        assertThat(services(turnout)).hasSize(MOST_SERVICES);

        // A file that was changed before a start asks nobody: the service is served, and is no part of the fleet.
        turnout.kill9();
        TurnoutProcess again = start(with(settings, "s1", green));
        assertThat(fleetOf(again).getJsonObject("apart").getMap()).containsExactly(Map.entry("s1", "too-many"));
        assertThat(warnings(again)).anyMatch(text -> text.contains("'s1'") && text.contains("as many services"));
        again.admin().delete("/admin/fleet/members/m0").expect(200);

        without(without(settings, "s1"), "s3").write();
        again.admin().post("/admin/reload").expect(200);
        again.admin().post("/admin/fleet/init").expect(200);
        assertThat(services(again)).hasSize(MOST_SERVICES - 1);
        again.admin().put("/admin/services/s1", service(green)).expect(200);
        Await.until("one more", () -> services(again).size() == MOST_SERVICES);
    }

    private String service(Backend idle) {
        return new JsonObject()
                .put("hosts", "one.example")
                .put("blue", blue.address())
                .put("green", idle.address())
                .encode();
    }

    @Test
    @DisplayName("gets a service by a file that is changed before a restart, and loses it so")
    void files_and_restarts() {
        TurnoutProcess.Settings first = settings("m0");
        TurnoutProcess.Settings second = settings("m1");
        TurnoutProcess m0 = enter(first);
        TurnoutProcess m1 = enter(second);

        m1.kill9();
        m1 = start(with(second, "shop", green));
        assertThat(status(m1, "shop").getString("active")).isEqualTo("blue");
        assertThat(services(m1)).contains("shop");
        assertThat(lacking(m1, "shop")).containsExactly("m0");

        // The file of the other one has other targets: it serves what was decided.
        m0.kill9();
        m0 = start(with(first, "shop", other));
        assertThat(status(m0, "shop").encode()).contains(green.address()).doesNotContain(other.address());
        TurnoutProcess sees = m0;
        Await.until("all have it", () -> lacking(sees, "shop").isEmpty());
        awaitHere(m0, 2);
        m0.admin().post("/admin/switch?service=shop&to=green").expect(200);
        assertThat(status(m1, "shop").getString("active")).isEqualTo("green");

        m1.kill9();
        m1 = start(without(second, "shop"));
        assertThat(m1.admin().get("/admin/status?service=shop").status()).isEqualTo(404);
        TurnoutProcess left = m1;
        Await.until("it is said", () -> lacking(left, "shop").equals(List.of("m1")));
        assertThat(status(m0, "shop").getString("active")).isEqualTo("green");
        m0.kill9();
        start(without(first, "shop"));
        Await.until("it is removed", () -> !services(left).contains("shop"));
        assertThat(keys("")).filteredOn(key -> key.contains("shop")).containsExactly("removed/shop");
    }

    @Test
    @DisplayName(
            "does not take a service over that differs, and the member that serves it alone says so until it is in order")
    void a_service_apart() {
        TurnoutProcess.Settings first = settings("m0");
        TurnoutProcess m0 = enter(with(first, "shop", green));
        try (EtcdInTheMiddle middle = EtcdInTheMiddle.before(etcd.endpoints().get(0))) {
            TurnoutProcess.Settings second = settings("m1")
                    .set("turnout.fleet.endpoints", middle.endpoint().toString());
            TurnoutProcess m1 = enter(with(second, "shop", green));
            m0.admin().put("/admin/services/api", service(green)).expect(200);

            // It begins to serve without etcd, by a file with other targets.
            m1.kill9();
            middle.cut();
            TurnoutProcess alone = start(with(second, "api", other));
            assertThat(status(alone, "api").encode()).contains(other.address());
            middle.mend();
            Await.until("it is found out", () -> warningCodes(alone).contains("fleet-service-apart"));
            assertThat(fleetOf(alone).getJsonObject("apart").getMap()).containsExactly(Map.entry("api", "differs"));
            assertThat(warnings(alone))
                    .anyMatch(text -> text.contains("'api' is served by this member alone")
                            && text.contains("restart this member"));
            assertThat(alone.admin()
                            .post("/admin/switch?service=api&to=green")
                            .expect(409)
                            .problem())
                    .isEqualTo("fleet-differs");
            assertThat(lacking(alone, "api")).containsExactly("m1");
            alone.kill9();
            TurnoutProcess again = start(second);
            assertThat(status(again, "api").encode()).contains(green.address()).doesNotContain(other.address());
            assertThat(warningCodes(again)).doesNotContain("fleet-service-apart");

            // It was taken out, and the fleet has removed a service meanwhile.
            again.kill9();
            awaitHere(m0, 1);
            m0.admin().delete("/admin/fleet/members/m1").expect(200);
            m0.admin().delete("/admin/services/api").expect(200);
            Await.until("it is removed", () -> !services(m0).contains("api"));
            TurnoutProcess back = start(second);
            assertThat(status(back, "api").getString("active")).isEqualTo("blue");
            Await.until("it is found out", () -> warningCodes(back).contains("fleet-service-apart"));
            assertThat(fleetOf(back).getJsonObject("apart").getMap()).containsExactly(Map.entry("api", "retired"));
            assertThat(warningCodes(back)).contains("fleet-taken-out");
            assertThat(services(m0)).doesNotContain("api");
            without(second, "api").write();
            back.admin().post("/admin/reload").expect(200);
            back.admin().post("/admin/fleet/join").expect(200);
            assertThat(warningCodes(back)).doesNotContain("fleet-service-apart", "fleet-taken-out");
            awaitHere(m0, 2);
            m0.admin().post("/admin/switch?service=shop&to=green").expect(200);
            assertThat(status(back, "shop").getString("active")).isEqualTo("green");
        }
    }

    @Test
    @DisplayName(
            "says to a member that was taken out while it was away that it has no vote; it enters again, or leaves")
    void taken_out() {
        TurnoutProcess m0 = enter(settings("m0"));
        try (EtcdInTheMiddle middle = EtcdInTheMiddle.before(etcd.endpoints().get(0))) {
            TurnoutProcess m1 = enter(settings("m1")
                    .set("turnout.fleet.endpoints", middle.endpoint().toString()));
            awaitHere(m0, 2);
            for (String way : List.of("join", "leave")) {
                middle.cut();
                awaitHere(m0, 1);
                m0.admin().delete("/admin/fleet/members/m1").expect(200);
                middle.mend();

                Await.until("it is told so", () -> warningCodes(m1).contains("fleet-taken-out"));
                if (way.equals("join")) {
                    m1.admin().post("/admin/fleet/join").expect(200);
                    awaitHere(m0, 2);
                    m0.admin().post("/admin/switch?to=green").expect(200);
                    assertThat(m1.admin().active()).isEqualTo("green");
                } else {
                    m1.admin().delete("/admin/fleet/members/m1").expect(200);
                    assertThat(fleetOf(m1).getString("fleet")).isNull();
                    m1.admin().switchTo("blue");
                    assertThat(m0.admin().active()).isEqualTo("green");
                }
                assertThat(warningCodes(m1)).doesNotContain("fleet-taken-out");
            }
        }
    }

    @Test
    @DisplayName("has no member that does not know of it: an enrolment that comes late is not made")
    void a_late_entry() {
        TurnoutProcess m0 = enter(settings("m0"));
        try (EtcdInTheMiddle middle = EtcdInTheMiddle.before(etcd.endpoints().get(0))) {
            TurnoutProcess m1 = start(settings("m1")
                    .set("turnout.fleet.lease", "60s")
                    .set("turnout.fleet.endpoints", middle.endpoint().toString()));
            middle.keep("/roster");
            assertThat(m1.admin().post("/admin/fleet/join").status()).isNotEqualTo(200);
            middle.letGo();
            middle.awaitGone();
            assertThat(fleetOf(m1).getString("fleet")).isNull();
            m0.admin().post("/admin/switch?to=green").expect(200);
            m0.admin().post("/admin/switch?to=blue").expect(200);
            assertThat(objects(fleetOf(m0), "members")).hasSize(1);

            middle.loseAnswer("/roster");
            m1.admin().post("/admin/fleet/join").expect(200);
            awaitHere(m0, 2);
            m0.admin().post("/admin/switch?to=green").expect(200);
            assertThat(m1.admin().active()).isEqualTo("green");

            // What a process before it has said comes late: it says again that it is here.
            String prefix = "/turnout/" + fleet + "/started/m1";
            String value = etcd.control("get", "--print-value-only", prefix).strip();
            etcd.control("put", prefix, value.replace(fleetOf(m1).getString("process"), "an-older-process"));
            Await.until(
                    "its vote counts",
                    () -> m0.admin().post("/admin/switch?to=blue").status() == 200);
            assertThat(m1.admin().active()).isEqualTo("blue");
        }
    }

    @Test
    @DisplayName("leaves no more keys in etcd after many switches than after some")
    void no_growth() {
        TurnoutProcess m0 = enter(settings("m0"));
        TurnoutProcess m1 = enter(settings("m1"));
        awaitHere(m0, 2);
        List<TurnoutProcess> both = List.of(m0, m1);
        Map<String, Integer> before = Map.of();
        int switches = Rounds.of(120, 600);
        for (int i = 0; i < switches; i++) {
            both.get(i % 2)
                    .admin()
                    .post("/admin/switch?force=true&wait=switched&to=" + (i % 2 == 0 ? "green" : "blue"))
                    .expect(200);
            if (i == MOST_RECEIPTS + 10) {
                before = awaitBounded();
            }
        }
        assertThat(awaitBounded()).isEqualTo(before);
        assertThat(before).containsEntry("receipt", MOST_RECEIPTS);
    }

    /** Waits until the receipts are as many as are kept, and returns how many keys of each kind there are. */
    private Map<String, Integer> awaitBounded() {
        Map<String, Integer> kinds = new TreeMap<>();
        Await.until(() -> "the keys are bounded: " + kinds, () -> {
            kinds.clear();
            keys("").forEach(key -> kinds.merge(key.replaceAll("/.*", ""), 1, Integer::sum));
            return kinds.getOrDefault("receipt", 0) == MOST_RECEIPTS
                    && !kinds.containsKey("armed")
                    && !kinds.containsKey("change")
                    && kinds.getOrDefault("done", 0) <= 2;
        });
        System.out.println("keys by kind: " + kinds);
        // What the members have said of the last change. It is there for a moment, or goes with the next change.
        kinds.remove("done");
        return kinds;
    }
}
