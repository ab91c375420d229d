package dev.turnout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Admin;
import dev.turnout.support.Await;
import dev.turnout.support.Backend;
import dev.turnout.support.Effect;
import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.TurnoutExtension;
import dev.turnout.support.TurnoutProcess;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Switches that meet, and switches whose client is gone")
final class ConcurrentSwitchIT {

    @RegisterExtension
    final TurnoutExtension arena = new TurnoutExtension();

    private final Backend blue = arena.application("blue");
    private final Backend green = arena.application("green");
    private final TurnoutProcess turnout = arena.start(blue, green);
    private final Admin admin = turnout.admin();

    @Test
    void a_switch_during_another_is_refused_as_busy() throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        try (RawClient held = holdAtBlue(word)) {
            CompletableFuture<Admin.Answer> first = admin.postAsync("/admin/switch?to=green");
            Await.until("green to serve", () -> admin.active().equals("green"));
            assertThat(admin.post("/admin/switch?to=blue").expect(409).problem())
                    .isEqualTo("busy");
            assertThat(admin.post("/admin/rollback").expect(409).problem()).isEqualTo("busy");
            assertThat(admin.active()).isEqualTo("green");
            word.countDown();
            assertThat(held.read().text()).isEqualTo("blue");
            first.get().expect(200);
        }
    }

    @Test
    void of_two_switches_at_once_one_wins() throws Exception {
        for (int round = 0; round < 20; round++) {
            long revision = admin.revision();
            String to = admin.active().equals("blue") ? "green" : "blue";
            CompletableFuture<Admin.Answer> one = admin.postAsync("/admin/switch?to=" + to);
            CompletableFuture<Admin.Answer> other = admin.postAsync("/admin/switch?to=" + to);
            List<Admin.Answer> answers = Stream.of(one.get(), other.get()).toList();
            assertThat(answers).filteredOn(ConcurrentSwitchIT::hasChanged).hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> !hasChanged(answer))
                    .allMatch(answer ->
                            answer.status() == 409 && answer.problem().equals("busy") || answer.status() == 200);
            assertThat(admin.active()).isEqualTo(to);
            assertThat(admin.revision()).isEqualTo(revision + 1);
        }
    }

    @Test
    void a_switch_whose_client_hangs_up_ends_as_usual() throws Exception {
        CountDownLatch word = new CountDownLatch(1);
        try (RawClient held = holdAtBlue(word)) {
            try (RawClient caller = RawClient.to(turnout.adminAddress())) {
                caller.send("POST /admin/switch?to=green HTTP/1.1\r\nHost: "
                        + turnout.adminAddress().getAuthority() + "\r\nContent-Length: 0\r\n\r\n");
                Await.until("green to serve", () -> admin.active().equals("green"));
                caller.end(SocketEnd.RESET);
            }
            word.countDown();
            assertThat(held.read().text()).isEqualTo("blue");
        }
        Await.until(
                "the end of the switch in the journal", () -> newestVerdict().equals(Optional.of("drained")));
        assertThat(admin.switchTo("blue").getBoolean("changed")).isTrue();
    }

    private RawClient holdAtBlue(CountDownLatch word) throws Exception {
        blue.next(Effect.heldUntil(word, Effect.ok("blue")));
        RawClient held = turnout.connect().get("/long");
        Await.until("the long request at blue", () -> blue.requests() == 1);
        return held;
    }

    /** Empty before the first entry: the table changes before the journal does. */
    private Optional<String> newestVerdict() {
        return admin.get("/admin/history").expect(200).json().getJsonArray("entries").stream()
                .findFirst()
                .map(entry -> ((JsonObject) entry).getString("verdict"));
    }

    private static boolean hasChanged(Admin.Answer answer) {
        return answer.status() == 200 && answer.json().getBoolean("changed");
    }
}
