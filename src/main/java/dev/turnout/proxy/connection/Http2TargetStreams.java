package dev.turnout.proxy.connection;

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
import dev.turnout.proxy.loop.TurnEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.collection.IntObjectHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams of one HTTP/2 connection to a target, and the frames that go both ways. Event loop only. */
final class Http2TargetStreams implements Http2Carrier, Http2TargetFrames.Connection, Http2Silence.Owner {

    /** More streams share no connection, whatever the target allows. */
    private static final int MOST_STREAMS = 256;

    private static final int LAST_ID = Integer.MAX_VALUE - 2;

    /** Whoever keeps the connection. */
    interface Owner {

        /** Called with each SETTINGS of the target. */
        void settled();

        /** Called when there is a stream after there was none. */
        void begun();

        /** Called when a stream has ended. */
        void streamEnded();

        /** Called when there is no stream any more. */
        void allEnded();

        /** Called when the target takes no more open. Those that are open go on. */
        void drained();

        /** Called when the target is not there any more: it has not answered a PING. */
        void unanswered();

        /** Called when the target has broken a rule that ends the connection. */
        void violated(Violation violation);

        /** Ends the connection at once, for something that was thrown, such as for want of memory. */
        void fail(Throwable cause);

        /** Returns true if the connection takes new open. */
        boolean isOpen();

        /** Returns true if the connection is at its end. */
        boolean isOver();
    }

    private final LoopContext loop;
    private final Http2TargetContext context;
    private final Channel channel;
    private final Owner owner;
    private final FloodBudget flood;
    private final Http2TargetFrames frames;
    private final Http2TargetReads reads;
    private final SendWindow window = new SendWindow(PeerSettings.DEFAULT_WINDOW);
    private final ReceiveWindow receive;
    private final Http2Output output;
    private final TurnEnd turnEnd;
    private final IntObjectHashMap<Http2TargetStream> open = new IntObjectHashMap<>();
    private final Http2Silence silence;
    private int nextId = 1;

    /** How many streams there may be since the target has refused one. */
    private int refusedAt = MOST_STREAMS;

    /** How many streams have ended well since that number has changed. */
    private int endedWell;

    private boolean heldBack;
    private boolean secure;

    Http2TargetStreams(Http2TargetContext context, Channel channel, Owner owner) {
        this.context = context;
        this.loop = context.targets().loop();
        this.channel = channel;
        this.owner = owner;
        Http2Limits limits = context.limits();
        this.receive = new ReceiveWindow(limits.connectionWindow(), PeerSettings.DEFAULT_WINDOW);
        this.output = new Http2Output(channel, context.scratch(), window, owner::fail);
        this.flood = new FloodBudget(limits.floodBudget(), Deadlines.now());
        this.frames = new Http2TargetFrames(this, context.scratch().reader(), flood, window, receive, Deadlines::now);
        FrameReader reader = new FrameReader(
                new FrameScanner(limits.continuations(), limits.blockBytes()),
                context.scratch().payload(),
                frames);
        this.reads = new Http2TargetReads(reader, frames, output, channel.alloc());
        this.turnEnd = loop.turnEnd(reads::flush);
        this.silence = new Http2Silence(loop.deadlines(), this);
    }

    /**
     * Sends the preface.
     *
     * @param isSecure whether the connection is over TLS
     */
    void begin(boolean isSecure) {
        secure = isSecure;
        HeadWriter out = output.frames();
        FrameWriter.clientSettings(context.limits(), out);
        FrameWriter.windowUpdate(0, receive.update(), out);
        output.emit();
        output.flush();
    }

    /** Tells the target that no frames follow. */
    void goAway(ErrorCode code, byte[] words) {
        counters().goAwayHere();
        output.goAway(0, code, words);
    }

    private Http2TargetCounters counters() {
        return context.targets().http2Counters();
    }

    /** Called at the end of the connection. */
    void end() {
        silence.end();
    }

    /** Releases what has come of a frame. */
    void release() {
        reads.release();
    }

    // --- Which there are -------------------------------------------------------------------------------------------

    /** Returns how many there may be. */
    int most() {
        return Math.min(refusedAt, Math.min(MOST_STREAMS, frames.settings().concurrentStreams()));
    }

    boolean hasRoom() {
        return open.size() < most();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Forgets all, and returns them. */
    List<Http2TargetStream> takeAll() {
        List<Http2TargetStream> left = List.copyOf(open.values());
        open.clear();
        return left;
    }

    @Override
    public @Nullable Http2TargetStream stream(int id) {
        return open.get(id);
    }

    @Override
    public boolean isOpen() {
        return owner.isOpen();
    }

    @Override
    public boolean isOver() {
        return owner.isOver();
    }

    @Override
    public boolean takesTunnels() {
        return frames.settings().takesConnectProtocol();
    }

    @Override
    public int initialWindow() {
        return frames.settings().initialWindow();
    }

    @Override
    public Http2Limits limits() {
        return context.limits();
    }

    @Override
    public Http2Download newDownload() {
        return new Http2Download(context.targets().scratch(), channel.alloc());
    }

    @Override
    public RequestHead scan(ByteBuf head) {
        return context.targets().scratch().scanAgain(head);
    }

    @Override
    public int open(Http2TargetStream stream, RequestHead head, boolean isWhole) {
        int id = nextId;
        nextId += 2;
        // Only the head is lost if there is no memory for it, and not what other streams have written before.
        output.emit();
        int begun = output.beginBlock();
        output.fields().request(head, secure, output.frames());
        output.endBlock(begun, id, isWhole);
        output.emitOrThrow();
        // Not before: there may be no memory for the head, and then there is no stream.
        if (open.isEmpty()) {
            owner.begun();
            silence.begin();
        }
        open.put(id, stream);
        counters().streamOpened();
        frames.ids().opened(id);
        if (id >= LAST_ID) {
            owner.drained();
        }
        return id;
    }

    @Override
    public void ended(Http2TargetStream stream, End how) {
        if (open.remove(stream.id()) != null) {
            output.withdraw(stream.upload());
            frames.ids().ended(stream.id(), how);
            if (how == End.WHOLE && refusedAt < MOST_STREAMS) {
                takeMoreAgain();
            }
            if (open.isEmpty()) {
                silence.end();
                owner.allEnded();
            }
            owner.streamEnded();
        }
    }

    /** A refusal tells of its moment. There may be one stream more each time that as many have ended well as there may be. */
    private void takeMoreAgain() {
        endedWell++;
        if (endedWell >= refusedAt) {
            refusedAt++;
            endedWell = 0;
        }
    }

    @Override
    public void reset(Http2TargetStream stream, ErrorCode code) {
        if (open.containsKey(stream.id()) && !isOver()) {
            output.reset(stream.id(), code);
            counters().resetHere();
            ended(stream, End.RESET_HERE);
            flush();
        }
    }

    // --- What is sent ----------------------------------------------------------------------------------------------

    @Override
    public boolean takesMore(int queued) {
        return !loop.isTight() || queued == 0 && Buffers.backlog(channel) == 0;
    }

    @Override
    public Http2Output output() {
        return output;
    }

    @Override
    public void dataSent(int count, boolean isCut) {
        flood.dataSent(count, isCut);
    }

    @Override
    public void relieved(Http2TargetStream stream) {
        reads.relieved(stream);
    }

    /** As {@link Http2Streams#flush}: requests of one turn leave together. */
    @Override
    public void flush() {
        if (loop.isTight()) {
            reads.flush();
        } else {
            turnEnd.ask();
        }
    }

    @Override
    public void later(Runnable task) {
        loop.eventLoop().execute(task);
    }

    @Override
    public void windowOpened() {
        output.send();
    }

    /** Sends what waited for the system. Called when it takes more. */
    void sendSoon() {
        // This may come in the course of a write, when a frame is not whole yet.
        later(this::sendNow);
    }

    private void sendNow() {
        output.send();
        flush();
    }

    @Override
    public void updateWindow(int id, ReceiveWindow of) {
        if (isOver()) {
            return;
        }
        if (loop.isTight()) {
            heldBack = true;
            return;
        }
        int update = of.update();
        if (update > 0) {
            output.windowUpdate(id, update);
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
        open.values().forEach(stream -> stream.consume(0));
        flush();
    }

    // --- What the target sends -------------------------------------------------------------------------------------

    /** Takes what has come, which is released here. */
    void read(ByteBuf in) {
        reads.read(in);
    }

    @Override
    public void settingsChanged(int windowDifference) {
        if (windowDifference != 0) {
            for (Http2TargetStream stream : List.copyOf(open.values())) {
                if (!stream.upload().changeWindow(windowDifference)) {
                    violated(Violation.WINDOW_OVERFLOW);
                    return;
                }
            }
        }
        output.acknowledgeSettings();
        owner.settled();
    }

    @Override
    public void received(Http2TargetStream stream) {
        silence.heard();
        reads.received(stream);
    }

    @Override
    public void answered() {
        silence.answered();
    }

    /** A target that does not end a stream whose exchange is done gets a reset for it. */
    @Override
    public void look() {
        for (Http2TargetStream stream : List.copyOf(open.values())) {
            if (stream.isOverdue()) {
                stream.close();
            }
        }
    }

    @Override
    public void ask() {
        output.ask();
        output.flush();
    }

    @Override
    public void gone() {
        owner.unanswered();
    }

    @Override
    public void cancel(Http2TargetStream stream) {
        stream.close();
    }

    @Override
    public void resetByPeer(Http2TargetStream stream, ErrorCode code) {
        if (code == ErrorCode.REFUSED_STREAM) {
            refusedAt = Math.max(1, open.size() - 1);
            endedWell = 0;
        }
        counters().resetByTarget();
        ended(stream, End.RESET_BY_PEER);
        stream.resetByPeer(code);
    }

    @Override
    public void broken(Http2TargetStream stream, Rejection rejection, ErrorCode code) {
        reset(stream, code);
        stream.broken(rejection);
    }

    @Override
    public void goneAway(int lastStream) {
        counters().goAwayByTarget();
        owner.drained();
        for (Http2TargetStream stream : List.copyOf(open.values())) {
            if (Integer.compareUnsigned(stream.id(), lastStream) > 0) {
                ended(stream, End.RESET_BY_PEER);
                stream.refused();
            }
        }
        if (open.isEmpty() && !isOver()) {
            owner.allEnded();
        }
    }

    @Override
    public void violated(Violation violation) {
        owner.violated(violation);
    }
}
