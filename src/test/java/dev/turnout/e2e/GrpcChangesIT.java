package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Ports;
import dev.turnout.support.TestAuthority;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One Turnout with a service for each test, all with the same two servers of gRPC's own. */
@DisplayName("Each kind of change knows calls of gRPC")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GrpcChangesIT {

    private static final int CALLERS = 8;
    private static final String METHOD = "/grpc.testing.TestService/UnaryCall";
    private static final Pattern CALLS = Pattern.compile("calls (\\S+) (\\S+) (\\S+) x (\\d+)");

    @RegisterExtension
    static final TurnoutExtension arena = new TurnoutExtension();

    @TempDir
    static Path folder;

    private GrpcVersion blue;
    private GrpcVersion green;
    private GrpcProgram client;
    private TurnoutProcess turnout;

    /** What has come of calls that ended alike; no slot or cause is {@code -}. */
    private record Calls(String slot, String status, String cause, long count) {

        static List<Calls> of(List<String> lines) {
            List<Calls> all = new ArrayList<>();
            for (String line : lines) {
                Matcher parts = CALLS.matcher(line);
                if (parts.matches()) {
                    all.add(new Calls(parts.group(1), parts.group(2), parts.group(3), Long.parseLong(parts.group(4))));
                }
            }
            return all;
        }

        boolean isOk() {
            return status.equals("OK");
        }
    }

    @BeforeAll
    void start() throws Exception {
        GrpcProgram.compile();
        TestAuthority authority = TestAuthority.root("grpc");
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        blue = GrpcVersion.launch(authority, folder);
        green = GrpcVersion.launch(authority, folder);
        client = GrpcProgram.launch("calls", ca.toString(), String.valueOf(CALLERS));
        blue.program().awaitReady();
        green.program().awaitReady();
        TurnoutProcess.Settings settings = TurnoutProcess.with()
                .set("turnout.show-slot", "true")
                .set("turnout.drain.timeout", "4s")
                .set("turnout.health.interval", "50ms");
        for (String service : List.of("canary", "pause", "watch", "receipt")) {
            service(settings, service, blue.target(), green.target());
        }
        service(settings, "rolling", blue.target() + "," + green.target(), "127.0.0.1:" + Ports.next());
        turnout = arena.start(settings);
        client.awaitReady();
    }

    private static void service(TurnoutProcess.Settings settings, String name, String blueTargets, String greenTarget) {
        String prefix = "turnout.services.\"" + name + "\".";
        settings.set(prefix + "hosts", name + ".example")
                .set(prefix + "blue", blueTargets)
                .set(prefix + "green", greenTarget)
                .set(prefix + "protocol", "h2c")
                .set(prefix + "health.type", "grpc")
                // Calls of the tests keep a small machine busy.
                .set(prefix + "health.timeout", "10s")
                .set(prefix + "health.deadline", "30s");
    }

    @AfterAll
    void end() {
        if (blue != null) {
            blue.close();
            green.close();
            client.close();
        }
    }

    private void call(String service) throws IOException {
        client.tell("call plain:" + service + ".example:" + turnout.front().getPort());
    }

    /** Returns what has come of the calls since the last time. */
    private List<Calls> calls(String until) throws IOException {
        return Calls.of(client.tell(until));
    }

    private Admin.Answer post(String service, String call) {
        return turnout.admin().post("/admin/" + call + (call.contains("?") ? "&" : "?") + "service=" + service);
    }

    private JsonObject status(String service) {
        return turnout.admin()
                .get("/admin/status?service=" + service)
                .expect(200)
                .json();
    }

    private JsonObject target(String service, String slot, int index) {
        return status(service)
                .getJsonObject("slots")
                .getJsonObject(slot)
                .getJsonArray("targets")
                .getJsonObject(index);
    }

    private long requests(String service, String slot, int index) {
        return target(service, slot, index).getLong("requests");
    }

    private static long count(List<Calls> calls, String slot) {
        return calls.stream()
                .filter(some -> some.slot().equals(slot))
                .mapToLong(Calls::count)
                .sum();
    }

    private void awaitMore(String service, String slot, int index, long count) {
        long before = requests(service, slot, index);
        Await.until(count + " calls at " + slot, () -> requests(service, slot, index) >= before + count);
    }

    @AfterEach
    void rest() throws IOException {
        blue.tell("serve");
        green.tell("serve");
        client.tell("rest");
    }

    @Test
    @DisplayName("a canary gets its share of the calls, not of the connections, and loses all of them when it ends")
    void a_canarys_share_counts_calls() throws IOException {
        call("canary");
        post("canary", "canary?weight=25").expect(200);
        calls("before");
        awaitMore("canary", "green", 0, 300);
        List<Calls> shared = calls("shared");
        post("canary", "canary?weight=0").expect(200);
        calls("abort");
        long atAbort = requests("canary", "green", 0);
        awaitMore("canary", "blue", 0, 200);
        List<Calls> after = calls("rest");

        assertThat(shared).allMatch(Calls::isOk);
        long all = count(shared, "blue") + count(shared, "green");
        // Five standard deviations of 1,000 calls. A share of connections would be a multiple of an eighth.
        assertThat((double) count(shared, "green") / all).as("%s", shared).isCloseTo(0.25, within(0.07));
        assertThat(after).allMatch(Calls::isOk);
        assertThat(count(after, "green")).as("%s", after).isZero();
        assertThat(requests("canary", "green", 0)).isEqualTo(atAbort);
    }

    @Test
    @DisplayName("targets are replaced one by one, and no call fails")
    void a_rolling_replacement_loses_no_call() throws IOException {
        call("rolling");
        List<GrpcVersion> versions = List.of(blue, green);
        for (int i = 0; i < versions.size(); i++) {
            String name = versions.get(i).target();
            awaitMore("rolling", "blue", i, 50);
            JsonObject drain = post("rolling", "targets/" + name + "/drain")
                    .expect(200)
                    .json()
                    .getJsonObject("drain");
            assertThat(drain.getBoolean("drained")).as(drain.encode()).isTrue();
            versions.get(i).tell("restart");
            awaitMore("rolling", "blue", 1 - i, 50);
            post("rolling", "targets/" + name + "/ready").expect(200);
            awaitMore("rolling", "blue", i, 50);
        }
        assertThat(calls("rest")).isNotEmpty().allMatch(Calls::isOk);
    }

    @Test
    @DisplayName("a pause holds calls, and lets them go to the version that serves then")
    void a_pause_holds_calls() throws IOException {
        call("pause");
        awaitMore("pause", "blue", 0, 50);
        post("pause", "pause").expect(200);
        Await.until("every caller waits", () -> status("pause").getInteger("held") == CALLERS);
        List<Calls> before = calls("before");
        post("pause", "switch?to=green").expect(200);
        List<Calls> paused = calls("paused");
        post("pause", "resume").expect(200);
        awaitMore("pause", "green", 0, 100);
        List<Calls> after = calls("rest");

        assertThat(before).allMatch(some -> some.isOk() && some.slot().equals("blue"));
        assertThat(paused).isEmpty();
        assertThat(after)
                .isNotEmpty()
                .allMatch(some -> some.isOk() && some.slot().equals("green"));
    }

    @Test
    @DisplayName(
            "a watch takes a version back that fails calls by its status, and lets one be whose clients are at fault")
    void a_watch_sees_the_status_of_calls() throws IOException {
        call("watch");
        // The one is in the head of an answer without content, the other in a trailer.
        for (String fault : List.of("refuse UNAVAILABLE", "fail INTERNAL")) {
            awaitMore("watch", "blue", 0, 200);
            green.tell(fault);
            calls("before");
            JsonObject watch = post("watch", "switch?to=green&watch=60s")
                    .expect(424)
                    .json()
                    .getJsonObject("receipt")
                    .getJsonObject("watch");
            List<Calls> calls = calls(fault);
            assertThat(watch.getString("verdict")).as(watch.encode()).isEqualTo("worse");
            assertThat(watch.getBoolean("flippedBack")).isTrue();
            JsonObject after = watch.getJsonObject("after");
            assertThat(after.getLong("errors")).isEqualTo(after.getLong("requests"));
            assertThat(calls)
                    .filteredOn(some -> some.slot().equals("green"))
                    .singleElement()
                    .matches(some -> fault.endsWith(some.status()) && some.count() >= after.getLong("errors"));
            assertThat(status("watch").getString("active")).isEqualTo("blue");
        }

        green.tell("fail NOT_FOUND");
        JsonObject watch =
                post("watch", "switch?to=green&watch=2s").expect(200).json().getJsonObject("watch");
        assertThat(watch.getString("verdict")).as(watch.encode()).isNotEqualTo("worse");
        assertThat(watch.getJsonObject("after").getLong("requests")).isPositive();
        assertThat(watch.getJsonObject("after").getLong("errors")).isZero();
    }

    @Test
    @DisplayName("a receipt counts the calls in flight that were let end, and names those that were cut")
    void a_receipt_counts_calls() throws IOException {
        call("receipt");
        hold("blue", blue);
        CompletableFuture<Admin.Answer> switching = turnout.admin().postAsync("/admin/switch?to=green&service=receipt");
        Await.until("the drain", () -> isDraining("receipt"));
        blue.tell("serve");
        JsonObject drain = switching.join().expect(200).json().getJsonObject("drain");
        assertThat(drain.getInteger("completed")).as(drain.encode()).isEqualTo(CALLERS);
        assertThat(drain.getInteger("streamsEnded")).isZero();
        assertThat(drain.getInteger("cutCount")).isZero();
        assertThat(calls("let end")).isNotEmpty().allMatch(Calls::isOk);

        hold("green", green);
        drain = post("receipt", "switch?to=blue").expect(200).json().getJsonObject("drain");
        assertThat(drain.getInteger("cutCount")).as(drain.encode()).isEqualTo(CALLERS);
        assertThat(drain.getJsonArray("cut"))
                .allMatch(cut -> ((JsonObject) cut).getString("path").equals(METHOD));
        awaitMore("receipt", "blue", 0, 50);
        assertThat(calls("rest"))
                .filteredOn(calls -> !calls.isOk())
                .containsExactly(new Calls("-", "UNAVAILABLE", "drain-timeout", CALLERS));
    }

    private void hold(String slot, GrpcVersion version) throws IOException {
        version.tell("hold");
        Await.until(
                "every caller waits at " + slot,
                () -> target("receipt", slot, 0).getInteger("inFlight") == CALLERS);
    }

    private boolean isDraining(String service) {
        JsonObject switching = status(service).getJsonObject("switching");
        return switching != null && "drain".equals(switching.getString("step"));
    }
}
