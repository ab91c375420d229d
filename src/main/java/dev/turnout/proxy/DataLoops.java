package dev.turnout.proxy;

import dev.turnout.proxy.loop.Connector;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.spi.transport.Transport;
import java.net.InetAddress;

/**
 * The event loops that carry the traffic, and the look-up of names for them.
 *
 * @param group of event loops
 * @param names looks up addresses, on threads that may wait
 */
public record DataLoops(EventLoopGroup group, Connector.Names names) {

    private static final int IO_RATIO = 50;

    /**
     * Makes event loops apart from those of Vert.x, of the same transport: a probe, a read of etcd, and other clients keep
     * no request waiting. Their threads start with their first tasks, and do not keep the process alive.
     */
    public static DataLoops beside(Vertx vertx, int count) {
        EventLoopGroup group = ((VertxInternal) vertx)
                .transport()
                .eventLoopGroup(
                        Transport.IO_EVENT_LOOP_GROUP, count, new DefaultThreadFactory("turnout-loop", true), IO_RATIO);
        return new DataLoops(group, lookUps(vertx));
    }

    /** Returns look-ups on the threads of Vert.x that may wait. */
    public static Connector.Names lookUps(Vertx vertx) {
        return name -> vertx.executeBlocking(() -> InetAddress.getByName(name), false);
    }
}
