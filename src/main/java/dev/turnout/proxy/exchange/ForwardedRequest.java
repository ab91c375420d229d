package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.HeadEdits;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.proxy.http1.StrictTransport;
import dev.turnout.proxy.http1.TraceLine;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.routing.VisibleText;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as its target gets it: kept to be sent once more where that is safe, and to name the request if it is cut.
 * Event loop only.
 */
final class ForwardedRequest {

    /** From this status on a response that comes before its request ends says that the rest is not wanted. */
    private static final int NOT_WANTED = 300;

    private static final int CRLF = 2;

    private final ByteBuf head;
    private final int headLength;
    private final LocalReply.Form form;
    private final boolean isHead;
    private final boolean isIdempotent;
    private final boolean asksUpgrade;
    private final boolean hasContent;
    private final boolean contentIsRead;
    private final boolean expectsContinue;
    private final boolean isEndless;
    private final @Nullable StrictTransport strictTransport;
    private final @Nullable StickySession session;
    private final List<HeadEdits> responseEdits;
    private final long bodyLimit;
    private @Nullable ByteBuf firstBody;
    private MessageBody body;
    private boolean streamed;
    private boolean restUnwanted;

    /**
     * @param request as scanned
     * @param head the head as the target gets it, with a small body behind it if the whole request is there
     * @param headLength how long the head is, without a body behind it
     * @param body what is still to come of the request
     * @param firstBody what of a larger body came with the head; null if nothing did
     * @param isEndless whether the operator says that what comes from its path has no end of its own
     * @param strictTransport the line that its answer gets where the target has not set one; null for none
     * @param session what keeps its client at a target; null if nothing does
     * @param responseEdits what rules change in the head of the response
     * @param bodyLimit the largest body, in bytes, at the admission: a lower limit is for later requests; 0 for none
     */
    ForwardedRequest(
            RequestHead request,
            ByteBuf head,
            int headLength,
            MessageBody body,
            @Nullable ByteBuf firstBody,
            boolean isEndless,
            @Nullable StrictTransport strictTransport,
            @Nullable StickySession session,
            List<HeadEdits> responseEdits,
            long bodyLimit) {
        this.head = head;
        this.headLength = headLength;
        this.body = body;
        this.firstBody = firstBody;
        this.isEndless = isEndless;
        this.strictTransport = strictTransport;
        this.session = session;
        this.responseEdits = responseEdits;
        this.bodyLimit = bodyLimit;
        this.form = LocalReplies.form(request);
        this.isHead = request.methodIs(KnownMethod.HEAD);
        this.isIdempotent = request.isIdempotent();
        this.asksUpgrade = request.isUpgrade();
        this.hasContent = request.isChunked() || request.contentLength() > 0;
        this.contentIsRead = request.contentIsRead();
        this.expectsContinue = request.expectsContinue();
    }

    /** Writes another span into the head, for the next attempt. */
    void traceAs(long span) {
        int at = headLength - CRLF - TraceLine.SPAN_BEFORE_END;
        for (int i = 0; i < 16; i++) {
            head.setByte(at + i, Character.forDigit((int) (span >>> 60 - 4 * i) & 0xf, 16));
        }
    }

    // --- To the target ---------------------------------------------------------------------------------------------

    /** Sends what there is of the request over a stream that carries nothing else. */
    void sendTo(TargetStream target) {
        target.reusability().requestBegun(hasContent, !body.isChunked(), contentIsRead);
        target.write(head.readerIndex(0).retain());
        if (firstBody != null) {
            // The connection of an attempt before this one may go on, and may not have sent all of it.
            target.write(firstBody.retainedDuplicate());
        }
        target.flush();
    }

    /** Returns true if the system has not taken a byte of what was sent last. */
    boolean isUntaken() {
        return firstBody == null && head.readerIndex() == 0;
    }

    /**
     * Passes on a piece of the body, or drops it if nobody wants the rest.
     *
     * @param taken how many readable bytes are the body's
     */
    void pass(ByteBuf in, int taken, TargetStream target) {
        streamed = true;
        if (restUnwanted) {
            in.skipBytes(taken);
        } else {
            target.write(in.readRetainedSlice(taken));
            target.flush();
        }
    }

    /** Passes on a piece of the body that is in a pipe, or drops it if nobody wants the rest. */
    void pass(PipedBytes piece, TargetStream target) {
        streamed = true;
        if (restUnwanted) {
            piece.release();
        } else {
            target.write(piece);
            target.flush();
        }
    }

    /**
     * Decides what becomes of the rest of a request that has been answered before it was whole.
     *
     * @return true if the connection of the client has to end with the response
     */
    boolean endsEarly(ResponseHead response) {
        restUnwanted = !response.isPersistent() && response.status() >= NOT_WANTED;
        // A client that has not been told to go on may send its body or not: nobody can tell (RFC 9110, 10.1.1).
        boolean isHeldBack = expectsContinue && !streamed && firstBody == null;
        return !response.isPersistent() || isHeldBack;
    }

    /** Notes that what the client sends is no message from now on. */
    void becomeTunnel() {
        body = MessageBody.untilClose();
    }

    // --- Facts -----------------------------------------------------------------------------------------------------

    MessageBody body() {
        return body;
    }

    /** Returns true if all of the request has come. */
    boolean isWhole() {
        return body.isDone();
    }

    /** Returns true if the client still sends something that somebody wants. */
    boolean isUploading() {
        return !body.isDone() && !restUnwanted;
    }

    boolean isRestUnwanted() {
        return restUnwanted;
    }

    /** Returns true if all that was sent of the request is still there. */
    boolean isResendable() {
        return !streamed;
    }

    /** Returns true if an idle connection may be used at once: the request can go again if it turns out stale. */
    boolean isReplayable() {
        return isIdempotent && body.isDone();
    }

    boolean isIdempotent() {
        return isIdempotent;
    }

    boolean hasContent() {
        return hasContent;
    }

    boolean isHead() {
        return isHead;
    }

    /** Returns true if the client may be told of a protocol switch. */
    boolean mayUpgrade() {
        return asksUpgrade && body.isDone();
    }

    /** Returns true if the operator says that what comes from its path has no end of its own. */
    boolean isEndless() {
        return isEndless;
    }

    /** Returns the line that the answer gets where the target has not set one; null for none. */
    @Nullable
    StrictTransport strictTransport() {
        return strictTransport;
    }

    /** Returns what keeps the client at a target; null if nothing does. */
    @Nullable
    StickySession session() {
        return session;
    }

    /** Returns how many of the next bytes nobody needs to look at: what is left of the body, or of its chunk, and may come. */
    long unseen() {
        return bodyLimit > 0 ? Math.min(body.unseen(), bodyLimit - body.passed()) : body.unseen();
    }

    /** Returns true if more of the body has come than may come. */
    boolean isTooLarge() {
        return body.isLongerThan(bodyLimit);
    }

    /** Returns what rules change in the head of the response. */
    List<HeadEdits> responseEdits() {
        return responseEdits;
    }

    /** Returns the form of an answer that its client can read. */
    LocalReply.Form form() {
        return form;
    }

    /** Returns true for a call of gRPC. */
    boolean isCall() {
        return form == LocalReply.Form.CALL;
    }

    /** Returns the method, shortened and made visible. */
    String method() {
        return part(0, head.indexOf(0, head.writerIndex(), (byte) ' '));
    }

    /** Returns the request's target, shortened and made visible. */
    String path() {
        int from = head.indexOf(0, head.writerIndex(), (byte) ' ') + 1;
        return part(from, head.indexOf(from, head.writerIndex(), (byte) ' '));
    }

    /** Shortens before the part becomes a string. */
    private String part(int from, int to) {
        String start = head.toString(from, Math.min(to - from, VisibleText.SHORT + 1), ISO_8859_1);
        return VisibleText.of(start, to - from, VisibleText.SHORT);
    }

    // --- Memory ----------------------------------------------------------------------------------------------------

    ByteBuf head() {
        return head;
    }

    /** Returns how many bytes are kept for a request that waits. What came of its body is copied if that saves memory. */
    long compact() {
        if (firstBody != null) {
            firstBody = Buffers.compacted(firstBody);
        }
        return head.capacity() + (firstBody == null ? 0L : Buffers.kept(firstBody));
    }

    /** Releases what of the body came with the head: a response has begun, the request is not sent again. */
    void releaseBody() {
        if (firstBody != null) {
            firstBody.release();
            firstBody = null;
        }
    }

    /** Releases everything. */
    void release() {
        head.release();
        releaseBody();
    }
}
