package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.DnsServer;
import dev.turnout.support.DnsServer.Record;
import dev.turnout.support.DnsServer.Type;
import dev.turnout.support.Load;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Slot blue has the targets that are given at run time, and slot green those of a name. */
@DisplayName("Targets that come and go under load are those of a model, and no request fails")
final class TargetModelIT {

    private static final String NAME = "_http._tcp.app.internal";
    private static final String DNS = "DNS";

    private static final int CHANGES = Rounds.of(40, 500);
    private static final int BETWEEN_CRASHES = 17;
    private static final int LONGEST_CHANGE_MILLIS = 40;
    private static final int LONGEST_LOOK_UP_MILLIS = 1_500;
    private static final Duration LONGEST_FOLLOWING = Duration.ofSeconds(20);

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final DnsServer names = new DnsServer();

    private final List<String> backends = IntStream.range(0, 8)
            .mapToObj(i -> arena.application("app").address())
            .toList();

    /** What the targets of both slots should be, written without a line of the program. */
    private record Model(String active, Map<String, List<String>> slots, long revision) {

        String idle() {
            return active.equals("blue") ? "green" : "blue";
        }

        static String other(String slot) {
            return slot.equals("blue") ? "green" : "blue";
        }

        Model with(String slot, List<String> targets) {
            Map<String, List<String>> next = new TreeMap<>(slots);
            next.put(slot, List.copyOf(targets));
            return next.equals(slots) ? this : new Model(active, next, revision + 1);
        }

        Model switched() {
            return new Model(idle(), slots, revision + 1);
        }

        /** Returns true if this is what a change of names has led to: in several steps, in an order that nobody promises. */
        boolean isNamedBy(Model wanted) {
            return active.equals(wanted.active)
                    && slots.get("blue").equals(wanted.slots.get("blue"))
                    && Set.copyOf(slots.get("green")).equals(Set.copyOf(wanted.slots.get("green")));
        }

        boolean has(String slot, String target) {
            return slots.getOrDefault(slot, List.of()).contains(target);
        }
    }

    /**
     * A change.
     *
     * @param method of the call; {@value #DNS} for none: the name server says something else
     * @param path of the call
     * @param body of the call, or the targets of the name
     * @param status that it has to be answered with
     * @param after the model after it
     */
    private record Step(String method, String path, String body, int status, Model after) {}

    private Step step(Random random, Model now) {
        String slot = random.nextInt(4) > 0 ? "blue" : "green";
        String target = backends.get(random.nextInt(backends.size()));
        String all = "/admin/slots/" + slot + "/targets";
        List<String> targets = new ArrayList<>(now.slots().getOrDefault(slot, List.of()));
        int kind = random.nextInt(7);
        if (kind == 6) {
            return named(random, now);
        }
        if (slot.equals("green") && kind < 5) {
            return kind < 2
                    ? new Step("PUT", all + "/" + target, "", 409, now)
                    : new Step("DELETE", all + "/" + target, "", 409, now);
        }
        return switch (kind) {
            case 0, 1 -> {
                boolean isElsewhere = now.has(Model.other(slot), target);
                if (!targets.contains(target)) {
                    targets.add(target);
                }
                yield isElsewhere
                        ? new Step("PUT", all + "/" + target, "", 409, now)
                        : new Step("PUT", all + "/" + target, "", 200, now.with(slot, targets));
            }
            case 2, 3 -> {
                boolean isThere = targets.remove(target);
                boolean isLast = isThere && targets.isEmpty() && slot.equals(now.active());
                yield !isThere || isLast
                        ? new Step("DELETE", all + "/" + target, "", isLast ? 409 : 404, now)
                        : new Step("DELETE", all + "/" + target, "", 200, now.with(slot, targets));
            }
            case 4 -> {
                List<String> next = new ArrayList<>(backends);
                next.removeAll(now.slots().getOrDefault(Model.other(slot), List.of()));
                Collections.shuffle(next, random);
                next.subList(random.nextInt(next.size() + 1), next.size()).clear();
                boolean isLast = next.isEmpty() && slot.equals(now.active());
                yield new Step(
                        "PUT",
                        all,
                        new JsonArray(next).encode(),
                        isLast ? 409 : 200,
                        isLast ? now : now.with(slot, next));
            }
            default -> {
                boolean isEmpty =
                        now.slots().getOrDefault(now.idle(), List.of()).isEmpty();
                String path = "/admin/switch?to=" + now.idle();
                yield isEmpty ? new Step("POST", path, "", 404, now) : new Step("POST", path, "", 200, now.switched());
            }
        };
    }

    /** Returns a change of what the name stands for. */
    private Step named(Random random, Model now) {
        List<String> next = new ArrayList<>(backends);
        next.removeAll(now.slots().get("blue"));
        if (next.isEmpty()) {
            next.addAll(now.slots().get("green"));
        }
        Collections.shuffle(next, random);
        next.subList(1 + random.nextInt(next.size()), next.size()).clear();
        return new Step(DNS, NAME, new JsonArray(next).encode(), 200, now.with("green", next));
    }

    /** Has the name stand for these targets. */
    private void say(List<String> targets) {
        List<Record> records = new ArrayList<>();
        for (String target : targets) {
            String[] address = target.split(":");
            String host = "h" + address[1] + ".internal";
            names.addresses(host, address[0]);
            records.add(new Record(NAME, Type.SRV, 1, "10 5 " + address[1] + " " + host));
        }
        names.records(NAME, records.toArray(Record[]::new));
    }

    /**
     * Blocks until a change of names has ended, and returns what holds then. Its drain has ended too: a later call would be
     * refused as busy before, and the revision grows no more.
     */
    private static Model followed(TurnoutProcess turnout, Model wanted, String where) {
        Await.until(
                () -> where + ": found " + found(turnout),
                LONGEST_FOLLOWING,
                () -> found(turnout).isNamedBy(wanted)
                        && turnout.admin().status().getValue("switching") == null);
        return found(turnout);
    }

    @AfterEach
    void closeNames() {
        names.close();
    }

    private static CompletableFuture<Admin.Answer> begin(TurnoutProcess turnout, Step step) {
        return switch (step.method()) {
            case "PUT" -> turnout.admin().putAsync(step.path(), step.body());
            case "DELETE" -> turnout.admin().deleteAsync(step.path());
            default -> turnout.admin().postAsync(step.path());
        };
    }

    private static Model found(TurnoutProcess turnout) {
        JsonObject status = turnout.admin().status();
        Map<String, List<String>> slots = new TreeMap<>();
        for (String slot : List.of("blue", "green")) {
            List<String> targets = new ArrayList<>();
            status.getJsonObject("slots")
                    .getJsonObject(slot)
                    .getJsonArray("targets")
                    .forEach(target -> targets.add(((JsonObject) target).getString("target")));
            slots.put(slot, List.copyOf(targets));
        }
        return new Model(status.getString("active"), slots, status.getLong("revision"));
    }

    private static Load load(TurnoutProcess turnout) {
        return Load.on(turnout.front())
                .keepAlive(3, Duration.ofMillis(2))
                .slow(2, Duration.ofMillis(15), Duration.ofMillis(2))
                .fresh(1, Duration.ofMillis(5))
                .start();
    }

    @Test
    void random_changes_under_load_leave_the_state_of_the_model_also_after_a_kill() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        say(backends.subList(1, 2));
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .set("turnout.blue", backends.get(0))
                .set("turnout.green", "srv:" + NAME)
                .set("turnout.upstream.dns-server", names.address())
                .set("turnout.health.interval", "10ms")
                .set("turnout.health.rise", "1"));
        Model model = new Model("blue", Map.of("blue", backends.subList(0, 1), "green", backends.subList(1, 2)), 1);
        model = followed(turnout, model, "the start");
        Map<Integer, Integer> statuses = new TreeMap<>();
        long requests = 0;
        Load load = load(turnout);
        for (int i = 0; i < CHANGES; i++) {
            Step step = step(random, model);
            String where = "seed " + seed + ", change " + i + ": " + step;
            boolean isCrash = i % BETWEEN_CRASHES == BETWEEN_CRASHES - 1;
            boolean isNamed = step.method().equals(DNS);
            if (isNamed && !isCrash) {
                say(new JsonArray(step.body()).stream().map(String.class::cast).toList());
                model = followed(turnout, step.after(), where);
                statuses.merge(200, 1, Integer::sum);
            } else if (!isCrash) {
                Admin.Answer answer = begin(turnout, step).get();
                assertThat(answer.status()).as(where + ": " + answer.text()).isEqualTo(step.status());
                statuses.merge(answer.status(), 1, Integer::sum);
                assertThat(found(turnout)).as(where).isEqualTo(step.after());
                model = step.after();
            } else {
                requests += ended(load, where);
                Model before = isNamed ? model : crashed(turnout, step, model, random, where);
                if (isNamed) {
                    say(new JsonArray(step.body())
                            .stream().map(String.class::cast).toList());
                    Await.pause(Duration.ofMillis(random.nextInt(LONGEST_LOOK_UP_MILLIS)));
                    turnout.kill9();
                }
                turnout = arena.keep(turnout.restart());
                turnout.awaitReady();
                if (isNamed) {
                    model = followed(turnout, step.after(), where);
                } else {
                    Model found = found(turnout);
                    assertThat(found).as(where).isIn(before, step.after());
                    model = found;
                }
                load = load(turnout);
            }
        }
        requests += ended(load, "seed " + seed);
        assertThat(requests).isGreaterThan(CHANGES);
        assertThat(statuses.get(200)).isGreaterThan(CHANGES / 8);
        System.out.printf("%d changes %s, %d requests, 0 failed%n", CHANGES, statuses, requests);
    }

    /** Kills the process while it makes a change, or behind the change. Returns what holds at least. */
    private static Model crashed(TurnoutProcess turnout, Step step, Model before, Random random, String where)
            throws Exception {
        CompletableFuture<Admin.Answer> change = begin(turnout, step);
        boolean isWaitedFor = random.nextBoolean();
        if (isWaitedFor) {
            assertThat(change.get().status()).as(where).isEqualTo(step.status());
        } else {
            Await.pause(Duration.ofMillis(random.nextInt(LONGEST_CHANGE_MILLIS)));
        }
        turnout.kill9();
        return isWaitedFor ? step.after() : before;
    }

    private static long ended(Load load, String where) {
        Load.Report report = load.stop();
        assertThat(report.failures()).as(where).isEmpty();
        return report.requests();
    }
}
