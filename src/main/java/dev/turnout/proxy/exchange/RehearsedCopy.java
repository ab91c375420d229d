package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.exchange.RetryRules.Failure;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.route.RehearsalCounters;
import dev.turnout.proxy.route.Rehearsals;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The copy of one request at the idle slot. Its answer is thrown away; its status and how long it took are counted once both
 * slots have answered. Nothing here reaches the exchange. Event loop only.
 */
final class RehearsedCopy extends Deadlines.Entry implements RequestCopy, Attempt.Owner, Attempt.Answers {

    private static final int NO_ANSWER = 0;

    private final ExchangeContext context;
    private final Rehearsals rehearsals;
    private final RehearsalCounters counters;
    private final ForwardedRequest request;
    private final ClientEnds client;
    private final TargetState target;
    private @Nullable Attempt attempt;
    private final long timeoutMillis;
    private boolean wentAgain;
    private long sentNanos;
    private boolean isOver;
    private boolean isVoid;
    private boolean isActiveOver;
    private int activeStatus;
    private long activeNanos;
    private int idleStatus;
    private long idleNanos;

    /**
     * @param timeoutMillis how long the idle slot has until the head of its answer. Milliseconds.
     * @param request the copy, released at its end
     * @param client whose request it is
     * @param target of the idle slot, which has been entered
     */
    RehearsedCopy(
            ExchangeContext context,
            Rehearsals rehearsals,
            RehearsalCounters counters,
            long timeoutMillis,
            ForwardedRequest request,
            ClientEnds client,
            TargetState target) {
        this.context = context;
        this.rehearsals = rehearsals;
        this.counters = counters;
        this.timeoutMillis = timeoutMillis;
        this.request = request;
        this.client = client;
        this.target = target;
    }

    void start() {
        context.loop().deadlines().arm(this, timeoutMillis);
        attempt = new Attempt(this, this, request, client, target);
        attempt.start(context.targets());
    }

    private void drop() {
        isVoid = true;
        counters.countDropped();
        failed();
    }

    @Override
    public void activeEnded(ExchangeRecord record, ExchangeEnd how) {
        isActiveOver = true;
        if (record.hasResponse()) {
            activeStatus = record.targetStatus();
            activeNanos = record.targetNanos();
            isVoid |= activeNanos < 0 || record.isBridged();
        } else {
            isVoid |= !isFailureOfTarget(how);
        }
        count();
    }

    private static boolean isFailureOfTarget(ExchangeEnd how) {
        return switch (how) {
            case BAD_RESPONSE, TARGET_CLOSED, CONNECT_FAILED, TIMED_OUT -> true;
            default -> false;
        };
    }

    private void end(boolean hasFailed) {
        if (isOver) {
            return;
        }
        isOver = true;
        isVoid |= hasFailed && context.loop().isStopping();
        context.loop().deadlines().remove(this);
        rehearsals.leave();
        target.leave(context.loop().index());
        request.release();
        count();
    }

    /** A pair counts if each side has either answered, or failed by its own fault. */
    private void count() {
        if (isOver && isActiveOver && !isVoid) {
            counters.count(context.loop().index(), activeStatus, activeNanos, idleStatus, idleNanos);
        }
    }

    private void failed() {
        end(true);
        requireNonNull(attempt).end();
    }

    // --- The way there ---------------------------------------------------------------------------------------------

    @Override
    public void requestSent() {
        sentNanos = context.nanoClock().getAsLong();
    }

    @Override
    public void attemptFailed(Failure failure, LocalReply reply, ExchangeEnd how) {
        if (mayGoAgain() && (failure == Failure.STALE || failure == Failure.STALE_UNSENT)) {
            wentAgain = true;
            attempt = new Attempt(this, this, request, client, target);
            attempt.startFresh(context.targets());
            return;
        }
        if (reply == LocalReplies.NO_BUFFERS) {
            counters.countDropped();
        }
        isVoid |=
                how == ExchangeEnd.NO_RESOURCES || how == ExchangeEnd.NOT_SENDABLE || reply == LocalReplies.QUEUE_FULL;
        end(true);
    }

    /** A copy takes no connection that others wait for. */
    @Override
    public void queued() {
        drop();
    }

    @Override
    public void dequeued() {
        // It never waits.
    }

    @Override
    public void moveOn() {
        // It never waits.
    }

    @Override
    public boolean mayGoAgain() {
        return !wentAgain && !isOver;
    }

    @Override
    protected void timedOut() {
        // Where the active slot has not answered either, nobody is slow.
        isVoid |= !isActiveOver;
        failed();
    }

    // --- The way back ----------------------------------------------------------------------------------------------

    @Override
    public void responseHead(ResponseHead head, int length, ByteBuf in) {
        idleStatus = head.status();
        idleNanos = context.nanoClock().getAsLong() - sentNanos;
        ResponseBody body =
                ResponseBody.of(head, request.isHead(), true, context.scratch().headLimit(), request.isEndless());
        Attempt used = requireNonNull(attempt);
        used.headed(head, body);
        end(false);
        used.discard(context.loop().deadlines(), body, in.skipBytes(length));
    }

    @Override
    public void interimResponse(ResponseHead head) {
        // The final one is compared.
    }

    @Override
    public boolean switchProtocols(ResponseHead head, int length, ByteBuf in) {
        return false;
    }

    @Override
    public void responseBody(ByteBuf in) {
        in.release();
    }

    @Override
    public void badResponse(Rejection rejection) {
        idleStatus = NO_ANSWER;
        failed();
    }

    @Override
    public void targetInputEnded() {
        failed();
    }

    @Override
    public void targetClosed(boolean isClean) {
        failed();
    }

    @Override
    public void targetWritabilityChanged() {
        // All of the copy has been handed over.
    }
}
