package dev.turnout.proxy.body;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.proxy.http1.ChunkScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageBodyTest {

    private static final String CHUNKS = "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nSum: 1\r\n\r\n";

    @Test
    void is_done_at_once_if_its_length_is_zero() {
        MessageBody body = MessageBody.ofLength(0);
        assertThat(body.isDone()).isTrue();
        assertThat(body.take(buffer("GET /"))).isZero();
    }

    @Test
    void knows_how_many_bytes_have_passed_if_it_is_whole_from_the_beginning() {
        MessageBody body = MessageBody.passed(4);
        assertThat(body.isDone()).isTrue();
        assertThat(body.isChunked()).isFalse();
        assertThat(body.passed()).isEqualTo(4);
        assertThat(body.take(buffer("GET /"))).isZero();
    }

    @Test
    void takes_as_many_bytes_as_its_length() {
        MessageBody body = MessageBody.ofLength(5);
        assertThat(body.take(buffer("abc"))).isEqualTo(3);
        assertThat(body.isDone()).isFalse();
        assertThat(body.take(buffer("deGET /"))).isEqualTo(2);
        assertThat(body.isDone()).isTrue();
    }

    @Test
    void takes_a_body_that_is_longer_than_an_int_can_say() {
        MessageBody body = MessageBody.ofLength(10_000_000_000L);
        assertThat(body.take(buffer("abc"))).isEqualTo(3);
        assertThat(body.isDone()).isFalse();
    }

    @Test
    void leaves_the_buffer_unread() {
        ByteBuf in = buffer("abc");
        MessageBody.ofLength(5).take(in);
        assertThat(in.readableBytes()).isEqualTo(3);
    }

    @Test
    void begins_where_the_buffer_is_read_to() {
        ByteBuf in = buffer("xx" + CHUNKS + "rest").skipBytes(2);
        assertThat(MessageBody.chunked(100, ChunkScanner.NO_FRAMING).take(in)).isEqualTo(CHUNKS.length());
    }

    @Test
    void takes_everything_if_only_the_connection_ends_it() {
        MessageBody body = MessageBody.untilClose();
        assertThat(body.take(buffer("abc"))).isEqualTo(3);
        assertThat(body.isDone()).isFalse();
        assertThat(body.isUntilClose()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 1000})
    void takes_a_chunked_body_to_its_end_however_it_is_split(int piece) {
        MessageBody body = MessageBody.chunked(100, ChunkScanner.NO_FRAMING);
        ByteBuf in = buffer(CHUNKS + "GET /");
        int taken = 0;
        while (!body.isDone()) {
            int count = Math.min(piece, in.readableBytes());
            taken += body.take(in.readSlice(count));
        }
        assertThat(taken).isEqualTo(CHUNKS.length());
        assertThat(body.take(in)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 1000})
    void gives_the_data_of_a_chunked_body_without_its_framing(int piece) {
        MessageBody body = MessageBody.chunked(100, ChunkScanner.NO_FRAMING);
        ByteBuf in = buffer(CHUNKS);
        ByteBuf data = Unpooled.buffer();
        while (in.isReadable()) {
            body.takeData(in.readSlice(Math.min(piece, in.readableBytes())), data);
        }
        assertThat(data.toString(ISO_8859_1)).isEqualTo("hello!");
        assertThat(body.isDone()).isTrue();
    }

    @Test
    void says_that_a_chunked_body_is_broken_wherever_that_is() {
        MessageBody body = MessageBody.chunked(100, ChunkScanner.NO_FRAMING);
        assertThat(body.take(buffer("1\r\na"))).isEqualTo(4);
        assertThat(body.take(buffer("b"))).isEqualTo(MessageBody.BROKEN);
        assertThat(body.isDone()).isFalse();
    }

    @Test
    void counts_data_and_not_framing_against_a_limit() {
        MessageBody body = MessageBody.chunked(100, ChunkScanner.NO_FRAMING);
        body.take(buffer(CHUNKS));
        assertThat(body.isLongerThan(5)).isTrue();
        assertThat(body.isLongerThan(6)).isFalse();
        assertThat(body.isLongerThan(0)).isFalse();
    }

    @Test
    void says_how_many_of_the_next_bytes_nobody_needs_to_look_at() {
        MessageBody length = MessageBody.ofLength(5);
        length.take(buffer("ab"));
        assertThat(length.unseen()).isEqualTo(3);
        assertThat(MessageBody.untilClose().unseen()).isZero();

        MessageBody chunks = MessageBody.chunked(100, ChunkScanner.NO_FRAMING);
        long[] unseen = {0, 5, 3, 0, 0, 0};
        String[] pieces = {"5;a=b", "\r\n", "he", "llo", "\r\n", "0\r\n\r\n"};
        for (int i = 0; i < pieces.length; i++) {
            chunks.take(buffer(pieces[i]));
            assertThat(chunks.unseen()).as("behind " + pieces[i]).isEqualTo(unseen[i]);
        }
        assertThat(chunks.isDone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 11, 1000})
    void ends_where_it_says_if_some_of_its_data_passes_unseen(int seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            MessageBody body = MessageBody.chunked(100, ChunkScanner.NO_FRAMING);
            ByteBuf in = buffer(CHUNKS + "GET /");
            while (!body.isDone()) {
                if (body.unseen() > 0 && random.nextBoolean()) {
                    int count = 1 + random.nextInt((int) body.unseen());
                    body.pass(count);
                    in.skipBytes(count);
                } else {
                    in.skipBytes(body.take(in.slice(in.readerIndex(), 1 + random.nextInt(in.readableBytes()))));
                }
            }
            assertThat(in.readerIndex()).isEqualTo(CHUNKS.length());
            assertThat(body.passed()).isEqualTo(6);
        }
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }
}
