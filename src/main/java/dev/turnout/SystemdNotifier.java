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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * The messages to systemd about this process: sd_notify(3). Other service managers speak the same protocol.
 *
 * <p>If a watchdog is configured, a sign of life is sent three times in its interval. The sign passes through every event
 * loop first, so that a stuck event loop leads to a restart. Without a service manager the methods do nothing. Any
 * thread.
 */
final class SystemdNotifier {

    private static final Logger LOG = Logger.getLogger(SystemdNotifier.class);
    private static final int SIGNS_IN_TIME = 3;
    private static final long CONNECT_MILLIS = 2_000;

    private final Map<String, String> environment;
    private final long pid;
    private final EventLoopGroup loops;
    private final List<EventLoopGroup> carriers;
    private volatile Optional<Channel> channel = Optional.empty();

    /**
     * @param environment of this process; names the socket of the service manager, if there is one
     * @param pid of this process
     * @param loops carry the messages, and are watched
     * @param carriers carry the traffic, and are watched too
     */
    SystemdNotifier(Map<String, String> environment, long pid, EventLoopGroup loops, List<EventLoopGroup> carriers) {
        this.environment = Map.copyOf(environment);
        this.pid = pid;
        this.loops = loops;
        this.carriers = List.copyOf(carriers);
    }

    /** Connects to the service manager that the environment names, and starts the watchdog. Blocks. */
    void connect() {
        String address = environment.get("NOTIFY_SOCKET");
        if (address == null) {
            return;
        }
        if (!(loops instanceof EpollEventLoopGroup)) {
            LOG.warn("The service manager can't be told of the start: that needs the native epoll transport");
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(loops)
                .channelFactory(EpollDomainDatagramChannel::new)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(path(address)));
        if (!connecting.awaitUninterruptibly(CONNECT_MILLIS) || !connecting.isSuccess()) {
            LOG.warnf("The service manager can't be told of the start: %s", connecting.cause());
            return;
        }
        channel = Optional.of(connecting.channel());
        startWatchdog(connecting.channel());
    }

    /** An address that begins with @ is in the abstract namespace, which the system marks by a zero: unix(7). */
    private static String path(String address) {
        return address.startsWith("@") ? "\0" + address.substring(1) : address;
    }

    private void startWatchdog(Channel connected) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean isMeant =
                environment.getOrDefault("WATCHDOG_PID", Long.toString(pid)).equals(Long.toString(pid));
        if (isMeant && micros.matches("[1-9][0-9]{0,17}")) {
            long interval = Math.max(1, Long.parseLong(micros) / SIGNS_IN_TIME);
            connected.eventLoop().scheduleAtFixedRate(() -> beat(all()), 0, interval, TimeUnit.MICROSECONDS);
        }
    }

    private Iterator<EventExecutor> all() {
        return Stream.concat(Stream.of(loops), carriers.stream())
                .flatMap(group -> StreamSupport.stream(group.spliterator(), false))
                .iterator();
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
        channel.ifPresent(connected -> connected.writeAndFlush(ByteBufUtil.writeUtf8(connected.alloc(), state)));
    }
}
