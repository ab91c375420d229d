package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.EpochOrder;
import dev.turnout.support.Etcd;
import dev.turnout.support.EtcdInTheMiddle;
import dev.turnout.support.FleetClients;
import dev.turnout.support.RequiresProgram;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One fleet of three answers all questions, one after the other. What is checked throughout: no request is answered under an
 * older decision after a newer one had been seen, over all clients and members; and no request fails.
 */
@RequiresProgram(value = "etcd", debianPackage = "etcd-server")
@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("A strict fleet of three Turnouts under load")
final class StrictFleetIT {

    private static final int MEMBERS = 3;
    private static final int FLIPS = 20;

    /** The member that has a proxy between itself and etcd. */
    private static final int LAST = 2;

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    private final Etcd etcd = Etcd.start();
    private final EtcdInTheMiddle middle =
            EtcdInTheMiddle.before(etcd.endpoints().get(0));
    private final Backend blue = arena.backend();
    private final Backend green = arena.backend();
    private final List<TurnoutProcess.Settings> settings = new ArrayList<>();
    private final List<TurnoutProcess> members = new ArrayList<>();
    private FleetClients clients;
    private long epoch = 1;

    @BeforeAll
    void begin() {
        serveIn(epoch);
        for (int i = 0; i < MEMBERS; i++) {
            settings.add(TurnoutProcess.with()
                    .blue(blue)
                    .green(green)
                    .set("turnout.health.interval", "20ms")
                    .set("turnout.health.rise", "1")
                    .set("turnout.drain.timeout", "3s")
                    .set(
                            "turnout.fleet.endpoints",
                            i == LAST ? middle.endpoint().toString() : etcd.addresses())
                    .set("turnout.fleet.member", "m" + i)
                    .set("turnout.fleet.hold", "3s")
                    .set("turnout.fleet.in-doubt", "20s")
                    .set("turnout.fleet.lease", "3s"));
            members.add(arena.start(settings.get(i)));
            String word = i == 0 ? "init" : "join";
            Admin own = admin(i);
            Await.until(word, () -> own.post("/admin/fleet/" + word).status() == 200);
        }
        awaitAll();
    }

    @AfterEach
    void endLoad() {
        middle.mend();
        clients.close();
    }

    @AfterAll
    void end() {
        middle.close();
        etcd.close();
    }

    private Admin admin(int member) {
        return members.get(member).admin();
    }

    private void load() {
        SortedMap<String, URI> fronts = new TreeMap<>();
        IntStream.range(0, MEMBERS)
                .forEach(i -> fronts.put("m" + i, members.get(i).front()));
        clients = FleetClients.of(fronts, 2);
    }

    private void awaitAll() {
        Await.until("all are here, and serve what was decided", () -> IntStream.range(0, MEMBERS)
                .allMatch(this::isInStep));
    }

    private boolean isInStep(int member) {
        JsonObject fleet = admin(member).get("/admin/fleet").json();
        return fleet.getString("trouble") == null
                && objects(fleet, "members").stream().allMatch(place -> place.getBoolean("present"))
                && objects(fleet, "services").stream()
                        .allMatch(service -> service.getLong("here").equals(service.getLong("epoch"))
                                && service.getString("changing") == null);
    }

    private static List<JsonObject> objects(JsonObject json, String name) {
        JsonArray array = json.getJsonArray(name);
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
    }

    /** The slot that serves in an epoch says so: blue in the odd ones. It is drained when it is told of another epoch. */
    private void serveIn(long next) {
        (next % 2 == 1 ? blue : green).always(Effect.ok(String.valueOf(next)));
    }

    private CompletableFuture<Admin.Answer> begin(int member) {
        serveIn(epoch + 1);
        return admin(member).postAsync("/admin/switch?to=" + (epoch % 2 == 1 ? "green" : "blue"));
    }

    /** Switches. A machine that is too busy for the times of a vote refuses: then once more. */
    private JsonObject flip(int member) {
        Admin.Answer answer = begin(member).join();
        while (answer.status() != 200) {
            System.out.println("once more: " + answer.text());
            learn();
            answer = begin(member).join();
        }
        epoch++;
        return answer.json().getJsonObject("fleet");
    }

    /** Takes what has become of a change that may have been made or not: all members have to agree on it. */
    private void learn() {
        awaitAll();
        long decided = admin(0).status().getLong("revision");
        assertThat(decided).isBetween(epoch, epoch + 1);
        for (int i = 0; i < MEMBERS; i++) {
            assertThat(admin(i).status().getLong("revision")).isEqualTo(decided);
        }
        epoch = decided;
    }

    private void assertOrder() {
        assertThat(EpochOrder.violations(clients.notes())).isEmpty();
        assertThat(clients.failures()).isEmpty();
        assertThat(clients.answers()).hasSize(MEMBERS).allSatisfy((member, count) -> assertThat(count)
                .isGreaterThan(20));
    }

    @Test
    @Timeout(120)
    @DisplayName("flips 20 times without one answer out of order, and its receipts say who held requests for how long")
    void flips_in_order() {
        load();
        for (int i = 0; i < FLIPS; i++) {
            JsonObject fleet = flip(i % MEMBERS);

            assertThat(fleet.getString("state")).isEqualTo("drained");
            assertThat(objects(fleet, "members")).hasSize(MEMBERS).allSatisfy(member -> {
                JsonObject vote = member.getJsonObject("vote");
                assertThat(vote.getBoolean("held")).isTrue();
                assertThat(vote.getBoolean("servedInDoubt")).isFalse();
                assertThat(vote.getLong("heldMillis")).isBetween(0L, 20_000L);
                assertThat(member.getJsonObject("drain").getBoolean("drained")).isTrue();
            });
            System.out.println("held: "
                    + objects(fleet, "members").stream()
                            .map(member -> member.getJsonObject("vote"))
                            .map(vote -> vote.getLong("heldMillis") + " ms, " + vote.getLong("heldRequests"))
                            .toList());
        }
        clients.close();
        assertOrder();
    }

    @Test
    @DisplayName("makes a change with a key once, whichever member is asked, and each member knows what became of it")
    void keys() {
        load();
        serveIn(epoch + 1);
        String call = "/admin/switch?to=" + (epoch % 2 == 1 ? "green" : "blue");
        Await.until(
                "a switch",
                () -> admin(0).post(call, "Idempotency-Key", "deploy-41").status() == 200);
        epoch++;

        Admin.Answer again = admin(1).post("/admin/switch", "Idempotency-Key", "deploy-41");
        JsonObject change =
                admin(LAST).get("/admin/changes/deploy-41").expect(200).json();

        assertThat(again.expect(409).problem()).isEqualTo("already-made");
        assertThat(change.getString("change")).startsWith("deploy-41");
        assertThat(change.getJsonObject("receipt").getLong("epoch")).isEqualTo(epoch);
        assertThat(admin(1).get("/admin/changes/deploy-42").expect(404).problem())
                .isEqualTo("no-change");
        learn();
    }

    @Test
    @Timeout(120)
    @DisplayName("learns what was decided, whatever is lost between a member and etcd")
    void resolves_doubt() {
        load();

        middle.loseAnswer("/armed/");
        flip(0);

        middle.loseAnswer("/receipt/");
        flip(LAST);

        // The vote of the last member counts, and it is cut off from then on: the others tell it what was decided.
        middle.cutAfter("/armed/");
        CompletableFuture<Admin.Answer> made = begin(0);
        middle.awaitMet();
        Await.until(
                "the others say what was decided", () -> admin(LAST).status().getLong("revision") == epoch + 1);
        middle.mend();
        epoch++;
        assertThat(made.join().expect(200).json().getJsonObject("fleet").getString("state"))
                .isEqualTo("drained");

        // The commit does not get through in time: all members take their votes back, and it counts no more.
        learn();
        middle.keep("/receipt/");
        CompletableFuture<Admin.Answer> late = begin(LAST);
        middle.awaitMet();
        assertThat(late.join().expect(409).problem()).isEqualTo("member-slow");
        middle.letGo();
        learn();

        // etcd stands still at some moment of a switch: everybody waits until it goes on.
        for (int round = 0; round < 2; round++) {
            CompletableFuture<Admin.Answer> switching = begin(round);
            Await.pause(Duration.ofMillis(15L * round));
            etcd.node(0).freeze();
            Await.pause(Duration.ofMillis(1_200));
            etcd.node(0).thaw();
            switching.join();
            learn();
        }
        clients.close();
        assertOrder();
    }

    @Test
    @DisplayName("says at once that etcd did not answer, and says again what etcd has not taken, instead of waiting")
    void updates_get_lost() {
        load();

        middle.drop("/ready/");
        CompletableFuture<Admin.Answer> proved = begin(0);
        middle.awaitMet();
        assertThat(proved.orTimeout(15, TimeUnit.SECONDS)
                        .join()
                        .expect(200)
                        .json()
                        .getJsonObject("fleet")
                        .getString("state"))
                .isEqualTo("drained");
        epoch++;

        middle.drop("/change/");
        CompletableFuture<Admin.Answer> begun = begin(LAST);
        middle.awaitMet();
        assertThat(begun.orTimeout(15, TimeUnit.SECONDS).join().expect(503).problem())
                .isEqualTo("fleet-unreachable");
        learn();
        flip(LAST);

        // The end of a pause needs no votes: it is sent until etcd has it, and is made once.
        admin(LAST).post("/admin/pause").expect(200);
        middle.drop("/receipt/");
        CompletableFuture<Admin.Answer> resumed = admin(LAST).postAsync("/admin/resume");
        middle.awaitMet();
        resumed.orTimeout(15, TimeUnit.SECONDS).join().expect(200);
        epoch += 2;
        learn();
        clients.close();
        assertOrder();
    }

    @Test
    @DisplayName(
            "lets a member leave that keeps requests for a vote when it knows what was decided, and serves on there")
    void a_member_leaves_with_a_vote() {
        load();
        middle.keep("/receipt/");
        CompletableFuture<Admin.Answer> late = begin(LAST);
        middle.awaitMet();

        // All have voted. The commit never comes: each takes its vote back after a while.
        admin(1).delete("/admin/fleet/members/m1").expect(200);
        int before = clients.answers().getOrDefault("m1", 0);
        Await.until("requests are answered there", () -> clients.answers().getOrDefault("m1", 0) > before + 10);
        assertThat(late.join().status()).isEqualTo(409);
        middle.letGo();
        admin(1).post("/admin/fleet/join").expect(200);
        learn();
        clients.close();
        assertOrder();
    }

    @Test
    @DisplayName("agrees with a member that was killed in the middle of a switch, and has no failures but that one's")
    void a_member_is_killed() {
        load();
        for (int round = 0; round < 2; round++) {
            CompletableFuture<Admin.Answer> switching = begin(0);
            Await.pause(Duration.ofMillis(20L * round));
            members.get(1).kill9();
            members.set(1, arena.start(settings.get(1)));
            switching.join();
            learn();
        }
        clients.close();

        assertThat(EpochOrder.violations(clients.notes())).isEmpty();
        assertThat(clients.failures())
                .allSatisfy(failure -> assertThat(failure.member()).isEqualTo("m1"));
    }
}
