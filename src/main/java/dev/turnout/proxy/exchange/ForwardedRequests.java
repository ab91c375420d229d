package dev.turnout.proxy.exchange;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.ForgedFields;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RequestRewriter;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.proxy.loop.RequestIds;
import dev.turnout.proxy.route.RequestSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Writes admitted requests as their targets get them. Event loop only. */
final class ForwardedRequests {

    /** A body up to this size that came with its head travels in one buffer with it. */
    private static final int SMALL_BODY = 16 * 1024;

    private final ExchangeContext context;
    private final RequestIds requestIds;
    private final HeadWriter spareWriter = new HeadWriter();
    private RequestRewriter rewriter;

    /** @param tracing makes the traces of requests; null if requests are not traced */
    ForwardedRequests(ExchangeContext context, RequestIds requestIds, @Nullable Tracing tracing) {
        this.context = context;
        this.requestIds = requestIds;
        this.rewriter = rewriter(tracing);
    }

    private RequestRewriter rewriter(@Nullable Tracing tracing) {
        ForgedFields forged = context.settings().forgedFields();
        return tracing == null
                ? new RequestRewriter(requestIds.id(), forged, null)
                : new RequestRewriter(
                        tracing.isRequestId() ? tracing.line().id() : requestIds.id(), forged, tracing.line());
    }

    /** Takes over the settings of the context, for the requests that come from now on. */
    void apply(@Nullable Tracing tracing) {
        rewriter = rewriter(tracing);
    }

    /** Returns the body that a head announces. */
    MessageBody bodyOf(RequestHead head) {
        return head.isChunked()
                ? MessageBody.chunked(
                        context.scratch().headLimit(),
                        context.settings().forgedFields().inTrailer())
                : MessageBody.ofLength(head.contentLength());
    }

    /**
     * Returns the request as its target gets it; null if there is no memory for it.
     *
     * @param in begins with the body
     * @param taken how many bytes of the body there are; they are read
     * @param at what is known of the request, with its trace
     * @param session what keeps its client at a target; null if nothing does
     */
    @Nullable
    ForwardedRequest of(
            RequestHead head,
            ByteBuf in,
            MessageBody body,
            int taken,
            ByteBufAllocator allocator,
            ClientInfo client,
            RequestAtHand at,
            @Nullable StickySession session) {
        boolean isSmall = body.isDone() && taken <= SMALL_BODY;
        boolean isUnchunked = isSmall && head.isChunked() && !body.hasTrailer();
        HeadWriter writer = write(head, client, at, isUnchunked ? body.passed() : RequestRewriter.AS_FRAMED);
        ByteBuf out = buffer(allocator, writer.length() + (isSmall ? taken : 0));
        if (out == null) {
            return null;
        }
        out.writeBytes(writer.bytes(), 0, writer.length());
        MessageBody left = body;
        ByteBuf firstBody = null;
        if (isUnchunked) {
            bodyOf(head).takeData(in, out);
            in.skipBytes(taken);
            left = MessageBody.passed(body.passed());
        } else if (taken > 0 && isSmall) {
            out.writeBytes(in, taken);
        } else if (taken > 0) {
            firstBody = in.readRetainedSlice(taken);
        }
        RequestSettings settings = at.settings(context.settings().ofNoService());
        return new ForwardedRequest(
                head,
                out,
                writer.length(),
                left,
                firstBody,
                settings.isEndless(head),
                at.strictTransport(),
                session,
                at.responseEdits(),
                at.bodyLimit(settings.bodyLimit()));
    }

    /** Writes the head, with an identifier of its own. Returns what holds the result. */
    private HeadWriter write(RequestHead head, ClientInfo client, RequestAtHand at, long bodyLength) {
        requestIds.advance();
        HeadWriter written = context.scratch().headWriter();
        rewriter.rewrite(head, client, at.stripped(), at.linesForTarget(head), bodyLength, written);
        AppliedRules applied = at.applied();
        return applied == null ? written : applied.edit(written, spareWriter);
    }

    /** Returns a buffer that counts as memory for heads; null if there is no room for it. */
    private @Nullable ByteBuf buffer(ByteBufAllocator allocator, int size) {
        ByteBuf out = context.loop().headBuffer(allocator, size);
        if (!context.heads().admit(out.capacity())) {
            out.release();
            return null;
        }
        return out;
    }
}
