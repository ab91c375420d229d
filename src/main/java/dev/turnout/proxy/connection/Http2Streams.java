package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.Scan;
import dev.turnout.proxy.http2.BlockReader;
import dev.turnout.proxy.http2.BlockVerdict;
import dev.turnout.proxy.http2.BlockWriter;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.FloodBudget;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.FrameType;
import dev.turnout.proxy.http2.FrameWriter;
import dev.turnout.proxy.http2.HpackTable;
import dev.turnout.proxy.http2.Http2Limits;
import dev.turnout.proxy.http2.PeerSettings;
import dev.turnout.proxy.http2.ReceiveWindow;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.http2.StreamIds;
import dev.turnout.proxy.http2.StreamState;
import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.http2.WebSocketAccept;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one client's HTTP/2 connection: which there are, what their frames mean, and what the connection may
 * still cost. Event loop only.
 */
final class Http2Streams implements FrameReader.Listener {

    private static final byte[] NO_WORDS = {};

    /** Together streams may have so much data waiting; beyond, each has to have sent all of its own first. */
    private static final int MOST_QUEUED = 1024 * 1024;

    /** What the streams ask of their connection, and tell it. */
    interface Connection {

        Channel channel();

        ClientInfo info();

        ClientEnds ends();

        /** Returns false if a request is for a host that asks for another certificate than the client was asked for. */
        boolean fits(RequestHead head);

        /** Returns true if frames may still be answered: the client takes what there is for it. */
        boolean takesFrames();

        /** Returns true if what has come is being looked at: what is written goes out at the end of that. */
        boolean isProcessing();

        /** Called when something has been sent, or the streams have changed. */
        void updateWait();

        /** Called when the last stream has ended. */
        void emptied();

        /** Called when the client says that it opens no more streams. */
        void clientLeaves();

        /** Called when the client has answered a PING: it has read what was sent before. */
        void pingAnswered();

        /** Ends the connection for a fault of the client's. */
        void end(Violation violation);
    }

    private final ConnectionContext context;
    private final Connection connection;
    private final Http2Limits limits;
    private final FrameReader reader;
    private final HpackTable table = new HpackTable();
    private final PeerSettings settings = new PeerSettings(false);
    private final StreamIds ids = new StreamIds(true);
    private final FloodBudget flood;
    private final SendWindow sendWindow = new SendWindow(65_535);
    private final ReceiveWindow receiveWindow;
    private final Http2Output output;
    private final IntObjectHashMap<Http2ClientStream> open = new IntObjectHashMap<>();
    private final List<Http2ClientStream> touched = new ArrayList<>(2);
    private int queued;
    private int leftOvers;
    private long steps;
    private int keptOfFrame;
    private int dataOfFrame;
    private boolean isFirstBlock = true;
    private boolean isAcknowledged;
    private boolean takesNoMore;
    private boolean over;

    Http2Streams(ConnectionContext context, Connection connection, Http2Limits limits) {
        this.context = context;
        this.connection = connection;
        this.limits = limits;
        this.flood = new FloodBudget(limits.floodBudget(), nowMillis());
        this.receiveWindow = new ReceiveWindow(limits.connectionWindow(), 65_535);
        this.output = new Http2Output(connection.channel(), context.http2(), sendWindow);
        this.reader = new FrameReader(
                new FrameScanner(limits.continuations(), limits.blockBytes()),
                context.http2().payload(),
                this);
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Sends the settings. */
    void begin() {
        FrameWriter.serverSettings(limits, output.frames());
        update(0, receiveWindow);
        output.emit();
        output.flush();
    }

    // --- Reading ---------------------------------------------------------------------------------------------------

    /** Takes what has come as far as it can. */
    void read(ByteBuf in) {
        while (!over && connection.takesFrames() && reader.read(in)) {
            steps++;
        }
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).deliver();
        }
        touched.clear();
        update(0, receiveWindow);
        output.send();
    }

    /** Returns how many steps reading has taken: with each a frame has begun, or has ended. */
    long steps() {
        return steps;
    }

    /** Returns true if a header block has begun and has not ended. */
    boolean isWithinBlock() {
        return reader.isWithinBlock();
    }

    /** Returns how many bytes of a header block are kept. */
    int keptOfBlock() {
        return reader.kept();
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void dataBegins(FrameScanner frame) {
        int id = frame.stream();
        Http2ClientStream stream = open.get(id);
        Violation violation = null;
        if (stream != null) {
            violation = stream.state().receives(FrameType.DATA);
        } else if (ids.fateOf(FrameType.DATA, id) == StreamIds.Fate.VIOLATES) {
            violation = ids.violation();
        }
        if (!receiveWindow.receive(frame.length())) {
            violation = Violation.WINDOW_EXCEEDED;
        } else if (stream != null && violation == null && !stream.receive(frame.length())) {
            violation = Violation.STREAM_WINDOW_EXCEEDED;
        }
        keptOfFrame = 0;
        dataOfFrame = 0;
        if (violation != null) {
            violated(violation, id);
        }
    }

    @Override
    public void data(FrameScanner frame, ByteBuf in, int count) {
        Http2ClientStream stream = open.get(frame.stream());
        dataOfFrame += count;
        if (stream == null) {
            in.skipBytes(count);
            return;
        }
        keptOfFrame += count;
        if (!stream.data(in, count)) {
            in.skipBytes(count);
            keptOfFrame -= count;
            violated(Violation.WRONG_LENGTH, frame.stream());
        } else {
            touch(stream);
        }
    }

    private void touch(Http2ClientStream stream) {
        if (touched.isEmpty() || touched.get(touched.size() - 1) != stream) {
            touched.add(stream);
        }
    }

    @Override
    public void dataEnds(FrameScanner frame) {
        if (dataOfFrame == 0 && !frame.endsStream()) {
            pay(FloodBudget.Cost.EMPTY_DATA);
        } else if (dataOfFrame >= FloodBudget.SMALL_UPDATE) {
            flood.dataPassed();
        }
        int dropped = frame.length() - keptOfFrame;
        consume(dropped);
        Http2ClientStream stream = open.get(frame.stream());
        if (stream == null) {
            return;
        }
        stream.consumePadding(dropped);
        touch(stream);
        if (!frame.endsStream()) {
            return;
        }
        if (stream.isOfItsLength()) {
            stream.endedByPeer();
            endIfClosed(stream);
        } else {
            violated(Violation.WRONG_LENGTH, frame.stream());
        }
    }

    private void endIfClosed(Http2ClientStream stream) {
        if (stream.state() == StreamState.CLOSED) {
            ended(stream);
        }
    }

    @Override
    public void continued() {
        pay(FloodBudget.Cost.CONTINUATION);
    }

    @Override
    public void block(FrameScanner frame, byte[] bytes, int from, int to, @Nullable Violation ofStream) {
        if (over) {
            return;
        }
        int id = frame.stream();
        Http2ClientStream stream = open.get(id);
        if (stream != null) {
            trailer(stream, frame, bytes, from, to, ofStream);
            return;
        }
        switch (ids.fateOf(FrameType.HEADERS, id)) {
            case VIOLATES -> {
                skip(bytes, from, to);
                violated(ids.violation(), id);
            }
            case IGNORED -> skip(bytes, from, to);
            case OPENS -> {
                if (takesNoMore) {
                    skip(bytes, from, to);
                } else {
                    ids.opened(id);
                    request(id, frame.endsStream(), bytes, from, to, ofStream);
                }
            }
        }
    }

    private void skip(byte[] bytes, int from, int to) {
        endsConnection(context.http2().reader().skip(table, bytes, from, to));
    }

    private boolean endsConnection(BlockVerdict verdict) {
        if (verdict == BlockVerdict.BROKEN) {
            violated(Violation.BAD_COMPRESSION, 0);
        } else if (verdict == BlockVerdict.TOO_COSTLY) {
            violated(Violation.BLOCK_TOO_LARGE, 0);
        }
        return over;
    }

    private void trailer(
            Http2ClientStream stream,
            FrameScanner frame,
            byte[] bytes,
            int from,
            int to,
            @Nullable Violation ofStream) {
        BlockReader blocks = context.http2().reader();
        BlockVerdict verdict = blocks.trailer(table, bytes, from, to);
        if (endsConnection(verdict)) {
            return;
        }
        Violation violation = stream.state().receives(FrameType.HEADERS);
        if (violation == null) {
            violation = ofStream;
        }
        if (violation == null && (!frame.endsStream() || verdict != BlockVerdict.WHOLE)) {
            violation = Violation.MALFORMED;
        }
        if (violation == null && !stream.isOfItsLength()) {
            violation = Violation.WRONG_LENGTH;
        }
        if (violation != null) {
            violated(violation, stream.id());
            return;
        }
        stream.endedByPeer(blocks.head());
        touch(stream);
        endIfClosed(stream);
    }

    private void request(int id, boolean endsStream, byte[] bytes, int from, int to, @Nullable Violation ofStream) {
        BlockReader blocks = context.http2().reader();
        byte[] key = context.http2().webSocketKey().next();
        BlockVerdict verdict = blocks.request(table, bytes, from, to, endsStream, key);
        if (endsConnection(verdict)) {
            return;
        }
        context.http2Counters().streamOpened();
        if (ofStream != null) {
            violated(ofStream, id);
        } else if (open.size() >= limits.concurrentStreams()) {
            violated(Violation.TOO_MANY_STREAMS, id);
        } else if (verdict == BlockVerdict.MALFORMED) {
            violated(Violation.MALFORMED, id);
        } else {
            open(id, endsStream, verdict, blocks, key);
        }
    }

    private void open(int id, boolean endsStream, BlockVerdict verdict, BlockReader blocks, byte[] key) {
        Http2ClientStream stream = new Http2ClientStream(this, id, settings.initialWindow(), limits.streamWindow());
        open.put(id, stream);
        if (verdict == BlockVerdict.TOO_LARGE) {
            stream.refuse(LocalReply.to(Rejection.HEAD_TOO_LARGE), endsStream);
        } else if (verdict == BlockVerdict.UNSUPPORTED) {
            stream.refuse(LocalReply.to(Rejection.UNKNOWN_PROTOCOL), endsStream);
        } else {
            RequestHead head = context.scratch().requestHead();
            HeadWriter written = blocks.head();
            if (head.scan(written.bytes(), 0, written.length()) == Scan.REJECTED) {
                stream.refuse(LocalReply.to(head.rejection()), endsStream);
            } else {
                stream.opened(head, endsStream, blocks.isTunnel() ? WebSocketAccept.of(key) : null);
            }
        }
    }

    @Override
    public void control(FrameScanner frame, byte[] payload) {
        int id = frame.stream();
        Http2ClientStream stream = open.get(id);
        if (id != 0 && stream == null && frame.type() != FrameType.UNKNOWN) {
            pay(frame.type() == FrameType.WINDOW_UPDATE ? FloodBudget.Cost.SMALL_UPDATE : FloodBudget.Cost.NOTHING);
            if (ids.fateOf(frame.type(), id) == StreamIds.Fate.VIOLATES) {
                violated(ids.violation(), id);
            }
            return;
        }
        switch (frame.type()) {
            case SETTINGS -> settings(frame, payload);
            case PING -> ping(frame);
            case WINDOW_UPDATE -> windowUpdate(frame.increment(), stream);
            case RST_STREAM -> resetByPeer(stream);
            case GOAWAY -> connection.clientLeaves();
            default -> pay(FloodBudget.Cost.NOTHING);
        }
    }

    private void settings(FrameScanner frame, byte[] payload) {
        if (frame.isAcknowledgement()) {
            if (isAcknowledged) {
                violated(Violation.UNASKED_ACKNOWLEDGEMENT, 0);
            }
            isAcknowledged = true;
            table.acknowledged(limits.tableSize());
            return;
        }
        pay(FloodBudget.Cost.SETTINGS);
        int before = settings.initialWindow();
        Violation violation = settings.take(payload, 0, frame.length());
        int difference = settings.initialWindow() - before;
        if (violation == null && difference != 0) {
            for (Http2ClientStream stream : streams()) {
                if (!stream.sendWindow().change(difference)) {
                    violation = Violation.BAD_WINDOW_SETTING;
                }
            }
        }
        if (violation != null) {
            violated(violation, 0);
            return;
        }
        FrameWriter.settingsAcknowledgement(output.frames());
        output.emit();
        if (difference > 0) {
            streams().forEach(Http2ClientStream::windowGrown);
        }
    }

    private void ping(FrameScanner frame) {
        pay(FloodBudget.Cost.PING);
        if (frame.isAcknowledgement()) {
            connection.pingAnswered();
        } else {
            FrameWriter.ping(frame.opaque(), true, output.frames());
            output.emit();
        }
    }

    private void windowUpdate(int increment, @Nullable Http2ClientStream stream) {
        if (increment < FloodBudget.SMALL_UPDATE) {
            pay(FloodBudget.Cost.SMALL_UPDATE);
        }
        if (stream == null) {
            if (!sendWindow.change(increment)) {
                violated(Violation.WINDOW_OVERFLOW, 0);
            }
        } else if (stream.sendWindow().change(increment)) {
            stream.windowGrown();
        } else {
            violated(Violation.STREAM_WINDOW_OVERFLOW, stream.id());
        }
    }

    private void resetByPeer(@Nullable Http2ClientStream stream) {
        pay(FloodBudget.Cost.RESET);
        context.http2Counters().resetByClient();
        if (stream != null) {
            remove(stream, StreamIds.End.RESET_BY_PEER);
            stream.clientGone();
        }
    }

    // --- What is wrong ---------------------------------------------------------------------------------------------

    private void pay(FloodBudget.Cost cost) {
        if (!over && !flood.pay(cost, nowMillis())) {
            violated(Violation.FLOOD, 0);
        }
    }

    @Override
    public void violated(Violation violation, int id) {
        if (over) {
            return;
        }
        if (violation.endsConnection()) {
            connection.end(violation);
            return;
        }
        Http2ClientStream stream = open.get(id);
        writeReset(id, violation.code());
        if (stream == null) {
            ids.ended(id, StreamIds.End.RESET_HERE);
        } else {
            remove(stream, StreamIds.End.RESET_HERE);
            stream.clientGone();
        }
        pay(FloodBudget.Cost.RESET);
    }

    private void writeReset(int id, ErrorCode code) {
        context.http2Counters().resetHere();
        FrameWriter.reset(id, code, output.frames());
        output.emit();
    }

    // --- For the streams -------------------------------------------------------------------------------------------

    ConnectionContext context() {
        return context;
    }

    Connection connection() {
        return connection;
    }

    Http2Output output() {
        return output;
    }

    BlockWriter writer() {
        return context.http2().writer();
    }

    FieldLines trailer() {
        return context.http2().trailer();
    }

    /** Begins a header block behind the frames that were written. */
    int beginBlock() {
        int begun = FrameWriter.beginBlock(output.frames());
        if (isFirstBlock) {
            isFirstBlock = false;
            writer().first(output.frames());
        }
        return begun;
    }

    void endBlock(int begun, int id, boolean endsStream) {
        FrameWriter.endBlock(begun, id, endsStream, FrameScanner.LARGEST_PAYLOAD, output.frames());
    }

    /** Counts data that waits, or waits no more. */
    void queued(int more) {
        queued += more;
    }

    boolean isQueueFull() {
        return queued > MOST_QUEUED;
    }

    /** Counts bytes of the client that are no longer kept here. */
    void consume(int count) {
        receiveWindow.consume(count);
    }

    /** Lets the client send more, if that is worth a frame and there is memory for it. */
    void update(int id, ReceiveWindow window) {
        int increment = over || context.loop().isTight() ? 0 : window.update();
        if (increment > 0) {
            FrameWriter.windowUpdate(id, increment, output.frames());
            output.emit();
        }
    }

    /**
     * Called with each DATA frame that is sent. A client that opens its windows by single octets earns nothing by it.
     *
     * @param isCut whether the windows have made the frame as small as it is
     */
    void dataSent(int count, boolean isCut) {
        if (count >= FloodBudget.SMALL_UPDATE) {
            flood.dataPassed();
        }
        if (!isCut) {
            flood.dataSent();
        }
    }

    /** Called when a client has been sent all of a response. */
    void completed() {
        flood.requestCompleted();
    }

    /** Called when both sides of a stream have ended. */
    void ended(Http2ClientStream stream) {
        remove(stream, StreamIds.End.WHOLE);
    }

    /** Resets a stream whose exchange is over. */
    void reset(Http2ClientStream stream, ErrorCode code) {
        writeReset(stream.id(), code);
        remove(stream, StreamIds.End.RESET_HERE);
        pay(FloodBudget.Cost.RESET);
    }

    private void remove(Http2ClientStream stream, StreamIds.End how) {
        if (open.remove(stream.id()) != null) {
            ids.ended(stream.id(), how);
            stream.over();
            if (open.isEmpty()) {
                connection.emptied();
            }
        }
    }

    /** Gives what was written to the system, unless more is about to be written. */
    void flush() {
        if (!connection.isProcessing()) {
            update(0, receiveWindow);
            output.flush();
            connection.updateWait();
        }
    }

    /** Sends what waits: the system takes more. */
    void writable() {
        output.send();
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Returns how many streams are open. */
    int count() {
        return open.size();
    }

    /** Returns true if no stream is open. */
    boolean areNone() {
        return open.isEmpty();
    }

    /** Returns true if there is a response for the client that it has yet to take, and whose exchange is over. */
    boolean haveLeftOvers() {
        return leftOvers > 0;
    }

    /** Counts a stream that has become such a one, or is none any more. */
    void leftOver(int more) {
        leftOvers += more;
    }

    /** Returns how many bytes the client has yet to take. */
    int queued() {
        return queued;
    }

    /** Gives up what the client has not taken in time. */
    void dropLeftOvers() {
        for (Http2ClientStream stream : streams()) {
            if (stream.isLeftOver()) {
                reset(stream, ErrorCode.CANCEL);
            }
        }
        output.flush();
    }

    /** Asks the client to open no more streams, and to say when it has read that. */
    void announceEnd() {
        FrameWriter.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, NO_WORDS, output.frames());
        FrameWriter.ping(0, false, output.frames());
        output.emit();
        output.flush();
    }

    /** Says which streams are the last, for no fault of the client's. */
    void takeNoMore() {
        takesNoMore = true;
        FrameWriter.goAway(ids.highest(), ErrorCode.NO_ERROR, NO_WORDS, output.frames());
        output.emit();
        output.flush();
    }

    /** Says why the connection ends. */
    void goAway(ErrorCode code, byte[] words) {
        FrameWriter.goAway(ids.highest(), code, words, output.frames());
        output.emit();
        output.flush();
    }

    /** Drops all streams: the connection has ended, or is about to. */
    void drop() {
        over = true;
        for (Http2ClientStream stream : streams()) {
            remove(stream, StreamIds.End.RESET_HERE);
            stream.clientGone();
        }
    }

    private List<Http2ClientStream> streams() {
        return new ArrayList<>(open.values());
    }
}
