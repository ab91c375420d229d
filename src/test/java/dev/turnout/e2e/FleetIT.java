package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.DnsServer;
import dev.turnout.support.Effect;
import dev.turnout.support.Etcd;
import dev.turnout.support.EtcdInTheMiddle;
import dev.turnout.support.Load;
import dev.turnout.support.Ports;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One fleet answers all questions, one after the other: each leaves it in order. */
@RequiresProgram(value = "etcd", debianPackage = "etcd-server")
@RequiresProgram(value = "etcdctl", debianPackage = "etcd-client")
@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("A fleet of three Turnouts on a real etcd")
final class FleetIT {

    private static final int MEMBERS = 3;
    private static final String BOTH = "?service=api&service=default";

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    private Path folder;

    private final Etcd etcd = Etcd.start();
    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final Backend apiGreen = arena.application("api green");
    private final List<TurnoutProcess.Settings> settings = new ArrayList<>();
    private final List<TurnoutProcess> members = new ArrayList<>();

    @BeforeAll
    void begin() {
        for (int i = 0; i < MEMBERS; i++) {
            settings.add(settings("m" + i));
            enter(i);
        }
        awaitOrder();
    }

    @AfterAll
    void end() {
        etcd.close();
    }

    /** Blue serves. */
    @BeforeEach
    void reset() {
        awaitOrder();
        if (active(0).equals("green")) {
            admin(0).post("/admin/switch?to=blue").expect(200);
        }
    }

    private TurnoutProcess.Settings settings(String member) {
        return TurnoutProcess.with()
                .blue(blue)
                .green(green)
                .set("turnout.services.\"api\".hosts", "api.example")
                .set("turnout.services.\"api\".blue", blue.address())
                .set("turnout.services.\"api\".green", apiGreen.address())
                .set("turnout.health.interval", "20ms")
                .set("turnout.health.rise", "1")
                .set("turnout.health.deadline", "3s")
                .set("turnout.fleet.endpoints", etcd.addresses())
                .set("turnout.fleet.member", member)
                .set("turnout.fleet.start-alone", "2s")
                .set("turnout.fleet.hold", "3s")
                .set("turnout.fleet.in-doubt", "20s")
                .set("turnout.fleet.lease", "3s");
    }

    /** Starts a member and has it enter the fleet: the first one begins it. */
    private void enter(int member) {
        members.add(arena.start(settings.get(member)));
        String call = member == 0 ? "/admin/fleet/init" : "/admin/fleet/join";
        Admin own = admin(member);
        // A machine that is busy may have etcd answer too late.
        Await.until(
                "in the fleet",
                () -> own.post(call).status() == 200
                        || own.get("/admin/fleet").json().getString("fleet") != null);
    }

    /** Returns the number of a Turnout that has just been started beside the members. */
    private int startMore(TurnoutProcess.Settings more) {
        settings.add(more);
        members.add(arena.start(more));
        return members.size() - 1;
    }

    private void awaitOrder() {
        Await.until("all are here, and serve what was decided", () -> IntStream.range(0, MEMBERS)
                .allMatch(this::isInOrder));
    }

    private boolean isInOrder(int member) {
        return areHere(member, MEMBERS)
                && objects(fleetOf(member), "services").stream()
                        .allMatch(service -> service.getLong("here").equals(service.getLong("epoch"))
                                && service.getString("changing") == null);
    }

    private boolean areHere(int count) {
        return areHere(0, count);
    }

    private boolean areHere(int asked, int count) {
        JsonObject fleet = fleetOf(asked);
        return fleet.getString("trouble") == null
                && objects(fleet, "members").stream()
                                .filter(place -> place.getBoolean("present"))
                                .count()
                        == count;
    }

    private void restart(int member) {
        members.set(member, arena.start(settings.get(member)));
    }

    private Admin admin(int member) {
        return members.get(member).admin();
    }

    private JsonObject fleetOf(int member) {
        return admin(member).get("/admin/fleet").json();
    }

    /** Returns the epoch of the default service that a member serves. */
    private long epoch(int member) {
        return objects(fleetOf(member), "services").stream()
                .filter(service -> service.getString("service").equals("default"))
                .findFirst()
                .orElseThrow()
                .getLong("here");
    }

    private String active(int member) {
        return admin(member).get("/admin/status").json().getString("active");
    }

    @Test
    @DisplayName("One switch at any member flips all, and its receipt has the drain of each")
    void one_switch_flips_all() {
        long epoch = epoch(0);

        Admin.Answer answer = admin(1).post("/admin/switch?to=green").expect(200);

        JsonObject fleet = answer.json().getJsonObject("fleet");
        assertThat(fleet.getString("state")).isEqualTo("drained");
        assertThat(fleet.getJsonArray("behind")).isEmpty();
        assertThat(fleet.getJsonArray("members").stream().map(member -> ((JsonObject) member).getString("member")))
                .containsExactly("m0", "m1", "m2");
        assertThat(answer.json().getJsonObject("drain").getBoolean("drained")).isTrue();
        for (int i = 0; i < MEMBERS; i++) {
            assertThat(active(i)).isEqualTo("green");
            assertThat(epoch(i)).isEqualTo(epoch + 1);
        }
    }

    @Test
    @DisplayName(
            "A Turnout with another active slot does not join, and one that is to leave at its stop has left after it")
    void a_stranger_is_refused() {
        int stranger = startMore(settings("stranger").set("turnout.fleet.leave-on-stop", "true"));
        Admin own = admin(stranger);
        own.switchTo("green");

        assertThat(own.post("/admin/fleet/join").expect(409).problem()).isEqualTo("fleet-differs");
        assertThat(active(stranger)).isEqualTo("green");
        assertThat(own.post("/admin/fleet/init").expect(409).problem()).isEqualTo("fleet-exists");
        own.switchTo("blue");
        JsonObject entered = own.post("/admin/fleet/join").expect(200).json();
        // Whoever has entered may begin a change at once.
        assertThat(entered.getString("trouble")).isNull();
        assertThat(entered.getString("fleet")).isEqualTo(fleetOf(0).getString("fleet"));

        members.get(stranger).terminate();
        members.get(stranger).awaitExit();
        Await.until(
                "it has left the fleet",
                () -> fleetOf(0).getJsonArray("members").size() == MEMBERS);
    }

    @Test
    @DisplayName("Without etcd no request fails and every change is refused; when etcd is back, so are changes")
    void etcd_is_gone() {
        Load load = Load.on(members.get(1).front())
                .keepAlive(4, Duration.ofMillis(5))
                .start();
        try (load) {
            Instant before = Instant.now();
            etcd.node(0).die();

            Await.until("the loss is noticed", () -> fleetOf(1).getString("trouble") != null);
            Await.pause(Duration.ofSeconds(Rounds.of(0, 600)));
            assertThat(admin(1).post("/admin/switch?to=green").expect(503).problem())
                    .isEqualTo("fleet-unreachable");
            assertThat(admin(1).metric("turnout_fleet_trouble{kind=\"unreachable\"}"))
                    .isEqualTo(1);
            assertThat(Instant.parse(fleetOf(1).getString("since"))).isBetween(before, before.plusSeconds(30));
            assertThat(active(1)).isEqualTo("blue");

            etcd.node(0).start();
            etcd.awaitService();
            long back = System.nanoTime();
            awaitOrder();
            System.out.printf(
                    "in step %d ms after etcd was back%n",
                    Duration.ofNanos(System.nanoTime() - back).toMillis());
            admin(1).post("/admin/switch?to=green").expect(200);
            assertThat(active(0)).isEqualTo("green");
        }
        Load.Report carried = load.stop();
        System.out.printf("%d requests without etcd%n", carried.requests());
        assertThat(carried.failures()).isEmpty();
    }

    @Test
    @DisplayName(
            "A member that is missing refuses a switch by its name, unless it is left out, and is in step after its restart")
    void a_member_is_missing() {
        members.get(1).kill9();
        Await.until("its lease has ended", () -> areHere(MEMBERS - 1));

        Admin.Answer refused = admin(0).post("/admin/switch?to=green").expect(409);

        assertThat(refused.problem()).isEqualTo("member-missing");
        assertThat(refused.json().getJsonArray("members")).containsExactly("m1");
        assertThat(active(0)).isEqualTo("blue");
        assertThat(admin(0).status().getJsonArray("warningCodes")).contains("fleet-member-missing");
        assertThat(admin(0).metric("turnout_fleet_members")).isEqualTo(MEMBERS);
        assertThat(admin(0).metric("turnout_fleet_members_present")).isEqualTo(MEMBERS - 1);
        assertThat(admin(0).metric("turnout_fleet_trouble{kind=\"unreachable\"}"))
                .isZero();
        assertThat(admin(0).metric("turnout_fleet_epoch{service=\"default\"}")).isEqualTo(epoch(0));
        assertThat(admin(0).metric("turnout_fleet_epoch_here{service=\"default\"}"))
                .isEqualTo(epoch(0));

        // Whoever says that its machine is dead switches without it, and the receipt remembers that.
        assertThat(admin(0).post("/admin/switch?to=green&without=m0")
                        .expect(409)
                        .problem())
                .isEqualTo("fleet-exists");
        JsonObject made =
                admin(0).post("/admin/switch?to=green&without=m1").expect(200).json();
        assertThat(made.getJsonObject("fleet").getJsonArray("leftOut")).containsExactly("m1");
        assertThat(made.getJsonObject("fleet").getString("state")).isEqualTo("not-drained");
        assertThat(made.getJsonObject("drain").getBoolean("drained")).isFalse();
        restart(1);
        assertThat(active(1)).isEqualTo("green");
        awaitOrder();
        admin(0).post("/admin/switch?to=blue").expect(200);
        assertThat(active(1)).isEqualTo("blue");
    }

    @Test
    @DisplayName("A dead member that was taken out is no more waited for, and a member that leaves serves on alone")
    void members_leave() {
        int dead = startMore(settings("dead"));
        admin(dead).post("/admin/fleet/join").expect(200);
        int gone = startMore(settings("gone"));
        admin(gone).post("/admin/fleet/join").expect(200);
        members.get(dead).kill9();
        Await.until("its lease has ended", () -> areHere(MEMBERS + 1));
        admin(0).delete("/admin/fleet/members/dead").expect(200);
        Await.until(
                "the roster is known", () -> fleetOf(0).getJsonArray("members").size() == MEMBERS + 1);
        admin(0).post("/admin/switch?to=green").expect(200);

        assertThat(admin(0).delete("/admin/fleet/members/gone").expect(409).problem())
                .isEqualTo("fleet-exists");
        admin(gone).delete("/admin/fleet/members/gone").expect(200);

        assertThat(fleetOf(gone).getString("fleet")).isNull();
        admin(gone).post("/admin/switch?to=blue").expect(200);
        assertThat(active(0)).isEqualTo("green");
        members.get(gone).terminate();
        members.get(gone).awaitExit();
    }

    @Test
    @DisplayName("A member that starts without etcd serves what its disk says, and follows when etcd is back")
    void a_start_without_etcd() {
        admin(0).post("/admin/switch?to=green").expect(200);
        members.get(1).kill9();
        etcd.node(0).die();

        restart(1);

        assertThat(active(1)).isEqualTo("green");
        assertThat(fleetOf(1).getString("trouble")).isNotNull();
        etcd.node(0).start();
        etcd.awaitService();
        awaitOrder();
        // The first answers of an etcd that has just come back may take longer than a member waits for.
        Await.until("a switch", () -> admin(1).post("/admin/switch?to=blue").status() == 200);
        assertThat(active(0)).isEqualTo("blue");
    }

    @Test
    @DisplayName("A compaction costs one read and no state, and losing all leases changes nothing")
    void compaction_and_lost_leases() {
        for (int round = 0; round < 3; round++) {
            etcd.compact();
            etcd.revokeLeases();
            assertThat(active(1)).isEqualTo(round % 2 == 0 ? "blue" : "green");
            awaitOrder();
            admin(0).post("/admin/switch").expect(200);
        }
        assertThat(active(0)).isEqualTo("green");
        assertThat(active(1)).isEqualTo("green");
    }

    @Test
    @DisplayName(
            "A store that went back is not believed, and changes are refused, until it is told what the members know")
    void a_store_that_went_back() {
        Path saved = etcd.save();
        admin(0).post("/admin/switch?to=green").expect(200);

        etcd.putBack(saved);

        Await.until("the store is not believed", () -> String.valueOf(fleetOf(1).getString("trouble"))
                .contains("went back"));
        assertThat(active(0)).isEqualTo("green");
        assertThat(active(1)).isEqualTo("green");
        assertThat(admin(0).post("/admin/switch?to=blue").expect(503).problem()).isEqualTo("fleet-unreachable");

        recover(0, "green", MEMBERS);
        Await.until("a switch", () -> admin(1).post("/admin/switch?to=blue").status() == 200);
        assertThat(active(0)).isEqualTo("blue");

        // etcd has lost all, and a member is dead: it takes over what holds when it is back.
        members.get(1).kill9();
        etcd.forget();
        Await.until(
                "the empty store is not believed",
                () -> String.valueOf(fleetOf(0).getString("trouble")).contains("went back"));
        JsonObject plan = admin(0).post("/admin/fleet/recover").expect(200).json();
        assertThat(plan.getJsonArray("silent")).containsExactly("m1");
        assertThat(admin(0).post("/admin/fleet/recover?confirm=" + plan.getString("plan"))
                        .expect(409)
                        .problem())
                .isEqualTo("member-missing");
        recover(0, "blue", MEMBERS - 1, "m1");
        restart(1);
        awaitOrder();
        Await.until("a switch", () -> admin(1).post("/admin/switch?to=green").status() == 200);
        assertThat(active(0)).isEqualTo("green");
        assertThat(admin(0).post("/admin/fleet/recover").expect(409).problem()).isEqualTo("fleet-in-order");
    }

    private void recover(int member, String active, int asked, String... without) {
        String left = without.length == 0 ? "" : "without=" + String.join(",", without) + "&";
        long before = epoch(member);
        JsonObject plan =
                admin(member).post("/admin/fleet/recover?" + left).expect(200).json();
        assertThat(plan.getBoolean("recovered")).isFalse();
        assertThat(plan.getJsonArray("asked")).hasSize(asked);
        JsonObject holds = objects(plan, "services").get(1);
        assertThat(holds.getString("service")).isEqualTo("default");
        assertThat(holds.getString("active")).isEqualTo(active);
        assertThat(holds.getLong("revision")).isEqualTo(before);
        assertThat(fleetOf(member).getString("trouble")).isNotNull();

        JsonObject made = admin(member)
                .post("/admin/fleet/recover?" + left + "confirm=" + plan.getString("plan"))
                .expect(200)
                .json();
        assertThat(made.getBoolean("recovered")).isTrue();
        Await.until(
                "all believe it", () -> fleetOf(member).getString("trouble") == null && epoch(member) > before + 100);
        Await.until("all are here", () -> areHere(asked));
    }

    @Test
    @DisplayName("Of members in doubt the one serves the slot from before and the receipt says so, the other one holds"
            + " and is not ready, and both follow when they learn what was decided")
    void in_doubt() {
        // Nobody can ask the first, which decides: what the others know is that they have voted.
        int deciding = startMore(doubting("first")
                .set("turnout.fleet.address", "127.0.0.1:" + Ports.next())
                .set("turnout.fleet.hold", "5s")
                .set("turnout.fleet.in-doubt", "20s"));
        try (EtcdInTheMiddle first = EtcdInTheMiddle.before(etcd.endpoints().get(0));
                EtcdInTheMiddle second = EtcdInTheMiddle.before(etcd.endpoints().get(0))) {
            int holding = startMore(doubting("holding", first, "hold"));
            int serving = startMore(doubting("serving", second, "serve"));
            admin(deciding).post("/admin/fleet/init").expect(200);
            admin(holding).post("/admin/fleet/join").expect(200);
            admin(serving).post("/admin/fleet/join").expect(200);
            Await.until("all are here", () -> areHere(deciding, 3));
            Await.until("ready", () -> ready(holding) == 200);
            first.cutAfter("/armed/");
            second.cutAfter("/armed/");
            CompletableFuture<Admin.Answer> switching = admin(deciding).postAsync("/admin/switch?to=green");
            first.awaitMet();
            second.awaitMet();

            CompletableFuture<String> held = ask(holding);
            assertThat(ask(serving).join()).isEqualTo("blue");
            Await.until("not ready", () -> ready(holding) == 503);
            assertThat(ready(serving)).isEqualTo(200);
            Await.until(
                    "the trouble",
                    () -> fleetOf(holding).getString("trouble", "").contains("in doubt"));
            assertThat(held).isNotDone();

            first.mend();
            second.mend();
            assertThat(held.join()).isEqualTo("green");
            JsonObject fleet = switching.join().expect(200).json().getJsonObject("fleet");
            assertThat(objects(fleet, "members"))
                    .filteredOn(part -> part.getJsonObject("vote").getBoolean("servedInDoubt"))
                    .extracting(part -> part.getString("member"))
                    .containsExactly("serving");
            Await.until("ready again", () -> ready(holding) == 200);
            assertThat(ask(serving).join()).isEqualTo("green");
            IntStream.rangeClosed(deciding, serving)
                    .forEach(member -> members.get(member).kill9());
        }
    }

    @Test
    @DisplayName(
            "A service comes into a fleet when the first member has it, is switched when all have it, is removed when"
                    + " none has it, and comes again above its last epoch; no other request fails, and the last one to leave ends it")
    void services_come_and_go() {
        int first = startMore(ofServices("first"));
        int second = startMore(ofServices("second"));
        int third = startMore(ofServices("third"));
        admin(first).post("/admin/fleet/init").expect(200);
        admin(second).post("/admin/fleet/join").expect(200);
        admin(third).post("/admin/fleet/join").expect(200);
        Load one = Load.on(members.get(first).front())
                .keepAlive(2, Duration.ofMillis(5))
                .start();
        Load other = Load.on(members.get(second).front())
                .keepAlive(2, Duration.ofMillis(5))
                .start();
        try (one;
                other) {
            admin(first).put("/admin/services/shop", shop(green)).expect(200);
            assertThat(lacking(first)).containsExactly("second", "third");
            assertThat(admin(first).status().getJsonArray("warningCodes")).contains("fleet-service-lacking");
            assertNotSwitched(first, "green", "second", "third");
            Admin.Answer differs =
                    admin(second).put("/admin/services/shop", shop(apiGreen)).expect(409);
            assertThat(differs.problem()).isEqualTo("fleet-differs");
            assertThat(differs.text()).contains("other targets");
            assertThat(admin(second).get("/admin/status?service=shop").status()).isEqualTo(404);
            admin(second).put("/admin/services/shop", shop(green)).expect(200);
            admin(third).put("/admin/services/shop", shop(green)).expect(200);
            Await.until("all have it", () -> lacking(second).isEmpty());
            admin(second).post("/admin/switch?service=shop&to=green").expect(200);
            IntStream.rangeClosed(first, third)
                    .forEach(member ->
                            assertThat(shopAt(member).getString("active")).isEqualTo("green"));

            // One that is away has it still.
            members.get(third).kill9();
            admin(first).delete("/admin/services/shop").expect(200);
            admin(second).delete("/admin/services/shop").expect(200);
            Await.until("both have said so", () -> lacking(second).equals(List.of("first", "second")));
            long epoch = epochOfShop(first);
            restart(third);
            assertThat(shopAt(third).getString("active")).isEqualTo("green");
            Await.until("it is here", () -> areHere(first, 3));
            assertNotSwitched(third, "blue", "first", "second");
            admin(third).delete("/admin/services/shop").expect(200);
            Await.until("it is removed", () -> !services(first).contains("shop"));
            assertThat(etcd.control("get", "--prefix", "/turnout/services/", "--keys-only")
                            .lines()
                            .filter(key -> key.contains("shop")))
                    .containsExactly("/turnout/services/removed/shop");

            for (int member = third; member >= first; member--) {
                admin(member).put("/admin/services/shop", shop(green)).expect(200);
            }
            assertThat(epochOfShop(second)).isEqualTo(epoch + 1);
            Await.until("all have it", () -> lacking(first).isEmpty());
            assertThat(shopAt(first).getString("active")).isEqualTo("blue");
            admin(first).post("/admin/switch?service=shop&to=green").expect(200);
            assertThat(shopAt(third).getString("active")).isEqualTo("green");
            assertThat(epochOfShop(second)).isEqualTo(epoch + 2);
        }
        assertThat(one.stop().failures()).isEmpty();
        assertThat(other.stop().failures()).isEmpty();

        for (int member = first; member <= third; member++) {
            int left = third - member;
            String name = fleetOf(member).getString("member");
            admin(member).delete("/admin/fleet/members/" + name).expect(200);
            Await.until(
                    "it has left",
                    () -> left == 0 || fleetOf(third).getJsonArray("members").size() == left);
        }
        assertThat(etcd.control("get", "--prefix", "/turnout/services/", "--keys-only"))
                .isBlank();
        IntStream.rangeClosed(first, third)
                .forEach(member -> members.get(member).kill9());
    }

    @Test
    @DisplayName("A target that is renewed at one member stays at all, and is removed from all when nobody renews it")
    void renewals() {
        Backend instance = arena.application("instance");
        String renewal = "/admin/slots/blue/targets/" + instance.address() + "?ttl=2s";
        admin(1).put(renewal).expect(200);
        long registered = System.nanoTime();
        while (System.nanoTime() - registered < Duration.ofSeconds(5).toNanos()) {
            admin(2).put(renewal).expect(200);
            Await.pause(Duration.ofMillis(400));
        }
        assertThat(IntStream.range(0, MEMBERS))
                .allSatisfy(member -> assertThat(targets(member)).contains(instance.address()));
        assertThat(offers()).contains("default/blue/" + instance.address());

        Await.until("it is removed from all", () -> IntStream.range(0, MEMBERS)
                .noneMatch(member -> targets(member).contains(instance.address())));
        Await.until("it is forgotten", () -> offers().isBlank());
    }

    private String offers() {
        return etcd.control("get", "--prefix", "--keys-only", "/turnout/main/~offers/");
    }

    @Test
    @DisplayName(
            "Names stand for what one member is told, whatever others are told; when it is dead the next one's answer holds")
    void names() {
        Backend other = arena.application("other");
        try (DnsServer first = new DnsServer();
                DnsServer second = new DnsServer()) {
            int lower = startMore(naming("m0", first, blue));
            admin(lower).post("/admin/fleet/init").expect(200);
            Await.until("the first answer", () -> targets(lower).equals(List.of(blue.address())));
            int higher = startMore(naming("m1", second, other));
            Await.until("it has an answer of its own", () -> targets(higher).equals(List.of(other.address())));
            admin(higher).post("/admin/fleet/join").expect(200);
            Await.until("it serves what was decided", () -> targets(higher).equals(List.of(blue.address())));
            Await.until("all are here", () -> areHere(higher, 2));
            long decided = epoch(lower);

            // Answers live for a second: each member has looked up again.
            Await.pause(Duration.ofMillis(2_500));
            assertThat(epoch(lower)).isEqualTo(decided);
            assertThat(targets(higher)).containsExactly(blue.address());
            assertThat(electedFor(higher, "default")).isEqualTo("m0");

            members.get(lower).kill9();
            Await.until("the answer of the next", () -> targets(higher).equals(List.of(other.address())));
            assertThat(electedFor(higher, "default")).isEqualTo("m1");
            members.get(higher).kill9();
        }
    }

    private String electedFor(int member, String service) {
        return objects(fleetOf(member), "services").stream()
                .filter(known -> known.getString("service").equals(service))
                .findFirst()
                .orElseThrow()
                .getString("elected");
    }

    /** A member of a fleet whose blue slot is a name, and whose name server says that it stands for one target. */
    private TurnoutProcess.Settings naming(String member, DnsServer server, Backend target) {
        name(server, target);
        return settings(member)
                .set("turnout.fleet.name", "names")
                .set("turnout.blue", "srv:_http._tcp.internal")
                .set("turnout.upstream.dns-server", server.address());
    }

    /** Has a name stand for one target. */
    private static void name(DnsServer server, Backend target) {
        String[] address = target.address().split(":");
        server.addresses("blue.internal", address[0]);
        server.records(
                "_http._tcp.internal",
                new DnsServer.Record(
                        "_http._tcp.internal", DnsServer.Type.SRV, 1, "10 5 " + address[1] + " blue.internal"));
    }

    private List<String> targets(int member) {
        JsonObject slot = admin(member).status().getJsonObject("slots").getJsonObject("blue");
        return objects(slot, "targets").stream()
                .map(target -> target.getString("target"))
                .toList();
    }

    private TurnoutProcess.Settings ofServices(String member) {
        return settings(member).set("turnout.fleet.name", "services");
    }

    private String shop(Backend idle) {
        return new JsonObject()
                .put("hosts", "shop.example")
                .put("blue", blue.address())
                .put("green", idle.address())
                .encode();
    }

    private void assertNotSwitched(int member, String to, String... lacking) {
        Admin.Answer refused =
                admin(member).post("/admin/switch?service=shop&to=" + to).expect(409);
        assertThat(refused.problem()).isEqualTo("fleet-differs");
        assertThat(refused.json().getJsonArray("members")).containsExactly((Object[]) lacking);
    }

    private JsonObject shopAt(int member) {
        return admin(member).get("/admin/status?service=shop").expect(200).json();
    }

    private JsonObject shopOf(int member) {
        return objects(fleetOf(member), "services").stream()
                .filter(service -> service.getString("service").equals("shop"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> lacking(int member) {
        return shopOf(member).getJsonArray("lacking").stream()
                .map(String.class::cast)
                .toList();
    }

    private long epochOfShop(int member) {
        return shopOf(member).getLong("epoch");
    }

    private List<String> services(int member) {
        return objects(fleetOf(member), "services").stream()
                .map(service -> service.getString("service"))
                .toList();
    }

    @Test
    @DisplayName(
            "A user of etcd needs the keys of its fleet only; one that has lost them is told so, and the traffic goes on")
    void rights() {
        try (Etcd guarded = Etcd.start()) {
            guarded.control("user", "add", "root:root");
            guarded.control("user", "grant-role", "root", "root");
            guarded.control("user", "add", "turnout:secret");
            guarded.control("role", "add", "turnout");
            guarded.control("user", "grant-role", "turnout", "turnout");
            guarded.control("auth", "enable");
            String[] allow = {"role", "grant-permission", "turnout", "readwrite", "/turnout/own/", "--prefix=true"};
            String[] forbid = {"role", "revoke-permission", "turnout", "/turnout/own/", "--prefix=true"};
            int member = startMore(settings("own")
                    .set("turnout.fleet.name", "own")
                    .set("turnout.fleet.endpoints", guarded.addresses())
                    .set("turnout.fleet.user", "turnout")
                    .set("turnout.fleet.password-file", password().toString()));

            assertThat(admin(member).post("/admin/fleet/init").expect(503).text())
                    .contains("permission denied");
            guarded.asRoot(allow);
            Await.until(
                    "it is begun", () -> admin(member).post("/admin/fleet/init").status() == 200);
            admin(member).post("/admin/switch?to=green").expect(200);

            guarded.asRoot(forbid);
            Await.until("the loss is noticed", () -> fleetOf(member).getString("trouble") != null);
            assertThat(fleetOf(member).getString("trouble")).contains("etcd refuses the user", "permission denied");
            assertThat(admin(member).post("/admin/switch?to=blue").expect(503).problem())
                    .isEqualTo("fleet-unreachable");
            assertThat(ask(member).join()).isEqualTo("green");

            guarded.asRoot(allow);
            Await.until("all is well", () -> fleetOf(member).getString("trouble") == null);
            Await.until(
                    "a switch",
                    () -> admin(member).post("/admin/switch?to=blue").status() == 200);
            members.get(member).kill9();
        }
    }

    private Path password() {
        try {
            return Files.writeString(folder.resolve("password"), "secret");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A member of another fleet in the same etcd. */
    private TurnoutProcess.Settings doubting(String member) {
        return settings(member).set("turnout.fleet.name", "doubting");
    }

    private TurnoutProcess.Settings doubting(String member, EtcdInTheMiddle middle, String policy) {
        return doubting(member)
                .set("turnout.fleet.endpoints", middle.endpoint().toString())
                .set("turnout.fleet.hold", "500ms")
                .set("turnout.fleet.in-doubt", "1s")
                .set("turnout.fleet.when-in-doubt", policy)
                .set("turnout.pause.timeout", "60s");
    }

    private int ready(int member) {
        return admin(member).get("/q/health/ready").status();
    }

    private CompletableFuture<String> ask(int member) {
        HttpRequest request =
                HttpRequest.newBuilder(members.get(member).front()).build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
    }

    @Test
    @DisplayName("Of two switches at two members at once one is made, and the other one is refused or follows it")
    void two_at_once() {
        for (int round = 0; round < 5; round++) {
            String to = round % 2 == 0 ? "green" : "blue";
            long epoch = epoch(0);
            CompletableFuture<Admin.Answer> other = admin(1).postAsync("/admin/switch?to=" + to);
            admin(0).post("/admin/switch?to=" + to);
            other.join();

            assertThat(active(0)).isEqualTo(to);
            assertThat(active(1)).isEqualTo(to);
            assertThat(epoch(0)).isEqualTo(epoch + 1);
        }
    }

    @Test
    @DisplayName("A pause, its end and a canary are decided by the fleet too")
    void other_changes() {
        // A migration begins on the answer of a pause: it waits for what is in flight at the other member too.
        CountDownLatch end = new CountDownLatch(1);
        long before = blue.requests();
        blue.next(Effect.heldUntil(end, Effect.ok("late")));
        CompletableFuture<String> running = ask(1);
        Await.until("it is in flight", () -> blue.requests() == before + 1);
        CompletableFuture<Admin.Answer> pausing = admin(0).postAsync("/admin/pause?wait=drained");
        Await.until(
                "both are paused",
                () -> admin(0).status().getBoolean("paused")
                        && admin(1).status().getBoolean("paused"));
        assertThat(pausing).isNotDone();
        end.countDown();
        assertThat(running.join()).isEqualTo("late");
        assertThat(pausing.join().expect(200).json().getBoolean("drained")).isTrue();
        admin(1).post("/admin/resume").expect(200);
        assertThat(admin(0).status().getBoolean("paused")).isFalse();
        admin(1).post("/admin/canary?weight=10").expect(200);
        assertThat(admin(0).status().getJsonObject("canary").getInteger("weight"))
                .isEqualTo(10);
        admin(0).post("/admin/canary/promote").expect(200);
        assertThat(active(1)).isEqualTo("green");
        admin(0).post("/admin/rollback").expect(200);
        assertThat(active(1)).isEqualTo("blue");
    }

    @Test
    @DisplayName("A watched switch is judged by what all members see, and goes back at all of them")
    void a_watched_switch() throws Exception {
        askOften(1, 120);
        green.always(Effect.status(500, "broken"));
        try {
            CompletableFuture<Admin.Answer> switching = CompletableFuture.supplyAsync(
                    () -> admin(0).post("/admin/switch?to=green&watch=60s", "Idempotency-Key", "watched"));
            Await.until("green serves", () -> active(1).equals("green"));
            askOften(1, 150);

            JsonObject receipt = switching.join().expect(424).json().getJsonObject("receipt");
            JsonObject watch = receipt.getJsonObject("watch");
            assertThat(watch.getString("verdict")).isEqualTo("worse");
            assertThat(watch.getBoolean("flippedBack")).isTrue();
            assertThat(watch.getJsonObject("after").getLong("errors")).isGreaterThanOrEqualTo(100);
            assertThat(receipt.getJsonObject("fleet").getJsonArray("behind")).isEmpty();
            assertThat(active(2)).isEqualTo("blue");
            Await.until("nothing is left of it", () -> etcd.control("get", "--prefix", "--keys-only", "/turnout/main/")
                    .lines()
                    .noneMatch(key -> key.contains("/counts/") || key.contains("/watch/")));
        } finally {
            green.always(Effect.ok("green"));
        }
    }

    private void askOften(int member, int times) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(members.get(member).front()).build();
        for (int i = 0; i < times; i++) {
            client.send(request, HttpResponse.BodyHandlers.discarding());
        }
    }

    @Test
    @DisplayName("Two services change at all members by one decision, or at none, and go back so")
    void two_services() {
        List<Long> before = epochs(1);
        apiGreen.probes(Effect.status(503, "no"));
        assertThat(admin(0).post("/admin/switch" + BOTH).expect(424).problem()).isEqualTo("unhealthy");
        assertThat(epochs(1)).isEqualTo(before);

        apiGreen.probes(Effect.ok(""));
        JsonObject receipt =
                admin(0).post("/admin/switch" + BOTH + "&to=green").expect(200).json();

        assertThat(receipt.getJsonObject("drain").getBoolean("drained")).isTrue();
        List<JsonObject> services = objects(receipt, "services");
        assertThat(services).extracting(service -> service.getString("to")).containsExactly("green", "green");
        assertThat(services).allSatisfy(service -> assertThat(objects(service.getJsonObject("fleet"), "members"))
                .hasSize(MEMBERS));
        String change = services.get(0).getJsonObject("fleet").getString("change");
        String together = change.substring(0, change.indexOf('~'));
        assertThat(services.get(1).getJsonObject("fleet").getString("change")).startsWith(together);
        assertThat(epochs(1)).isEqualTo(before.stream().map(epoch -> epoch + 1).toList());
        assertThat(admin(1).get("/admin/changes/" + together).expect(200).json().getJsonArray("services"))
                .containsExactly("api", "default");

        admin(1).post("/admin/rollback" + BOTH).expect(200);
        assertThat(epochs(0)).isEqualTo(before.stream().map(epoch -> epoch + 2).toList());
    }

    private List<Long> epochs(int member) {
        return objects(fleetOf(member), "services").stream()
                .map(service -> service.getLong("here"))
                .toList();
    }

    private static List<JsonObject> objects(JsonObject json, String name) {
        return json.getJsonArray(name).stream().map(JsonObject.class::cast).toList();
    }
}
