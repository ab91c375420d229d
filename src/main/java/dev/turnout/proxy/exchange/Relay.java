package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.Pipes;
import dev.turnout.proxy.loop.PlainSocket;
import dev.turnout.proxy.route.Patience;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Slot;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Both directions of one exchange: a {@link Delivery} and a {@link ResponseRelay}, back-pressure between them, and the
 * time of whoever has to move next. Event loop only.
 */
public final class Relay implements StallTimer.Parties {

    /** What a relay tells its exchange. */
    interface Owner extends ResponseRelay.Owner {

        /** Called when a wait is over, or the party that has to move has not. */
        void timedOut();
    }

    private final ExchangeContext context;
    private final ClientStream client;
    private final ForwardedRequest request;
    private final ExchangeRecord record;
    private final Owner owner;
    private final StallTimer timer;
    private final ResponseRelay answers;
    private @Nullable Delivery delivery;

    Relay(
            ExchangeContext context,
            ClientStream client,
            ForwardedRequest request,
            ExchangeRecord record,
            Patience patience,
            Owner owner) {
        this.context = context;
        this.client = client;
        this.request = request;
        this.record = record;
        this.owner = owner;
        this.timer = new StallTimer(context.loop().deadlines(), patience, context.nanoClock(), this);
        this.answers = new ResponseRelay(context, client, request, record, timer, owner);
    }

    StallTimer timer() {
        return timer;
    }

    // --- The request -----------------------------------------------------------------------------------------------

    /**
     * Takes the target that holds the request.
     *
     * @param slot the slot that the request asks for; null if it goes where all others go
     * @param cookie the line that tells the client of its place among all of a canary; null if there is none
     */
    void claimed(TargetState claimed, @Nullable Slot slot, byte @Nullable [] cookie) {
        delivery = new Delivery(context, request, client.ends(), record, timer, owner, answers, slot, claimed);
        answers.expect(delivery, cookie);
        timer.connecting();
    }

    /** Returns true if the whole request has come from the client. */
    public boolean isRequestWhole() {
        return request.isWhole();
    }

    /** Returns true if the client may send more of the body now. */
    public boolean takesBody() {
        return delivery != null && delivery.takesBody();
    }

    /**
     * Passes on a piece of what the client sends.
     *
     * @param in the body's bytes are taken; the rest stays readable, and the caller's
     */
    public void requestBody(ByteBuf in) {
        delivery().requestBody(in);
    }

    /** Passes on a piece of the body that is in a pipe, and is released here. */
    public void requestBody(PipedBytes piece) {
        delivery().requestBody(piece);
    }

    /** Returns the socket that the rest of the request can go to through a pipe; null if it can't, or that is not worth it. */
    public @Nullable PlainSocket bodySocket() {
        TargetStream target = request.isUploading() && Pipes.areWorth(unseen()) ? stream() : null;
        return target == null ? null : target.socket();
    }

    /** Returns how many of the request's next bytes nobody looks at. */
    public long unseen() {
        return request.unseen();
    }

    /** Returns the delivery of the request. Only once a target is claimed. */
    Delivery delivery() {
        return requireNonNull(delivery);
    }

    /** As {@link Delivery#goBack}. */
    boolean goesBack(LocalReply reply, ExchangeEnd how) {
        return delivery != null && delivery.goBack(reply, how);
    }

    /** Returns what happened if the time is over. */
    LocalReply timeout() {
        return delivery().isQueued() ? LocalReplies.QUEUE_TIMEOUT : LocalReplies.timeout(timer.turn());
    }

    // --- What the client does --------------------------------------------------------------------------------------

    /** Called when the client sends no more. Returns false if it had more to send, and the exchange cannot go on. */
    public boolean clientInputEnded() {
        Tunnel tunnel = tunnel();
        if (tunnel == null) {
            return request.isWhole();
        }
        tunnel.clientEnded();
        if (tunnel.hasTargetEnded()) {
            owner.responseWhole();
        } else {
            connection().shutdownOutput();
            timer.update();
        }
        return true;
    }

    /**
     * Called when the client takes more again, or takes no more for now. The latter comes before what there is has been
     * given to the system, which may take it all: so whether to read on is then decided once that has been tried.
     */
    public void clientWritabilityChanged() {
        TargetStream target = stream();
        if (target != null && client.takesMore()) {
            target.setReading(true);
            timer.update();
        }
    }

    /** Called when memory may be had again, or what is kept may have been taken. */
    void goOn() {
        TargetStream target = stream();
        if (target != null) {
            if (!target.isReading()) {
                clientWritabilityChanged();
            }
            client.readOn();
        }
    }

    // --- Whose turn it is ------------------------------------------------------------------------------------------

    @Override
    public Turn turn() {
        TargetStream target = stream();
        if (target == null) {
            return Turn.TARGET_ACCEPTS;
        }
        if (!hasResponse()) {
            return Turn.beforeResponse(request.isWhole(), target.takesMore());
        }
        return tunnel() == null
                ? Turn.duringResponse(request.isUploading(), target.takesMore(), client.takesMore())
                : Turn.inTunnel(target.takesMore(), client.takesMore());
    }

    @Override
    public long clientBacklog() {
        return client.backlog();
    }

    @Override
    public long targetBacklog() {
        return connection().backlog();
    }

    @Override
    public long bytesPassed() {
        return record.bytes() + request.body().passed();
    }

    @Override
    public boolean isHalfClosed() {
        Tunnel tunnel = tunnel();
        return tunnel != null && tunnel.isHalfClosed();
    }

    @Override
    public void timedOut() {
        owner.timedOut();
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Gives the claim back, and counts it for how it ended. */
    void settle(ExchangeEnd how) {
        if (delivery != null) {
            delivery.settle(how);
        }
    }

    /** Called at the end of the exchange. */
    void ended() {
        timer.stop();
        if (hasResponse() && response().isWebSocket()) {
            delivery().target().counters().tunnelClosed();
        }
    }

    /** Gives the connection to the target back, if another exchange may use it. */
    void release() {
        Tunnel tunnel = tunnel();
        if (tunnel != null && tunnel.hasClientEnded()) {
            delivery().attempt().closeWhenFlushed();
        } else {
            delivery().attempt().release(response().isOverrun());
        }
    }

    /** Ends the connection to the target, and whatever is still tried to get there. */
    void drop() {
        if (delivery != null) {
            delivery.attempt().end();
        }
    }

    // --- Facts -----------------------------------------------------------------------------------------------------

    /** Returns the target. Null as long as the request waits for one. */
    @Nullable
    TargetState target() {
        return delivery == null ? null : delivery.target();
    }

    /** Returns the connection to the target. Null if there is none. */
    @Nullable
    TargetStream stream() {
        return delivery == null ? null : delivery.stream();
    }

    /** Returns true if the head of the response has come. */
    boolean hasResponse() {
        return answers.response() != null;
    }

    /** Returns the response. Only once its head has come. */
    ForwardedResponse response() {
        return requireNonNull(answers.response());
    }

    /** Returns the connection to the target. Only while there is one. */
    TargetStream connection() {
        return requireNonNull(stream());
    }

    private @Nullable Tunnel tunnel() {
        return hasResponse() ? response().tunnel() : null;
    }
}
