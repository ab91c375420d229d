package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Outcome.Changed;
import dev.turnout.routing.Outcome.Refused;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Guards;
import dev.turnout.support.RawClient;
import dev.turnout.support.Rounds;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Guards("F9")
@DisplayName("A crash during a canary, a roll or a pause loses no answered change")
final class SharesCrashIT {

    private static final int CRASHES = Rounds.of(10, 30);
    private static final int LONGEST_LIFE_MILLIS = 150;
    private static final String KEY = "0".repeat(32);

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blueOne = arena.application("blue");
    private final Backend blueTwo = arena.application("blue");
    private final Backend greenOne = arena.application("green");
    private final Backend greenTwo = arena.application("green");
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** What the last answer has left the service in, and the change that no answer has come for. */
    private record Known(Service service, Optional<Service> unanswered) {}

    @Test
    @DisplayName("kill -9 at random moments: each start is in step with the last answer")
    void every_start_after_a_crash_finds_the_state_of_the_last_answer_or_of_the_change_under_way() throws Exception {
        TurnoutProcess turnout = arena.start(TurnoutProcess.with()
                .blue(blueOne, blueTwo)
                .green(greenOne, greenTwo)
                .set("turnout.health.interval", "10ms")
                .set("turnout.health.rise", "1"));
        Service service =
                Service.initial(Service.DEFAULT, pool(blueOne, blueTwo), pool(greenOne, greenTwo), Instant.EPOCH);
        int completed = 0;
        for (int crash = 0; crash < CRASHES; crash++) {
            Service start = service;
            TurnoutProcess running = turnout;
            CountDownLatch firstChange = new CountDownLatch(1);
            CompletableFuture<Known> changes =
                    CompletableFuture.supplyAsync(() -> changeUntilItDies(running.admin(), start, firstChange));
            if (crash % 2 == 0) {
                firstChange.await();
            }
            Await.pause(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
            running.kill9();
            Known known = changes.get();
            turnout = arena.keep(running.restart());
            JsonObject status = turnout.admin().status();
            service = found(status.getLong("revision"), known);
            assertThat(shares(status)).as("seed %d, crash %d", seed, crash).isEqualTo(shares(service));
            assertServes(turnout, service);
            completed += known.service().revision() > start.revision() ? 1 : 0;
        }
        assertThat(completed).as("lives in which a change was answered").isGreaterThanOrEqualTo(CRASHES / 2);
    }

    private static Service found(long revision, Known known) {
        return known.unanswered().filter(next -> next.revision() == revision).orElse(known.service());
    }

    private static void assertServes(TurnoutProcess turnout, Service service) throws Exception {
        if (!service.paused()) {
            try (RawClient client = turnout.connect()) {
                String answer = client.get("/").read().text();
                Set<String> possible = service.canaryWeight() > 0
                        ? Set.of("blue", "green")
                        : Set.of(service.active().toString());
                assertThat(possible).contains(answer);
            }
        }
    }

    /** Makes one legal change after another until there is no answer any more. */
    private Known changeUntilItDies(Admin admin, Service start, CountDownLatch firstChange) {
        Service service = start;
        Optional<Service> unanswered = Optional.empty();
        try {
            while (true) {
                Command command = next(service);
                Outcome outcome = Transition.apply(service, command, Instant.EPOCH, "test");
                if (outcome instanceof Refused) {
                    continue;
                }
                unanswered = outcome instanceof Changed changed ? Optional.of(changed.service()) : Optional.empty();
                JsonObject answer = ask(admin, command).expect(200).json();
                service = unanswered.orElse(service);
                assertThat(answer.getLong("revision")).isEqualTo(service.revision());
                if (unanswered.isPresent()) {
                    firstChange.countDown();
                }
                unanswered = Optional.empty();
            }
        } catch (UncheckedIOException e) {
            return new Known(service, unanswered);
        } finally {
            firstChange.countDown();
        }
    }

    private Command next(Service service) {
        List<Target> targets = service.pool(service.active()).targets();
        Target target = targets.get(random.nextInt(targets.size()));
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Command.SetCanary(1 + random.nextInt(100), KEY);
            case 2 -> new Command.SetCanary(0, KEY);
            case 3 -> new Command.TakeOut(target, false);
            case 4 -> new Command.PutBack(target);
            case 5 -> new Command.Pause();
            case 6 -> new Command.Resume();
            default -> new Command.SwitchTo(service.idle());
        };
    }

    private static Admin.Answer ask(Admin admin, Command command) {
        if (command instanceof Command.SetCanary canary) {
            return canary.weight() == 0
                    ? admin.delete("/admin/canary")
                    : admin.post("/admin/canary?weight=" + canary.weight());
        }
        if (command instanceof Command.TakeOut out) {
            return admin.post("/admin/targets/" + out.target() + "/drain");
        }
        if (command instanceof Command.PutBack back) {
            return admin.post("/admin/targets/" + back.target() + "/ready");
        }
        if (command instanceof Command.SwitchTo to) {
            return admin.post("/admin/switch?to=" + to.to());
        }
        return admin.post(command instanceof Command.Pause ? "/admin/pause" : "/admin/resume");
    }

    private static String shares(Service service) {
        Set<String> out = new TreeSet<>();
        for (Slot slot : Slot.values()) {
            service.pool(slot).out().forEach(target -> out.add(slot + " " + target));
        }
        return describe(service.revision(), service.active().toString(), service.canaryWeight(), service.paused(), out);
    }

    private static String shares(JsonObject status) {
        Set<String> out = new TreeSet<>();
        for (Slot slot : Slot.values()) {
            JsonArray targets =
                    status.getJsonObject("slots").getJsonObject(slot.toString()).getJsonArray("targets");
            for (int i = 0; i < targets.size(); i++) {
                JsonObject target = targets.getJsonObject(i);
                if (!target.getBoolean("inRotation")) {
                    out.add(slot + " " + target.getString("target"));
                }
            }
        }
        return describe(
                status.getLong("revision"),
                status.getString("active"),
                status.getJsonObject("canary").getInteger("weight"),
                status.getBoolean("paused"),
                out);
    }

    private static String describe(long revision, String active, int weight, boolean paused, Set<String> out) {
        return "revision " + revision + ": " + active + ", canary " + weight + " %, paused " + paused + ", out " + out;
    }

    private static Pool pool(Backend... backends) {
        return Pool.of(List.of(backends).stream()
                .map(Backend::address)
                .map(Target::parse)
                .toList());
    }
}
