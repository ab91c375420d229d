package dev.turnout.proxy.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.FieldLines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Chunks between a peer that knows them and one that does not. */
final class ChunkedDataTest {

    private static final ByteBufAllocator HEAP = UnpooledByteBufAllocator.DEFAULT;
    private static final String BODY =
            "5\r\nhello\r\n1;a=b\r\n \r\n5\r\nworld\r\n0\r\ngrpc-status: 0\r\nx-sum: 1\r\n\r\n";

    private final StringBuilder data = new StringBuilder();

    private @Nullable ChunkedData taken(String body, int piece) {
        data.setLength(0);
        ChunkedData chunked = new ChunkedData(1024);
        for (int at = 0; at < body.length(); at += piece) {
            ByteBuf in = Unpooled.copiedBuffer(body.substring(at, Math.min(body.length(), at + piece)), US_ASCII);
            boolean isLegal = chunked.take(in, slice -> {
                data.append(slice.toString(US_ASCII));
                slice.release();
            });
            assertThat(in.refCnt()).isZero();
            if (!isLegal) {
                return null;
            }
        }
        return chunked;
    }

    @Test
    void data_and_trailer_come_out_however_the_body_is_split() {
        for (int piece = 1; piece <= BODY.length(); piece++) {
            ChunkedData chunked = taken(BODY, piece);
            FieldLines trailer = new FieldLines();

            assertThat(data).hasToString("hello world");
            assertThat(chunked.isDone()).isTrue();
            assertThat(chunked.trailer(trailer)).isTrue();
            assertThat(trailer.size()).isEqualTo(2);
        }
    }

    @Test
    void a_body_without_a_trailer_has_none() {
        ChunkedData chunked = taken("1\r\nx\r\n0\r\n\r\n", 3);

        assertThat(chunked.isDone()).isTrue();
        assertThat(chunked.trailer(new FieldLines())).isFalse();
    }

    @Test
    void a_broken_chunk_is_refused() {
        assertThat(taken("1\r\nxx\r\n", 3)).isNull();
        assertThat(taken("0\r\ncontent-length: 1\r\n\r\n", 3)).isNull();
    }

    @Test
    void pieces_of_data_become_one_chunk_and_the_end_comes_behind_it() {
        ChunkBuffer buffer = new ChunkBuffer(true);
        buffer.append(HEAP, Unpooled.copiedBuffer("hello ", US_ASCII), 6);
        buffer.append(HEAP, Unpooled.copiedBuffer("all the world", US_ASCII), 13);

        assertThat(text(buffer)).isEqualTo("13\r\nhello all the world\r\n");
        assertThat(buffer.isEmpty()).isTrue();

        buffer.append(HEAP, Unpooled.copiedBuffer("x", US_ASCII), 1);
        byte[] last = "..0\r\na: b\r\n\r\n".getBytes(US_ASCII);
        buffer.end(HEAP, last, 2, last.length);

        assertThat(text(buffer)).isEqualTo("1\r\nx\r\n0\r\na: b\r\n\r\n");
    }

    @Test
    void the_end_alone_is_the_last_chunk() {
        ChunkBuffer buffer = new ChunkBuffer(true);
        buffer.end(HEAP);

        assertThat(text(buffer)).isEqualTo("0\r\n\r\n");
    }

    @Test
    void data_under_a_length_stays_as_it_is() {
        ChunkBuffer buffer = new ChunkBuffer(false);
        buffer.append(HEAP, Unpooled.copiedBuffer("hello", US_ASCII), 5);
        buffer.end(HEAP);

        assertThat(text(buffer)).isEqualTo("hello");
        assertThat(buffer.take()).isNull();
    }

    private static String text(ChunkBuffer buffer) {
        ByteBuf out = buffer.take();
        try {
            return out.toString(US_ASCII);
        } finally {
            out.release();
        }
    }
}
