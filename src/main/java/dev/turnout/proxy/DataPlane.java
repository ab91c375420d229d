package dev.turnout.proxy;

import dev.turnout.config.Deadline;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.CutRequest;
import dev.turnout.routing.CutRequests;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.Retired;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TrafficPlane;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Turnout's own data plane: listens on the front port and forwards to the active slot, on Vert.x's event loops.
 *
 * <p>All public methods may be called on any thread.
 */
public final class DataPlane implements TrafficPlane {

    private static final Logger LOG = Logger.getLogger(DataPlane.class);

    /** Counts this far apart do not share a cache line. */
    private static final int STRIDE = 32;

    /** What part of the memory for buffers heads may take, if nothing else is configured. */
    private static final int HEADS_SHARE = 4;

    private static final long STOP_POLL_MILLIS = 10;

    private static final long FREED_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The most connections that one event loop opens ahead to one target. */
    private static final int MOST_AHEAD = 64;

    private final ProxySettings settings;
    private final Transport transport;
    private final BufferBudget buffers = BufferBudget.ofDirectMemory();
    private final EventLoopGroup loops;
    private final AccessLog accessLog;
    private final RoutingTable routing;
    private final List<LoopContext> workers = new ArrayList<>();
    private final Map<EventExecutor, LoopContext> workerOf = new IdentityHashMap<>();
    private final AtomicLong clients = new AtomicLong();
    private final Descriptors descriptors;
    private final AtomicLong freedNanos = new AtomicLong(System.nanoTime());
    private final Map<String, PauseBudget> held = new ConcurrentHashMap<>();
    private final AtomicIntegerArray exchanges;
    private volatile AdminOnFront adminOnFront;
    private volatile boolean stopping;
    private Listener listener;

    public DataPlane(Vertx vertx, TurnoutConfig config) {
        this(vertx, ProxySettings.of(config));
    }

    DataPlane(Vertx vertx, ProxySettings settings) {
        this.settings = settings;
        loops = ((VertxInternal) vertx).getEventLoopGroup();
        transport = Transport.of(loops);
        accessLog = openAccessLog(settings);
        descriptors = Descriptors.ofProcess(settings.connectionLimit(), settings.requestLimit());
        int count = 0;
        for (EventExecutor loop : loops) {
            count += loop == null ? 0 : 1;
        }
        routing = new RoutingTable(count, settings.slowStart(), settings.entrances());
        exchanges = new AtomicIntegerArray(count * STRIDE);
        for (EventExecutor loop : loops) {
            LoopContext worker = new LoopContext(
                    workers.size(),
                    (EventLoop) loop,
                    this,
                    settings,
                    routing,
                    transport,
                    name -> vertx.executeBlocking(() -> InetAddress.getByName(name), false),
                    accessLog);
            workers.add(worker);
            workerOf.put(loop, worker);
        }
    }

    private static AccessLog openAccessLog(ProxySettings settings) {
        if (settings.accessLog().isEmpty()) {
            return null;
        }
        Path file = settings.accessLogFile();
        try {
            return AccessLog.open(settings.accessLog().get(), file);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write turnout.access-log-file " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Lets requests for {@code /admin} on the front port go to the admin server. To be called before {@link #start}.
     *
     * @param admin where the admin server listens
     * @param secret what tells the admin server that a request came this way
     * @param most how many such requests may be in flight
     */
    public void serveAdminOnFront(Target admin, String secret, int most) {
        adminOnFront = AdminOnFront.of(admin, secret, most, workers.size());
    }

    /**
     * Publishes a state and begins to listen. Blocks until it does.
     *
     * @throws IllegalStateException if the front port cannot be had; the message says why
     */
    public void start(RoutingState state) {
        publish(state);
        workers.forEach(LoopContext::start);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops, loops)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new AcceptBackoff(
                                        descriptors,
                                        DataPlane.this::freeDescriptors,
                                        DataPlane.this::closeIdleClients));
                    }
                })
                .childOption(ChannelOption.TCP_NODELAY, true)
                // A tunnel may be silent for ever: only the system can tell that its client's machine is gone.
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Buffers.waterMark())
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, Buffers.receive(buffers))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientConnection(workerOf.get(channel.eventLoop())));
                    }
                });
        InheritedSockets inherited =
                InheritedSockets.of(System.getenv(), ProcessHandle.current().pid());
        listener = Listener.open(bootstrap, transport, settings, inherited);
    }

    /** The port that is listened on. */
    public int port() {
        return listener.port();
    }

    /** The kind of transport: {@code epoll} or {@code nio}. */
    public String transport() {
        return transport.name();
    }

    /** How many client connections are open. */
    public long clients() {
        return clients.get();
    }

    BufferBudget buffers() {
        return buffers;
    }

    /** The part of the memory for heads that each event loop has. */
    long headMemoryOfLoop() {
        long all = settings.headMemory() > 0 ? settings.headMemory() : buffers.limit() / HEADS_SHARE;
        return all / (exchanges.length() / STRIDE);
    }

    Descriptors descriptors() {
        return descriptors;
    }

    /** Called when a descriptor is missing: idle connections are closed, no oftener than descriptors can come back. */
    void freeDescriptors() {
        descriptors.ranOut();
        long last = freedNanos.get();
        long now = System.nanoTime();
        if (now - last > FREED_EVERY_NANOS && freedNanos.compareAndSet(last, now)) {
            workers.forEach(worker -> worker.loop().execute(worker::freeDescriptors));
        }
    }

    /** Called while new clients wait: those make room that have been without a request for long. */
    private void closeIdleClients() {
        workers.forEach(worker -> worker.loop().execute(worker::closeLongIdleClients));
    }

    long countClient(int change) {
        return clients.addAndGet(change);
    }

    /** Takes note of how many exchanges an event loop has. To be called on that event loop. */
    void countExchange(int worker, int count) {
        exchanges.lazySet(worker * STRIDE, count);
    }

    /** Whether as many requests are in flight as are allowed; off by at most one for each event loop. */
    boolean isFull() {
        int sum = 0;
        for (int i = 0; i < exchanges.length(); i += STRIDE) {
            sum += exchanges.get(i);
        }
        return sum >= settings.requestLimit();
    }

    /** How many lines of the access log have been dropped because the disk was too slow, or full. */
    public long droppedLogLines() {
        return accessLog == null ? 0 : accessLog.dropped();
    }

    @Override
    public List<String> warnings(String service) {
        List<String> warnings = new ArrayList<>();
        long dropped = droppedLogLines();
        if (dropped > 0) {
            warnings.add(dropped + " lines of the access log " + settings.accessLogFile()
                    + " have been dropped since the start: its disk is full, or too slow.");
        }
        descriptors.warning().ifPresent(warnings::add);
        return warnings;
    }

    boolean isStopping() {
        return stopping;
    }

    AdminOnFront adminOnFront() {
        return adminOnFront;
    }

    @Override
    public CompletionStage<Void> publish(RoutingState state) {
        routing.publish(state);
        for (LoopContext worker : workers) {
            worker.loop().execute(() -> {
                worker.pool().closeOutOfRotation();
                worker.releaseWaiting();
            });
        }
        return CompletableFuture.completedStage(null);
    }

    /** Closes the idle connections of all event loops to a target. Any thread. */
    void makeRoom(TargetState upstream) {
        for (LoopContext worker : workers) {
            worker.loop().execute(() -> worker.pool().makeRoom(upstream));
        }
    }

    /** How much of a service waits on all event loops. */
    PauseBudget heldOf(String service) {
        return held.computeIfAbsent(service, name -> new PauseBudget(settings.pause()));
    }

    @Override
    public long held(String service) {
        return heldOf(service).requests();
    }

    @Override
    public CompletionStage<Integer> connectAhead(String service, Collection<Target> targets) {
        List<TargetState> upstreams = routing.upstreams(service);
        List<TargetState> next = upstreams.stream()
                .filter(upstream -> targets.contains(upstream.target()))
                .toList();
        List<TargetState> serving = upstreams.stream()
                .filter(upstream -> upstream.isInRotation() && !next.contains(upstream))
                .toList();
        List<CompletableFuture<Integer>> opened = workers.stream()
                .map(worker -> CompletableFuture.supplyAsync(() -> connectAhead(worker, next, serving), worker.loop())
                        .thenCompose(Function.identity()))
                .toList();
        return CompletableFuture.allOf(opened.toArray(new CompletableFuture<?>[0]))
                .thenApply(done ->
                        opened.stream().mapToInt(CompletableFuture::join).sum());
    }

    /** As many as the event loop has to the targets that serve now, shared among those that will. */
    private static CompletableFuture<Integer> connectAhead(
            LoopContext worker, List<TargetState> next, List<TargetState> serving) {
        int now = serving.stream()
                .mapToInt(upstream -> worker.pool().size(upstream) + upstream.inFlight(worker.index()))
                .sum();
        int each = Math.min(MOST_AHEAD, (now + next.size() - 1) / Math.max(1, next.size()));
        List<CompletableFuture<Integer>> opened = next.stream()
                .map(upstream -> worker.pool().openAhead(upstream, Math.max(1, each)))
                .toList();
        return CompletableFuture.allOf(opened.toArray(new CompletableFuture<?>[0]))
                .thenApply(done ->
                        opened.stream().mapToInt(CompletableFuture::join).sum());
    }

    @Override
    public InFlight inFlight(String service, Collection<Target> targets) {
        long requests = 0;
        long tunnels = 0;
        for (TargetState upstream : routing.upstreams(service)) {
            if (targets.contains(upstream.target())) {
                requests += upstream.inFlight();
                tunnels += upstream.tunnels();
            }
        }
        return new InFlight.Known(requests, tunnels);
    }

    @Override
    public Retired retire(String service, Collection<Target> targets, Duration over) {
        routing.closeToPreviews(service, targets);
        Set<Target> wanted = Set.copyOf(targets);
        Retirement retirement = Retirement.within(over, Retirement.SERVICE_RESTART, workers.size());
        retire(upstream -> upstream.service().equals(service) && wanted.contains(upstream.target()), retirement);
        return retirement;
    }

    private void retire(Predicate<TargetState> wanted, Retirement retirement) {
        routing.upstreams().stream().filter(wanted).forEach(upstream -> upstream.retire(retirement));
        for (LoopContext worker : workers) {
            worker.loop()
                    .execute(() -> retirement.spread(worker.exchanges().stream()
                            .filter(exchange -> exchange.isRetirable() && wanted.test(exchange.upstream()))
                            .toList()));
        }
    }

    @Override
    public CompletionStage<CutRequests> cut(String service, Collection<Target> targets) {
        Set<Target> wanted = Set.copyOf(targets);
        return cut(
                upstream -> upstream.service().equals(service) && wanted.contains(upstream.target()),
                LocalReplies.DRAIN_TIMEOUT);
    }

    private CompletionStage<CutRequests> cut(Predicate<TargetState> wanted, LocalReply answer) {
        List<CompletableFuture<CutRequests>> cuts = workers.stream()
                .map(worker -> CompletableFuture.supplyAsync(() -> cut(worker, wanted, answer), worker.loop()))
                .toList();
        return CompletableFuture.allOf(cuts.toArray(new CompletableFuture<?>[0]))
                .thenApply(
                        done -> cuts.stream().map(CompletableFuture::join).reduce(CutRequests.NONE, CutRequests::plus));
    }

    private static CutRequests cut(LoopContext worker, Predicate<TargetState> wanted, LocalReply answer) {
        List<CutRequest> named = new ArrayList<>();
        long count = 0;
        for (Exchange exchange : worker.exchanges()) {
            if (exchange.upstream() != null && wanted.test(exchange.upstream())) {
                CutRequest cut = exchange.cut(answer);
                count++;
                if (named.size() < CutRequests.MOST_NAMED) {
                    named.add(cut);
                }
            }
        }
        return new CutRequests(named, count);
    }

    @Override
    public void proved(String service, Collection<Target> targets) {
        targets.forEach(target -> routing.upstream(service, target).ifPresent(TargetState::proved));
    }

    @Override
    public void probed(String service, Target target, boolean good, boolean isDown) {
        routing.upstream(service, target).ifPresent(upstream -> upstream.probed(good, isDown));
    }

    @Override
    public Set<Target> suspended(String service) {
        ServiceRoute route = routing.routes().of(service);
        return route == null
                ? Set.of()
                : route.passedOver().stream().map(TargetState::target).collect(Collectors.toSet());
    }

    @Override
    public Map<Target, TargetTraffic> traffic(String service) {
        return routing.upstreams(service).stream().collect(Collectors.toMap(TargetState::target, TargetState::traffic));
    }

    /**
     * Stops: no new connections, what is in flight is finished with {@code Connection: close}, and what is left after
     * the time-out is cut and named in the log.
     *
     * @return completes when no client is connected any more
     */
    public CompletionStage<Void> stop(Duration timeout) {
        stopping = true;
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        retire(upstream -> true, Retirement.within(timeout, Retirement.GOING_AWAY, workers.size()));
        Deadline deadline = Deadline.after(timeout);
        for (LoopContext worker : workers) {
            worker.loop().execute(() -> {
                worker.dismissWaiting(LocalReplies.STOPPING);
                worker.clients().forEach(ClientConnection::stop);
            });
        }
        if (listener == null) {
            stopped.complete(null);
        } else {
            listener.close().thenCompose(closed -> throughAllLoops()).thenRun(() -> awaitClients(deadline, stopped));
        }
        return stopped.thenCompose(done -> closeAccessLog());
    }

    /** Completes when every event loop has done what it had to do: a connection accepted last has a client then. */
    private CompletionStage<Void> throughAllLoops() {
        return CompletableFuture.allOf(workers.stream()
                .map(worker -> CompletableFuture.runAsync(() -> {}, worker.loop()))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Writes what is left of the access log. */
    private CompletionStage<Void> closeAccessLog() {
        if (accessLog == null) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<?>[] flushes = workers.stream()
                .map(worker -> CompletableFuture.runAsync(worker.accessLines()::flush, worker.loop()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(flushes).thenRunAsync(accessLog::close);
    }

    private void awaitClients(Deadline deadline, CompletableFuture<Void> stopped) {
        EventLoop loop = workers.get(0).loop();
        if (clients.get() == 0) {
            stopped.complete(null);
        } else if (!deadline.isOver()) {
            loop.schedule(() -> awaitClients(deadline, stopped), STOP_POLL_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            cut(upstream -> true, LocalReplies.STOPPING).thenAccept(cut -> {
                cut.named()
                        .forEach(request -> LOG.warnf(
                                "Cut at the stop, after %d ms: %s %s at %s",
                                request.ageMillis(), request.method(), request.path(), request.target()));
                if (cut.unnamed() > 0) {
                    LOG.warnf("Cut at the stop: %d requests, of which %d are not named", cut.count(), cut.unnamed());
                }
                stopped.complete(null);
            });
        }
    }
}
