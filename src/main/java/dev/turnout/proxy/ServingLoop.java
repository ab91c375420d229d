package dev.turnout.proxy;

import dev.turnout.config.ErrorPages;
import dev.turnout.proxy.connection.ClientConnections;
import dev.turnout.proxy.connection.ConnectionContext;
import dev.turnout.proxy.connection.ConnectionSettings;
import dev.turnout.proxy.connection.Http2Scratch;
import dev.turnout.proxy.connection.Neighbours;
import dev.turnout.proxy.connection.OpenConnection;
import dev.turnout.proxy.connection.TargetContext;
import dev.turnout.proxy.connection.TargetPool;
import dev.turnout.proxy.exchange.ActiveRequest;
import dev.turnout.proxy.exchange.ActiveRequests;
import dev.turnout.proxy.exchange.AdminOnFront;
import dev.turnout.proxy.exchange.Admission;
import dev.turnout.proxy.exchange.ExchangeContext;
import dev.turnout.proxy.exchange.LocalReplies;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.exchange.ReadyQuestion;
import dev.turnout.proxy.exchange.RequestCopies;
import dev.turnout.proxy.exchange.TraceSink;
import dev.turnout.proxy.exchange.Tracing;
import dev.turnout.proxy.listen.HandshakeContext;
import dev.turnout.proxy.loop.Connector;
import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.InForce;
import dev.turnout.proxy.loop.Isolated;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.Pipes;
import dev.turnout.proxy.loop.RequestIds;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.observe.AccessLines;
import dev.turnout.proxy.observe.CurrentLogs;
import dev.turnout.proxy.route.Retirement;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.CutRequest;
import dev.turnout.routing.CutRequests;
import dev.turnout.tls.ClientHello;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One event loop with all that it serves: clients, exchanges and connections to targets. Its methods are called on the
 * event loop, but for those that say otherwise.
 */
final class ServingLoop implements Connector.IdleConnections {

    /** How many idle connections are closed at a time when descriptors are missing. */
    private static final int FREED = 8;

    /** How long a connection is not taken for idle, since a request may be on the wire. */
    private static final long LEAST_IDLE_MILLIS = 1000;

    /** How long a client may be without a request while others wait to be accepted. */
    private static final long LONG_IDLE_MILLIS = 5000;

    /** The most connections that one event loop opens ahead to one target. */
    private static final int MOST_AHEAD = 64;

    private final LoopContext context;
    private final TargetPool pool;
    private final ActiveRequests requests;
    private final ClientConnections clients;
    private final ExchangeContext exchangeContext;
    private final Admission admission;
    private final ConnectionContext connectionContext;
    private final HandshakeContext handshakes;
    private final Connector connector;
    private final InForce<ConnectionSettings> connectionSettings;
    private @Nullable AccessLines accessLines;
    private final Runnable closeIdleEverywhere;
    private final TraceSink spans;

    /**
     * @param index the place of the event loop among all event loops
     * @param loops how many event loops there are
     * @param neighbours the other event loops
     * @param closeIdleEverywhere closes some idle connections of all event loops
     */
    ServingLoop(
            int index,
            int loops,
            EventLoop eventLoop,
            SharedParts parts,
            Neighbours neighbours,
            Runnable closeIdleEverywhere) {
        ProxySettings settings = parts.settings();
        this.closeIdleEverywhere = closeIdleEverywhere;
        this.spans = parts.spans();
        Pipes pipes = new Pipes(parts.descriptors().pipes(loops), loops);
        context = new LoopContext(index, eventLoop, parts.stopping(), parts.buffers(), pipes);
        connectionSettings = new InForce<>(settings.connection());
        ScanScratch scratch = new ScanScratch(settings.headLimit());
        requests = new ActiveRequests(index, parts.requests());
        clients = new ClientConnections(parts.clients());
        HeadBudget<OpenConnection> heads =
                new HeadBudget<>(parts.headMemory() / loops, settings.headLimit(), OpenConnection::dropUnfinishedHead);
        connector = new Connector(context, parts.transport(), parts.names(), this);
        pool = new TargetPool(
                new TargetContext(context, scratch, parts.targetWays(), parts.http2Targets(), neighbours), connector);
        exchangeContext = new ExchangeContext(
                context,
                scratch,
                settings.exchange(),
                parts.routing(),
                pool,
                heads,
                requests,
                parts.pauses(),
                parts.counters(),
                parts.files(),
                System::nanoTime);
        RequestCopies.begin(exchangeContext, parts.rehearsals());
        admission = new Admission(
                exchangeContext,
                parts.challenges(),
                parts.redirects(),
                parts.passwords(),
                tracing(settings),
                new RequestIds(index, ThreadLocalRandom.current()));
        connectionContext = new ConnectionContext(
                context,
                scratch,
                connectionSettings,
                clients,
                heads,
                admission,
                new Http2Scratch(settings.headLimit()),
                parts.http2());
        handshakes = new HandshakeContext(connectionContext, new ClientHello(), parts.handshakes());
        context.atTick("The access log", this::flushAccessLog);
        if (index == 0) {
            context.atTick("The reserve of descriptors", parts.descriptors()::recover);
        }
    }

    /** Replaces the settings. They hold for the next connection, and for the next request of a connection. */
    void apply(ProxySettings next) {
        boolean hasTrustChanged = !next.connection()
                .trustedProxies()
                .equals(connectionSettings.get().trustedProxies());
        connectionSettings.set(next.connection());
        exchangeContext.apply(next.exchange());
        admission.apply(tracing(next));
        if (hasTrustChanged) {
            clients.list().forEach(OpenConnection::trustChanged);
        }
    }

    private @Nullable Tracing tracing(ProxySettings of) {
        return of.tracing()
                .map(rules ->
                        new Tracing(rules, () -> ThreadLocalRandom.current().nextLong(), spans))
                .orElse(null);
    }

    /** Has requests written to other access logs from now on. Hands over what there is. */
    void log(CurrentLogs.Prepared next) {
        flushAccessLog();
        accessLines = next.logs().isEmpty() ? null : new AccessLines(next);
        exchangeContext.observe(accessLines == null ? List.of() : List.of(accessLines));
    }

    /** Shows these pages with the answers of Turnout's own from now on. */
    void show(ErrorPages pages) {
        exchangeContext.show(pages);
    }

    /** Starts the ticks. Any thread. */
    void start() {
        context.start();
    }

    /** Returns the Netty event loop. Any thread. */
    EventLoop eventLoop() {
        return context.eventLoop();
    }

    /** Lets requests for {@value AdminOnFront#PATH} go to the admin server. To be called before the first client. */
    void serveAdmin(AdminOnFront admin) {
        admission.serveAdmin(admin);
    }

    /** Answers a load balancer's question from now on. To be called before the first client. */
    void answerReady(ReadyQuestion question) {
        admission.answerReady(question);
    }

    /** Returns how many requests have failed since the last call, by service and cause. */
    Map<String, Map<String, Long>> takeFailures() {
        return exchangeContext.failures().take();
    }

    /** Refuses requests that came over plain HTTP. To be called before the first client. */
    void serveOnlyHttps() {
        admission.serveOnlyHttps();
    }

    /** Returns what the TLS handshakes of the event loop share. */
    HandshakeContext handshakes() {
        return handshakes;
    }

    /** Returns what the client connections of the event loop share. */
    ConnectionContext connections() {
        return connectionContext;
    }

    /** Called when a routing state has been published. */
    void published() {
        pool.moveOn();
        pool.closeOutOfRotation();
        exchangeContext.releasePaused();
    }

    /** Called when the hold of a service has ended. */
    void released(String service) {
        exchangeContext.releaseHeld(service);
    }

    // --- Idle connections ------------------------------------------------------------------------------------------

    /** Closes the idle connections to a target. */
    void closeIdleTo(TargetState target) {
        pool.makeRoom(target);
    }

    /** Gives what connections there are to the requests that wait for a target; closes idle ones if none waits here. */
    void serve(TargetState target) {
        pool.serve(target);
    }

    /** Closes connections to targets first, since nobody notices. */
    @Override
    public boolean closeHere() {
        return pool.closeOldest(FREED) > 0
                || context.pipes().closeIdle()
                || clients.closeIdle(LEAST_IDLE_MILLIS, FREED);
    }

    @Override
    public void closeEverywhere() {
        closeIdleEverywhere.run();
    }

    /** Closes some client connections that have been without a request for long. */
    void closeLongIdleClients() {
        clients.closeIdle(LONG_IDLE_MILLIS, FREED);
    }

    /**
     * Opens connections to targets that are to serve soon: as many as there are to those that serve now.
     *
     * @return completes with how many are open
     */
    CompletableFuture<Integer> openAhead(List<TargetState> next, List<TargetState> serving) {
        int now = serving.stream()
                .mapToInt(target -> pool.size(target) + target.inFlight(context.index()))
                .sum();
        int each = Math.min(MOST_AHEAD, (now + next.size() - 1) / Math.max(1, next.size()));
        return Joined.sum(next.stream()
                .map(target -> pool.openAhead(target, Math.max(1, each)))
                .toList());
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Has exchanges at some targets that have no end of their own end, each at its place. */
    void retire(Predicate<TargetState> targets, Retirement retirement) {
        List<ActiveRequest> retiring = requests.list().stream()
                .filter(request -> request.isRetirable() && targets.test(request.target()))
                .toList();
        long[] places = retirement.places(retiring.size());
        for (int i = 0; i < places.length; i++) {
            retiring.get(i).retire(retirement, places[i]);
        }
    }

    /** Ends some of the exchanges that have a target before they are done. The end of one may be that of others. */
    CutRequests cut(Predicate<ActiveRequest> which, LocalReply reply) {
        List<CutRequest> cut = new ArrayList<>();
        for (ActiveRequest request : requests.list()) {
            if (request.target() != null && which.test(request)) {
                Isolated.run("The cut of a request", () -> addIfCut(request.cut(reply), cut));
            }
        }
        return CutRequests.of(cut);
    }

    private static void addIfCut(@Nullable CutRequest request, List<CutRequest> to) {
        if (request != null) {
            to.add(request);
        }
    }

    /** Refuses what waits, and has client connections end with the response that they are at. */
    void stop() {
        exchangeContext.dismissPaused(LocalReplies.STOPPING);
        clients.list().forEach(OpenConnection::stop);
        context.close();
    }

    /** Hands over the lines of the access log that there are. */
    void flushAccessLog() {
        if (accessLines != null) {
            accessLines.flush();
        }
    }
}
