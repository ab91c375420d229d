package dev.turnout.proxy.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerSettingsTest {

    private final PeerSettings settings = new PeerSettings(false);

    @Test
    void begins_with_what_the_rfc_says() {
        assertThat(settings.initialWindow()).isEqualTo(65535);
        assertThat(settings.frameSize()).isEqualTo(16384);
        assertThat(settings.concurrentStreams()).isEqualTo(Integer.MAX_VALUE);
        assertThat(settings.headerList()).isEqualTo(Integer.MAX_VALUE);
        assertThat(settings.takesConnectProtocol()).isFalse();
    }

    @Test
    void takes_the_last_of_each() {
        take("0003 00000007 0004 00000001 0004 7fffffff 0005 00ffffff 0006 ffffffff 0008 00000001 00ff 12345678");
        assertThat(settings.concurrentStreams()).isEqualTo(7);
        assertThat(settings.initialWindow()).isEqualTo(Integer.MAX_VALUE);
        assertThat(settings.frameSize()).isEqualTo(16777215);
        assertThat(settings.headerList()).isEqualTo(Integer.MAX_VALUE);
        assertThat(settings.takesConnectProtocol()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0002 00000002, BAD_SETTING",
        "0002 ffffffff, BAD_SETTING",
        "0004 80000000, BAD_WINDOW_SETTING",
        "0005 00003fff, BAD_SETTING",
        "0005 01000000, BAD_SETTING",
        "0005 00000000, BAD_SETTING",
        "0008 00000002, BAD_SETTING",
        "0008 00000001 0008 00000000, BAD_SETTING"
    })
    void refuses_a_value_that_cannot_be(String hex, Violation violation) {
        byte[] bytes = Blocks.hex(hex);
        assertThat(settings.take(bytes, 0, bytes.length)).isEqualTo(violation);
    }

    /** RFC 9113, section 6.5.2: only a client says that it takes pushes. */
    @Test
    void lets_only_a_client_enable_push() {
        take("0002 00000001 0002 00000000");
        byte[] bytes = Blocks.hex("0002 00000001");
        assertThat(new PeerSettings(true).take(bytes, 0, bytes.length)).isEqualTo(Violation.BAD_SETTING);
    }

    private void take(String hex) {
        byte[] bytes = Blocks.hex(hex);
        assertThat(settings.take(bytes, 0, bytes.length)).isNull();
    }
}
