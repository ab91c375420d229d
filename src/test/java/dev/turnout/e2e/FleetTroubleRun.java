package dev.turnout.e2e;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.EpochOrder;
import dev.turnout.support.Etcd;
import dev.turnout.support.FleetClients;
import dev.turnout.support.TestNetwork;
import dev.turnout.support.TestNetwork.Host;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A program that switches a fleet on three nodes of etcd, each on a host of its own, while something goes wrong in each
 * round. It has to run in a network namespace of its own. The last line that it prints is a JSON object.
 *
 * <p>Arguments: a seed, the number of rounds, {@code strict} or {@code fast}, the number of members. With {@code fast}
 * nothing goes wrong.
 */
final class FleetTroubleRun implements AutoCloseable {

    private static final int NODES = 3;

    /** A client may notice a moment after a killed member serves again. */
    private static final long NOTICED_NANOS = 1_000_000_000L;

    private final Random random;
    private final boolean isFast;
    private final int count;
    private final TestNetwork network = TestNetwork.start();
    private final Etcd etcd;
    private final List<Host> nodeHosts;
    private final List<Host> hosts;
    private final Backend blue = Backend.at(TestNetwork.HERE);
    private final Backend green = Backend.at(TestNetwork.HERE);
    private final List<TurnoutProcess.Settings> settings = new ArrayList<>();
    private final List<TurnoutProcess> members = new ArrayList<>();
    private final List<Down> downs = new ArrayList<>();
    private long epoch = 1;
    private int made;
    private long mostSettleMillis;

    /** A time in which requests at a member may fail. */
    private record Down(String member, long from, long to) {}

    /** Something that goes wrong, and its end. */
    private record Trouble(String name, Runnable begin, Runnable end) {}

    private FleetTroubleRun(long seed, boolean isFast, int count) {
        random = new Random(seed);
        this.isFast = isFast;
        this.count = count;
        nodeHosts =
                IntStream.range(0, NODES).mapToObj(i -> network.host(11 + i)).toList();
        hosts = IntStream.range(0, count).mapToObj(i -> network.host(21 + i)).toList();
        etcd = Etcd.on(nodeHosts);
        serveIn(epoch);
        for (int i = 0; i < count; i++) {
            settings.add(TurnoutProcess.with()
                    .blue(blue)
                    .green(green)
                    .on(hosts.get(i))
                    .set("turnout.health.rise", "1")
                    .set("turnout.drain.timeout", "3s")
                    .set("turnout.fleet.endpoints", etcd.addresses())
                    .set("turnout.fleet.member", "m" + i)
                    .set("turnout.fleet.flip", isFast ? "fast" : "strict")
                    .set("turnout.fleet.hold", "2s")
                    .set("turnout.fleet.in-doubt", "60s")
                    .set("turnout.fleet.lease", "3s"));
            members.add(settings.get(i).start());
            Admin own = admin(i);
            String word = i == 0 ? "init" : "join";
            Await.until(word, () -> own.post("/admin/fleet/" + word).status() == 200);
        }
        settle();
    }

    public static void main(String[] args) throws InterruptedException {
        long seed = Long.parseLong(args[0]);
        System.out.println("seed " + seed);
        JsonObject found;
        try (FleetTroubleRun run = new FleetTroubleRun(seed, args[2].equals("fast"), Integer.parseInt(args[3]))) {
            found = run.rounds(Integer.parseInt(args[1]));
        }
        System.out.println(found.encode());
        System.exit(0);
    }

    private Admin admin(int member) {
        return members.get(member).admin();
    }

    private void serveIn(long next) {
        (next % 2 == 1 ? blue : green).always(Effect.ok(String.valueOf(next)));
    }

    private JsonObject rounds(int rounds) {
        SortedMap<String, URI> fronts = new TreeMap<>();
        IntStream.range(0, count)
                .forEach(i -> fronts.put("m" + i, members.get(i).front()));
        FleetClients clients = FleetClients.of(fronts, 2);
        for (int round = 0; round < rounds; round++) {
            round(round);
        }
        clients.close();
        JsonArray failed = new JsonArray();
        clients.failures().stream()
                .filter(failure -> downs.stream().noneMatch(down -> isIn(down, failure)))
                .forEach(failure -> failed.add(failure.member() + ": " + failure.what()));
        JsonArray violations = new JsonArray();
        EpochOrder.violations(clients.notes()).stream().limit(5).forEach(found -> violations.add(found.toString()));
        return new JsonObject()
                .put("rounds", rounds)
                .put("made", made)
                .put("answers", clients.notes().size())
                .put("failuresAtKilled", clients.failures().size() - failed.size())
                .put("failed", failed)
                .put("violations", violations)
                .put("mostSettleMillis", mostSettleMillis);
    }

    private static boolean isIn(Down down, FleetClients.Failure failure) {
        return down.member().equals(failure.member())
                && failure.nanos() >= down.from()
                && failure.nanos() <= down.to() + NOTICED_NANOS;
    }

    private void round(int round) {
        Trouble trouble = isFast ? new Trouble("nothing", () -> {}, () -> {}) : trouble();
        int leads = random.nextInt(count);
        serveIn(epoch + 1);
        CompletableFuture<Admin.Answer> switching =
                admin(leads).postAsync("/admin/switch?to=" + (epoch % 2 == 1 ? "green" : "blue"));
        Await.pause(Duration.ofMillis(random.nextInt(200)));
        trouble.begin().run();
        if (!isFast) {
            Await.pause(Duration.ofMillis(100 + random.nextInt(random.nextInt(5) == 0 ? 8_000 : 2_000)));
        }
        trouble.end().run();
        long ended = System.nanoTime();
        String answer = switching
                .handle((answered, failure) -> failure == null ? answered.status() + "" : "lost")
                .join();
        long before = epoch;
        settle();
        long settled = (System.nanoTime() - ended) / 1_000_000;
        mostSettleMillis = Math.max(mostSettleMillis, settled);
        made += (int) (epoch - before);
        System.out.printf(
                "round %d: m%d switches, %s: %s, epoch %d, settled %d ms after%n",
                round, leads, trouble.name(), answer, epoch, settled);
    }

    /** Waits until all members are here, serve one decision, and change nothing. */
    private void settle() {
        Await.until(() -> "the fleet has settled", Duration.ofSeconds(60), () -> IntStream.range(0, count)
                .allMatch(this::isSettled));
        long decided = admin(0).status().getLong("revision");
        if (decided < epoch || decided > epoch + 1) {
            throw new AssertionError("epoch " + decided + " after epoch " + epoch);
        }
        epoch = decided;
    }

    private boolean isSettled(int member) {
        JsonObject fleet = admin(member).get("/admin/fleet").json();
        JsonArray services = fleet.getJsonArray("services");
        return fleet.getString("trouble") == null
                && fleet.getJsonArray("members").size() == (members.size())
                && fleet.getJsonArray("missing").isEmpty()
                && fleet.getJsonArray("behind").isEmpty()
                && !services.isEmpty()
                && services.getJsonObject(0).getString("changing") == null
                && services.getJsonObject(0)
                        .getLong("here")
                        .equals(services.getJsonObject(0).getLong("epoch"));
    }

    // ------------------------------------------------------------------ what goes wrong

    private Trouble trouble() {
        int member = random.nextInt(count);
        int node = random.nextInt(NODES);
        return switch (random.nextInt(10)) {
            case 0 ->
                new Trouble("m" + member + " stands still", () -> signal("STOP", member), () -> signal("CONT", member));
            case 1 ->
                new Trouble(
                        "node " + node + " stands still", () -> etcd.node(node).freeze(), () -> etcd.node(node)
                                .thaw());
            case 2 -> new Trouble("m" + member + " is killed", () -> kill(member), () -> {});
            case 3 -> leaderDies();
            case 4 -> cut("m" + member + " is cut off from etcd", List.of(hosts.get(member)), nodeHosts, true);
            case 5 -> cut("m" + member + " gets nothing of etcd", nodeHosts, List.of(hosts.get(member)), false);
            case 6 -> cut("members are cut off from each other", hosts, hosts, false);
            case 7 -> cut("node " + node + " is cut off from etcd", List.of(nodeHosts.get(node)), nodeHosts, true);
            case 8 -> allNodesDie();
            default -> new Trouble("a compaction", etcd::compact, () -> {});
        };
    }

    private Trouble leaderDies() {
        int leader = IntStream.range(0, NODES)
                .filter(i -> etcd.node(i).isLeader())
                .findFirst()
                .orElse(0);
        return new Trouble(
                "the leader of etcd is killed", () -> etcd.node(leader).die(), () -> etcd.node(leader)
                        .start());
    }

    private Trouble allNodesDie() {
        return new Trouble(
                "all nodes of etcd are killed",
                () -> IntStream.range(0, NODES).forEach(i -> etcd.node(i).die()),
                () -> IntStream.range(0, NODES).forEach(i -> etcd.node(i).start()));
    }

    private static Trouble cut(String name, List<Host> from, List<Host> to, boolean isBothWays) {
        List<Host> cutting = new ArrayList<>(from);
        if (isBothWays) {
            cutting.addAll(to);
        }
        return new Trouble(
                name,
                () -> from.forEach(
                        host -> to.stream().filter(other -> other != host).forEach(other -> {
                            host.cutTo(other);
                            if (isBothWays) {
                                other.cutTo(host);
                            }
                        })),
                () -> cutting.forEach(Host::mend));
    }

    private void kill(int member) {
        long from = System.nanoTime();
        members.get(member).kill9();
        members.set(member, settings.get(member).start());
        downs.add(new Down("m" + member, from, System.nanoTime()));
    }

    private void signal(String name, int member) {
        try {
            new ProcessBuilder(
                            "kill",
                            "-" + name,
                            String.valueOf(members.get(member).pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        members.forEach(TurnoutProcess::close);
        etcd.close();
        blue.close();
        green.close();
        network.close();
    }
}
