package dev.turnout.proxy.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DateLineTest {

    private long millis;
    private final DateLine line = new DateLine(() -> millis);

    private String at(long time) {
        millis = time;
        return new String(line.now(), US_ASCII);
    }

    /** The example of RFC 9110, section 5.6.7. */
    @Test
    void is_an_imf_fixdate() {
        assertThat(at(784_111_777_000L)).isEqualTo("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    }

    @Test
    void is_made_once_a_second() {
        at(784_111_777_000L);
        byte[] first = line.now();
        at(784_111_777_999L);
        assertThat(line.now()).isSameAs(first);
        assertThat(at(784_111_778_000L)).isEqualTo("Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
    }

    @Test
    void follows_a_clock_that_is_set_back() {
        at(784_111_777_000L);
        assertThat(at(0)).isEqualTo("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
    }
}
