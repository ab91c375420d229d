package dev.turnout.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeadBudgetTest {

    private static final int HEAD = 1000;
    private static final int ALL = 100 * HEAD;

    private final List<String> dropped = new ArrayList<>();
    private final HeadBudget<String> budget = new HeadBudget<>(ALL, HEAD, dropped::add);

    @Test
    void the_oldest_unfinished_heads_are_given_up_when_the_memory_is_used_up() {
        for (int i = 0; i < 105; i++) {
            budget.hold("client " + i, "address " + i, HEAD);
        }
        assertThat(dropped).containsExactly("client 0", "client 1", "client 2", "client 3", "client 4");
        assertThat(budget.bytes()).isEqualTo(ALL);
    }

    @Test
    void an_address_has_a_quarter_for_its_unfinished_heads_and_loses_its_own_oldest_ones() {
        budget.hold("other", "b", HEAD);
        for (int i = 0; i < 27; i++) {
            budget.hold("client " + i, "a", HEAD);
        }
        assertThat(dropped).containsExactly("client 0", "client 1");
        assertThat(budget.bytes()).isEqualTo(26 * HEAD);
    }

    @Test
    void an_address_without_a_bound_has_the_whole() {
        for (int i = 0; i < 100; i++) {
            budget.hold("client " + i, null, HEAD);
        }
        assertThat(dropped).isEmpty();
    }

    @Test
    void a_head_that_grows_is_counted_once() {
        for (int bytes = 1; bytes <= HEAD; bytes++) {
            budget.hold("client", "a", bytes);
        }
        assertThat(budget.bytes()).isEqualTo(HEAD);
        budget.release("client");
        budget.release("client");
        assertThat(budget.bytes()).isZero();
        assertThat(dropped).isEmpty();
    }

    @Test
    void a_request_in_flight_has_precedence_over_unfinished_heads() {
        for (int i = 0; i < 100; i++) {
            budget.hold("client " + i, "address " + i, HEAD);
        }
        assertThat(budget.admit(3 * HEAD)).isTrue();
        assertThat(dropped).containsExactly("client 0", "client 1", "client 2");
    }

    @Test
    void requests_in_flight_are_refused_when_they_alone_use_the_memory_up_and_admitted_again_when_one_has_ended() {
        for (int i = 0; i < 100; i++) {
            assertThat(budget.admit(HEAD)).isTrue();
        }
        assertThat(budget.admit(1)).isFalse();
        budget.hold("client", "a", 1);
        assertThat(dropped).containsExactly("client");
        budget.leave(HEAD);
        assertThat(budget.admit(HEAD)).isTrue();
    }

    @Test
    void there_is_room_for_some_of_the_largest_heads_however_little_is_configured() {
        HeadBudget<String> least = new HeadBudget<>(1, HEAD, dropped::add);
        for (int i = 0; i < 32; i++) {
            least.hold("client " + i, "address " + i % 4, HEAD);
        }
        assertThat(dropped).isEmpty();
        least.hold("one more", "another", HEAD);
        assertThat(dropped).containsExactly("client 0");
    }

    @Test
    void an_ipv6_subnet_is_one_address() throws UnknownHostException {
        assertThat(key("2001:db8:1:2::1"))
                .isEqualTo(key("2001:db8:1:2:ffff::2"))
                .isNotEqualTo(key("2001:db8:1:3::1"));
        assertThat(key("192.0.2.1")).isEqualTo(key("192.0.2.1")).isNotEqualTo(key("192.0.2.2"));
    }

    private static Object key(String address) throws UnknownHostException {
        return HeadBudget.key(InetAddress.getByName(address));
    }
}
