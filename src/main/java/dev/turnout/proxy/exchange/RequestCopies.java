package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.CopiedHead;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.route.Rehearsal;
import dev.turnout.proxy.route.Rehearsals;
import dev.turnout.proxy.route.ServiceRoute;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies safe requests to the idle slot, once they are on their way to the active one. If anything is full there is no copy.
 * Event loop only.
 */
public final class RequestCopies implements CopySource {

    private static final byte[] EVENTS = "text/event-stream".getBytes(US_ASCII);

    private final ExchangeContext context;
    private final Rehearsals rehearsals;
    private final HeadWriter scratch = new HeadWriter();

    private RequestCopies(ExchangeContext context, Rehearsals rehearsals) {
        this.context = context;
        this.rehearsals = rehearsals;
    }

    /** Has the requests of an event loop copied, where a rehearsal asks for it. */
    public static void begin(ExchangeContext context, Rehearsals rehearsals) {
        context.copyBy(new RequestCopies(context, rehearsals));
    }

    @Override
    public @Nullable RequestCopy copy(
            String service, ForwardedRequest request, KnownMethod method, TargetState at, ClientStream client) {
        Rehearsal rehearsal = rehearsals.of(service);
        if (rehearsal == null || !isSafe(request, method) || !rehearsal.isDue()) {
            return null;
        }
        if (context.loop().isTight() || context.loop().isStopping()) {
            rehearsal.dropped();
            return null;
        }
        RequestHead head = context.scratch().scanAgain(request.head());
        if (head.accepts(EVENTS)) {
            return null;
        }
        TargetState idle =
                context.routing().enterIdle(service, context.loop().index(), (route, loop) -> idleFor(route, at, loop));
        if (idle == null) {
            return null;
        }
        if (!rehearsals.enter()) {
            rehearsal.dropped();
            idle.leave(context.loop().index());
            return null;
        }
        ByteBuf bytes = written(rehearsal.head(), head, request.head().writerIndex(), client.allocator());
        if (bytes == null) {
            rehearsal.dropped();
            rehearsals.leave();
            idle.leave(context.loop().index());
            return null;
        }
        ForwardedRequest copied = new ForwardedRequest(
                head,
                bytes,
                bytes.readableBytes(),
                MessageBody.ofLength(0),
                null,
                request.isEndless(),
                null,
                null,
                List.of(),
                0);
        RehearsedCopy copy = new RehearsedCopy(
                context, rehearsals, rehearsal.counters(), rehearsal.timeoutMillis(), copied, client.ends(), idle);
        copy.start();
        return copy;
    }

    /** Returns the head of a copy; null if there is no memory for it. */
    private @Nullable ByteBuf written(CopiedHead writer, RequestHead head, int headLength, ByteBufAllocator allocator) {
        try {
            int length = writer.write(head.bytes(), headLength, scratch);
            ByteBuf bytes = allocator.directBuffer(length + writer.end().length);
            return bytes.writeBytes(scratch.bytes(), 0, length).writeBytes(writer.end());
        } catch (OutOfMemoryError e) {
            return null;
        }
    }

    private static @Nullable TargetState idleFor(ServiceRoute route, TargetState at, int loop) {
        return route.rehearses(at.slot()) ? route.nextIdle(loop) : null;
    }

    /** RFC 9110, section 9.2.1. What has no end of its own, or another protocol, is not compared. */
    private static boolean isSafe(ForwardedRequest request, KnownMethod method) {
        boolean isSafeMethod = method == KnownMethod.GET || method == KnownMethod.HEAD || method == KnownMethod.OPTIONS;
        return isSafeMethod
                && request.isWhole()
                && !request.hasContent()
                && !request.isEndless()
                && !request.mayUpgrade()
                && !request.isCall();
    }
}
