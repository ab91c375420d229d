package dev.turnout.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Balance;
import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.QueryRedaction;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.loop.MissingDescriptors;
import dev.turnout.proxy.route.AssetBridge;
import dev.turnout.proxy.route.Matches;
import dev.turnout.proxy.route.Requests;
import dev.turnout.proxy.route.TargetSettings;
import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An exchange whose target answers 404 for an asset, soon after a flip to green")
final class AssetExchangeTest {

    private static final Target GREEN = new Target("127.0.0.1", 8082);
    private static final String ASSET = "GET /assets/a.js HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String TRACED = "GET /assets/a.js HTTP/1.1\r\nHost: a\r\ntraceparent: 00-" + "a".repeat(32)
            + "-" + "b".repeat(16) + "-01\r\n\r\n";
    private static final String NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!";
    private static final String FOUND = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";

    private final ExchangeFixture fixture = new ExchangeFixture(false, ExchangeFixture.FIRST);

    @BeforeEach
    void flip() {
        flip(Duration.ZERO);
    }

    private void flip(Duration afterDrain) {
        flip(afterDrain, GREEN);
    }

    private void flip(Duration afterDrain, Target... green) {
        AssetBridge assets =
                new AssetBridge(List.of("/assets"), Duration.ofHours(1).toNanos(), afterDrain.toNanos());
        fixture.routing.apply(
                List.of(Matches.ofAll(Service.DEFAULT, Balance.ROUND_ROBIN, assets, TargetSettings.NONE)));
        Service blue = Service.initial(
                Service.DEFAULT, Pool.of(List.of(ExchangeFixture.FIRST)), Pool.of(List.of(green)), Instant.EPOCH);
        fixture.routing.publish(RoutingState.of(List.of(blue)));
        Outcome flipped = Transition.apply(blue, new Command.SwitchTo(Slot.GREEN), Instant.EPOCH, "a test");
        fixture.routing.publish(RoutingState.of(List.of(((Outcome.Changed) flipped).service())));
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(fixture.routing.upstreams()).allMatch(target -> target.inFlight() == 0);
        fixture.assertReleased();
    }

    private Target target() {
        return fixture.exchange.target().target();
    }

    private void asset(String request) {
        fixture.start(request, MessageBody.ofLength(0), null).connected();
        assertThat(target()).isEqualTo(GREEN);
    }

    @Test
    void is_connected_to_the_other_slot_and_passes_its_answer_on() {
        asset(ASSET);

        fixture.answered(NOT_FOUND);

        assertThat(fixture.phase()).isEqualTo(Phase.CONNECTING);
        assertThat(target()).isEqualTo(ExchangeFixture.FIRST);
        fixture.connected().answered(FOUND);
        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("200");
        assertThat(fixture.client.ends).containsExactly("complete");
        assertThat(fixture.records.get(0).isBridged()).isTrue();
        assertThat(fixture.records.get(0).status()).isEqualTo(200);
    }

    @Test
    void passes_the_404_of_the_other_slot_on_and_asks_no_third_time() {
        asset(ASSET);

        fixture.answered(NOT_FOUND).connected().answered(NOT_FOUND);

        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("404");
        assertThat(fixture.client.ends).containsExactly("complete");
    }

    /** How the other slot fails, once it is asked. */
    static Stream<Arguments> failures() {
        return Stream.of(
                failure("takes no connection", f -> f.targets.refuse(new ConnectException("refused"))),
                failure("has as many requests waiting as may", f -> f.targets.refuse(new QueueFull())),
                failure("can't be connected to here", f -> f.targets.refuse(MissingDescriptors.failure())),
                failure("closes", f -> f.connected().target.end()),
                failure("closes an idle connection, and the fresh one too", f -> {
                    f.connected().target.wasIdle = true;
                    f.target.end();
                    f.connected().target.end();
                }),
                failure("does not answer", f -> f.connected().exchange.timedOut()),
                failure(
                        "answers what is none",
                        f -> f.connected().target.listener.badResponse(Rejection.BAD_CHUNK)));
    }

    private static Arguments failure(String name, Consumer<ExchangeFixture> failure) {
        return Arguments.of(name, failure);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void goes_back_for_the_404_if_the_other_slot(String name, Consumer<ExchangeFixture> failure) {
        asset(ASSET);
        fixture.answered(NOT_FOUND);
        assertThat(target()).isEqualTo(ExchangeFixture.FIRST);

        failure.accept(fixture);

        assertThat(target()).isEqualTo(GREEN);
        fixture.connected().answered(NOT_FOUND);
        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("404");
        assertThat(fixture.client.ends).containsExactly("complete");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void blames_no_slot_for_the_time_that_is_lost_if_the_other_slot(String name, Consumer<ExchangeFixture> failure) {
        asset(ASSET);
        fixture.pass(Duration.ofMillis(5));
        fixture.answered(NOT_FOUND);
        fixture.pass(Duration.ofSeconds(60));

        failure.accept(fixture);
        fixture.connected();
        fixture.pass(Duration.ofMillis(5));
        fixture.answered(NOT_FOUND);

        assertThat(fixture.records.get(0).targetNanos())
                .isEqualTo(Duration.ofMillis(5).toNanos());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void has_three_attempts_in_its_trace_if_the_other_slot(String name, Consumer<ExchangeFixture> failure) {
        List<TracedRequest> exported = new ArrayList<>();
        fixture.trace = RequestTrace.recorded(
                exported::add,
                new AtomicLong(4)::incrementAndGet,
                1,
                2,
                3,
                4,
                4,
                Requests.head(TRACED),
                false,
                QueryRedaction.NONE);
        asset(TRACED);
        fixture.answered(NOT_FOUND);

        failure.accept(fixture);
        fixture.connected().answered(NOT_FOUND);

        List<TracedAttempt> attempts = exported.get(0).attempts();
        assertThat(attempts.get(0).error()).isEqualTo("asset-bridge");
        assertThat(attempts.get(attempts.size() - 2).error()).isNotNull();
        assertThat(attempts.get(attempts.size() - 2).target().slot()).isEqualTo(Slot.BLUE);
        assertThat(attempts.get(attempts.size() - 1).target().slot()).isEqualTo(Slot.GREEN);
        assertThat(attempts).extracting(TracedAttempt::span).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void goes_back_for_the_404_also_after_its_own_slot_had_to_be_asked_twice(
            String name, Consumer<ExchangeFixture> failure) {
        flip(Duration.ZERO, GREEN, new Target("127.0.0.1", 8083));
        fixture.start(ASSET, MessageBody.ofLength(0), null);
        fixture.targets.refuse(new ConnectException("refused"));
        fixture.connected().answered(NOT_FOUND);
        assertThat(target()).isEqualTo(ExchangeFixture.FIRST);

        failure.accept(fixture);

        assertThat(fixture.exchange.target().slot()).isEqualTo(Slot.GREEN);
        fixture.connected().answered(NOT_FOUND);
        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("404");
    }

    @Test
    void goes_back_once_only() {
        asset(ASSET);
        fixture.answered(NOT_FOUND);
        fixture.connected().target.end();
        fixture.connected().target.end();

        assertThat(fixture.client.ends).containsExactly("fail");
        assertThat(fixture.client.reply).isEqualTo(LocalReplies.TARGET_CLOSED);
    }

    @Test
    void does_not_go_back_where_a_drain_cuts_it_off() {
        asset(ASSET);
        fixture.answered(NOT_FOUND);
        fixture.connected().exchange.cut(LocalReplies.DRAIN_TIMEOUT);

        assertThat(fixture.client.ends).containsExactly("fail");
        assertThat(fixture.targets.waiting).isEmpty();
    }

    @Test
    void goes_back_to_the_canary_whose_404_it_was() {
        Service blue = Service.initial(
                Service.DEFAULT, Pool.of(List.of(ExchangeFixture.FIRST)), Pool.of(List.of(GREEN)), Instant.EPOCH);
        Command canary = new Command.SetCanary(100, "0123456789abcdef".repeat(2));
        Outcome begun = Transition.apply(blue, canary, Instant.EPOCH, "a test");
        fixture.routing.publish(RoutingState.of(List.of(((Outcome.Changed) begun).service())));
        asset(ASSET);
        fixture.answered(NOT_FOUND);
        assertThat(target()).isEqualTo(ExchangeFixture.FIRST);

        fixture.connected().target.end();

        assertThat(target()).isEqualTo(GREEN);
        fixture.connected().answered(NOT_FOUND);
        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("404");
    }

    @Test
    void asks_nobody_once_the_other_slot_is_drained() {
        fixture.routing.closeToPreviews(Service.DEFAULT, Set.of(ExchangeFixture.FIRST));
        asset(ASSET);

        fixture.answered(NOT_FOUND);

        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("404");
    }

    @Test
    void asks_a_drained_slot_that_may_be_asked_and_is_not_in_flight_there() {
        flip(Duration.ofHours(1));
        fixture.routing.closeToPreviews(Service.DEFAULT, Set.of(ExchangeFixture.FIRST));
        asset(ASSET);

        fixture.answered(NOT_FOUND);

        assertThat(target()).isEqualTo(ExchangeFixture.FIRST);
        assertThat(fixture.exchange.target().inFlight()).isZero();
        assertThat(fixture.exchange.isBesideDrain()).isTrue();
        fixture.connected().answered(FOUND);
        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("200");
        assertThat(fixture.exchange.target().inFlight()).isZero();
        assertThat(fixture.records.get(0).isBridged()).isTrue();
    }

    @Test
    void goes_back_for_the_404_if_the_process_of_the_drained_slot_has_stopped() {
        flip(Duration.ofHours(1));
        fixture.routing.closeToPreviews(Service.DEFAULT, Set.of(ExchangeFixture.FIRST));
        asset(ASSET);

        fixture.answered(NOT_FOUND);
        fixture.targets.refuse(new ConnectException("refused"));

        assertThat(target()).isEqualTo(GREEN);
        assertThat(fixture.exchange.isBesideDrain()).isFalse();
        fixture.connected().answered(NOT_FOUND);
        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("404");
    }

    @Test
    void is_waited_for_by_a_drain_that_has_not_begun() {
        flip(Duration.ofHours(1));
        asset(ASSET);

        fixture.answered(NOT_FOUND);

        assertThat(fixture.exchange.isBesideDrain()).isFalse();
        assertThat(fixture.exchange.target().inFlight()).isEqualTo(1);
        fixture.connected().answered(FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /assets/a.js HTTP/1.1\r\nHost: a\r\n\r\n",
                "DELETE /assets/a.js HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /page HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void passes_any_other_404_on(String request) {
        asset(request);

        fixture.answered(NOT_FOUND);

        assertThat(fixture.client.heads).hasSize(1).first().asString().startsWith("404");
        assertThat(fixture.targets.waiting).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 403 Forbidden", "HTTP/1.1 410 Gone", "HTTP/1.1 500 Internal Server Error"})
    void passes_any_other_status_on(String line) {
        asset(ASSET);

        fixture.answered(line + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(fixture.targets.waiting).isEmpty();
        assertThat(fixture.client.ends).containsExactly("complete");
    }
}
