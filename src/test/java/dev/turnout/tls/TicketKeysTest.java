package dev.turnout.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Guards;
import dev.turnout.support.TestClock;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The keys of session tickets are rotated, kept and shared")
final class TicketKeysTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path state;

    private final TestClock clock = new TestClock(START);

    private TicketKeys keys() {
        return new TicketKeys(state.resolve("tls"), clock);
    }

    private TicketKeys looked() {
        TicketKeys keys = keys();
        keys.look();
        return keys;
    }

    private static List<String> names(TicketKeys keys) {
        return Arrays.stream(keys.keys())
                .map(OpenSslSessionTicketKey::name)
                .map(HexFormat.of()::formatHex)
                .toList();
    }

    @Test
    void the_file_is_its_owners_only() throws IOException {
        looked();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("tls/tickets"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("tls"))))
                .isEqualTo("rwx------");
    }

    @Test
    @Guards("T18")
    void every_eight_hours_the_next_key_encrypts_and_the_old_one_still_decrypts() {
        TicketKeys keys = looked();
        List<String> first = names(keys);
        clock.pass(TicketKeys.PERIOD.minusSeconds(1));
        assertThat(keys.look()).isFalse();
        clock.pass(Duration.ofSeconds(1));

        assertThat(keys.look()).isTrue();

        assertThat(names(keys)).hasSize(3).doesNotHaveDuplicates();
        assertThat(names(keys).get(0)).as("encrypts now, known before").isEqualTo(first.get(1));
        assertThat(names(keys).get(2)).as("decrypts still").isEqualTo(first.get(0));
        assertThat(names(keys).get(1)).as("is new").isNotIn(first);
    }

    @Test
    void a_restart_and_a_successor_have_the_same_keys() {
        assertThat(names(looked())).isEqualTo(names(looked()));
    }

    @Test
    void after_a_day_without_turnout_no_old_key_is_left() {
        List<String> before = names(looked());
        clock.pass(Duration.ofDays(1));

        assertThat(names(looked())).hasSize(3).doesNotContainAnyElementsOf(before);
    }

    @Test
    void two_turnouts_that_share_a_folder_encrypt_with_the_same_key() {
        TicketKeys one = looked();
        TicketKeys other = looked();
        clock.pass(TicketKeys.PERIOD);

        one.look();
        other.look();
        one.look();

        assertThat(names(one)).isEqualTo(names(other));
    }

    @Test
    void both_agree_on_the_key_that_encrypts_even_if_they_rotate_at_the_same_time() throws IOException {
        TicketKeys one = looked();
        TicketKeys other = looked();
        String before = Files.readString(state.resolve("tls/tickets"));
        clock.pass(TicketKeys.PERIOD);
        one.look();
        Files.writeString(state.resolve("tls/tickets"), before);

        other.look();

        assertThat(names(one).get(0)).isEqualTo(names(other).get(0));
        one.look();
        assertThat(names(one)).isEqualTo(names(other));
    }

    @Test
    void a_time_far_in_the_future_rotates_now() {
        looked();
        clock.pass(Duration.ofDays(-30));
        TicketKeys keys = looked();
        List<String> then = names(keys);
        clock.pass(TicketKeys.PERIOD);

        assertThat(keys.look()).isTrue();
        assertThat(names(keys)).isNotEqualTo(then);
    }

    @Test
    void a_broken_file_is_replaced() throws IOException {
        looked();
        Files.writeString(state.resolve("tls/tickets"), "nonsense");

        List<String> keys = names(looked());

        assertThat(keys).hasSize(3).isEqualTo(names(looked()));
    }

    @Test
    void a_folder_that_can_not_be_written_leaves_keys_in_memory_that_do_not_change() throws IOException {
        Files.writeString(state.resolve("tls"), "a file, no folder");
        TicketKeys keys = keys();

        assertThat(keys.look()).isTrue();
        List<String> first = names(keys);

        assertThat(keys.look()).isFalse();
        assertThat(names(keys)).isEqualTo(first);
    }
}
