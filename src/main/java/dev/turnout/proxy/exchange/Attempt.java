package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.exchange.RetryRules.Failure;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.Descriptors;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One try of one exchange to get an answer from one target: opens or takes a connection, sends the request, and tells
 * the exchange what comes back. Once the attempt is over, nothing that its connection does reaches the exchange. Event
 * loop only.
 */
final class Attempt implements TargetSource.Waiter, TargetStream.Listener {

    private static final int REQUEST_TIMEOUT = 408;

    /** Whoever decides what becomes of the request if the attempt fails. */
    interface Owner {

        /** Called when what there is of the request has been sent. */
        void requestSent();

        /**
         * Called when the attempt has failed and no byte of a response has come. The attempt is over.
         *
         * @param reply what the client is told if the request does not go again
         * @param how how the exchange ends then
         */
        void attemptFailed(Failure failure, LocalReply reply, ExchangeEnd how);

        /** Called when the request begins to wait for a connection to its target, which has as many as it may. */
        void queued();

        /** Called when that wait has ended with a connection, or with one that is being opened. */
        void dequeued();

        /** Called while the request waits for a connection: the owner may end the attempt for another one. */
        void moveOn();

        /** Returns true if the request may go again after a stale connection. */
        boolean mayGoAgain();
    }

    /** Whoever gets what comes back. */
    interface Answers {

        /** As {@link TargetStream.Listener#interimResponse}. */
        void interimResponse(ResponseHead response);

        /** As {@link TargetStream.Listener#responseHead}. */
        void responseHead(ResponseHead response, int length, ByteBuf in);

        /** As {@link TargetStream.Listener#switchProtocols}. */
        boolean switchProtocols(ResponseHead response, int length, ByteBuf in);

        /** As {@link TargetStream.Listener#responseBody}. */
        void responseBody(ByteBuf in);

        /** As {@link TargetStream.Listener#responseBody(PipedBytes)}. */
        default void responseBody(PipedBytes piece) {
            piece.release();
        }

        /** As {@link TargetStream.Listener#badResponse}. */
        void badResponse(Rejection rejection);

        /** As {@link TargetStream.Listener#inputEnded}. */
        void targetInputEnded();

        /**
         * Called when the connection has ended in the course of the response, or before it.
         *
         * @param isClean whether the end may be the end of a body that only the end of the connection ends
         */
        void targetClosed(boolean isClean);

        /** As {@link TargetStream.Listener#writabilityChanged}. */
        void targetWritabilityChanged();
    }

    private final Owner owner;
    private Answers answers;
    private final ForwardedRequest request;
    private final ClientEnds client;
    private final TargetState target;
    private @Nullable TargetStream stream;
    private TargetSource.@Nullable Place place;
    private boolean responseBegun;
    private boolean readFailed;
    private boolean over;

    Attempt(Owner owner, Answers answers, ForwardedRequest request, ClientEnds client, TargetState target) {
        this.owner = owner;
        this.answers = answers;
        this.request = request;
        this.client = client;
        this.target = target;
    }

    // --- The way to the target -------------------------------------------------------------------------------------

    /** Sends the request over an idle connection if there is one that may be used, else over a fresh one. */
    void start(TargetSource targets) {
        if (request.body().isChunked() && target.conduct().isHttp10()) {
            fail(Failure.FINAL, LocalReplies.LENGTH_REQUIRED, ExchangeEnd.NOT_SENDABLE);
            return;
        }
        TargetStream idle = targets.take(target, client, request.isReplayable());
        if (idle == null) {
            connect(targets);
        } else {
            opened(idle);
        }
    }

    /** Sends the request over a fresh connection. */
    void startFresh(TargetSource targets) {
        connect(targets);
    }

    private void connect(TargetSource targets) {
        TargetSource.Place waiting = targets.connect(target, client, this);
        if (waiting != null) {
            queued(waiting);
        }
    }

    @Override
    public void queued(TargetSource.Place waiting) {
        if (over) {
            waiting.leave();
        } else {
            place = waiting;
            owner.queued();
        }
    }

    /** Returns true while the request waits for a connection to a target that has as many as it may. */
    boolean isQueued() {
        return place != null;
    }

    @Override
    public boolean isReplayable() {
        return request.isReplayable();
    }

    @Override
    public void moveOn() {
        if (!over) {
            owner.moveOn();
        }
    }

    @Override
    public void connecting() {
        if (place != null) {
            place = null;
            owner.dequeued();
        }
    }

    @Override
    public boolean opened(TargetStream opened) {
        if (over) {
            return false;
        }
        connecting();
        stream = opened;
        opened.begin(this, request.hasContent());
        boolean hasMemory = sendTo(opened);
        if (over) {
            return true;
        }
        if (!hasMemory) {
            fail(Failure.FINAL, LocalReplies.NO_BUFFERS, ExchangeEnd.NO_RESOURCES);
        } else if (opened.isOutputBroken() && opened.wasIdle()) {
            // Nothing has arrived if nothing was taken: then even a POST may go again.
            Failure failure = request.isUntaken() ? Failure.STALE_UNSENT : Failure.STALE;
            fail(failure, LocalReplies.TARGET_CLOSED, ExchangeEnd.TARGET_CLOSED);
        } else {
            owner.requestSent();
        }
        return true;
    }

    /** Returns false if there is no memory for it. Whoever has opened the stream may serve other requests too. */
    private boolean sendTo(TargetStream opened) {
        try {
            request.sendTo(opened);
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (over) {
            return;
        }
        if (cause instanceof Descriptors.Missing) {
            fail(Failure.FINAL, LocalReplies.NO_DESCRIPTORS, ExchangeEnd.NO_RESOURCES);
            return;
        }
        if (cause instanceof QueueFull) {
            fail(Failure.FINAL, LocalReplies.QUEUE_FULL, ExchangeEnd.CONNECT_FAILED);
            return;
        }
        target.connectFailed();
        fail(Failure.NOT_CONNECTED, reply(cause), ExchangeEnd.CONNECT_FAILED);
    }

    private static LocalReply reply(Throwable cause) {
        if (cause instanceof NotHttp2) {
            return LocalReplies.NOT_HTTP2;
        }
        return cause instanceof ConnectTimeoutException ? LocalReplies.CONNECT_TIMEOUT : LocalReplies.CONNECT_FAILED;
    }

    private void fail(Failure failure, LocalReply reply, ExchangeEnd how) {
        end();
        owner.attemptFailed(failure, reply, how);
    }

    // --- The way back ----------------------------------------------------------------------------------------------

    @Override
    public boolean hasNoResponse() {
        return !responseBegun;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void responseBytes() {
        responseBegun = true;
        used().reusability().responseBytes(request.isWhole() && used().backlog() == 0);
    }

    @Override
    public void interimResponse(ResponseHead response) {
        used().reusability().interimResponse();
        answers.interimResponse(response);
    }

    @Override
    public void responseHead(ResponseHead response, int length, ByteBuf in) {
        target.conduct().answered(response.isHttp11());
        if (used().wasIdle() && isIdleTimeout(response) && owner.mayGoAgain()) {
            in.release();
            fail(Failure.STALE, LocalReplies.TARGET_CLOSED, ExchangeEnd.TARGET_CLOSED);
            return;
        }
        if (used().isReused()) {
            target.conduct().answeredAgain(used().hadContentBefore());
        }
        answers.responseHead(response, length, in);
    }

    /** Returns true if a response is what servers say of themselves when they close a connection that was idle. */
    private static boolean isIdleTimeout(ResponseHead response) {
        return response.status() == REQUEST_TIMEOUT && !response.isPersistent();
    }

    /** Notes what the head of the final response says of the connection. */
    void headed(ResponseHead response, ResponseBody body) {
        boolean isBodiless = request.isHead() || response.isBodiless();
        used().reusability()
                .responseHead(
                        response.isPersistent() && !body.isUntilClose(),
                        isBodiless && (response.isChunked() || response.contentLength() > 0));
        int keepAliveSeconds = response.keepAliveSeconds();
        if (keepAliveSeconds >= 0) {
            used().announceKeepAlive(keepAliveSeconds);
        }
    }

    @Override
    public boolean switchProtocols(ResponseHead response, int length, ByteBuf in) {
        return answers.switchProtocols(response, length, in);
    }

    @Override
    public void responseBody(ByteBuf in) {
        answers.responseBody(in);
    }

    @Override
    public void responseBody(PipedBytes piece) {
        answers.responseBody(piece);
    }

    @Override
    public void badResponse(Rejection rejection) {
        answers.badResponse(rejection);
    }

    @Override
    public void refused() {
        fail(Failure.REFUSED, LocalReplies.TARGET_REFUSED, ExchangeEnd.TARGET_CLOSED);
    }

    @Override
    public void cancelled() {
        if (request.isCall()) {
            fail(Failure.FINAL, LocalReplies.TARGET_CANCELLED, ExchangeEnd.CALL_CANCELLED);
        } else {
            readFailed |= responseBegun;
            closed();
        }
    }

    @Override
    public void readFailed() {
        readFailed = true;
    }

    @Override
    public void inputEnded() {
        answers.targetInputEnded();
    }

    @Override
    public void writabilityChanged() {
        answers.targetWritabilityChanged();
    }

    @Override
    public void closed() {
        boolean wasEarly = used().reusability().isEarly();
        boolean wasStale = used().wasIdle() && !responseBegun;
        if (wasStale) {
            fail(Failure.STALE, LocalReplies.TARGET_CLOSED, ExchangeEnd.TARGET_CLOSED);
        } else {
            // A target that answers and closes before it has read the request resets the connection by that.
            answers.targetClosed(!readFailed || wasEarly);
        }
    }

    // --- The connection --------------------------------------------------------------------------------------------

    /** Returns the connection. Null before there is one, and once the attempt is over. */
    @Nullable
    TargetStream stream() {
        return stream;
    }

    /**
     * Gives the connection back at the end of a whole response.
     *
     * @param isOverrun whether the target has sent more than the response
     */
    void release(boolean isOverrun) {
        if (used().isOutputBroken() || isOverrun) {
            used().reusability().spoil();
        }
        if (isOverrun && request.hasContent()) {
            target.conduct().answeredTwice();
        }
        TargetStream used = used();
        leave();
        used.release(used.reusability().isReusable());
    }

    /** Gives the connection of a tunnel back that the client has sent its last bytes to. */
    void closeWhenFlushed() {
        TargetStream used = used();
        leave();
        used.closeWhenFlushed();
    }

    /**
     * Takes the rest of the response, which nobody gets, and gives the connection back or closes it.
     *
     * @param first what of the body came with the head, which is released
     */
    void discard(Deadlines deadlines, ResponseBody body, ByteBuf first) {
        DiscardedAnswer rest = new DiscardedAnswer(deadlines, this, body);
        answers = rest;
        rest.begin(first);
    }

    /** Ends the attempt and its connection. */
    void end() {
        TargetStream used = stream;
        leave();
        if (used != null) {
            used.close();
        }
    }

    private TargetStream used() {
        return requireNonNull(stream);
    }

    private void leave() {
        over = true;
        stream = null;
        if (place != null) {
            place.leave();
            place = null;
        }
    }
}
