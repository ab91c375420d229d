package dev.turnout.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What members tell each other")
final class PeerStateTest {

    private final PeerSeal seal = new PeerSeal("secret");
    private final PeerState state = new PeerState(
            new TreeMap<>(Map.of("m1", "http://10.0.0.2:9180")),
            new TreeMap<>(Map.of("shop", new Decision(shop(), "c7"))),
            new TreeMap<>(Map.of("api", "c8")),
            new TreeMap<>(Map.of("shop", 0L, "api", 3L)));

    private static Service shop() {
        Pool pool = Pool.of(List.of(Target.parse("127.0.0.1:9001")));
        return Service.initial("shop", pool, Pool.of(List.of(Target.parse("127.0.0.1:9002"))), Instant.EPOCH);
    }

    @Test
    @DisplayName("comes back as it went, and not to a member of another fleet, nor as the words of another member")
    void comesBack() {
        JsonObject told = new JsonObject(state.json("f1", "m1").encode());

        assertThat(PeerState.read(told, "f1", "m1")).isEqualTo(state);
        assertThatThrownBy(() -> PeerState.read(told, "f2", "m1")).hasMessageContaining("another fleet");
        assertThatThrownBy(() -> PeerState.read(told, "f1", "m2")).hasMessageContaining("another member: m1");
    }

    @Test
    @DisplayName("is asked for with the fleet's secret only")
    void isAskedByMembers() {
        String question = seal.question("n1");

        assertThat(seal.nonce(question)).contains("n1");
        assertThat(new PeerSeal("another").nonce(question)).isEmpty();
        assertThat(seal.nonce("n2" + question.substring(2))).isEmpty();
        assertThat(seal.nonce("n1")).isEmpty();
        assertThat(seal.nonce("n".repeat(200) + " x")).isEmpty();
        assertThat(question).doesNotContain("secret");
    }

    @Test
    @DisplayName("is believed for the question that it answers, with the content that it had, by those with the secret")
    void isSealed() {
        JsonObject told = state.json("f1", "m1");
        String answer = seal.answer("n1", told);

        assertThat(seal.isAnswer("n1", new JsonObject(told.encodePrettily()), answer))
                .isTrue();
        assertThat(seal.isAnswer("n2", told, answer)).isFalse();
        assertThat(new PeerSeal("another").isAnswer("n1", told, answer)).isFalse();
        assertThat(seal.isAnswer("n1", state.json("f2", "m1"), answer)).isFalse();
        assertThat(seal.isAnswer("n1", told, seal.question("n1"))).isFalse();
    }

    @Test
    @DisplayName("says that a service is quiet only if it serves by the decision, and has no request of it in flight")
    void isQuiet() {
        Service decided = shop();

        assertThat(state.isQuiet(decided)).isTrue();
        assertThat(state.isQuiet(decided.atRevision(decided.revision() + 1))).isFalse();
        for (long requests : new long[] {-1, 3}) {
            assertThat(new PeerState(
                                    state.members(),
                                    state.applied(),
                                    state.givenUp(),
                                    new TreeMap<>(Map.of("shop", requests)))
                            .isQuiet(decided))
                    .isFalse();
        }
        assertThat(new PeerState(state.members(), new TreeMap<>(), state.givenUp(), state.inFlight()).isQuiet(decided))
                .isFalse();
    }
}
