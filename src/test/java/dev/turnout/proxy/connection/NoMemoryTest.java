package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.support.Http2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The connection of a client that lacks something for want of memory ends, and does not go on without it")
final class NoMemoryTest {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";

    private final EmbeddedClient client = new EmbeddedClient();

    @AfterEach
    void end() {
        client.channel.finishAndReleaseAll();
    }

    /** Has the request that waits get an answer of Turnout's own, for which there is no memory. */
    private void failWithoutMemory() {
        client.received();
        client.allocator.setOut(true);
        assertThatCode(() -> client.waiting.remove().failed(new IOException("refused")))
                .doesNotThrowAnyException();
        client.allocator.setOut(false);
        client.channel.runPendingTasks();
    }

    private void assertGone() {
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(client.received()).isEmpty();
        assertThat(client.clients).hasValue(0);
    }

    @Test
    void over_http_1_where_an_answer_is_lacking() {
        client.send(GET);
        failWithoutMemory();
        assertGone();
    }

    @Test
    void over_http_1_where_the_next_request_has_come_already() {
        client.send(GET + GET);
        failWithoutMemory();
        assertGone();
        assertThat(client.waiting).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void over_http_2_where_an_answer_is_lacking(String method) {
        client.send(PREFACE);
        client.send(Http2Client.frame(Http2Client.SETTINGS, 0, 0, new byte[0]));
        byte[] block = Http2Client.block(":method=" + method, ":scheme=http", ":path=/", ":authority=shop.example");
        int flags = Http2Client.END_HEADERS | Http2Client.END_STREAM;
        client.send(Http2Client.frame(Http2Client.HEADERS, flags, 1, block));
        failWithoutMemory();
        assertGone();
    }

    @Test
    void over_http_2_where_the_header_of_data_is_lacking_and_the_data_is_not_kept() {
        Http2Output output = new Http2Output(
                client.channel, new Http2Scratch(1024), new SendWindow(65_535), client.connection::fail);
        ByteBuf data = Unpooled.copiedBuffer("a".repeat(5000), ISO_8859_1);
        client.allocator.setOut(true);
        output.data(1, data, true);
        client.allocator.setOut(false);

        assertThat(client.channel.isOpen()).isFalse();
        assertThat(data.refCnt()).isZero();
    }
}
