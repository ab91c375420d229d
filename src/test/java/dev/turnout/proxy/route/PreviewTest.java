package dev.turnout.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.routing.Slot;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PreviewTest {

    private static final Preview OFF = new Preview(false, Optional.empty());
    private static final Preview OPEN = new Preview(true, Optional.empty());
    private static final Preview SECRET = new Preview(true, Optional.of("s3cret"));

    private static RequestHead asking(String lines) {
        return Requests.head("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n");
    }

    @Test
    void a_slot_is_shown_to_who_asks_for_it() {
        assertThat(OPEN.slotOf(asking("X-Turnout-Slot: green\r\n"))).isEqualTo(Slot.GREEN);
        assertThat(OPEN.slotOf(asking("x-turnout-slot: blue\r\n"))).isEqualTo(Slot.BLUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X-Turnout-Slot: Green\r\n",
                "X-Turnout-Slot: red\r\n",
                "X-Turnout-Slot:\r\n",
                "X-Turnout-Slot: green, blue\r\n",
                "X-Turnout-Slot: green\r\nX-Turnout-Slot: green\r\n"
            })
    void what_names_no_slot_is_no_wish(String lines) {
        assertThat(OPEN.slotOf(asking(lines))).isNull();
    }

    @Test
    void nobody_is_shown_one_where_previews_are_off() {
        assertThat(OFF.slotOf(asking("X-Turnout-Slot: green\r\n"))).isNull();
    }

    @Test
    void only_who_knows_the_secret_is_shown_one_where_there_is_a_secret() {
        assertThat(SECRET.slotOf(asking("X-Turnout-Slot: green:s3cret\r\n"))).isEqualTo(Slot.GREEN);
        assertThat(SECRET.slotOf(asking("X-Turnout-Slot: green\r\n"))).isNull();
        assertThat(SECRET.slotOf(asking("X-Turnout-Slot: green:s3cret2\r\n"))).isNull();
        assertThat(OPEN.slotOf(asking("X-Turnout-Slot: green:s3cret\r\n"))).isNull();
    }
}
