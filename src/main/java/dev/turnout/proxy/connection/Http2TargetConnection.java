package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.exchange.NotHttp2;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.FloodBudget;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.FrameWriter;
import dev.turnout.proxy.http2.Http2Limits;
import dev.turnout.proxy.http2.PeerSettings;
import dev.turnout.proxy.http2.ReceiveWindow;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.http2.StreamIds.End;
import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.LoopContext;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.collection.IntObjectHashMap;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to a target, which exchanges share: each has an {@link Http2TargetStream}. It is open once the
 * target has sent its settings. Event loop only.
 */
final class Http2TargetConnection extends ChannelInboundHandlerAdapter
        implements Http2TargetFrames.Connection, Http2Silence.Owner {

    private static final Logger LOG = Logger.getLogger(Http2TargetConnection.class);

    /** More streams share no connection, whatever the target allows. */
    private static final int MOST_STREAMS = 256;

    private static final int LAST_ID = Integer.MAX_VALUE - 2;
    private static final byte[] NO_DEBUG = {};

    /** Whoever waits for the connection. Exactly one of the methods is called, once. */
    interface Opening {

        void ready();

        void notReady(Throwable cause);
    }

    private final LoopContext loop;
    private final Http2TargetContext context;
    private final Http2TargetPool pool;
    private final TargetState target;
    private final Http2TargetFrames frames;
    private final FrameReader reader;
    private final SendWindow window;
    private final ReceiveWindow receive;
    private final IntObjectHashMap<Http2TargetStream> streams = new IntObjectHashMap<>();
    private final ArrayDeque<Http2TargetStream> received = new ArrayDeque<>();
    private final ArrayDeque<Http2TargetStream> relieved = new ArrayDeque<>();
    private final Http2Silence silence;
    private final IdleDeadline idleDeadline = new IdleDeadline();
    private Channel channel;
    private Http2Output output;
    private @Nullable ByteBuf partial;
    private @Nullable Opening opening;
    private int nextId = 1;
    private int refusedAt = MOST_STREAMS;
    private boolean open;
    private boolean over;
    private boolean busy;
    private boolean heldBack;

    Http2TargetConnection(Http2TargetContext context, Http2TargetPool pool, TargetState target, Opening opening) {
        this.context = context;
        this.loop = context.targets().loop();
        this.pool = pool;
        this.target = target;
        this.opening = opening;
        Http2Limits limits = context.limits();
        this.window = new SendWindow(PeerSettings.DEFAULT_WINDOW);
        this.receive = new ReceiveWindow(limits.connectionWindow(), PeerSettings.DEFAULT_WINDOW);
        this.frames = new Http2TargetFrames(
                this,
                context.scratch().reader(),
                new FloodBudget(limits.floodBudget(), Deadlines.now()),
                window,
                receive,
                Deadlines::now);
        this.reader = new FrameReader(
                new FrameScanner(limits.continuations(), limits.blockBytes()),
                context.scratch().payload(),
                frames);
        this.silence = new Http2Silence(loop.deadlines(), this);
    }

    private final class IdleDeadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            if (opening != null) {
                fail(new IOException("The target has sent no SETTINGS"));
            } else if (streams.isEmpty()) {
                close();
            }
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext handler) {
        channel = handler.channel();
        output = new Http2Output(channel, context.scratch(), window);
    }

    TargetState target() {
        return target;
    }

    // --- The beginning ---------------------------------------------------------------------------------------------

    /** Sends the preface. The connection is open once the target has answered. */
    void begin() {
        HeadWriter out = output.frames();
        FrameWriter.clientSettings(context.limits(), out);
        FrameWriter.windowUpdate(0, receive.update(), out);
        output.emit();
        output.flush();
        loop.deadlines().arm(idleDeadline, context.targets().settings().connectMillis());
    }

    @Override
    public void settingsChanged(int windowDifference) {
        if (windowDifference != 0) {
            for (Http2TargetStream stream : List.copyOf(streams.values())) {
                if (!stream.changeWindow(windowDifference)) {
                    violated(Violation.WINDOW_OVERFLOW);
                    return;
                }
            }
        }
        FrameWriter.settingsAcknowledgement(output.frames());
        output.emit();
        Opening waiting = opening;
        if (waiting != null) {
            opening = null;
            open = true;
            standBy();
            waiting.ready();
        }
    }

    private void fail(Throwable cause) {
        Opening waiting = opening;
        opening = null;
        end();
        channel.close();
        if (waiting != null) {
            waiting.notReady(cause);
        }
    }

    // --- Streams ---------------------------------------------------------------------------------------------------

    /** Returns true if the connection takes new streams. */
    boolean isOpen() {
        return open && channel.isActive();
    }

    /** Returns how many streams there may be. */
    int mostStreams() {
        return Math.min(refusedAt, Math.min(MOST_STREAMS, frames.settings().concurrentStreams()));
    }

    boolean hasRoom() {
        return isOpen() && streams.size() < mostStreams();
    }

    boolean isIdle() {
        return open && streams.isEmpty();
    }

    boolean takesTunnels() {
        return frames.settings().takesConnectProtocol();
    }

    int initialWindow() {
        return frames.settings().initialWindow();
    }

    Http2Limits limits() {
        return context.limits();
    }

    Http2Download newDownload() {
        return new Http2Download(context.targets().scratch(), channel.alloc());
    }

    /** Scans the head of a request. What it has found holds up to the next call. */
    RequestHead scan(ByteBuf head) {
        return context.targets().scratch().scanAgain(head);
    }

    /** Opens a stream with a request's head. Returns its number. */
    int open(Http2TargetStream stream, RequestHead head, boolean isWhole) {
        int id = nextId;
        nextId += 2;
        if (streams.isEmpty()) {
            loop.deadlines().disarm(idleDeadline);
            silence.begin();
        }
        streams.put(id, stream);
        frames.ids().opened(id);
        HeadWriter out = output.frames();
        int begun = FrameWriter.beginBlock(out);
        if (id == 1) {
            context.scratch().writer().first(out);
        }
        context.scratch().writer().request(head, false, out);
        FrameWriter.endBlock(begun, id, isWhole, FrameScanner.LARGEST_PAYLOAD, out);
        output.emit();
        if (id >= LAST_ID) {
            drain();
        }
        return id;
    }

    /** Notes that a stream has ended both ways. */
    void ended(Http2TargetStream stream, End how) {
        if (streams.remove(stream.id()) != null) {
            output.withdraw(stream);
            frames.ids().ended(stream.id(), how);
            if (streams.isEmpty()) {
                allEnded();
            }
        }
    }

    private void allEnded() {
        silence.end();
        if (!open
                || !target.isInRotation()
                || loop.isStopping()
                || context.targets().settings().idleMillis() == 0) {
            close();
        } else {
            standBy();
        }
    }

    private void standBy() {
        loop.deadlines()
                .arm(idleDeadline, Math.max(1, context.targets().settings().idleMillis()));
    }

    /** Ends a stream before its time. */
    void reset(Http2TargetStream stream, ErrorCode code) {
        if (streams.containsKey(stream.id()) && !over) {
            FrameWriter.reset(stream.id(), code, output.frames());
            output.emit();
            ended(stream, End.RESET_HERE);
            flush();
        }
    }

    // --- What is sent ----------------------------------------------------------------------------------------------

    /** Returns true if a stream may give more, beside what it has given. */
    boolean takesMore(int queued) {
        return !loop.isTight() || queued == 0 && Buffers.backlog(channel) == 0;
    }

    /** Returns how much data the next frame may have. */
    int frameBytes() {
        return Math.min(window.available(), FrameScanner.LARGEST_PAYLOAD);
    }

    /** Sends what a stream has, in its turn. */
    void sendInTurn(Http2TargetStream stream) {
        output.offer(stream);
    }

    /** Writes a DATA frame. The data is released here. */
    void writeData(Http2TargetStream stream, ByteBuf data, boolean isLast) {
        output.data(stream.id(), data, isLast);
    }

    /** Writes what ends a request behind its data: a trailer, or an empty frame. */
    void writeEnd(Http2TargetStream stream, Http2Upload upload) {
        HeadWriter out = output.frames();
        int begun = out.length();
        if (upload.trailer(context.scratch().trailer())) {
            FrameWriter.beginBlock(out);
            if (context.scratch().writer().trailer(context.scratch().trailer(), out)) {
                FrameWriter.endBlock(begun, stream.id(), true, FrameScanner.LARGEST_PAYLOAD, out);
                output.emit();
                return;
            }
            out.truncate(begun);
        }
        FrameWriter.dataHeader(0, true, stream.id(), out);
        output.emit();
    }

    /** Notes that a stream takes more again. Its exchange is told once no frame is being written. */
    void relieved(Http2TargetStream stream) {
        relieved.add(stream);
    }

    /** Gives what was written to the system, unless that is about to happen. */
    void flush() {
        if (!busy) {
            busy = true;
            tellRelieved();
            busy = false;
            output.flush();
        }
    }

    private void tellRelieved() {
        for (Http2TargetStream next = relieved.poll(); next != null; next = relieved.poll()) {
            next.tellWritability();
        }
    }

    /** Runs a task soon, and not in the course of what happens now. */
    void later(Runnable task) {
        loop.eventLoop().execute(task);
    }

    @Override
    public void windowOpened() {
        output.send();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        if (channel.isWritable()) {
            // This may come in the course of a write, when a frame is not whole yet.
            later(this::writable);
        }
    }

    private void writable() {
        output.send();
        flush();
    }

    /** Sends the WINDOW_UPDATE of a stream if it is worth one, and memory is not short. */
    void updateWindow(int id, ReceiveWindow of) {
        if (over) {
            return;
        }
        if (loop.isTight()) {
            heldBack = true;
            return;
        }
        int update = of.update();
        if (update > 0) {
            FrameWriter.windowUpdate(id, update, output.frames());
            output.emit();
        }
    }

    @Override
    public void updateWindow(ReceiveWindow of) {
        updateWindow(0, of);
    }

    /** Sends what was held back while memory was short. */
    void goOn() {
        if (heldBack && !loop.isTight()) {
            heldBack = false;
            later(this::updateWindows);
        }
    }

    private void updateWindows() {
        updateWindow(receive);
        streams.values().forEach(stream -> stream.consume(0));
        flush();
    }

    // --- What the target sends -------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext handler, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (over) {
            in.release();
            return;
        }
        busy = true;
        try {
            read(in);
            deliver();
            tellRelieved();
        } finally {
            busy = false;
        }
        output.flush();
    }

    private void read(ByteBuf in) {
        ByteBuf all = in;
        if (partial != null) {
            all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), partial, in);
            partial = null;
        }
        boolean goesOn = true;
        try {
            while (goesOn && !over) {
                goesOn = reader.read(all);
            }
        } finally {
            if (over || !all.isReadable()) {
                all.release();
            } else {
                partial = Buffers.compacted(all);
            }
        }
    }

    @Override
    public void received(Http2TargetStream stream) {
        silence.heard();
        if (stream.setReadable(true)) {
            return;
        }
        received.add(stream);
    }

    private void deliver() {
        for (Http2TargetStream next = received.poll(); next != null; next = received.poll()) {
            next.setReadable(false);
            next.deliver();
        }
    }

    @Override
    public @Nullable Http2TargetStream stream(int id) {
        return streams.get(id);
    }

    @Override
    public void answer(long opaque) {
        FrameWriter.ping(opaque, true, output.frames());
        output.emit();
    }

    @Override
    public void answered() {
        silence.answered();
    }

    @Override
    public void ask() {
        FrameWriter.ping(0, false, output.frames());
        output.emit();
        output.flush();
    }

    @Override
    public void gone() {
        LOG.debugf("%s has not answered a PING: its connection was closed", target.target());
        end();
        channel.close();
        lose();
    }

    @Override
    public void cancel(Http2TargetStream stream) {
        stream.close();
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Override
    public void resetByPeer(Http2TargetStream stream, ErrorCode code) {
        if (code == ErrorCode.REFUSED_STREAM) {
            refusedAt = Math.max(1, streams.size() - 1);
        }
        ended(stream, End.RESET_BY_PEER);
        stream.resetByPeer(code);
    }

    @Override
    public void broken(Http2TargetStream stream, Rejection rejection, ErrorCode code) {
        reset(stream, code);
        stream.broken(rejection);
    }

    @Override
    public void goneAway(int lastStream, ErrorCode code) {
        if (code != ErrorCode.NO_ERROR) {
            LOG.debugf("%s has ended its connection: %s", target.target(), code);
        }
        drain();
        for (Http2TargetStream stream : List.copyOf(streams.values())) {
            if (Integer.compareUnsigned(stream.id(), lastStream) > 0) {
                ended(stream, End.RESET_BY_PEER);
                stream.refused();
            }
        }
        if (streams.isEmpty() && !over) {
            fail(new IOException("The target takes no streams"));
        }
    }

    /** Takes no more streams. Those that are open go on. */
    private void drain() {
        open = false;
        pool.forget(this);
    }

    @Override
    public void violated(Violation violation) {
        if (over) {
            return;
        }
        LOG.debugf("%s breaks HTTP/2: %s", target.target(), violation.explanation());
        FrameWriter.goAway(0, violation.code(), violation.explanation().getBytes(US_ASCII), output.frames());
        output.emit();
        output.flush();
        boolean wasOpening = opening != null;
        if (wasOpening) {
            fail(new NotHttp2(violation.explanation()));
        } else {
            end();
            closeWhenFlushed();
            for (Http2TargetStream stream : takeStreams()) {
                stream.broken(Rejection.BAD_HTTP_2);
            }
        }
    }

    /** Ends an idle connection. */
    void close() {
        if (!over) {
            FrameWriter.goAway(0, ErrorCode.NO_ERROR, NO_DEBUG, output.frames());
            output.emit();
            output.flush();
            end();
            closeWhenFlushed();
        }
    }

    private void closeWhenFlushed() {
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    private void end() {
        over = true;
        drain();
        silence.end();
        loop.deadlines().remove(idleDeadline);
    }

    @Override
    public boolean isOver() {
        return over;
    }

    private List<Http2TargetStream> takeStreams() {
        List<Http2TargetStream> left = List.copyOf(streams.values());
        streams.clear();
        return left;
    }

    private void lose() {
        takeStreams().forEach(Http2TargetStream::lost);
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        Opening waiting = opening;
        opening = null;
        end();
        if (partial != null) {
            partial.release();
            partial = null;
        }
        if (waiting != null) {
            waiting.notReady(new NotHttp2("The target has closed the connection before its SETTINGS"));
        }
        lose();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            loop.buffers().refused();
        } else if (!(cause instanceof IOException)) {
            LOG.error("A target's connection failed on a fault of Turnout's own and was closed", cause);
        }
        handler.close();
    }
}
