package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a slot has carried lately")
final class TrafficHistoryTest {

    private static final Target A = Target.parse("127.0.0.1:1");
    private static final Target B = Target.parse("127.0.0.1:2");
    private static final Target C = Target.parse("127.0.0.1:3");

    private final CurrentState current = new CurrentState();
    private final ScriptedPlane plane = new ScriptedPlane();
    private final TrafficHistory history = new TrafficHistory(current, plane);

    private Service serve(Target... targets) {
        Service service = Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(targets)),
                Pool.of(List.of(Target.parse("127.0.0.1:9"))),
                Instant.EPOCH);
        current.set(RoutingState.of(List.of(service)));
        return service;
    }

    @Test
    @DisplayName("is that of its targets, whatever one had carried that has gone")
    void of_targets_that_stay() {
        serve(A, B);
        plane.carries(A, 5_000, 100, 5);
        plane.carries(B, 9_000, 2_000, 900);
        history.look();
        plane.carries(A, 1_000, 40, 5);
        plane.traffic.remove(B);

        SlotTraffic lately = history.lately(serve(A));

        assertThat(lately.requests()).isEqualTo(1_000);
        assertThat(lately.errors()).isEqualTo(40);
        assertThat(lately.latencies().count()).isEqualTo(1_000);
        assertThat(lately.latencies().slowerThan(10)).isZero();
    }

    @Test
    @DisplayName("has all of a target that has come, and of one that has come again")
    void of_targets_that_come() {
        serve(A, B);
        plane.carries(A, 5_000, 0, 5);
        plane.carries(B, 9_000, 2_000, 5);
        history.look();
        plane.traffic.remove(B);
        plane.carries(B, 300, 3, 5);
        plane.carries(C, 20, 2, 5);

        SlotTraffic lately = history.lately(serve(A, B, C));

        assertThat(lately.requests()).isEqualTo(320);
        assertThat(lately.errors()).isEqualTo(5);
    }

    @Test
    @DisplayName("begins anew with a service that was gone")
    void of_a_service_that_comes_again() {
        serve(A);
        plane.carries(A, 5_000, 0, 5);
        history.look();
        current.set(RoutingState.of(List.of()));
        history.look();

        Service again = serve(A);
        plane.carries(A, 10, 0, 5);
        history.look();
        plane.carries(A, 7, 1, 5);

        assertThat(history.lately(again).requests()).isEqualTo(7);
    }
}
