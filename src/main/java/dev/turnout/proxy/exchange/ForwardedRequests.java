package dev.turnout.proxy.exchange;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RequestRewriter;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.proxy.loop.RequestIds;
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
    private TargetSettings targets;
    private RequestRewriter rewriter;

    /** @param tracing makes the traces of requests; null if requests are not traced */
    ForwardedRequests(
            ExchangeContext context, RequestIds requestIds, TargetSettings targets, @Nullable Tracing tracing) {
        this.context = context;
        this.requestIds = requestIds;
        this.targets = targets;
        this.rewriter = rewriter(tracing);
    }

    private RequestRewriter rewriter(@Nullable Tracing tracing) {
        return tracing == null
                ? new RequestRewriter(requestIds.id(), targets.forgedFields(), null)
                : new RequestRewriter(
                        tracing.isRequestId() ? tracing.line().id() : requestIds.id(),
                        targets.forgedFields(),
                        tracing.line());
    }

    /** Replaces the settings, for the requests that come from now on. */
    void apply(TargetSettings next, @Nullable Tracing tracing) {
        targets = next;
        rewriter = rewriter(tracing);
    }

    /** Returns the body that a head announces. */
    MessageBody bodyOf(RequestHead head) {
        return head.isChunked()
                ? MessageBody.chunked(
                        context.scratch().headLimit(), targets.forgedFields().inTrailer())
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
            left = MessageBody.ofLength(0);
        } else if (isSmall) {
            out.writeBytes(in, taken);
        } else if (taken > 0) {
            firstBody = in.readRetainedSlice(taken);
        }
        return new ForwardedRequest(
                head,
                out,
                writer.length(),
                left,
                firstBody,
                context.settings().isEndless(head),
                at.strictTransport(),
                session,
                at.responseEdits(),
                at.bodyLimit(context.settings().bodyLimit()));
    }

    /** Writes the head, with an identifier of its own. Returns what holds the result. */
    private HeadWriter write(RequestHead head, ClientInfo client, RequestAtHand at, long bodyLength) {
        requestIds.advance();
        HeadWriter written = context.scratch().headWriter();
        AdminOnFront admin = at.admin();
        rewriter.rewrite(
                head,
                client,
                at.stripped(),
                admin == null ? targets.linesForTarget(head) : admin.line(),
                bodyLength,
                written);
        AppliedRules applied = at.applied();
        return applied == null ? written : applied.edit(written, spareWriter);
    }

    /** Returns a buffer that counts as memory for heads; null if there is no room for it. */
    private @Nullable ByteBuf buffer(ByteBufAllocator allocator, int size) {
        ByteBuf out = allocator.directBuffer(size);
        if (!context.heads().admit(out.capacity())) {
            out.release();
            return null;
        }
        return out;
    }
}
