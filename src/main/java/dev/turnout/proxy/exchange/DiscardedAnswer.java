package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.Deadlines;
import io.netty.buffer.ByteBuf;

/**
 * The rest of an answer that nobody gets. It is taken, so that its connection can carry another request: up to {@value
 * #MOST_BYTES} bytes, for {@value #MOST_MILLIS} ms. Then the connection is closed. Event loop only.
 */
final class DiscardedAnswer extends Deadlines.Entry implements Attempt.Answers {

    static final int MOST_BYTES = 64 << 10;
    static final int MOST_MILLIS = 1_000;

    private final Deadlines deadlines;
    private final Attempt attempt;
    private final ResponseBody body;
    private int taken;

    DiscardedAnswer(Deadlines deadlines, Attempt attempt, ResponseBody body) {
        this.deadlines = deadlines;
        this.attempt = attempt;
        this.body = body;
    }

    /** Begins with what of the body came with the head, which is released. */
    void begin(ByteBuf first) {
        requireNonNull(attempt.stream()).setReading(true);
        deadlines.arm(this, MOST_MILLIS);
        responseBody(first);
    }

    @Override
    public void responseBody(ByteBuf in) {
        taken += in.readableBytes();
        ByteBuf passed = body.pass(in);
        if (passed == null) {
            end();
            return;
        }
        passed.release();
        if (body.isDone()) {
            deadlines.remove(this);
            requireNonNull(attempt.stream()).reusability().responseWhole(true);
            attempt.release(body.isOverrun());
        } else if (taken > MOST_BYTES || body.isUntilClose()) {
            end();
        }
    }

    private void end() {
        deadlines.remove(this);
        attempt.end();
    }

    @Override
    protected void timedOut() {
        end();
    }

    @Override
    public void badResponse(Rejection rejection) {
        end();
    }

    @Override
    public void targetClosed(boolean isClean) {
        end();
    }

    @Override
    public void interimResponse(ResponseHead response) {
        end();
    }

    @Override
    public void responseHead(ResponseHead response, int length, ByteBuf in) {
        in.release();
        end();
    }

    @Override
    public boolean switchProtocols(ResponseHead response, int length, ByteBuf in) {
        return false;
    }

    @Override
    public void targetInputEnded() {
        end();
    }

    @Override
    public void targetWritabilityChanged() {
        // Nothing more is sent.
    }
}
