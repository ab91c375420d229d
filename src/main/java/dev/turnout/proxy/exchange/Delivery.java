package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.exchange.RetryRules.Failure;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.route.AssetBridge;
import dev.turnout.proxy.route.ServiceRoute;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Slot;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of one request: the targets that are claimed for it, and the {@link Attempt}s that it takes there as
 * {@link RetryRules} allow them. Event loop only.
 */
final class Delivery implements Attempt.Owner {

    /** What a delivery tells its exchange. */
    interface Listener {

        /** Called when an attempt begins anew that the exchange waits for. */
        void connecting();

        /** Called when what there is of the request has been sent to a target. */
        void requestSent();

        /**
         * Called when the exchange cannot go on.
         *
         * @param reply what the client is told, or why it is cut off
         * @param how how the exchange ends
         */
        void failed(LocalReply reply, ExchangeEnd how);

        /** Returns true if the exchange is over: what was written may have ended it. */
        boolean isOver();
    }

    private final ExchangeContext context;
    private final ForwardedRequest request;
    private final ClientEnds client;
    private final ExchangeRecord record;
    private final StallTimer timer;
    private final Listener listener;
    private final Attempt.Answers answers;
    private final @Nullable Slot slot;

    private Claim claim;
    private Attempt attempt;
    private boolean wentAgain;
    private boolean wentElsewhere;

    /** The slot whose 404 for an asset was dropped, since the other slot is asked; null if it is not. */
    private @Nullable Slot lacking;

    private boolean wentBack;

    /** When the request has waited for connections as long as it may. 0 if it has not waited. */
    private long queueEndNanos;

    /**
     * @param slot the slot that the request asks for, so that no other target stands in; null if it asks for none
     * @param claimed the first target, which has been entered
     */
    Delivery(
            ExchangeContext context,
            ForwardedRequest request,
            ClientEnds client,
            ExchangeRecord record,
            StallTimer timer,
            Listener listener,
            Attempt.Answers answers,
            @Nullable Slot slot,
            TargetState claimed) {
        this.context = context;
        this.request = request;
        this.client = client;
        this.record = record;
        this.timer = timer;
        this.listener = listener;
        this.answers = answers;
        this.slot = slot;
        enter(claimed, false);
    }

    private void enter(TargetState claimed, boolean besideDrain) {
        claim = new Claim(claimed, context.loop().index(), request.isWhole(), besideDrain);
        record.claimed(claimed);
        if (request.isWhole()) {
            record.wholeAtClaim();
        }
        trace(claimed);
        attempt = new Attempt(this, answers, request, client, claimed);
    }

    /** Enters another target, whose time begins now, and begins an attempt there. The claim before has been settled. */
    private void goOnAt(TargetState other, boolean besideDrain) {
        record.waited();
        enter(other, besideDrain);
        attempt.start(context.targets());
    }

    private void trace(TargetState chosen) {
        RequestTrace trace = record.isFromFolder() ? null : record.trace();
        if (trace != null) {
            long span = trace.nextSpan();
            if (span != 0) {
                request.traceAs(span);
            }
            if (trace.isRecorded()) {
                trace.attempt(chosen, revision(chosen), context.nanoClock().getAsLong());
            }
        }
    }

    /** Returns the revision of a target's service; 0 if the service has just been taken away. */
    private long revision(TargetState chosen) {
        ServiceRoute route = context.routing().routes().of(chosen.service());
        return route == null ? 0 : route.revision();
    }

    /** Begins the first attempt. */
    void start() {
        target().counters().countReceived(request.body().passed());
        attempt.start(context.targets());
    }

    /** Begins the only attempt, over a stream that is there already. */
    void startAt(TargetStream stream) {
        attempt.opened(stream);
    }

    @Override
    public void requestSent() {
        listener.requestSent();
    }

    private void traceEnd(@Nullable String cause) {
        RequestTrace trace = record.trace();
        if (trace != null && trace.isRecorded()) {
            trace.attemptEnded(cause, context.nanoClock().getAsLong());
        }
    }

    @Override
    public void attemptFailed(Failure failure, LocalReply reply, ExchangeEnd how) {
        traceEnd(reply.cause());
        if (reply == LocalReplies.NO_BUFFERS) {
            context.loop().buffers().refused();
        }
        switch (RetryRules.after(failure, facts())) {
            case AGAIN -> goAgain();
            case ELSEWHERE -> {
                if (!goBack(reply, how)) {
                    goElsewhere(reply, how);
                }
            }
            case GIVE_UP -> listener.failed(reply, how);
        }
    }

    // --- The wait for a connection ---------------------------------------------------------------------------------

    @Override
    public void queued() {
        long now = context.nanoClock().getAsLong();
        long most = TimeUnit.MILLISECONDS.toNanos(
                context.settings(target().service()).queueMillis());
        if (queueEndNanos == 0) {
            queueEndNanos = now + most;
        }
        timer.await(TimeUnit.NANOSECONDS.toMillis(Math.max(0, Math.min(most, queueEndNanos - now))));
    }

    @Override
    public void dequeued() {
        record.waited();
        timer.connecting();
    }

    /** Returns true while the request waits for a connection to a target that has as many as it may. */
    boolean isQueued() {
        return attempt.isQueued();
    }

    /** Nothing of the request has been sent, so another target may have it: one with room, or one of the new slot. */
    @Override
    public void moveOn() {
        TargetState full = target();
        if (slot != null || lacking != null) {
            return;
        }
        TargetState other = context.routing()
                .claim(
                        full.service(),
                        context.loop().index(),
                        (route, loop) -> route.insteadOfWaiting(full, request.session(), loop));
        if (other == null) {
            return;
        }
        settle(ExchangeEnd.REDIRECTED);
        attempt.end();
        timer.connecting();
        goOnAt(other, false);
    }

    @Override
    public boolean mayGoAgain() {
        return RetryRules.after(Failure.STALE, facts()) == RetryRules.Next.AGAIN;
    }

    private RetryRules.Request facts() {
        return new RetryRules.Request(
                request.isIdempotent(), request.isResendable(), slot != null, wentAgain, wentElsewhere);
    }

    private void goAgain() {
        wentAgain = true;
        target().counters().countRetry();
        timer.reconnecting();
        listener.connecting();
        trace(target());
        attempt = new Attempt(this, answers, request, client, target());
        attempt.startFresh(context.targets());
    }

    private void goElsewhere(LocalReply reply, ExchangeEnd how) {
        TargetState failed = target();
        TargetState other = context.routing()
                .claim(
                        failed.service(),
                        context.loop().index(),
                        (route, loop) -> route.insteadOf(failed, request.session(), loop));
        if (other == null) {
            listener.failed(reply, how);
            return;
        }
        wentElsewhere = true;
        failed.counters().countRetry();
        settle(ExchangeEnd.REDIRECTED);
        goOnAt(other, false);
    }

    /**
     * Asks the other slot for an asset that the target does not have, once. The target's answer is dropped.
     *
     * @return false if the target's answer is for the client
     */
    boolean askOtherSlot() {
        TargetState asked = target();
        ServiceRoute route = context.routing().routes().of(asked.service());
        if (lacking != null
                || slot != null
                || route == null
                || !isForAsset(route.entrance().assets())) {
            return false;
        }
        long now = context.nanoClock().getAsLong();
        TargetState other = context.routing()
                .claim(asked.service(), context.loop().index(), (known, loop) -> known.across(asked.slot(), loop, now));
        boolean besideDrain = other == null;
        if (other == null) {
            other = context.routing()
                    .claimDrained(asked.service(), asked.slot(), context.loop().index(), now);
        }
        if (other == null) {
            return false;
        }
        lacking = asked.slot();
        context.bridged(asked.service());
        record.bridged();
        traceEnd("asset-bridge");
        settle(ExchangeEnd.REDIRECTED);
        timer.reconnecting();
        goTo(other, besideDrain);
        return true;
    }

    /**
     * Asks the slot again whose 404 for an asset was dropped, once: the other slot has no answer to pass on. The time of a
     * target begins anew.
     *
     * @param reply what the client is told if the exchange ends
     * @param how how the other slot has failed
     * @return false if the exchange is to end so
     */
    boolean goBack(LocalReply reply, ExchangeEnd how) {
        Slot home = lacking;
        if (home == null || wentBack || how == ExchangeEnd.CUT) {
            return false;
        }
        TargetState failed = target();
        TargetState other = context.routing()
                .claim(failed.service(), context.loop().index(), (route, loop) -> route.back(home, loop));
        if (other == null) {
            return false;
        }
        wentBack = true;
        failed.counters().countRetry();
        traceEnd(reply.cause());
        settle(how == ExchangeEnd.CONNECT_FAILED ? ExchangeEnd.REDIRECTED : how);
        timer.connecting();
        goTo(other, false);
        return true;
    }

    private void goTo(TargetState other, boolean besideDrain) {
        attempt.end();
        listener.connecting();
        goOnAt(other, besideDrain);
    }

    /** Returns true if the other slot was asked. */
    boolean hasCrossed() {
        return lacking != null;
    }

    private boolean isForAsset(AssetBridge assets) {
        return !assets.paths().isEmpty()
                && (record.method() == KnownMethod.GET || record.method() == KnownMethod.HEAD)
                && !request.hasContent()
                && assets.covers(request.path());
    }

    // --- The rest of the request -----------------------------------------------------------------------------------

    /** Returns true if the client may send more of the body now. */
    boolean takesBody() {
        TargetStream target = stream();
        return !request.isWhole()
                && target != null
                && (request.isRestUnwanted() || target.takesMore() || target.isOutputBroken());
    }

    /**
     * Passes on a piece of what the client sends.
     *
     * @param in the body's bytes are taken; the rest stays readable, and the caller's
     */
    void requestBody(ByteBuf in) {
        long before = request.body().passed();
        int taken = request.body().take(in);
        boolean isBroken = taken == MessageBody.BROKEN;
        if (isBroken || request.isTooLarge()) {
            in.skipBytes(in.readableBytes());
            LocalReply reply = isBroken ? LocalReply.to(Rejection.BAD_CHUNK) : LocalReplies.BODY_TOO_LARGE;
            listener.failed(reply, ExchangeEnd.BAD_REQUEST);
            return;
        }
        target().counters().countReceived(request.body().passed() - before);
        request.pass(in, taken, requireNonNull(stream()));
        bodyPassed();
    }

    /**
     * Passes on a piece of the body that is in a pipe, and is released here. A piece belongs to one connection: without it
     * the request cannot go on.
     */
    void requestBody(PipedBytes piece) {
        long count = piece.count();
        request.body().pass(count);
        target().counters().countReceived(count);
        TargetStream target = stream();
        if (target == null) {
            piece.release();
            listener.failed(LocalReplies.TARGET_CLOSED, ExchangeEnd.TARGET_CLOSED);
            return;
        }
        request.pass(piece, target);
        bodyPassed();
    }

    private void bodyPassed() {
        TargetStream target = stream();
        if (listener.isOver() || target == null) {
            return;
        }
        context.loop().countKept(target.backlog());
        if (request.isWhole()) {
            timer.requestWhole();
            record.whole();
            claim.uploadEnded();
        }
        timer.update();
    }

    // --- The claim -------------------------------------------------------------------------------------------------

    /** Returns the target that holds the request now. */
    TargetState target() {
        return claim.target();
    }

    /** Returns true if the drain of the target does not wait for the request. */
    boolean isBesideDrain() {
        return claim.isBesideDrain();
    }

    /** Returns the attempt at hand, or the last one. */
    Attempt attempt() {
        return attempt;
    }

    /** Returns the connection to the target. Null if there is none. */
    @Nullable
    TargetStream stream() {
        return attempt.stream();
    }

    /** Notes the head of the final response. */
    void answered(int status) {
        record.response(status);
        claim.countResponse(record);
        request.releaseBody();
    }

    /** Gives the claim back, and counts it for how it ended. */
    void settle(ExchangeEnd how) {
        timer.noteStall();
        claim.settle(how, timer.turn(), timer.isClientStalled(), record);
    }
}
