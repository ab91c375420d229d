package dev.turnout.proxy.listen;

import dev.turnout.config.SystemShortage;
import dev.turnout.proxy.loop.Descriptors;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Stops accepting for a while when there is no descriptor for a further client.
 *
 * <p>Clients wait in the system's queue meanwhile. After a failed accept the pause doubles from {@value #FIRST_MILLIS}
 * ms to {@value #LONGEST_MILLIS} ms as long as accepting fails. Netty's own acceptor, which logs each failure, does not
 * hear of it. Event loop only.
 */
public final class AcceptBackoff extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = Logger.getLogger(AcceptBackoff.class);

    static final long FIRST_MILLIS = 100;
    static final long LONGEST_MILLIS = 1000;

    private final Descriptors descriptors;
    private final Runnable whenOut;
    private final Runnable whenFull;
    private long pauseMillis = FIRST_MILLIS;

    /**
     * @param whenOut called when accepting failed for want of a descriptor
     * @param whenFull called repeatedly while there are as many clients as the descriptors carry
     */
    public AcceptBackoff(Descriptors descriptors, Runnable whenOut, Runnable whenFull) {
        this.descriptors = descriptors;
        this.whenOut = whenOut;
        this.whenFull = whenFull;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        pauseMillis = FIRST_MILLIS;
        descriptors.opened();
        ((Channel) message).closeFuture().addListener(closed -> descriptors.closed());
        if (!descriptors.carryMore()) {
            pause(context, FIRST_MILLIS);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (SystemShortage.isOfDescriptors(cause)) {
            whenOut.run();
        } else {
            LOG.warnf("A connection could not be accepted: %s", cause);
        }
        pause(context, pauseMillis);
        pauseMillis = Math.min(LONGEST_MILLIS, pauseMillis * 2);
    }

    private void pause(ChannelHandlerContext context, long millis) {
        if (context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(false);
            context.channel().eventLoop().schedule(() -> resume(context), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void resume(ChannelHandlerContext context) {
        if (!context.channel().isOpen()) {
            return;
        }
        if (descriptors.carryMore()) {
            context.channel().config().setAutoRead(true);
        } else {
            whenFull.run();
            context.channel().eventLoop().schedule(() -> resume(context), FIRST_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
