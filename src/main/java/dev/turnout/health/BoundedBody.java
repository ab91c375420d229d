package dev.turnout.health;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.nio.charset.StandardCharsets;

/** The body of one response to a probe. The start is kept, the rest is counted. A body that is too long is a failure. */
final class BoundedBody implements BodyCodec<Void>, BodyStream<Void> {

    private static final int MOST_MIB = 1;
    /** The longest character takes four bytes. */
    private static final int BYTES_KEPT = 4 * ProbeResult.BODY_CHARACTERS;

    private final Buffer kept = Buffer.buffer();
    private final Promise<Void> end = Promise.promise();
    private long bytes;

    /** The failure of a body that is too long. */
    static final class TooLong extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLong() {
            super("body over " + MOST_MIB + " MiB");
        }
    }

    /** Returns the first bytes of what has come so far. */
    Buffer bytes() {
        return kept;
    }

    /** Returns the first characters of what has come so far. */
    String start() {
        String text = kept.toString(StandardCharsets.UTF_8);
        int most = Math.min(text.length(), ProbeResult.BODY_CHARACTERS);
        boolean splitsPair = most < text.length() && Character.isHighSurrogate(text.charAt(most - 1));
        return text.substring(0, splitsPair ? most - 1 : most);
    }

    @Override
    public void create(Handler<AsyncResult<BodyStream<Void>>> handler) {
        handler.handle(Future.succeededFuture(this));
    }

    @Override
    public Future<Void> write(Buffer data) {
        bytes += data.length();
        kept.appendBuffer(data, 0, Math.min(data.length(), BYTES_KEPT - kept.length()));
        return isTooLong() ? Future.failedFuture(new TooLong()) : Future.succeededFuture();
    }

    @Override
    public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
        write(data).onComplete(handler);
    }

    @Override
    public void end(Handler<AsyncResult<Void>> handler) {
        end.tryComplete();
        handler.handle(Future.succeededFuture());
    }

    @Override
    public Future<Void> result() {
        return end.future();
    }

    @Override
    public boolean writeQueueFull() {
        return isTooLong();
    }

    private boolean isTooLong() {
        return bytes > MOST_MIB << 20;
    }

    @Override
    public BoundedBody setWriteQueueMaxSize(int maxSize) {
        return this;
    }

    @Override
    public BoundedBody drainHandler(Handler<Void> handler) {
        return this;
    }

    @Override
    public BoundedBody exceptionHandler(Handler<Throwable> handler) {
        return this;
    }

    @Override
    public void handle(Throwable failure) {
        end.tryFail(failure);
    }
}
