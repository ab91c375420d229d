package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Targets that come and go under load are those of a model, and no request fails")
final class TargetModelIT {

    private static final int CHANGES = Rounds.of(50, 500);
    private static final int BETWEEN_CRASHES = 17;
    private static final int LONGEST_CHANGE_MILLIS = 40;

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

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

        boolean has(String slot, String target) {
            return slots.getOrDefault(slot, List.of()).contains(target);
        }
    }

    /**
     * A change.
     *
     * @param call method, path and body
     * @param status that it has to be answered with
     * @param after the model after it
     */
    private record Step(String method, String path, String body, int status, Model after) {}

    private Step step(Random random, Model now) {
        String slot = random.nextBoolean() ? "blue" : "green";
        String target = backends.get(random.nextInt(backends.size()));
        String all = "/admin/slots/" + slot + "/targets";
        List<String> targets = new ArrayList<>(now.slots().getOrDefault(slot, List.of()));
        return switch (random.nextInt(6)) {
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
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .set("turnout.blue", backends.get(0))
                .set("turnout.green", backends.get(1))
                .set("turnout.health.interval", "10ms")
                .set("turnout.health.rise", "1"));
        Model model = new Model("blue", Map.of("blue", backends.subList(0, 1), "green", backends.subList(1, 2)), 1);
        Map<Integer, Integer> statuses = new TreeMap<>();
        long requests = 0;
        Load load = load(turnout);
        for (int i = 0; i < CHANGES; i++) {
            Step step = step(random, model);
            String where = "seed " + seed + ", change " + i + ": " + step;
            if (i % BETWEEN_CRASHES < BETWEEN_CRASHES - 1) {
                Admin.Answer answer = begin(turnout, step).get();
                assertThat(answer.status()).as(where + ": " + answer.text()).isEqualTo(step.status());
                statuses.merge(answer.status(), 1, Integer::sum);
                assertThat(found(turnout)).as(where).isEqualTo(step.after());
                model = step.after();
            } else {
                requests += ended(load, where);
                model = crashed(turnout, step, model, random, where);
                turnout = arena.keep(turnout.restart());
                turnout.awaitReady();
                Model found = found(turnout);
                assertThat(found).as(where).isIn(model, step.after());
                model = found;
                load = load(turnout);
            }
        }
        requests += ended(load, "seed " + seed);
        assertThat(requests).isGreaterThan(CHANGES);
        assertThat(statuses.get(200)).isGreaterThan(CHANGES / 4);
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
