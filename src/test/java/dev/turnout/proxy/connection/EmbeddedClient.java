package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.config.Balance;
import dev.turnout.config.TurnoutConfig.ProxyProtocol;
import dev.turnout.proxy.exchange.ActiveRequests;
import dev.turnout.proxy.exchange.Admission;
import dev.turnout.proxy.exchange.ChallengeReplies;
import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.ExchangeContext;
import dev.turnout.proxy.exchange.ExchangeSettings;
import dev.turnout.proxy.exchange.HttpsRedirect;
import dev.turnout.proxy.exchange.PasswordChecks;
import dev.turnout.proxy.exchange.PauseBudgets;
import dev.turnout.proxy.exchange.RequestCount;
import dev.turnout.proxy.exchange.TargetSource;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.folder.FileThreads;
import dev.turnout.proxy.http1.ForgedFields;
import dev.turnout.proxy.http2.Http2Limits;
import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.InForce;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.ManualDeadlines;
import dev.turnout.proxy.loop.RequestIds;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.loop.SparseAllocator;
import dev.turnout.proxy.loop.Stopping;
import dev.turnout.proxy.route.Matches;
import dev.turnout.proxy.route.RequestCounters;
import dev.turnout.proxy.route.RoutingTable;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A client's connection without a socket, whose requests wait for a target. */
final class EmbeddedClient {

    private static final int HEAD_LIMIT = 16 * 1024;
    private static final long MINUTE_MILLIS = 60_000;

    final EmbeddedChannel channel = new EmbeddedChannel();
    final SparseAllocator allocator = new SparseAllocator();
    final AtomicLong clients = new AtomicLong();

    /** The connection as it begins: over HTTP/1. */
    final Http1ClientConnection connection;

    /** Requests that wait for a connection to their target. */
    final Deque<TargetSource.Waiter> waiting = new ArrayDeque<>();

    EmbeddedClient() {
        channel.config().setAllocator(allocator);
        LoopContext loop = new ManualDeadlines().loop(channel.eventLoop(), new Stopping());
        ScanScratch scratch = new ScanScratch(HEAD_LIMIT);
        HeadBudget<OpenConnection> heads = new HeadBudget<>(1 << 20, HEAD_LIMIT, OpenConnection::dropUnfinishedHead);
        ExchangeContext exchanges = new ExchangeContext(
                loop,
                scratch,
                new ExchangeSettings(100, ForgedFields.of(List.of()), Matches.requests()),
                routing(),
                new Waiting(),
                heads,
                new ActiveRequests(0, new RequestCount(1)),
                new PauseBudgets(),
                new RequestCounters(1),
                new FileThreads(),
                System::nanoTime);
        Admission admission = new Admission(
                exchanges,
                new ChallengeReplies(),
                new HttpsRedirect(() -> 0, () -> 0),
                new PasswordChecks(),
                null,
                new RequestIds(0, new Random(1)));
        ConnectionSettings settings = new ConnectionSettings(
                100,
                MINUTE_MILLIS,
                MINUTE_MILLIS,
                MINUTE_MILLIS,
                MINUTE_MILLIS,
                List.of(),
                ProxyProtocol.OFF,
                new Http2Settings(true, Http2Limits.ofHeads(HEAD_LIMIT)));
        ConnectionContext context = new ConnectionContext(
                loop,
                scratch,
                new InForce<>(settings),
                new ClientConnections(clients),
                heads,
                admission,
                new Http2Scratch(HEAD_LIMIT),
                new Http2Counters());
        Peer peer = new Peer(new InetSocketAddress("192.0.2.1", 1), new InetSocketAddress("192.0.2.2", 80), false);
        connection =
                new Http1ClientConnection(context, channel, peer, peer.plain(settings), null, new PlainEnd(channel));
        channel.pipeline().addLast(connection);
        channel.pipeline().fireChannelActive();
    }

    private static RoutingTable routing() {
        RoutingTable routing = new RoutingTable(1, List.of(Matches.ofAll(Service.DEFAULT, Balance.ROUND_ROBIN)));
        routing.publish(RoutingState.of(List.of(Service.initial(
                Service.DEFAULT,
                Pool.of(List.of(new Target("127.0.0.1", 1))),
                Pool.of(List.of(new Target("127.0.0.1", 2))),
                Instant.EPOCH))));
        return routing;
    }

    private final class Waiting implements TargetSource {
        @Override
        public TargetStream take(TargetState target, ClientEnds client, boolean isReplayable) {
            return null;
        }

        @Override
        public Place connect(TargetState target, ClientEnds client, Waiter waiter) {
            waiting.add(waiter);
            return null;
        }
    }

    /** Sends bytes to Turnout. */
    void send(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    void send(String text) {
        send(text.getBytes(ISO_8859_1));
    }

    /** Returns what Turnout has sent since the last call. */
    String received() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            text.append(piece.toString(ISO_8859_1));
            piece.release();
        }
        return text.toString();
    }
}
