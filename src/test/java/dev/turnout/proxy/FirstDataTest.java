package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.support.Await;
import dev.turnout.support.Http2Client;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a client sends over HTTP/2 in one piece, its target gets in one piece: head and first data share a packet, and so
 * do several requests to a target that speaks HTTP/2.
 */
final class FirstDataTest {

    /** One piece may look like two by chance, and two like one. So many in a row do not. */
    private static final int REQUESTS = 40;

    private static final byte[] OVER_HTTP_1 = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] SETTINGS = Http2Client.frame(Http2Client.SETTINGS, 0, 0, new byte[0]);
    private static final byte[] OK = {(byte) 0x88};

    @TempDir
    private Path folder;

    /** A target that says of each read whether it had the head of a request, and the mark in its data. */
    private static final class Reads implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final boolean isHttp2;
        private final List<String> reads = new CopyOnWriteArrayList<>();

        Reads(boolean isHttp2) throws IOException {
            this.isHttp2 = isHttp2;
            new Thread(this::serve).start();
        }

        private void serve() {
            try {
                while (true) {
                    Socket socket = server.accept();
                    new Thread(() -> serve(socket)).start();
                }
            } catch (IOException e) {
                // The test is over.
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                socket.setTcpNoDelay(true);
                if (isHttp2) {
                    socket.getOutputStream().write(SETTINGS);
                }
                answer(socket.getInputStream(), socket.getOutputStream());
            } catch (IOException e) {
                // The test is over.
            }
        }

        private void answer(InputStream in, OutputStream out) throws IOException {
            byte[] buffer = new byte[256 * 1024];
            int stream = 1;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                String text = new String(buffer, 0, count, ISO_8859_1);
                boolean hasHead = text.contains("x-mark");
                boolean hasData = text.contains("first-data");
                if (hasHead || hasData) {
                    reads.add((hasHead ? "head" : "") + (hasData ? "data" : ""));
                }
                if (text.contains("last-data")) {
                    out.write(
                            isHttp2
                                    ? Http2Client.frame(
                                            Http2Client.HEADERS,
                                            Http2Client.END_HEADERS | Http2Client.END_STREAM,
                                            stream,
                                            OK)
                                    : OVER_HTTP_1);
                    stream += 2;
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** A head and data in one write of the client, as a client sends them that has the data at hand. */
    private static byte[] post(int stream, String data, boolean isWhole, boolean hasLength) {
        List<String> rows = new ArrayList<>(
                List.of(":method=POST", ":scheme=http", ":path=/", ":authority=shop.example", "x-mark=here"));
        if (hasLength) {
            rows.add("content-length=" + data.length());
        }
        byte[] block = Http2Client.block(rows.toArray(String[]::new));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Http2Client.frame(Http2Client.HEADERS, Http2Client.END_HEADERS, stream, block));
        out.writeBytes(Http2Client.frame(
                Http2Client.DATA, isWhole ? Http2Client.END_STREAM : 0, stream, data.getBytes(ISO_8859_1)));
        return out.toByteArray();
    }

    @ParameterizedTest(name = "to {0}, {1} bytes, whole: {2}, with a length: {3}")
    @CsvSource({
        "http1, 20, true, true",
        "http1, 20, true, false",
        "http1, 1200, true, true",
        "http1, 20, false, false",
        "h2c, 20, true, true",
        "h2c, 20, true, false",
        "h2c, 1200, true, true",
        "h2c, 20, false, false"
    })
    void the_first_data_leaves_with_its_head(String protocol, int size, boolean isWhole, boolean hasLength)
            throws IOException {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        try (Reads target = new Reads(protocol.equals("h2c"))) {
            DataPlane plane =
                    Http2TargetPlane.start(vertx, folder, target.server.getLocalPort(), "turnout.protocol", protocol);
            try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
                String data = "first-data".repeat(size / 10) + (isWhole ? "last-data" : "");
                for (int i = 0; i < REQUESTS; i++) {
                    int stream = 2 * i + 1;
                    client.write(post(stream, data, isWhole, hasLength));
                    if (!isWhole) {
                        client.data(stream, true, "last-data");
                    }
                    assertThat(client.answer(stream).status()).isEqualTo(200);
                }
                assertThat(target.reads).hasSize(REQUESTS).containsOnly("headdata");
            } finally {
                plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void requests_of_one_read_leave_together() throws IOException {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        try (Reads target = new Reads(true)) {
            DataPlane plane = Http2TargetPlane.start(vertx, folder, target.server.getLocalPort());
            try (Http2Client client = Http2Client.to(plane.plainPort().orElseThrow())) {
                client.write(post(1, "first-data-last-data", true, true));
                assertThat(client.answer(1).status()).isEqualTo(200);
                ByteArrayOutputStream requests = new ByteArrayOutputStream();
                for (int i = 0; i < REQUESTS; i++) {
                    requests.writeBytes(post(2 * i + 3, "first-data", true, true));
                }
                client.write(requests.toByteArray());

                Await.until("all requests arrive", () -> target.reads.size() > 1);
                // The target reads when it likes, and Turnout reads in pieces: a few reads, not one for each request.
                assertThat(target.reads).hasSizeLessThan(REQUESTS / 8);
                assertThat(target.reads.get(0)).isEqualTo("headdata");
            } finally {
                plane.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
