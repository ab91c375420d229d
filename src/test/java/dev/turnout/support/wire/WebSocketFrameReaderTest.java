package dev.turnout.support.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebSocketFrameReaderTest {

    @Test
    void reads_the_examples_of_the_standard() throws IOException {
        WebSocketFrameReader reader =
                reader("810548656c6c6f" + "010348656c" + "80026c6f" + "890548656c6c6f" + "880203f4");
        assertThat(reader.read().text()).isEqualTo("Hello");
        assertThat(reader.read().last()).isFalse();
        assertThat(reader.read().text()).isEqualTo("lo");
        assertThat(reader.read().opcode()).isEqualTo(Frame.PING);
        assertThat(reader.read().closeCode()).isEqualTo(1012);
    }

    @Test
    void reads_every_form_of_length() throws IOException {
        WebSocketFrameReader reader =
                reader("827e0100" + "00".repeat(256) + "827f0000000000010000" + "00".repeat(65536));
        assertThat(reader.read().payload()).hasSize(256);
        assertThat(reader.read().payload()).hasSize(65536);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c100", // a reserved bit
                "8300", // an unknown opcode
                "818537fa213d7f9f4d5158", // masked
                "0900", // a Ping in pieces
                "897e0080", // a long Ping
                "8000", // a continuation of nothing
                "01008100", // a message within a message
                "817e0005", // a length in too many octets
            })
    void refuses_what_no_server_may_send(String hex) {
        WebSocketFrameReader reader = reader(hex + "00".repeat(200));
        assertThatThrownBy(() -> {
                    reader.read();
                    reader.read();
                })
                .isInstanceOf(BrokenMessage.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "81", "817e00", "810548656c6c"})
    void knows_a_frame_that_was_cut_short(String hex) {
        assertThatThrownBy(() -> reader(hex).read()).isInstanceOf(CutShort.class);
    }

    private static WebSocketFrameReader reader(String hex) {
        return new WebSocketFrameReader(new ByteArrayInputStream(HexFormat.of().parseHex(hex)));
    }
}
