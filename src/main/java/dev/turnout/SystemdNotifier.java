package dev.turnout;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.EventExecutor;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Who has started this process and wants to know how it is: systemd, or what speaks its protocol, sd_notify(3).
 *
 * <p>If a watchdog is asked for, a sign of life is sent three times in its time; it passes through every event loop
 * first, so that one that is stuck ends in a restart. Methods may be called on any thread. Without a service manager
 * they do nothing.
 */
final class SystemdNotifier {

    private static final Logger LOG = Logger.getLogger(SystemdNotifier.class);
    private static final int SIGNS_IN_TIME = 3;
    private static final long CONNECT_MILLIS = 2_000;

    private final EventLoopGroup loops;
    private final Channel channel;

    private SystemdNotifier(EventLoopGroup loops, Channel channel) {
        this.loops = loops;
        this.channel = channel;
    }

    /**
     * The one that the environment names; blocks until it is connected to.
     *
     * @param pid of this process
     */
    static SystemdNotifier of(Map<String, String> environment, long pid, EventLoopGroup loops) {
        String address = environment.get("NOTIFY_SOCKET");
        if (address == null) {
            return new SystemdNotifier(loops, null);
        }
        if (!(loops instanceof EpollEventLoopGroup)) {
            LOG.warn("The service manager can't be told of the start: that needs the native epoll transport");
            return new SystemdNotifier(loops, null);
        }
        ChannelFuture connecting = new Bootstrap()
                .group(loops)
                .channelFactory(EpollDomainDatagramChannel::new)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(path(address)));
        if (!connecting.awaitUninterruptibly(CONNECT_MILLIS) || !connecting.isSuccess()) {
            LOG.warnf("The service manager can't be told of the start: %s", connecting.cause());
            return new SystemdNotifier(loops, null);
        }
        SystemdNotifier supervisor = new SystemdNotifier(loops, connecting.channel());
        supervisor.watch(environment, pid);
        return supervisor;
    }

    /** An address that begins with @ is in the abstract namespace, which the system marks by a zero: unix(7). */
    private static String path(String address) {
        return address.startsWith("@") ? "\0" + address.substring(1) : address;
    }

    private void watch(Map<String, String> environment, long pid) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean isMeant =
                environment.getOrDefault("WATCHDOG_PID", Long.toString(pid)).equals(Long.toString(pid));
        if (isMeant && micros.matches("[1-9][0-9]{0,17}")) {
            long interval = Math.max(1, Long.parseLong(micros) / SIGNS_IN_TIME);
            channel.eventLoop().scheduleAtFixedRate(() -> beat(loops.iterator()), 0, interval, TimeUnit.MICROSECONDS);
        }
    }

    private void beat(Iterator<EventExecutor> rest) {
        if (rest.hasNext()) {
            rest.next().execute(() -> beat(rest));
        } else {
            tell("WATCHDOG=1");
        }
    }

    /** Clients and operators can connect. */
    void ready(String status) {
        tell("READY=1\nSTATUS=" + status);
    }

    /** The stop has begun. */
    void stopping() {
        tell("STOPPING=1\nSTATUS=Stopping: requests in flight may end");
    }

    private void tell(String state) {
        if (channel != null) {
            channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), state));
        }
    }
}
