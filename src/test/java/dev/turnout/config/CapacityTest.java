package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the configured limits need, and what the machine has. */
final class CapacityTest {

    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        // connections, requests, admin, pause MiB, descriptors, direct MiB, the keys of the warnings
        "20000, 10000, 256, 64, 30512, 128, ''",
        "20000, 10000, 256, 64, 30511, 128, turnout.limits.connections",
        "20000, 10000, 256, 64, 9223372036854775807, 128, ''",
        "0, 0, 256, 0, 512, 1, ''",
        "0, 0, 256, 0, 511, 1, turnout.limits.connections",
        "20000, 10000, 256, 65, 65536, 128, turnout.pause.bytes",
        "20000, 16384, 256, 64, 65536, 128, ''",
        "20000, 16385, 256, 64, 65536, 128, turnout.limits.requests",
        "20000, 10000, 256, 64, 1024, 64, turnout.limits.connections turnout.pause.bytes turnout.limits.requests",
    })
    void what_the_machine_cannot_carry_is_a_warning(
            long connections, long requests, long admin, long pause, long descriptors, long direct, String keys) {
        var warnings =
                new Capacity(connections, requests, admin, pause * MIB, 1).warnings(machine(descriptors, direct));

        assertThat(warnings.stream()
                        .map(warning -> warning.replaceAll("(?s).*?(turnout\\.[a-z.]+)=.*", "$1"))
                        .toList())
                .isEqualTo(
                        Stream.of(keys.split(" ")).filter(key -> !key.isEmpty()).toList());
    }

    @Test
    void a_warning_has_the_numbers_the_keys_and_the_way_out() {
        assertThat(new Capacity(20_000, 10_000, 256, 64 * MIB, 1).warnings(machine(1_024, 128)))
                .singleElement()
                .asString()
                .contains(
                        "30512",
                        "1024",
                        "turnout.limits.connections=20000",
                        "turnout.limits.requests=10000",
                        "turnout.admin.connections=256",
                        "LimitNOFILE=30512");
        assertThat(new Capacity(1, 1, 8, 100 * MIB, 1).warnings(machine(65_536, 128)))
                .singleElement()
                .asString()
                .contains("turnout.pause.bytes=104857600", "67108864", "-XX:MaxDirectMemorySize=200m");
    }

    private static Machine machine(long descriptors, long direct) {
        return new Machine(descriptors, direct * MIB, 96 * MIB);
    }

    @ParameterizedTest
    @CsvSource({
        // services, heap MiB, the heap that the warning asks for
        "1, 96, ''",
        "1000, 96, ''",
        "1489, 96, ''",
        "1490, 96, 97",
        "3000, 96, 183",
        "3000, 183, ''",
    })
    void services_that_fill_the_heap_are_a_warning(long services, long heap, String needed) {
        var warnings = new Capacity(1, 1, 8, 1, services).warnings(new Machine(65_536, 128 * MIB, heap * MIB));

        if (needed.isEmpty()) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .startsWith(services + " services need a heap of " + needed + " MiB")
                    .contains("may have " + heap + " MiB", "-Xmx" + needed + "m");
        }
    }

    @Test
    void it_is_taken_from_the_configuration_and_its_defaults() {
        assertThat(capacity(Map.of())).isEqualTo(new Capacity(20_000, 10_000, 256, 64 * MIB, 1));
        assertThat(capacity(Map.of("turnout.limits.connections", "5", "turnout.pause.bytes", "1K")))
                .isEqualTo(new Capacity(5, 10_000, 256, 1_024, 1));
        assertThat(capacity(Map.of("turnout.mode", "nginx", "turnout.admin.connections", "9")))
                .isEqualTo(new Capacity(0, 0, 9, 0, 1));
    }

    private static Capacity capacity(Map<String, String> values) {
        return StartCheck.capacity(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build());
    }

    @Test
    void the_soft_limit_is_read_from_the_kernels_table() {
        assertThat(Machine.descriptors(Stream.of(
                        "Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max open files            1024                 524288               files     ")))
                .isEqualTo(1_024);
        assertThat(Machine.descriptors(
                        Stream.of("Max open files            unlimited            unlimited            files     ")))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Machine.here().descriptors()).isPositive();
    }
}
