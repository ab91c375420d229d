package dev.turnout.proxy.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.ChunkScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where endless streams may be ended, however their bytes were split. */
final class EndlessStreamTest {

    private static final byte[] EVENTS = "data: a\n\n: ping\r\n\r\nid: 1\r\ndata: b\n\n\ndata: c".getBytes(UTF_8);
    private static final List<Integer> EVENT_ENDS = List.of(0, 9, 17, 19, 35, 36);

    @Test
    void events_end_behind_an_empty_line() {
        assertThat(boundaries(EventStream::new, EVENTS)).isEqualTo(EVENT_ENDS);
    }

    @Test
    void a_comment_belongs_to_no_event() {
        byte[] heartbeats = "data: a\n\n:\n: b\r\n:c\ndata: d\n:e\n\n".getBytes(UTF_8);

        assertThat(boundaries(EventStream::new, heartbeats)).containsExactly(0, 9, 11, 16, 19, 31);
    }

    @Test
    void events_whose_lines_end_with_cr_alone_end_behind_an_empty_line_too() {
        byte[] events = "data: a\r\rdata: b\r\r".getBytes(UTF_8);

        assertThat(boundaries(EventStream::new, events)).containsExactly(0, 9, 18);
    }

    @Test
    void a_cr_whose_lf_may_be_on_the_way_is_no_end() {
        byte[] events = "data: a\r\n\r\n".getBytes(UTF_8);

        assertThat(boundaries(EventStream::new, events)).containsExactly(0, 11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void the_last_words_of_events_end_their_lines_as_the_events_did(String lineEnd) {
        EventStream stream = new EventStream();
        stream.pass(Unpooled.wrappedBuffer(("data: a" + lineEnd + lineEnd).getBytes(UTF_8)));

        for (int i = 0; i < 100; i++) {
            assertThat(new String(stream.lastWords(EndReason.REPLACED), UTF_8))
                    .matches("retry: [1-4]\\d\\d" + lineEnd + lineEnd);
        }
    }

    @Test
    void nobody_is_told_to_come_back_at_once_to_a_proxy_that_stops() {
        assertThat(new EventStream().lastWords(EndReason.STOPPING)).isEmpty();
    }

    @Test
    void lines_end_behind_a_line_feed() {
        byte[] lines = "{1}\n{2}\r\n\n{3}".getBytes(UTF_8);

        assertThat(boundaries(() -> new LineStream(true), lines)).containsExactly(0, 4, 9, 10);
    }

    @Test
    void the_first_line_feed_is_found_from_any_place() {
        byte[] lines = "{1}\n{22}\n{3}".getBytes(UTF_8);
        for (int split = 0; split <= lines.length; split++) {
            EndlessStream stream = new LineStream(true);
            stream.pass(Unpooled.wrappedBuffer(lines, 0, split));
            int expected = split == 0 || split == 4 || split == 9
                    ? 0
                    : split < 4 ? 4 - split : split < 9 ? 9 - split : EndlessStream.NO_BOUNDARY;

            assertThat(stream.passToBoundary(Unpooled.wrappedBuffer(lines, split, lines.length - split)))
                    .as("split at %d", split)
                    .isEqualTo(expected);
        }
    }

    @Test
    void bytes_of_unknown_meaning_end_between_two_chunks() {
        MessageBody framing = MessageBody.chunked(100, ChunkScanner.NO_FRAMING);
        ByteStream stream = new ByteStream(framing, false);
        byte[] chunks = "3\r\nabc\r\n2\r\nde\r\n".getBytes(UTF_8);
        List<Integer> boundaries = new ArrayList<>();
        for (int at = 0; at < chunks.length; at++) {
            if (stream.isAtBoundary()) {
                boundaries.add(at);
            }
            framing.takeData(Unpooled.wrappedBuffer(chunks, at, 1), Unpooled.buffer());
        }

        assertThat(boundaries).containsExactly(0, 8);
        assertThat(stream.isAtBoundary()).isTrue();
    }

    @Test
    void a_websocket_ends_between_two_frames() {
        byte[] frames = frames(0, 5, 125, 126, 300, 70_000);
        List<Integer> ends = new ArrayList<>(List.of(0));
        for (int payload : new int[] {0, 5, 125, 126, 300, 70_000}) {
            ends.add(ends.get(ends.size() - 1) + frame(payload, false).readableBytes());
        }

        assertThat(boundaries(WebSocketStream::new, frames)).isEqualTo(ends);
    }

    @Test
    void a_masked_frame_has_its_mask_counted() {
        byte[] bytes = new byte[frame(200, true).readableBytes()];
        frame(200, true).readBytes(bytes);

        assertThat(boundaries(WebSocketStream::new, bytes)).containsExactly(0, bytes.length);
    }

    @Test
    void the_first_boundary_is_found_from_any_place_in_the_stream() {
        for (int split = 0; split <= EVENTS.length; split++) {
            EndlessStream stream = new EventStream();
            stream.pass(Unpooled.wrappedBuffer(EVENTS, 0, split));
            int from = split;
            int expected = EVENT_ENDS.stream()
                    .filter(end -> end >= from)
                    .findFirst()
                    .map(end -> end - from)
                    .orElse(EndlessStream.NO_BOUNDARY);

            int found = stream.passToBoundary(Unpooled.wrappedBuffer(EVENTS, split, EVENTS.length - split));

            assertThat(found).as("split at %d", split).isEqualTo(expected);
        }
    }

    @Test
    void a_close_frame_is_the_one_of_rfc_6455() {
        assertThat(WebSocketStream.closeFrame(1012)).containsExactly(0x88, 2, 0x03, 0xf4);
    }

    /** The places at which a stream fed byte by byte says that it may be ended. */
    private static List<Integer> boundaries(Supplier<EndlessStream> streams, byte[] bytes) {
        EndlessStream stream = streams.get();
        List<Integer> boundaries = new ArrayList<>();
        for (int at = 0; at < bytes.length; at++) {
            if (stream.isAtBoundary()) {
                boundaries.add(at);
            }
            stream.pass(Unpooled.wrappedBuffer(bytes, at, 1));
        }
        if (stream.isAtBoundary()) {
            boundaries.add(bytes.length);
        }
        return boundaries;
    }

    private static byte[] frames(int... payloads) {
        ByteBuf all = Unpooled.buffer();
        for (int payload : payloads) {
            all.writeBytes(frame(payload, false));
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    private static ByteBuf frame(int payload, boolean masked) {
        int mask = masked ? 0x80 : 0;
        ByteBuf frame = Unpooled.buffer().writeByte(0x82);
        if (payload < 126) {
            frame.writeByte(mask | payload);
        } else if (payload < 65_536) {
            frame.writeByte(mask | 126).writeShort(payload);
        } else {
            frame.writeByte(mask | 127).writeLong(payload);
        }
        return frame.writeZero(masked ? 4 : 0).writeZero(payload);
    }
}
