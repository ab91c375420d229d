package dev.turnout.proxy;

import dev.turnout.proxy.route.Retirement;
import java.util.concurrent.TimeUnit;

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
 * reader can tell that it is not whole: an export must not look complete. To be used on its event loop only.
 */
final class Farewell implements Runnable {

    /** A request that has waited for less may be one that is answered as fast as any. */
    static final long POLL_MILLIS = 1000;

    private static final long NOT_LOOKED = -1;

    private final Exchange exchange;
    private final Retirement retiring;
    private long bytesSeen = NOT_LOOKED;
    private boolean asked;

    Farewell(Exchange exchange, Retirement retiring) {
        this.exchange = exchange;
        this.retiring = retiring;
    }

    Retirement retiring() {
        return retiring;
    }

    /** Has its place come after a delay. */
    void in(long millis) {
        exchange.loop().schedule(this, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        if (!exchange.isUnderWay()) {
            return;
        }
        if (asked) {
            exchange.endAnywhere();
        } else if (!exchange.isRetiring()) {
            exchange.callOff();
        } else if (exchange.awaitsResponse()) {
            poll();
        } else if (!exchange.isStream()) {
            exchange.cutAtPlace(retiring);
        } else if (!exchange.mayEndByItself()) {
            ask(true);
        } else {
            watch();
        }
    }

    private void poll() {
        long young = POLL_MILLIS - exchange.ageMillis();
        if (young > 0 && retiring.leftMillis() > 0) {
            in(Math.min(young, retiring.leftMillis()));
        } else if (exchange.isPoll()) {
            exchange.answerPoll();
        } else {
            // The client is still sending: that is no poll yet.
            in(POLL_MILLIS);
        }
    }

    private void watch() {
        long bytes = exchange.bytesPassed();
        long left = retiring.leftMillis();
        if (bytes == bytesSeen) {
            ask(true);
        } else if (left == 0) {
            ask(false);
        } else {
            // A look that the end of the spread cuts short finds no stream quiet.
            bytesSeen = left < retiring.quietMillis() ? NOT_LOOKED : bytes;
            in(Math.min(retiring.quietMillis(), left));
        }
    }

    private void ask(boolean whole) {
        asked = true;
        exchange.askToEnd(retiring, whole);
        if (exchange.isUnderWay() && !exchange.needsBoundary()) {
            in(retiring.graceMillis());
        }
    }
}
