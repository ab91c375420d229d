package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetStateTest {

    @Test
    void sums_what_is_in_flight_over_all_loops() {
        TargetState upstream = upstream("127.0.0.1");
        upstream.enter(0);
        upstream.enter(1);
        upstream.enter(1);
        assertThat(upstream.inFlight()).isEqualTo(3);
        upstream.leave(1);
        upstream.leave(0);
        assertThat(upstream.inFlight()).isEqualTo(1);
    }

    /** c closes, f and g are a failed and a good probe, p a passed gate, a the active slot. */
    @ParameterizedTest
    @CsvSource({
        "'', true",
        "f, true",
        "fg, true",
        "c, false",
        "cg, false",
        "cf, false",
        "cff, false",
        "cfg, true",
        "cffg, true",
        "cfgc, false",
        "cfc, false",
        "cfcg, false",
        "cp, true",
        "cfp, true",
        "cpc, false",
        "ca, true",
        "cac, false"
    })
    void is_closed_to_previews_from_a_drain_until_it_may_be_another_version(String events, boolean open) {
        TargetState upstream = upstream("127.0.0.1");
        events.chars().forEach(event -> {
            switch (event) {
                case 'c' -> upstream.closeToPreviews();
                case 'f' -> upstream.probed(false, false);
                case 'g' -> upstream.probed(true, false);
                case 'p' -> upstream.openToPreviews();
                default -> upstream.setInRotation(true);
            }
        });
        assertThat(upstream.isOpenToPreviews()).isEqualTo(open);
    }

    @Test
    void forgets_how_the_version_before_treated_connections_when_a_gate_has_proved_the_target() {
        TargetState upstream = upstream("127.0.0.1");
        upstream.conduct().answeredTwice();
        upstream.proved();
        assertThat(upstream.conduct().mistakesContent()).isFalse();
    }

    @Test
    void counts_responses_by_class() {
        TargetState upstream = upstream("127.0.0.1");
        for (int status : new int[] {200, 304, 399, 400, 499, 500, 599}) {
            upstream.counters().countResponse(0, status, 1_000_000);
        }
        assertThat(upstream.traffic().responses2xx3xx()).isEqualTo(3);
        assertThat(upstream.traffic().responses4xx()).isEqualTo(2);
        assertThat(upstream.traffic().responses5xx()).isEqualTo(2);
    }

    @Test
    void counts_how_long_responses_take_on_whatever_event_loop() {
        TargetState upstream = upstream("127.0.0.1");
        assertThat(upstream.traffic().latencies()).isEqualTo(Latencies.NONE);
        upstream.counters().countResponse(0, 200, TimeUnit.MILLISECONDS.toNanos(1));
        upstream.counters().countResponse(1, 200, TimeUnit.MILLISECONDS.toNanos(1000));
        upstream.counters().countResponse(1, 500, TimeUnit.MILLISECONDS.toNanos(1000));
        assertThat(upstream.traffic().latencies().count()).isEqualTo(3);
        assertThat(upstream.traffic().latencies().slowerThan(100)).isEqualTo(2);
    }

    @Test
    void counts_each_kind_of_trouble_apart() {
        TargetState upstream = upstream("127.0.0.1");
        upstream.connectFailed();
        upstream.counters().countFailure();
        upstream.counters().countFailure();
        upstream.counters().countRetry();
        assertThat(upstream.traffic().connectFailures()).isEqualTo(1);
        assertThat(upstream.traffic().failures()).isEqualTo(2);
        assertThat(upstream.traffic().retries()).isEqualTo(1);
        assertThat(upstream.traffic().requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void needs_no_look_up_for_an_address(String host) {
        assertThat(inet(host).isUnresolved()).isFalse();
        assertThat(inet(host).getPort()).isEqualTo(8080);
    }

    @Test
    void leaves_a_name_to_be_looked_up_at_each_connect() {
        assertThat(inet("app.example").isUnresolved()).isTrue();
    }

    private static InetSocketAddress inet(String host) {
        return (InetSocketAddress) upstream(host).address();
    }

    @Test
    void a_unix_socket_is_connected_to_by_its_path() {
        TargetState state =
                new TargetState(Service.DEFAULT, Slot.BLUE, Target.parse("unix:/run/app.sock"), 2, TargetSettings.NONE);
        assertThat(state.address()).isEqualTo(new DomainSocketAddress("/run/app.sock"));
    }

    private static TargetState upstream(String host) {
        return new TargetState(Service.DEFAULT, Slot.BLUE, new Target(host, 8080), 2, TargetSettings.NONE);
    }
}
