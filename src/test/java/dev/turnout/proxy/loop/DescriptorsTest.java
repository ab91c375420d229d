package dev.turnout.proxy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptorsTest {

    @ParameterizedTest(name = "of {0} descriptors {1} are open; limits {2} and {3}: {4} clients")
    @CsvSource({
        "65536, 160, 20000, 10000, 55312",
        "32768, 160, 20000, 10000, 22544",
        "20000, 160, 20000, 10000,  9888",
        " 4096, 160, 20000, 10000,  1936",
        "  300, 160, 20000, 10000,    38",
        "  300, 160, 20000,    10,    66",
        "  100, 160, 20000, 10000,     8",
        "2147483647, 160, 20000, 10000, 2147473423",
    })
    void carry_as_many_clients_as_the_requests_in_flight_leave(
            int limit, int open, int connections, int requests, int clients) {
        Descriptors descriptors = new Descriptors(limit, open, connections, requests);
        assertThat(descriptors.clients()).isEqualTo(clients);
        assertThat(descriptors.isBelowConnections()).isEqualTo(clients < connections);
        assertThat(descriptors.warning()).isEmpty();
    }

    @Test
    void a_shortage_is_a_warning_until_the_reserve_can_be_had_again() {
        Descriptors descriptors = new Descriptors(Integer.MAX_VALUE, 100, 10, 10);
        assertThat(descriptors.warning()).isEmpty();
        descriptors.ranOut();
        descriptors.recover();
        assertThat(descriptors.warning()).isPresent();
        long end = System.nanoTime() + 15_000_000_000L;
        while (descriptors.areShort() && System.nanoTime() < end) {
            descriptors.recover();
            Thread.onSpinWait();
        }
        assertThat(descriptors.warning()).isEmpty();
    }
}
