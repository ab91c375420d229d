package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Balance;
import dev.turnout.proxy.body.EndReason;
import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.folder.FileThreads;
import dev.turnout.proxy.http1.ForgedFields;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.BufferBudget;
import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.loop.Pipes;
import dev.turnout.proxy.loop.ScanScratch;
import dev.turnout.proxy.loop.Stopping;
import dev.turnout.proxy.route.Matches;
import dev.turnout.proxy.route.RequestCounters;
import dev.turnout.proxy.route.Requests;
import dev.turnout.proxy.route.Retirement;
import dev.turnout.proxy.route.RoutingTable;
import dev.turnout.proxy.route.SlotAffinity;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.Command;
import dev.turnout.routing.Outcome;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import dev.turnout.routing.Transition;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One exchange between a fake client and fake targets, on an event loop whose time the test moves. */
final class ExchangeFixture {

    static final Target FIRST = new Target("127.0.0.1", 8080);
    static final Target SECOND = new Target("127.0.0.1", 8081);
    private static final Target GREEN = new Target("127.0.0.1", 8082);
    private static final int HEAD_LIMIT = 16 * 1024;

    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    final FakeClientStream client = new FakeClientStream(allocator);
    final FakeTargets targets = new FakeTargets();
    final EmbeddedChannel channel = new EmbeddedChannel();
    final RoutingTable routing;
    final ExchangeContext context;
    final RequestCounters counters = new RequestCounters(1);
    final List<ExchangeRecord> records = new ArrayList<>();
    private final Stopping stopping = new Stopping();
    private final Retirement spent = Retirement.within(Duration.ZERO, EndReason.REPLACED, 1);
    private long nanos;
    Exchange exchange;
    FakeTargetStream target;

    @Nullable
    RequestTrace trace;

    ExchangeFixture(boolean isPaused, Target... blue) {
        this(new FileThreads(), isPaused, blue);
    }

    ExchangeFixture(FileThreads files, boolean isPaused, Target... blue) {
        routing = new RoutingTable(1, List.of(Matches.ofAll(Service.DEFAULT, Balance.ROUND_ROBIN)));
        publish(isPaused, List.of(blue));
        LoopContext loop =
                new LoopContext(0, channel.eventLoop(), stopping, BufferBudget.ofDirectMemory(), new Pipes(0, 1));
        context = new ExchangeContext(
                loop,
                new ScanScratch(HEAD_LIMIT),
                new ExchangeSettings(100, ForgedFields.of(List.of()), Matches.requests()),
                routing,
                targets,
                new HeadBudget<Object>(1 << 20, HEAD_LIMIT, dropped -> {}),
                new ActiveRequests(0, new RequestCount(1)),
                new PauseBudgets(),
                counters,
                files,
                () -> nanos);
        context.observe(List.<ExchangeObserver>of((service, head, record) -> records.add(record)));
    }

    void publish(boolean paused, List<Target> blue) {
        Service service = Service.initial(Service.DEFAULT, Pool.of(blue), Pool.of(List.of(GREEN)), Instant.EPOCH);
        routing.publish(RoutingState.of(List.of(paused ? paused(service) : service)));
    }

    private static Service paused(Service service) {
        Outcome outcome = Transition.apply(service, new Command.Pause(), Instant.EPOCH, "a test");
        return ((Outcome.Changed) outcome).service();
    }

    /** Starts an exchange with a request that came with so much of its body. */
    ExchangeFixture start(String text, MessageBody body, String firstBody) {
        exchange = exchange(client, text, body, firstBody);
        exchange.start(Service.DEFAULT, affinity(text));
        return this;
    }

    /** Returns an exchange of a client, which is not started. */
    Exchange exchange(FakeClientStream of, String text, MessageBody body, String firstBody) {
        ByteBuf out = allocator.buffer().writeBytes(text.getBytes(ISO_8859_1));
        context.heads().admit(out.capacity());
        ByteBuf first = firstBody == null ? null : buffer(firstBody);
        if (first != null) {
            body.take(first);
        }
        ForwardedRequest request = new ForwardedRequest(
                Requests.head(text), out, out.readableBytes(), body, first, false, null, null, List.of(), 1000);
        ExchangeRecord record = new ExchangeRecord(
                of.address(), of.protocol(), of.tls(), Requests.head(text).knownMethod(), () -> nanos);
        record.traced(trace);
        return new Exchange(
                context, of, request, record, context.settings(Service.DEFAULT).patience());
    }

    SlotAffinity affinity(String text) {
        return context.affinity().of(Requests.head(text), null, null, null);
    }

    ExchangeFixture get() {
        return start("GET / HTTP/1.1\r\nHost: a\r\n\r\n", MessageBody.ofLength(0), null);
    }

    ExchangeFixture webSocket() {
        return start(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                MessageBody.ofLength(0),
                null);
    }

    /** Opens the connection to the target. */
    ExchangeFixture connected() {
        target = targets.open();
        return this;
    }

    /** Has the target answer with these very bytes. */
    ExchangeFixture answered(String text) {
        TargetStream.Listener listener = target.listener;
        listener.responseBytes();
        ResponseHead head = context.scratch().responseHead();
        ByteBuf in = buffer(text);
        int length = context.scratch().scanResponse(in);
        if (head.isSwitchingProtocols()) {
            if (!listener.switchProtocols(head, length, in)) {
                in.release();
            }
        } else {
            listener.responseHead(head, length, in);
        }
        return this;
    }

    /** Has the target send a piece of the body. */
    void sent(String text) {
        target.listener.responseBody(buffer(text));
    }

    /** Has the targets go, and the time of all places in the spread pass. */
    void retire() {
        Retirement retirement = Retirement.within(Duration.ofSeconds(10), EndReason.REPLACED, 1);
        exchange.target().retire(retirement);
        exchange.retire(retirement, 0);
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    /** Returns a retirement whose spread has passed. */
    Retirement spent() {
        return spent;
    }

    /** Has the time of grace pass that a stream has to come to a boundary. */
    void passGrace() {
        channel.advanceTimeBy(5, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    /** Runs what is due on the event loop. */
    void runDue() {
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** Asserts that nothing of the exchange is left in memory. */
    void assertReleased() {
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes that were not released")
                .isZero();
    }

    ByteBuf buffer(String text) {
        return allocator.buffer().writeBytes(text.getBytes(ISO_8859_1));
    }

    /** Moves the clock of exchanges. */
    void pass(Duration time) {
        nanos += time.toNanos();
    }

    Phase phase() {
        return exchange.phase();
    }

    /** Returns how many requests are in flight at all targets. */
    long inFlight() {
        return routing.upstreams().stream().mapToLong(TargetState::inFlight).sum();
    }
}
