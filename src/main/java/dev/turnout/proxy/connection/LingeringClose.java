package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection whose client may still be sending: what was written is given to the client first, then the
 * output is shut down, and what the client sends is read and dropped for a while, see {@link Linger}. Event loop only.
 */
final class LingeringClose {

    private final Channel channel;
    private final ConnectionEnd end;
    private final ConnectionContext context;
    private final Deadlines.Entry deadline;
    private @Nullable Linger linger;
    private long backlog;
    private boolean inputEnded;
    private boolean outputEnded;

    /**
     * Begins to close.
     *
     * @param deadline of the connection; {@link #timedOut} is to be called at its time
     * @param linger what was already dropped of what the client sends; null if nothing was
     * @param inputEnded whether the client sends no more
     */
    LingeringClose(
            Channel channel,
            ConnectionEnd end,
            ConnectionContext context,
            Deadlines.Entry deadline,
            @Nullable Linger linger,
            boolean inputEnded) {
        this.channel = channel;
        this.end = end;
        this.context = context;
        this.deadline = deadline;
        this.linger = linger;
        this.inputEnded = inputEnded;
        armForBacklog();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(context.loop().onLoop(flushed -> flushed(flushed.isSuccess())));
    }

    private void flushed(boolean isTaken) {
        if (inputEnded || !isTaken) {
            end.close();
        } else {
            end.shutdownOutput();
            outputEnded = true;
            arm(Linger.QUIET_MILLIS);
        }
    }

    /** Drops what the client sends. */
    void received(ByteBuf in) {
        int count = in.readableBytes();
        in.release();
        if (linger == null) {
            linger = new Linger();
        }
        if (!linger.drop(count)) {
            end.close();
        } else if (outputEnded) {
            arm(Linger.QUIET_MILLIS);
        }
    }

    /** Called when the client sends no more. */
    void inputEnded() {
        inputEnded = true;
        if (Buffers.backlog(channel) == 0) {
            end.close();
        }
    }

    /** Called when the client has been silent, or has taken nothing, for long enough. */
    void timedOut() {
        long left = Buffers.backlog(channel);
        if (left > 0 && left < backlog) {
            armForBacklog();
        } else {
            end.close();
        }
    }

    private void armForBacklog() {
        backlog = Buffers.backlog(channel);
        arm(context.settings().bodyMillis());
    }

    private void arm(long millis) {
        context.loop().deadlines().arm(deadline, millis);
    }
}
