package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.HeadWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameScannerTest {

    private static final String SETTINGS = "000000 04 00 00000000";

    private final FrameFeed feed = new FrameFeed(new FrameScanner(8, 64 * 1024));

    /** RFC 9113, sections 4 to 6: what ends the connection. The frames come behind the first SETTINGS. */
    @ParameterizedTest
    @CsvSource({
        "004001 00 00 00000001, FRAME_TOO_LONG",
        "ffffff ff 00 00000000, FRAME_TOO_LONG",
        // the stream
        "000001 00 00 00000000 61, MISSING_STREAM",
        "000001 01 04 00000000 82, MISSING_STREAM",
        "000005 02 00 00000000 0000000000, MISSING_STREAM",
        "000004 03 00 00000000 00000008, MISSING_STREAM",
        "000004 05 04 00000000 00000002, MISSING_STREAM",
        "000000 09 04 00000000, MISSING_STREAM",
        "000000 04 00 00000001, UNWANTED_STREAM",
        "000008 06 00 00000001 0000000000000000, UNWANTED_STREAM",
        "000008 07 00 00000001 0000000000000000, UNWANTED_STREAM",
        // the length
        "000000 00 08 00000001, BAD_FRAME_LENGTH",
        "000000 01 08 00000001, BAD_FRAME_LENGTH",
        "000004 01 20 00000001 00000000, BAD_FRAME_LENGTH",
        "000005 01 28 00000001 0000000000, BAD_FRAME_LENGTH",
        "000003 03 00 00000001 000000, BAD_FRAME_LENGTH",
        "000005 03 00 00000001 0000000000, BAD_FRAME_LENGTH",
        "000005 04 00 00000000 0000000000, BAD_FRAME_LENGTH",
        "000006 04 01 00000000 000100000000, BAD_FRAME_LENGTH",
        "000007 06 00 00000000 00000000000000, BAD_FRAME_LENGTH",
        "000009 06 00 00000000 000000000000000000, BAD_FRAME_LENGTH",
        "000007 07 00 00000000 00000000000000, BAD_FRAME_LENGTH",
        "000003 08 00 00000000 000001, BAD_FRAME_LENGTH",
        "000005 08 00 00000001 0000000001, BAD_FRAME_LENGTH",
        // the padding
        "000001 00 08 00000001 01, TOO_MUCH_PADDING",
        "000003 00 08 00000001 036161, TOO_MUCH_PADDING",
        "000001 01 0c 00000001 01, TOO_MUCH_PADDING",
        "000007 01 2c 00000001 02000000000000, TOO_MUCH_PADDING",
        // the rest
        "000005 05 04 00000001 0000000282, PUSHED",
        "000000 09 04 00000001, STRAY_CONTINUATION",
        "000004 08 00 00000000 00000000, EMPTY_UPDATE",
        "000004 08 00 00000000 80000000, EMPTY_UPDATE"
    })
    void ends_the_connection(String frame, Violation violation) {
        feed(SETTINGS + frame);
        assertThat(feed.end()).isEqualTo(violation);
        assertThat(violation.endsConnection()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "000001 00 00 00000001 61",
        "000000 01 04 00000003",
        "000000 09 04 00000003",
        "000000 04 00 00000000",
        "000008 06 00 00000000 0000000000000000",
        "000000 ff 00 00000001",
        "000005 02 00 00000001 0000000000"
    })
    void wants_nothing_but_the_continuation_of_a_header_block(String frame) {
        feed(SETTINGS + "000001 01 00 00000001 82" + frame);
        assertThat(feed.end()).isEqualTo(Violation.BROKEN_BLOCK);
    }

    @ParameterizedTest
    @CsvSource({
        "000001 01 04 00000001 82",
        "000000 04 01 00000000",
        "000008 06 00 00000000 0000000000000000",
        "000000 ff 00 00000000"
    })
    void wants_settings_first(String frame) {
        feed(frame);
        assertThat(feed.end()).isEqualTo(Violation.SETTINGS_NOT_FIRST);
    }

    /** The next frame is read behind each. */
    @ParameterizedTest
    @CsvSource({
        "000004 02 00 00000001 00000000, BAD_PRIORITY_LENGTH 1",
        "000006 02 00 00000001 000000000000, BAD_PRIORITY_LENGTH 1",
        "000000 02 00 00000001, BAD_PRIORITY_LENGTH 1",
        "000005 02 00 00000001 8000000110, DEPENDS_ON_ITSELF 1",
        "000006 01 24 00000001 800000010082, DEPENDS_ON_ITSELF 1",
        "000004 08 00 00000001 00000000, EMPTY_STREAM_UPDATE 1"
    })
    void ends_only_the_stream(String frame, String event) {
        feed(SETTINGS + frame + "000000 00 01 00000003");
        assertThat(feed.end()).isNull();
        assertThat(feed.events()).contains(event).last().isEqualTo("DATA 3 ends ");
    }

    @ParameterizedTest
    @CsvSource({
        "000000 00 00 00000001, 'DATA 1 '",
        "000003 00 01 00000001 616263, DATA 1 ends abc",
        "000006 00 08 00000001 026162630000, DATA 1 abc",
        "000003 00 09 00000001 020000, 'DATA 1 ends '",
        "000001 00 08 00000001 00, 'DATA 1 '",
        "000001 00 00 80000001 61, DATA 1 a",
        "000001 00 f6 00000001 61, DATA 1 a",
        "000001 01 05 00000001 61, HEADERS 1 ends whole a",
        "000001 01 04 00000001 61, HEADERS 1 whole a",
        "000001 01 00 00000001 61, HEADERS 1 part a",
        "000006 01 24 00000001 000000031061, HEADERS 1 whole a",
        "000009 01 2c 00000001 020000000310610000, HEADERS 1 whole a",
        "000001 01 0c 00000001 00, 'HEADERS 1 whole '",
        "000005 02 00 00000001 0000000310, PRIORITY 1",
        "000004 03 00 00000001 00000008, RST_STREAM 1 CANCEL",
        "000004 03 00 00000001 000000ff, RST_STREAM 1 INTERNAL_ERROR",
        "000004 03 00 00000001 ffffffff, RST_STREAM 1 INTERNAL_ERROR",
        "000000 04 01 00000000, 'SETTINGS 0 ack '",
        "000008 06 00 00000000 0123456789abcdef, PING 0 123456789abcdef",
        "000008 06 01 00000000 fedcba9876543210, PING 0 ack fedcba9876543210",
        "000008 07 00 00000000 8000000500000001, GOAWAY 0 5 PROTOCOL_ERROR",
        "00000a 07 00 00000000 00000005000000006161, GOAWAY 0 5 NO_ERROR",
        "000004 08 00 00000000 00000001, WINDOW_UPDATE 0 1",
        "000004 08 00 00000001 ffffffff, WINDOW_UPDATE 1 2147483647",
        "000003 0a ff 00000001 616161, UNKNOWN 1",
        "000003 ff ff 00000000 616161, UNKNOWN 0"
    })
    void reads_a_frame(String frame, String event) {
        feed(SETTINGS + frame);
        assertThat(feed.end()).isNull();
        assertThat(feed.events()).containsExactly("SETTINGS 0 ", event);
    }

    @Test
    void reads_the_longest_frame() {
        feed(SETTINGS + "004000 00 00 00000001" + "61".repeat(16384) + "000000 00 01 00000001");
        assertThat(feed.events()).hasSize(3).last().isEqualTo("DATA 1 ends ");
    }

    @Test
    void ends_the_stream_of_a_block_with_the_flag_of_its_first_frame() {
        feed(SETTINGS + "000001 01 01 00000001 61" + "000001 09 00 00000001 62" + "000001 09 04 00000001 63");
        assertThat(feed.events())
                .containsExactly(
                        "SETTINGS 0 ",
                        "HEADERS 1 ends part a",
                        "CONTINUATION 1 ends part b",
                        "CONTINUATION 1 ends whole c");
    }

    @Test
    void takes_eight_continuations_and_not_nine() {
        feed(SETTINGS + "000000 01 00 00000001" + "000000 09 00 00000001".repeat(8));
        assertThat(feed.end()).isNull();
        feed("000000 09 04 00000001");
        assertThat(feed.end()).isEqualTo(Violation.TOO_MANY_CONTINUATIONS);
    }

    @Test
    void counts_continuations_for_each_block() {
        String block = "000000 01 00 00000001" + "000000 09 00 00000001".repeat(7) + "000000 09 04 00000001";
        feed(SETTINGS + block.repeat(3));
        assertThat(feed.end()).isNull();
    }

    @Test
    void counts_the_bytes_of_a_block_before_they_are_there() {
        String full = "61".repeat(16384);
        feed(SETTINGS + "004000 01 00 00000001" + full + ("004000 09 00 00000001" + full).repeat(3));
        assertThat(feed.end()).isNull();
        feed("000001 09 04 00000001");
        assertThat(feed.end()).isEqualTo(Violation.BLOCK_TOO_LARGE);
    }

    // --- What is written here ---------------------------------------------------------------------------------------

    @Test
    void reads_what_is_written_here() {
        HeadWriter out = new HeadWriter();
        FrameWriter.serverSettings(Http2Limits.ofHeads(32768), out);
        FrameWriter.settingsAcknowledgement(out);
        FrameWriter.ping(0x0123456789abcdefL, true, out);
        FrameWriter.ping(-2, false, out);
        FrameWriter.windowUpdate(0, 983041, out);
        FrameWriter.windowUpdate(7, 1, out);
        FrameWriter.reset(5, ErrorCode.REFUSED_STREAM, out);
        FrameWriter.dataHeader(3, true, Integer.MAX_VALUE, out);
        out.append("abc".getBytes(ISO_8859_1));
        FrameWriter.goAway(9, ErrorCode.ENHANCE_YOUR_CALM, "why".getBytes(ISO_8859_1), out);
        feed.feed(out.bytes(), 0, out.length());
        assertThat(feed.events().subList(1, feed.events().size()))
                .containsExactly(
                        "SETTINGS 0 ack ",
                        "PING 0 ack 123456789abcdef",
                        "PING 0 fffffffffffffffe",
                        "WINDOW_UPDATE 0 983041",
                        "WINDOW_UPDATE 7 1",
                        "RST_STREAM 5 REFUSED_STREAM",
                        "DATA 2147483647 ends abc",
                        "GOAWAY 0 9 ENHANCE_YOUR_CALM");
        assertThat(feed.rest()).isZero();
    }

    @Test
    void announces_its_limits() {
        Http2Limits limits = new Http2Limits(100, 70000, 1 << 20, 32768, 0, 8, 4000);
        HeadWriter out = new HeadWriter();
        FrameWriter.serverSettings(limits, out);
        PeerSettings settings = new PeerSettings(true);
        assertThat(settings.take(out.bytes(), FrameScanner.HEADER_LENGTH, out.length()))
                .isNull();
        assertThat(settings.concurrentStreams()).isEqualTo(100);
        assertThat(settings.initialWindow()).isEqualTo(70000);
        assertThat(settings.headerList()).isEqualTo(32768);
        assertThat(settings.takesConnectProtocol()).isTrue();
    }

    @Test
    void begins_as_a_client_with_the_preface() {
        HeadWriter out = new HeadWriter();
        FrameWriter.clientSettings(Http2Limits.ofHeads(1000), out);
        assertThat(Preface.of(out.bytes(), 0, out.length())).isEqualTo(Preface.WHOLE);
        feed.feed(out.bytes(), Preface.LENGTH, out.length());
        assertThat(feed.events()).hasSize(1).first().asString().startsWith("SETTINGS 0 \0\2\0\0\0\0");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "20, 1", "16384, 1", "16385, 2", "32768, 2", "32769, 3", "60000, 4"})
    void splits_a_long_block_into_frames(int length, int frames) {
        HeadWriter out = new HeadWriter();
        out.append("before".getBytes(ISO_8859_1));
        int begun = FrameWriter.beginBlock(out);
        byte[] block = new byte[length];
        for (int i = 0; i < length; i++) {
            block[i] = (byte) (i % 251);
        }
        out.append(block);
        FrameWriter.endBlock(begun, 3, true, 16384, out);
        feed(SETTINGS);
        feed.feed(out.bytes(), 6, out.length());
        assertThat(feed.events()).hasSize(1 + frames).last().asString().contains(" ends whole ");
        String text = String.join("", feed.events().subList(1, 1 + frames))
                .replaceAll("(HEADERS|CONTINUATION) 3 ends (whole|part) ", "");
        assertThat(text.getBytes(ISO_8859_1)).isEqualTo(block);
    }

    @Test
    void knows_the_preface() {
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxyz".getBytes(ISO_8859_1);
        for (int length = 0; length < Preface.LENGTH; length++) {
            assertThat(Preface.of(Arrays.copyOf(preface, length), 0, length)).isEqualTo(Preface.INCOMPLETE);
        }
        assertThat(Preface.of(preface, 0, 24)).isEqualTo(Preface.WHOLE);
        assertThat(Preface.of(preface, 0, 27)).isEqualTo(Preface.WHOLE);
        assertThat(Preface.of("GET".getBytes(ISO_8859_1), 0, 3)).isEqualTo(Preface.OTHER);
        assertThat(Preface.of("PRI * HTTP/1.1".getBytes(ISO_8859_1), 0, 14)).isEqualTo(Preface.OTHER);
    }

    private void feed(String hex) {
        byte[] bytes = Blocks.hex(hex);
        feed.feed(bytes, 0, bytes.length);
    }
}
