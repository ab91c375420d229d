package dev.turnout.proxy;

import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Octets;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RequestRewriter;
import dev.turnout.proxy.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What one event loop has for itself: its scanners and scratch space, its idle target connections, its time-outs, and
 * the clients and exchanges that live on it. To be used on its event loop only.
 */
final class LoopContext {

    private static final int REQUEST_ID_LENGTH = 32;
    private static final long MEASURED_AFTER = 512 * 1024;

    /** How many idle connections are closed at a time when descriptors are missing. */
    private static final int FREED = 8;

    /** How long a connection is not taken for idle, since a request may be on the wire. */
    private static final long LEAST_IDLE_MILLIS = 1000;

    /** How long a client may be without a request while others wait to be accepted. */
    private static final long LONG_IDLE_MILLIS = 5000;

    private final int index;
    private final EventLoop loop;
    private final DataPlane plane;
    private final ProxySettings settings;
    private final RoutingTable routing;
    private final Deadlines deadlines = new Deadlines();
    private final TargetPool pool;
    private final byte[] scratch;
    private final AccessLines accessLines;
    private final HeadBudget<ClientConnection> heads;
    private final SlotAffinity visitor =
            new SlotAffinity(() -> ThreadLocalRandom.current().nextLong());
    private final Map<String, PausedRequests> waitingRooms = new HashMap<>();
    private final byte[] rescratch;
    private final RequestHead rescanned;
    private final RequestHead requestHead;
    private final ResponseHead responseHead;
    private final RequestRewriter requestRewriter;
    private final HeadWriter headWriter = new HeadWriter();
    private final DateLine dateLine = new DateLine(System::currentTimeMillis);
    private final byte[] requestId = new byte[REQUEST_ID_LENGTH];
    private final Set<ClientConnection> clients = new LinkedHashSet<>();
    private Exchange firstExchange;
    private int exchangeCount;
    private long requestNumber;
    private long keptBytes;
    private boolean wasTight;

    LoopContext(
            int index,
            EventLoop loop,
            DataPlane plane,
            ProxySettings settings,
            RoutingTable routing,
            Transport transport,
            Connector.Names names,
            AccessLog accessLog) {
        this.index = index;
        this.loop = loop;
        this.plane = plane;
        this.settings = settings;
        this.routing = routing;
        this.pool = new TargetPool(this, new Connector(this, transport, names));
        this.heads =
                new HeadBudget<>(plane.headMemoryOfLoop(), settings.headLimit(), ClientConnection::dropUnfinishedHead);
        // One byte more than the limit shows that a head is over it.
        this.scratch = new byte[settings.headLimit() + 1];
        this.accessLines = accessLog == null ? null : new AccessLines(accessLog);
        // What Turnout adds to a head may take it over the limit.
        this.rescratch = new byte[accessLog == null ? 0 : settings.headLimit() * 2];
        this.rescanned = new RequestHead(rescratch.length);
        this.requestHead = new RequestHead(settings.headLimit());
        this.responseHead = new ResponseHead(settings.headLimit());
        this.requestRewriter = new RequestRewriter(requestId, settings.forgedFields());
        Octets.putHex(ThreadLocalRandom.current().nextLong(), requestId, 0);
    }

    /** Starts the turning of the time-outs. */
    void start() {
        loop.scheduleAtFixedRate(this::tick, Deadlines.TICK_MILLIS, Deadlines.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Does what is due. What throws keeps neither the rest nor the next tick from coming. */
    private void tick() {
        Isolated.run("The turning of the time-outs", deadlines::turn);
        Isolated.run("The measuring of buffers", this::measureBuffers);
        if (wasTight) {
            wasTight = plane.buffers().isTight();
            exchanges().forEach(exchange -> Isolated.run("A request that was held back", exchange::goOn));
        }
        if (accessLines != null) {
            Isolated.run("The access log", accessLines::flush);
        }
        if (index == 0) {
            Isolated.run("The reserve of descriptors", plane.descriptors()::recover);
        }
    }

    /** Wraps a listener so that it is called on this event loop, on whatever thread the future ends. */
    <T> GenericFutureListener<Future<T>> onLoop(Consumer<Future<T>> listener) {
        return future -> runOnLoop(() -> listener.accept(future));
    }

    /** Runs a task on this event loop: now if this is its thread, else soon. */
    void runOnLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    int index() {
        return index;
    }

    EventLoop loop() {
        return loop;
    }

    ProxySettings settings() {
        return settings;
    }

    RoutingTable routing() {
        return routing;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    TargetPool pool() {
        return pool;
    }

    RequestHead requestHead() {
        return requestHead;
    }

    ResponseHead responseHead() {
        return responseHead;
    }

    HeadWriter headWriter() {
        return headWriter;
    }

    /** Returns the Date field line of now, with its CRLF. */
    byte[] dateLine() {
        return dateLine.now();
    }

    /** Stands for the request at hand. */
    SlotAffinity visitor() {
        return visitor;
    }

    /** Where requests wait here while their service is paused. */
    PausedRequests waitingRoom(String service) {
        return waitingRooms.computeIfAbsent(
                service, name -> new PausedRequests(this, name, plane.heldOf(name), settings.pause()));
    }

    /** Lets go what waits for services that have been resumed. */
    void releaseWaiting() {
        waitingRooms.values().forEach(PausedRequests::release);
    }

    /** Refuses what waits. */
    void dismissWaiting(LocalReply answer) {
        waitingRooms.values().forEach(room -> room.dismiss(answer));
    }

    /** The memory for heads of this event loop. */
    HeadBudget<ClientConnection> heads() {
        return heads;
    }

    BufferBudget buffers() {
        return plane.buffers();
    }

    /** Whether memory for buffers is short; what is then held back goes on at a later tick. */
    boolean isTight() {
        wasTight |= plane.buffers().isTight();
        return plane.buffers().isTight();
    }

    /** Takes note of bytes that a peer did not take at once, so that much of them is noticed before the next tick. */
    void countKept(long bytes) {
        keptBytes += bytes;
        if (keptBytes > MEASURED_AFTER) {
            measureBuffers();
        }
    }

    private void measureBuffers() {
        keptBytes = 0;
        plane.buffers().measure();
    }

    /** Closes the idle connections of all event loops to a target. */
    void makeRoom(TargetState upstream) {
        plane.makeRoom(upstream);
    }

    /** Whether connections are to end with the response that they are at. */
    boolean isStopping() {
        return plane.isStopping();
    }

    AdminOnFront adminOnFront() {
        return plane.adminOnFront();
    }

    /**
     * Copies the beginning of what was received to where the scanners read.
     *
     * @return how many bytes there are
     */
    int copyToScratch(ByteBuf in) {
        int count = Math.min(in.readableBytes(), scratch.length);
        in.getBytes(in.readerIndex(), scratch, 0, count);
        return count;
    }

    byte[] scratch() {
        return scratch;
    }

    /** Scans the head of a request once more, that was legal and has been sent to a target. */
    RequestHead scanAgain(ByteBuf head) {
        int length = Math.min(head.writerIndex(), rescratch.length);
        head.getBytes(0, rescratch, 0, length);
        rescanned.scan(rescratch, 0, length);
        return rescanned;
    }

    /** Where the lines of the access log go; null if there is none. */
    AccessLines accessLines() {
        return accessLines;
    }

    /** The rewriter, with a request id that no other request of this process has. */
    RequestRewriter requestRewriter() {
        Octets.putHex(++requestNumber << 8 | index & 0xff, requestId, REQUEST_ID_LENGTH / 2);
        return requestRewriter;
    }

    void add(ClientConnection client) {
        clients.add(client);
    }

    void remove(ClientConnection client) {
        clients.remove(client);
    }

    /** Tells the plane of a client that has come (1) or gone (-1), and is told how many there are then. */
    long countClient(int change) {
        return plane.countClient(change);
    }

    /** Closes some idle connections: those to targets first, since nobody notices. False if there are none. */
    boolean freeDescriptors() {
        return pool.closeOldest(FREED) > 0 || closeIdleClients(LEAST_IDLE_MILLIS);
    }

    /** Closes some clients' connections that have been without a request for long. */
    void closeLongIdleClients() {
        closeIdleClients(LONG_IDLE_MILLIS);
    }

    private boolean closeIdleClients(long leastIdleMillis) {
        int closed = 0;
        for (ClientConnection client : clients()) {
            if (closed < FREED && client.closeIfIdle(leastIdleMillis)) {
                closed++;
            }
        }
        return closed > 0;
    }

    /** Called when a descriptor is missing and this event loop has none to give up. */
    void freeDescriptorsEverywhere() {
        plane.freeDescriptors();
    }

    /** Whether as many requests are in flight, on all event loops, as are allowed. */
    boolean isFull() {
        return plane.isFull();
    }

    /** The clients that live here now. */
    List<ClientConnection> clients() {
        return List.copyOf(clients);
    }

    void add(Exchange exchange) {
        plane.countExchange(index, ++exchangeCount);
        exchange.next = firstExchange;
        if (firstExchange != null) {
            firstExchange.previous = exchange;
        }
        firstExchange = exchange;
    }

    void remove(Exchange exchange) {
        plane.countExchange(index, --exchangeCount);
        if (exchange.previous == null) {
            firstExchange = exchange.next;
        } else {
            exchange.previous.next = exchange.next;
        }
        if (exchange.next != null) {
            exchange.next.previous = exchange.previous;
        }
        exchange.previous = null;
        exchange.next = null;
    }

    /** The exchanges that live here now. */
    List<Exchange> exchanges() {
        List<Exchange> exchanges = new ArrayList<>();
        for (Exchange exchange = firstExchange; exchange != null; exchange = exchange.next) {
            exchanges.add(exchange);
        }
        return exchanges;
    }
}
