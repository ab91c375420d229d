package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.route.Retirement;
import dev.turnout.routing.CutRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of one exchange that has no end of its own, once its target is to go. At its place in the spread
 *
 * <ul>
 *   <li>a request without a response is answered by Turnout, if it has waited for long enough to be a poll;
 *   <li>a response with a length is cut, since nothing else ends it;
 *   <li>a stream is asked to end at its next boundary. Without one in the time of grace it ends where it is.
 * </ul>
 *
 * <p>A stream that may end by itself is left alone while bytes pass, to the end of the spread. Then it ends so that its
 * reader can tell that it is not whole: an export must not look complete. Event loop only.
 */
final class Farewell implements Runnable {

    /** A request that has waited for less may be answered as fast as any. */
    static final long POLL_MILLIS = 1000;

    /** How long the client of a WebSocket may take to answer a Close frame. Milliseconds. */
    static final long CLOSE_HANDSHAKE_MILLIS = 5000;

    private static final long NOT_LOOKED = -1;

    /** How far an exchange has come. */
    enum State {
        /** The client is still sending its request. */
        UPLOADING,
        /** The whole request waits for its response. */
        AWAITING_RESPONSE,
        /** A response with an end of its own is under way. */
        RESPONSE,
        /** A response that can be asked to end is under way. */
        STREAM,
        /** The exchange has ended, or is about to. */
        OVER
    }

    /** The exchange that is to end. */
    interface Subject {

        State state();

        /** Answers a poll in the place of its target, so that its client asks again. */
        void answerPoll();

        /** Cuts a response that has a length, and so can only be seen to be short. Null if it had ended before. */
        @Nullable
        CutRequest cut(LocalReply reply);

        /** Called when Turnout has ended the stream. */
        void streamEnded();
    }

    private final Subject subject;
    private final Relay relay;
    private final ExchangeRecord record;
    private final LoopContext loop;
    private final Retirement retirement;
    private long bytesSeen = NOT_LOOKED;
    private boolean asked;
    private boolean endsWhole;
    private boolean calledOff;

    Farewell(Subject subject, Relay relay, ExchangeRecord record, LoopContext loop, Retirement retirement) {
        this.subject = subject;
        this.relay = relay;
        this.record = record;
        this.loop = loop;
        this.retirement = retirement;
    }

    /** Returns true if the target of the exchange has come back, so that the exchange goes on. */
    boolean isCalledOff() {
        return calledOff;
    }

    /** Returns true if the reader of the stream is to take it for a whole one. */
    boolean endsWhole() {
        return endsWhole;
    }

    /** Counts the stream, or the poll, as ended. */
    void count() {
        retirement.countStream();
    }

    /** Has the place of the exchange come after a delay. Milliseconds. */
    void in(long millis) {
        loop.eventLoop().schedule(this, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        State state = subject.state();
        if (state == State.OVER) {
            return;
        }
        if (asked) {
            relay.response().endAnywhere();
            subject.streamEnded();
        } else if (!isRetiring()) {
            calledOff = true;
        } else {
            switch (state) {
                case UPLOADING, AWAITING_RESPONSE -> poll(state);
                case RESPONSE -> retirement.countCut(requireNonNull(subject.cut(LocalReplies.POLL_ENDED)));
                case STREAM -> endStream();
                case OVER -> {}
            }
        }
    }

    /** Returns true if the target still is to go: a routing state may have brought it back. */
    private boolean isRetiring() {
        return relay.delivery().target().retirement() != null || loop.isStopping();
    }

    private void poll(State state) {
        long young = POLL_MILLIS - record.ageMillis();
        if (young > 0 && retirement.leftMillis() > 0) {
            in(Math.min(young, retirement.leftMillis()));
        } else if (state == State.AWAITING_RESPONSE) {
            count();
            subject.answerPoll();
        } else {
            // The client is still sending: that is no poll yet.
            in(POLL_MILLIS);
        }
    }

    private void endStream() {
        if (!relay.response().mayEndByItself()) {
            ask(true);
            return;
        }
        long bytes = relay.bytesPassed();
        long left = retirement.leftMillis();
        if (bytes == bytesSeen) {
            ask(true);
        } else if (left == 0) {
            ask(false);
        } else {
            // A look that the end of the spread cuts short finds no stream quiet.
            bytesSeen = left < retirement.quietMillis() ? NOT_LOOKED : bytes;
            in(Math.min(retirement.quietMillis(), left));
        }
    }

    private void ask(boolean whole) {
        asked = true;
        endsWhole = whole;
        if (relay.response().askToEnd(retirement, whole)) {
            subject.streamEnded();
        }
        if (subject.state() != State.OVER && !relay.response().needsBoundary()) {
            in(retirement.graceMillis());
        }
    }
}
