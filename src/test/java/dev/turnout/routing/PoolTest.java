package dev.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PoolTest {

    private static final Target A = new Target("a", 1);
    private static final Target B = new Target("b", 1);
    private static final Target C = new Target("c", 1);

    @Test
    void targets_in_rotation_keep_the_order_of_the_configuration() {
        assertThat(Pool.of(List.of(C, A, B)).withOut(Set.of(A)).inRotation()).containsExactly(C, B);
    }

    @Test
    void a_pool_has_a_target() {
        assertThatIllegalArgumentException().isThrownBy(() -> Pool.of(List.of()));
    }

    @Test
    void no_target_stands_twice() {
        assertThatIllegalArgumentException().isThrownBy(() -> Pool.of(List.of(A, A)));
    }

    @Test
    void only_a_target_of_the_pool_can_be_out() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pool.of(List.of(A)).withOut(Set.of(B)));
    }

    @Test
    void taking_out_and_putting_back_leave_the_pool_as_it_was() {
        Pool pool = Pool.of(List.of(A, B));

        assertThat(pool.without(A).inRotation()).containsExactly(B);
        assertThat(pool.without(A).with(A)).isEqualTo(pool);
        assertThat(pool.without(A).without(A)).isEqualTo(pool.without(A));
    }

    @Test
    void a_configured_list_replaces_the_targets_and_those_that_stay_stay_out() {
        Pool pool = Pool.of(List.of(A, B)).withOut(Set.of(B));

        assertThat(pool.reconciledWith(List.of(B, C)))
                .isEqualTo(Pool.of(List.of(B, C)).withOut(Set.of(B)));
        assertThat(pool.reconciledWith(List.of(A, C))).isEqualTo(Pool.of(List.of(A, C)));
    }

    @Test
    void a_list_of_the_run_time_stays_until_the_configuration_names_other_targets() {
        Pool pool = Pool.of(List.of(A)).listing(List.of(B));

        assertThat(pool.reconciledWith(List.of(A))).isEqualTo(pool);
        assertThat(pool.reconciledWith(List.of(A, C))).isEqualTo(Pool.of(List.of(A, C)));
        assertThat(pool.reset()).isEqualTo(Pool.of(List.of(A)));
    }

    @Test
    void the_configured_list_given_at_run_time_is_the_configuration() {
        assertThat(Pool.of(List.of(A)).listing(List.of(B)).listing(List.of(A))).isEqualTo(Pool.of(List.of(A)));
    }

    @Test
    void a_list_of_the_run_time_may_be_empty_and_leaves_targets_out_of_rotation_there() {
        Pool pool = Pool.of(List.of(A, B)).withOut(Set.of(B));

        assertThat(pool.listing(List.of()).inRotation()).isEmpty();
        assertThat(pool.listing(List.of(B)).inRotation()).isEmpty();
        assertThat(pool.listing(List.of(B, C)).inRotation()).containsExactly(C);
    }

    @Test
    void the_list_of_before_leaves_even_a_pool_with_nothing_in_rotation_as_it_was() {
        Pool pool = Pool.of(List.of(A)).withOut(Set.of(A));

        assertThat(pool.reconciledWith(List.of(A))).isEqualTo(pool);
    }

    @Test
    void a_configured_list_that_leaves_only_targets_out_of_rotation_puts_them_back() {
        assertThat(Pool.of(List.of(A, B)).withOut(Set.of(B)).reconciledWith(List.of(B)))
                .isEqualTo(Pool.of(List.of(B)));
    }
}
