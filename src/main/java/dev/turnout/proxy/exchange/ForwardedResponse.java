package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.http1.CallStatus;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.route.Retirement;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The response of one exchange on its way from the target to the client, from the head of the final response on: a body
 * with an end, a stream that Turnout may end, or a tunnel. Event loop only.
 */
final class ForwardedResponse {

    static final byte[] NO_LINES = {};

    private final ClientStream client;
    private final ExchangeRecord record;
    private final ResponseBody body;
    private final @Nullable Tunnel tunnel;

    private ForwardedResponse(ClientStream client, ExchangeRecord record, ResponseBody body, @Nullable Tunnel tunnel) {
        this.client = client;
        this.record = record;
        this.body = body;
        this.tunnel = tunnel;
    }

    static ForwardedResponse of(ClientStream client, ExchangeRecord record, ResponseBody body) {
        return new ForwardedResponse(client, record, body, null);
    }

    static ForwardedResponse tunnel(ClientStream client, ExchangeRecord record, boolean isWebSocket) {
        return new ForwardedResponse(client, record, ResponseBody.tunnel(isWebSocket), new Tunnel());
    }

    /** Returns the lines that tell the client of its slot, each with its CRLF. */
    static byte[] slotLines(boolean showsSlot, TargetState target, byte @Nullable [] cookieLine) {
        byte[] cookie = cookieLine == null ? NO_LINES : cookieLine;
        if (!showsSlot) {
            return cookie;
        }
        return joined(("X-Turnout-Slot: " + target.slot() + "\r\n").getBytes(US_ASCII), cookie);
    }

    /** Returns both, which costs nothing if there is only one. */
    static byte[] joined(byte[] first, byte[] second) {
        if (first.length == 0 || second.length == 0) {
            return first.length == 0 ? second : first;
        }
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    // --- Bytes -----------------------------------------------------------------------------------------------------

    /**
     * Passes on the head of a final response and what came with it.
     *
     * @param first what of the body came with the head. The response's to release.
     * @param headStart where in the buffer the head begins, if nothing was decoded
     * @param lines that the client is told beside the target's
     */
    void head(ResponseHead head, ByteBuf first, int headStart, byte[] lines) {
        record.sent(first.readableBytes());
        client.head(head, body, first, headStart, lines);
    }

    /**
     * Passes on a 101 response and what came with it.
     *
     * @param length of the head, in bytes
     * @param in begins with the head; the response's to release
     * @param lines that the client is told beside the target's
     */
    void switchProtocols(ResponseHead head, int length, ByteBuf in, byte[] lines) {
        client.switchProtocols(head, in, lines);
        send(requireNonNull(body.pass(in.skipBytes(length))));
    }

    /** Passes on a piece of the body, which is the response's to release. Returns false if the body is broken. */
    boolean pass(ByteBuf in) {
        ByteBuf out = body.pass(in);
        if (out != null) {
            send(out);
        }
        return out != null;
    }

    /** Passes on a piece of the body that is in a pipe. The piece is the response's to release. */
    void pass(PipedBytes piece) {
        body.pass(piece.count());
        record.sent(piece.count());
        client.write(piece);
    }

    /** Returns how many bytes are still to come that nobody looks at. */
    long unseen() {
        return body.unseen();
    }

    private void send(ByteBuf bytes) {
        record.sent(bytes.readableBytes());
        if (bytes.isReadable()) {
            client.write(bytes);
        } else {
            bytes.release();
        }
    }

    // --- The end of a stream ---------------------------------------------------------------------------------------

    /**
     * Asks the stream to end at its next boundary.
     *
     * @param whole whether its reader is to take it for a whole one
     * @return true if the stream has ended at once
     */
    boolean askToEnd(Retirement retirement, boolean whole) {
        ByteBuf last = body.end(retirement.reason(), whole, client.allocator());
        if (last != null) {
            send(last);
        }
        return last != null;
    }

    /** Ends the stream where it is. */
    void endAnywhere() {
        send(body.endAnywhere(client.allocator()));
    }

    // --- Facts -----------------------------------------------------------------------------------------------------

    /** Returns true if the response may have no end of its own, and can be asked to end. */
    boolean isEndless() {
        return body.isEndless();
    }

    /** Returns true if the stream may end by itself soon too. */
    boolean mayEndByItself() {
        return body.mayEndByItself();
    }

    /** Returns true if the end of the stream has to wait for a boundary. */
    boolean needsBoundary() {
        return body.needsBoundary();
    }

    /** Returns true if Turnout has ended the stream. */
    boolean isEnded() {
        return body.isEnded();
    }

    /** Returns true if all of the response has come from the target. */
    boolean isWhole() {
        return body.isDone();
    }

    /** Returns true if it is a call of gRPC that has ended with a status that tells of a fault of the target's. */
    boolean isFailedCall() {
        return CallStatus.isFault(body.callStatus());
    }

    /** Returns true if only the end of the target's connection ends the response. */
    boolean isUntilClose() {
        return body.isUntilClose();
    }

    /** Returns true if the client would take the end of its connection for the end of the body. */
    boolean endsWithConnection() {
        return body.isUnchunked() || body.isUntilClose();
    }

    /** Returns true if the target has sent more than the response. */
    boolean isOverrun() {
        return body.isOverrun();
    }

    /** Returns the tunnel. Null if the response is none. */
    @Nullable
    Tunnel tunnel() {
        return tunnel;
    }

    /** Returns true if the response is a tunnel for WebSocket frames. */
    boolean isWebSocket() {
        return tunnel != null && body.needsBoundary();
    }
}
