package dev.turnout.proxy.route;

import dev.turnout.config.TargetProtocol;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TcpAddress;
import dev.turnout.routing.UnixAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One target of one service as the data plane sees it: its address, what is in flight there, and whether it works. It
 * lives as long as the target is configured, through all flips.
 *
 * <p>What is in flight is counted in one cell for each event loop. A request enters and leaves on the same loop, so no
 * cell is ever below its true value, and once no request can enter any more (see {@link RoutingTable}) a sum of zero
 * is the truth and stays it.
 *
 * <p>Whether it works is known from two sides: from the traffic, which a single failure to connect is enough for, and
 * from probes. Neither is part of the routing state: that state says what an operator wants, this class says what is.
 *
 * <p>A drain closes it to previews, since its receipt says that its process may stop. It opens again once it may be
 * another version: a probe failed and a later one was good, a gate was passed, or a state in force sends requests here.
 */
public final class TargetState {

    /** Cells this far apart do not share a cache line. */
    private static final int STRIDE = 16;

    /** Of its share, at the beginning of a slow start. */
    private static final double LEAST_SHARE = 0.05;

    /** Whether a request that asks for the slot may come here. */
    private enum Previews {
        OPEN,
        /** A drain has begun, and the version that it is about still answers. */
        CLOSED,
        /** A drain has begun, and a probe has failed since. */
        CLOSED_AND_DOWN
    }

    private final String service;
    private final Slot slot;
    private final Target target;
    private final String targetName;
    private final SocketAddress address;
    private final int loops;
    private final AtomicLongArray inFlight;
    private volatile TargetSettings settings;
    private volatile TargetProtocol protocol = TargetProtocol.HTTP1;
    private volatile boolean inRotation;
    private volatile @Nullable Retirement retirement;
    private final AtomicReference<Previews> previews = new AtomicReference<>(Previews.OPEN);
    private volatile boolean hasServed;
    private volatile boolean copying;
    private volatile boolean refusing;
    private volatile boolean down;
    private volatile boolean starting;
    private volatile long returnedNanos;
    private final TargetCounters counters;
    private final TargetConnections connections;

    /** How many requests a connection takes at a time. */
    private volatile int requestsEach = 1;

    private volatile TargetConduct conduct = new TargetConduct();
    private volatile @Nullable SessionCount sessions;
    private volatile long stickyTag;
    private volatile long joinedNanos;
    private volatile boolean joining;
    private volatile long sessionsUntilNanos;
    private volatile boolean openToSessions;

    /**
     * @param loops how many event loops there are
     * @param settings what holds for its connections and its share
     */
    public TargetState(String service, Slot slot, Target target, int loops, TargetSettings settings) {
        this.service = service;
        this.slot = slot;
        this.target = target;
        this.targetName = target.toString();
        this.address = address(target);
        this.settings = settings;
        this.inFlight = new AtomicLongArray(loops * STRIDE);
        this.counters = new TargetCounters(loops);
        this.connections = new TargetConnections(loops);
        this.loops = loops;
    }

    /** Replaces the settings, for connections and requests from now on. Any thread. */
    public void apply(TargetSettings next) {
        settings = next;
    }

    /** Returns what holds for its connections and its share. */
    public TargetSettings settings() {
        return settings;
    }

    /** Returns where to connect to. An address needs no look-up; a name is looked up at each connect, by Vert.x's resolver. */
    private static SocketAddress address(Target target) {
        if (target.address() instanceof UnixAddress unix) {
            return new DomainSocketAddress(unix.path());
        }
        TcpAddress tcp = target.tcp();
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(tcp.host());
        if (literal == null) {
            return InetSocketAddress.createUnresolved(tcp.host(), tcp.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), tcp.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(target + " is not an address", e);
        }
    }

    public String service() {
        return service;
    }

    public Slot slot() {
        return slot;
    }

    public Target target() {
        return target;
    }

    /** Returns the target as text, which is made once. */
    public String targetName() {
        return targetName;
    }

    /** Returns where to connect to: an {@link InetSocketAddress}, or a {@link DomainSocketAddress}. */
    public SocketAddress address() {
        return address;
    }

    /** Returns what the target speaks. */
    public TargetProtocol protocol() {
        return protocol;
    }

    /** Sets what the target speaks, for connections from now on. */
    public void speak(TargetProtocol spoken) {
        protocol = spoken;
        if (!spoken.isHttp2()) {
            requestsEach = 1;
        }
    }

    /** Returns how many event loops send requests to the target. */
    public int loops() {
        return loops;
    }

    /** Returns the connections to the target. */
    public TargetConnections connections() {
        return connections;
    }

    /** Notes how many requests a connection takes at a time. */
    public void takesEach(int requests) {
        requestsEach = Math.max(1, requests);
    }

    /** Returns true if a further request would wait for a connection, as far as can be told from what is in flight. */
    boolean isFull() {
        int limit = connections.limit();
        if (limit == 0) {
            return false;
        }
        int most = protocol.isHttp2() ? Math.max(limit, loops) : limit;
        return inFlight() >= (long) most * requestsEach;
    }

    /**
     * Keeps sessions at this target from now on.
     *
     * @param tag what stands for the target in cookies
     */
    void keepSessions(long tag) {
        stickyTag = tag;
        if (sessions == null) {
            sessions = new SessionCount(System.nanoTime());
        }
    }

    /** Returns what stands for the target in cookies. */
    public long stickyTag() {
        return stickyTag;
    }

    /** Notes a request of a session that is kept here. */
    public void sessionSeen(StickySession session) {
        SessionCount count = sessions;
        if (count != null) {
            count.seen(session.number(), System.nanoTime());
        }
    }

    /** Returns about how many sessions have come here in the last minutes. */
    public long sessions() {
        SessionCount count = sessions;
        return count == null ? 0 : count.estimate(System.nanoTime());
    }

    /** Notes that the target has come into a rotation that went on serving. */
    void joined(long nanos) {
        joinedNanos = nanos;
        joining = true;
    }

    /** Returns how long ago the target came into a rotation that went on serving; the longest time if it never did. */
    long joinedAgo(long nanos) {
        return joining ? nanos - joinedNanos : Long.MAX_VALUE;
    }

    /** Lets the sessions that are kept here go on for a while, out of rotation. */
    void keepSessionsFor(long millis) {
        sessionsUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        openToSessions = millis > 0;
    }

    /** Returns true if sessions that are kept here may come although the target is out of rotation. */
    public boolean isOpenToSessions() {
        return openToSessions && System.nanoTime() - sessionsUntilNanos < 0;
    }

    /** Returns true if the state in force sends new requests here; else no connection is kept. */
    public boolean isInRotation() {
        return inRotation;
    }

    void setInRotation(boolean inRotation) {
        this.inRotation = inRotation;
        if (inRotation) {
            openToSessions = false;
            retirement = null;
            hasServed = true;
            copying = false;
            openToPreviews();
        }
    }

    /** Returns true if a request that asks for the slot may come here. */
    boolean isOpenToPreviews() {
        return previews.get() == Previews.OPEN;
    }

    /** Returns true if copies of requests may come here: what runs here has not served yet, as far as is known. */
    boolean isOpenToCopies() {
        return !hasServed && isOpenToPreviews();
    }

    /** Notes that a copy of a request comes here. */
    void copied() {
        copying = true;
    }

    /** Returns true if connections are kept for further requests. */
    public boolean keepsConnections() {
        return inRotation || copying && isOpenToCopies();
    }

    /** Closes it to previews and to sessions; {@link RoutingTable#closeToPreviews} makes that hold against a concurrent claim. */
    void closeToPreviews() {
        openToSessions = false;
        previews.set(Previews.CLOSED);
    }

    /** Opens it to previews again: what runs here now is to be looked at. */
    void openToPreviews() {
        previews.set(Previews.OPEN);
    }

    /** Returns true if it does not work, as far as is known: another one is the better choice. */
    boolean isSuspended() {
        return refusing || down;
    }

    /** Notes a connection that could not be opened. */
    public void connectFailed() {
        counters.countConnectFailure();
        refusing = true;
    }

    /** Notes a connection that was opened. */
    public void connected() {
        if (refusing) {
            refusing = false;
            returned();
        }
    }

    /** Notes that it gets requests again where others have gone on getting them. */
    void returned() {
        if (settings.slowStartNanos() > 0) {
            returnedNanos = System.nanoTime();
            starting = true;
        }
    }

    /** Returns true if it gets less than its share of requests, since it has just come back. */
    boolean isStarting() {
        return starting;
    }

    /** Returns what part of its share it gets, 0 to 1; ends the start when that is the whole. */
    double share(long nowNanos) {
        long whole = settings.slowStartNanos();
        double share = whole == 0 ? 1 : (double) (nowNanos - returnedNanos) / whole;
        if (share >= 1) {
            starting = false;
        }
        return Math.max(share, LEAST_SHARE);
    }

    /**
     * Notes what a probe has found.
     *
     * @param good whether this probe was answered well
     * @param isDown whether the probes so far say that the target is down
     * @return true if another version may run here since: the target is up again
     */
    public boolean probed(boolean good, boolean isDown) {
        boolean isBack = down && !isDown;
        if (isBack) {
            returned();
        }
        down = isDown;
        if (good) {
            connected();
            isBack |= previews.compareAndSet(Previews.CLOSED_AND_DOWN, Previews.OPEN);
        } else {
            previews.compareAndSet(Previews.CLOSED, Previews.CLOSED_AND_DOWN);
        }
        if (isBack && !inRotation) {
            hasServed = false;
        }
        return isBack;
    }

    /** Returns how endless streams from here are to end; null while they may go on. */
    public @Nullable Retirement retirement() {
        return retirement;
    }

    public void retire(Retirement retiring) {
        retirement = retiring;
    }

    public void enter(int loop) {
        inFlight.getAndIncrement(loop * STRIDE);
    }

    public void leave(int loop) {
        inFlight.getAndDecrement(loop * STRIDE);
    }

    /** Requests that have entered on one event loop and not left. */
    public int inFlight(int loop) {
        return (int) inFlight.get(loop * STRIDE);
    }

    /** Requests that have entered and not left. */
    public long inFlight() {
        long sum = 0;
        for (int i = 0; i < inFlight.length(); i += STRIDE) {
            sum += inFlight.get(i);
        }
        return sum;
    }

    /** Notes that a gate has proved the target: another version may run there now, and behave in another way. */
    public void proved() {
        hasServed = inRotation;
        openToPreviews();
        conduct = new TargetConduct();
    }

    /** Returns what the target has shown of how it treats connections. */
    public TargetConduct conduct() {
        return conduct;
    }

    /** Returns what is counted of the requests that come here. */
    public TargetCounters counters() {
        return counters;
    }

    public TargetTraffic traffic() {
        return counters.traffic(inFlight(), connections.waiting(), sessions());
    }
}
