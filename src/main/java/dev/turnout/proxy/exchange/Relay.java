package dev.turnout.proxy.exchange;

import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Slot;
import io.netty.buffer.ByteBuf;

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
    private Delivery delivery;

    Relay(
            ExchangeContext context,
            ClientStream client,
            ForwardedRequest request,
            ExchangeRecord record,
            StallTimer.Patience patience,
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
    void claimed(TargetState claimed, Slot slot, byte[] cookie) {
        delivery = new Delivery(context, request, record, timer, owner, answers, slot, claimed);
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
        delivery.requestBody(in);
    }

    /** Returns the delivery of the request. Null as long as the request waits for a target. */
    Delivery delivery() {
        return delivery;
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
            stream().shutdownOutput();
            timer.update();
        }
        return true;
    }

    /**
     * Called when the client takes more again, or takes no more for now. The latter comes before what there is has been
     * given to the system, which may take it all: so whether to read on is then decided once that has been tried.
     */
    public void clientWritabilityChanged() {
        if (stream() != null && client.takesMore()) {
            stream().setReading(true);
            timer.update();
        }
    }

    /** Called when memory may be had again, or what is kept may have been taken. */
    void goOn() {
        if (stream() != null) {
            if (!stream().isReading()) {
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
        if (response() == null) {
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
        return stream().backlog();
    }

    @Override
    public long bytesPassed() {
        return record.bytes() + request.body().passed();
    }

    @Override
    public boolean isHalfClosed() {
        return response().tunnel().isHalfClosed();
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
        if (response() != null && response().isWebSocket()) {
            target().counters().tunnelClosed();
        }
    }

    /** Gives the connection to the target back, if another exchange may use it. */
    void release() {
        Tunnel tunnel = tunnel();
        if (tunnel != null && tunnel.hasClientEnded()) {
            delivery.attempt().closeWhenFlushed();
        } else {
            delivery.attempt().release(response().isOverrun());
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
    TargetState target() {
        return delivery == null ? null : delivery.target();
    }

    /** Returns the connection to the target. Null if there is none. */
    TargetStream stream() {
        return delivery == null ? null : delivery.stream();
    }

    /** Returns the response. Null until its head has come. */
    ForwardedResponse response() {
        return answers.response();
    }

    private Tunnel tunnel() {
        return response() == null ? null : response().tunnel();
    }
}
