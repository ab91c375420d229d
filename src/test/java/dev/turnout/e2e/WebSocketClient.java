package dev.turnout.e2e;

import dev.turnout.support.RawClient;
import dev.turnout.support.SocketEnd;
import dev.turnout.support.wire.Frame;
import dev.turnout.support.wire.Response;
import dev.turnout.support.wire.WebSocketFrameReader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A WebSocket client that reads strictly, frame by frame. One thread may send while another one reads. */
final class WebSocketClient implements AutoCloseable {

    /** The key of RFC 6455, section 1.3, and the answer that belongs to it. */
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private final RawClient raw;
    private final Response handshake;
    private final WebSocketFrameReader frames;

    private WebSocketClient(RawClient raw, Response handshake) {
        this.raw = raw;
        this.handshake = handshake;
        this.frames = new WebSocketFrameReader(raw.in());
    }

    /** The request that opens a WebSocket, with more lines, each with its CRLF. */
    static String opening(String path, String lines) {
        return "GET " + path + " HTTP/1.1\r\nHost: app.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n" + lines + "\r\n";
    }

    /** Opens one. */
    static WebSocketClient open(URI front) throws IOException {
        return open(RawClient.to(front), "");
    }

    /** Opens one over a connection, with more lines in its request. */
    static WebSocketClient open(RawClient raw, String lines) throws IOException {
        Response response = raw.send(opening("/socket", lines)).read();
        if (response.status() != 101
                || !response.fields().only("Sec-WebSocket-Accept").equals(Optional.of(ACCEPT))) {
            raw.close();
            throw new IOException("no WebSocket but " + response + " " + response.text());
        }
        return new WebSocketClient(raw, response);
    }

    /** What the server answered to the request. */
    Response handshake() {
        return handshake;
    }

    WebSocketClient send(Frame frame) throws IOException {
        raw.send(frame.masked());
        return this;
    }

    /** Waits for the next frame. */
    Frame read() throws IOException {
        return frames.read();
    }

    /** Whether a frame, or the end, begins to arrive within this time. */
    boolean hasMoreWithin(Duration time) throws IOException {
        return raw.hasMoreWithin(time);
    }

    /** Sends a text and waits for what comes back. */
    String ask(String text) throws IOException {
        return send(Frame.text(text)).read().text();
    }

    /** Answers a Close frame with the same code, and waits until the server closes. */
    boolean answerClose(Frame close) throws IOException {
        return send(Frame.close(close.closeCode())).isClosedByPeer();
    }

    boolean isClosedByPeer() throws IOException {
        return raw.isClosedByPeer();
    }

    /** Ends the connection without a word. */
    void end(SocketEnd ending) throws IOException {
        raw.end(ending);
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
