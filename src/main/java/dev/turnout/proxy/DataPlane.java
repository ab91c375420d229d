package dev.turnout.proxy;

import dev.turnout.config.ErrorPages;
import dev.turnout.config.RuleFiles;
import dev.turnout.config.SendProxy;
import dev.turnout.config.TracingConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.body.EndReason;
import dev.turnout.proxy.connection.Http2Counters;
import dev.turnout.proxy.connection.Http2TargetCounters;
import dev.turnout.proxy.connection.TargetHeader;
import dev.turnout.proxy.exchange.AdminOnFront;
import dev.turnout.proxy.exchange.ChallengeReplies;
import dev.turnout.proxy.exchange.HttpsRedirect;
import dev.turnout.proxy.exchange.LocalReplies;
import dev.turnout.proxy.exchange.PasswordChecks;
import dev.turnout.proxy.exchange.PauseBudgets;
import dev.turnout.proxy.exchange.ReadyQuestion;
import dev.turnout.proxy.exchange.RequestCount;
import dev.turnout.proxy.folder.FileThreads;
import dev.turnout.proxy.listen.FrontSockets;
import dev.turnout.proxy.listen.SharedHandshakes;
import dev.turnout.proxy.loop.BufferBudget;
import dev.turnout.proxy.loop.Descriptors;
import dev.turnout.proxy.loop.Stopping;
import dev.turnout.proxy.loop.Transport;
import dev.turnout.proxy.observe.AccessLog;
import dev.turnout.proxy.observe.CurrentExporter;
import dev.turnout.proxy.observe.CurrentLogs;
import dev.turnout.proxy.observe.SpanSettings;
import dev.turnout.proxy.route.RateLimits;
import dev.turnout.proxy.route.Rehearsals;
import dev.turnout.proxy.route.RequestCounters;
import dev.turnout.proxy.route.Retirement;
import dev.turnout.proxy.route.RoutingTable;
import dev.turnout.proxy.route.ServiceRoute;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.ConnectAhead;
import dev.turnout.routing.CutRequests;
import dev.turnout.routing.DrainControl;
import dev.turnout.routing.HoldControl;
import dev.turnout.routing.InFlight;
import dev.turnout.routing.NextSettings;
import dev.turnout.routing.RehearsalControl;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.RequestsInFlight;
import dev.turnout.routing.Retired;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.RoutingWarnings;
import dev.turnout.routing.Service;
import dev.turnout.routing.ServiceTotals;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetStatus;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.routing.TrafficPlane;
import dev.turnout.routing.Warning;
import dev.turnout.tls.HandshakeChoices;
import dev.turnout.tls.HttpChallenges;
import dev.turnout.tls.TargetWays;
import dev.turnout.tls.TlsRefused;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turnout's own data plane: listens on the front port and forwards to the active slot, on Vert.x's event loops.
 *
 * <p>All public methods may be called on any thread.
 */
public final class DataPlane
        implements TrafficPlane,
                RoutingWarnings,
                RequestsInFlight,
                DrainControl,
                HoldControl,
                TrafficCounters,
                TargetStatus,
                ConnectAhead,
                RehearsalControl {

    private volatile ProxySettings settings;
    private final Transport transport;
    private final BufferBudget buffers = BufferBudget.ofDirectMemory();
    private final CurrentLogs accessLogs = new CurrentLogs();
    private final TurnoutConfig config;
    private final TracingConfig tracing;
    private final CurrentExporter spans;
    private final Descriptors descriptors;
    private final HttpsRedirect redirects;
    private final PlaneCounts counts;
    private final ClientPorts ports;
    private final RoutingTable routing;
    private final RateLimits rates = new RateLimits();
    private final RequestCounters counters;
    private final Rehearsals rehearsals;
    private final IdleVersions idleVersions;
    private final PauseBudgets pauses = new PauseBudgets();
    private final ChallengeReplies challenges = new ChallengeReplies();
    private final TargetWays targetWays;
    private final @Nullable ReadyQuestion readyQuestion;
    private final AtomicLong clients = new AtomicLong();
    private final Stopping stopping = new Stopping();
    private final EventLoops loops;
    private final SharedHandshakes handshakes;

    /**
     * @param carriers the event loops that the traffic is carried by
     * @param choices what TLS handshakes are answered with
     * @param targetWays how targets are spoken to
     */
    public DataPlane(DataLoops carriers, TurnoutConfig config, HandshakeChoices choices, TargetWays targetWays) {
        this.targetWays = targetWays;
        this.config = config;
        this.tracing = config.tracing();
        spans = new CurrentExporter(
                target -> targetWays.of(target.service(), target.target()).tls() != null);
        settings = ProxySettings.of(config, rates);
        rates.apply(settings.route().services(), settings.route().rateBytes());
        EventLoopGroup group = carriers.group();
        int count = EventLoops.count(group);
        transport = Transport.of(group);
        descriptors = Descriptors.ofProcess(
                count, settings.connection().limit(), settings.exchange().requestLimit());
        routing = new RoutingTable(count, settings.route().services());
        counters = new RequestCounters(count);
        rehearsals = new Rehearsals(
                count, settings.route().mostRehearsed(), settings.route().rehearsals());
        idleVersions = new IdleVersions(rehearsals::beginAnew);
        readyQuestion = config.readyPath().map(ReadyQuestion::new).orElse(null);
        handshakes = SharedHandshakes.of(choices);
        ports = new ClientPorts(transport, descriptors, buffers);
        redirects = new HttpsRedirect(ports::plainPortNow, ports::tlsPortNow);
        Http2Counters http2 = new Http2Counters();
        Http2TargetCounters http2Targets = new Http2TargetCounters();
        counts = new PlaneCounts(
                clients,
                accessLogs,
                spans,
                redirects,
                ports.headerRefusals(),
                handshakes.counters(),
                http2,
                http2Targets);
        loops = new EventLoops(
                group,
                new SharedParts(
                        settings,
                        transport,
                        carriers.names(),
                        routing,
                        stopping,
                        buffers,
                        descriptors,
                        new RequestCount(count),
                        clients,
                        counters,
                        rehearsals,
                        pauses,
                        handshakes,
                        challenges,
                        redirects,
                        new PasswordChecks(),
                        new FileThreads(),
                        targetWays,
                        spans,
                        http2,
                        http2Targets));
    }

    /**
     * Lets requests for {@code /admin} on the front port go to the admin server. To be called before {@link #start}.
     *
     * @param admin where the admin server listens
     * @param secret what tells the admin server that a request came this way
     * @param most how many such requests may be in flight
     */
    public void serveAdminOnFront(Target admin, String secret, int most) {
        AdminOnFront front = AdminOnFront.of(admin, secret, most, loops.count(), settings.ofNoService());
        loops.prepare(loop -> loop.serveAdmin(front));
    }

    /**
     * Opens the access log, reads pages, publishes a state and begins to listen. Blocks.
     *
     * @throws IllegalStateException if the access log or the front port cannot be opened, or a file of a page or rule cannot be used; the
     *     message says why
     * @throws TlsRefused if the authorities of the collector of spans can't be read; the message says why
     */
    public void start(RoutingState state) {
        ErrorPages shown = ErrorPages.read(config);
        checkRuleFiles(config);
        loops.prepare(loop -> loop.show(shown));
        CurrentLogs.Prepared logs = accessLogs.prepare(settings.accessLogs());
        accessLogs.replace(logs);
        loops.prepare(loop -> loop.log(logs));
        spans.replace(SpanSettings.of(tracing));
        publish(state, OnDrift.FAIL);
        if (readyQuestion != null) {
            loops.prepare(loop -> loop.answerReady(readyQuestion));
        }
        loops.prepare(ServingLoop::start);
        if (settings.listen().onlyChallenges()) {
            loops.prepare(ServingLoop::serveOnlyHttps);
        }
        ports.open(settings.listen(), loops);
    }

    private static void checkRuleFiles(TurnoutConfig config) {
        List<String> refusals = RuleFiles.check(config).errors();
        if (!refusals.isEmpty()) {
            throw new IllegalStateException(String.join(" ", refusals).replaceFirst("\\.$", ""));
        }
    }

    /**
     * Makes ready what settings need and what may fail: every file that they name is read. Nothing changes yet. Blocks.
     *
     * @throws IllegalStateException if the access log or the port for HTTPS cannot be opened, or a file of a page or rule cannot be used; the
     *     message says why
     * @throws TlsRefused if a file for TLS to targets or to the collector of spans can't be used; the message says why
     */
    public NextSettings prepare(TurnoutConfig config) {
        ErrorPages pages = ErrorPages.read(config);
        checkRuleFiles(config);
        ProxySettings next = ProxySettings.of(config, rates);
        Optional<SpanSettings> collector = SpanSettings.of(config.tracing());
        TargetWays.Prepared tls = targetWays.prepare(config);
        try {
            FrontSockets.Prepared opened = ports.prepare(next.listen(), loops);
            try {
                CurrentLogs.Prepared logs = accessLogs.prepare(next.accessLogs());
                return new PreparedSettings(next, pages, collector, tls, opened, logs, this::apply);
            } catch (IllegalStateException e) {
                opened.giveUp();
                throw e;
            }
        } catch (IllegalStateException e) {
            tls.giveUp();
            throw e;
        }
    }

    private void apply(PreparedSettings prepared) {
        ProxySettings next = prepared.settings();
        settings = next;
        prepared.tls().apply();
        descriptors.share(next.connection().limit(), next.exchange().requestLimit());
        rates.apply(next.route().services(), next.route().rateBytes());
        rehearsals.apply(next.route().mostRehearsed(), next.route().rehearsals());
        routing.apply(next.route().services());
        Runnable closing = spans.replace(prepared.spans());
        // Redirects name the port for HTTPS: clients are accepted there before the first redirect.
        ports.apply(prepared.ports());
        loops.onAll(loop -> loop.apply(next));
        loops.onAll(loop -> loop.show(prepared.pages()));
        loops.passThrough().thenRunAsync(closing);
        CurrentLogs.Prepared logs = prepared.logs();
        if (logs.isNew()) {
            List<AccessLog> left = accessLogs.replace(logs);
            loops.runAll(loop -> loop.log(logs)).thenRunAsync(() -> accessLogs.close(left));
        }
    }

    /** Returns the header of the PROXY protocol of a connection that is Turnout's own, such as a probe's. */
    public static byte[] headerOfNobody(SendProxy version) {
        return TargetHeader.ofNobody(version);
    }

    /** Returns where answers to challenges of certificate authorities are offered. */
    public HttpChallenges httpChallenges() {
        return challenges;
    }

    /** Returns the port for plain HTTP that is listened on. */
    public Optional<Integer> plainPort() {
        return ports.plainPort();
    }

    /** Returns the port for HTTPS that is listened on. */
    public Optional<Integer> tlsPort() {
        return ports.tlsPort();
    }

    /** Returns the event loops that carry the traffic. */
    public EventLoopGroup group() {
        return loops.group();
    }

    /** Returns the kind of transport: {@code epoll} or {@code nio}. */
    public String transport() {
        return transport.name();
    }

    /** Returns why the transport is not epoll, in words for the operator; empty if it is. */
    public Optional<String> whyNotEpoll() {
        return transport.isNative() ? Optional.empty() : Optional.of(Transport.whyNotNative());
    }

    /** Returns what the metrics count. */
    public PlaneCounts counts() {
        return counts;
    }

    /** Takes the answer for load balancers that ask at {@code turnout.ready.path}. */
    public void answerReady(boolean isReady) {
        if (readyQuestion != null) {
            readyQuestion.answer(isReady);
        }
    }

    /** Returns how many requests have failed since the last call, by service and then by cause. */
    public CompletionStage<Map<String, Map<String, Long>>> takeFailures() {
        return loops.collect(ServingLoop::takeFailures).thenApply(DataPlane::sum);
    }

    private static Map<String, Map<String, Long>> sum(List<Map<String, Map<String, Long>>> ofLoops) {
        Map<String, Map<String, Long>> sum = new TreeMap<>();
        for (Map<String, Map<String, Long>> ofLoop : ofLoops) {
            ofLoop.forEach((service, causes) -> causes.forEach((cause, count) ->
                    sum.computeIfAbsent(service, none -> new TreeMap<>()).merge(cause, count, Long::sum)));
        }
        return sum;
    }

    @Override
    public List<Warning> warnings(String service) {
        List<Warning> warnings = new ArrayList<>();
        long dropped = counts.droppedLogLines();
        if (dropped > 0) {
            String files = accessLogs.names();
            warnings.add(new Warning(
                    "access-log-dropped",
                    dropped + " lines of the access log " + files
                            + " have been dropped since the start: its disk is full, or too slow.",
                    "액세스 로그 " + files + "의 줄 " + dropped + "개를 시작한 뒤로 버렸습니다. 디스크가 가득 찼거나 너무 느립니다."));
        }
        descriptors.warning().ifPresent(warnings::add);
        targetWays.warning(service).ifPresent(warnings::add);
        if (counts.redirectLoops() > 0) {
            warnings.add(new Warning(
                    "redirect-loop",
                    counts.redirectLoops()
                            + " requests since the start were redirected to https although a proxy says that the client"
                            + " came by https: a browser goes in a loop. That proxy is not in turnout.trusted-proxies.",
                    "클라이언트가 이미 https로 왔다고 앞의 프록시가 알렸는데도 요청 " + counts.redirectLoops()
                            + "개를 https로 리디렉션했습니다. 브라우저가 무한히 반복합니다. 그 프록시가 turnout.trusted-proxies에 없습니다."));
        }
        return warnings;
    }

    /** Returns empty: this plane routes every state. */
    @Override
    public Optional<String> objection(Service next) {
        return Optional.empty();
    }

    /** Returns empty: nobody else can change what this plane routes by. */
    @Override
    public Optional<String> drift() {
        return Optional.empty();
    }

    @Override
    public CompletionStage<Void> publish(RoutingState state, OnDrift onDrift) {
        routing.publish(state);
        idleVersions.published(state);
        counters.keep(state.services().keySet());
        loops.onAll(ServingLoop::published);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> hold(String service) {
        routing.hold(service);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void release(String service) {
        routing.release(service);
        loops.onAll(loop -> loop.released(service));
    }

    @Override
    public long held(String service) {
        return pauses.of(service).requests();
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
        return loops.collectLater(loop -> loop.openAhead(next, serving))
                .thenApply(opened -> opened.stream().mapToInt(Integer::intValue).sum());
    }

    @Override
    public InFlight inFlight(String service, Collection<Target> targets) {
        long requests = 0;
        long tunnels = 0;
        for (TargetState upstream : routing.among(service, targets)) {
            requests += upstream.inFlight();
            tunnels += upstream.counters().tunnels();
        }
        return new InFlight.Known(requests, tunnels);
    }

    @Override
    public Retired retire(String service, Collection<Target> targets, Duration over) {
        routing.closeToPreviews(service, targets);
        Retirement retirement = Retirement.within(over, EndReason.REPLACED, loops.count());
        List<TargetState> retiring = routing.among(service, targets);
        retire(retiring, retiring::contains, retirement);
        return retirement;
    }

    @Override
    public long sessions(String service, Collection<Target> targets) {
        return routing.among(service, targets).stream()
                .filter(TargetState::isOpenToSessions)
                .mapToLong(TargetState::sessions)
                .sum();
    }

    private void retire(Collection<TargetState> targets, Predicate<TargetState> among, Retirement retirement) {
        targets.forEach(target -> target.retire(retirement));
        loops.onAll(loop -> loop.retire(among, retirement));
    }

    @Override
    public CompletionStage<CutRequests> cut(String service, Collection<Target> targets) {
        Predicate<TargetState> among = among(service, targets);
        return loops.cut(
                request -> among.test(request.target()) && !request.isBesideDrain(), LocalReplies.DRAIN_TIMEOUT);
    }

    private static Predicate<TargetState> among(String service, Collection<Target> targets) {
        Set<Target> wanted = Set.copyOf(targets);
        return target -> target.service().equals(service) && wanted.contains(target.target());
    }

    @Override
    public void proved(String service, Collection<Target> targets) {
        targets.forEach(target -> routing.upstream(service, target).ifPresent(TargetState::proved));
    }

    @Override
    public void probed(String service, Target target, boolean good, boolean isDown) {
        routing.upstream(service, target)
                .filter(upstream -> upstream.probed(good, isDown) && !upstream.isInRotation())
                .ifPresent(upstream -> rehearsals.beginAnew(service));
    }

    @Override
    public Set<Target> suspended(String service) {
        ServiceRoute route = routing.routes().of(service);
        return route == null
                ? Set.of()
                : route.passedOver().stream().map(TargetState::target).collect(Collectors.toSet());
    }

    @Override
    public boolean areKept() {
        return true;
    }

    @Override
    public Map<Target, TargetTraffic> traffic(String service) {
        return routing.upstreams(service).stream().collect(Collectors.toMap(TargetState::target, TargetState::traffic));
    }

    @Override
    public ServiceTotals totals(String service) {
        return counters.totals(service);
    }

    @Override
    public boolean isPossible() {
        return true;
    }

    @Override
    public void begin(String service, double percent) {
        rehearsals.begin(service, percent);
    }

    @Override
    public void end(String service) {
        rehearsals.end(service);
    }

    @Override
    public RehearsalFigures figures(String service) {
        return rehearsals.figures(service);
    }

    /** Sends new connections to the predecessor, if there is one. To be called before {@link #stop}. */
    public void withdraw() {
        ports.sockets().ifPresent(FrontSockets::withdraw);
    }

    /**
     * Stops: no new connections, what is in flight is finished with {@code Connection: close}, and what is left after
     * the time-out is cut and named in the log.
     *
     * @return completes when no client is connected any more
     */
    public CompletionStage<Void> stop(Duration timeout) {
        stopping.begin();
        retire(routing.upstreams(), target -> true, Retirement.within(timeout, EndReason.STOPPING, loops.count()));
        GracefulStop stop = new GracefulStop(loops, clients, timeout);
        loops.onAll(ServingLoop::stop);
        CompletionStage<Void> stopped =
                ports.sockets().map(stop::after).orElseGet(() -> CompletableFuture.completedStage(null));
        return stopped.thenRun(handshakes.tasks()::close)
                .thenCompose(done -> closeAccessLog())
                .thenRunAsync(() -> spans.replace(Optional.empty()).run());
    }

    /** Writes what is left of the access logs. */
    private CompletionStage<Void> closeAccessLog() {
        return loops.runAll(ServingLoop::flushAccessLog).thenRunAsync(() -> accessLogs.close(accessLogs.open()));
    }
}
