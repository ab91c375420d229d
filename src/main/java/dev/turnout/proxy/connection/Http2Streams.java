package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.FloodBudget;
import dev.turnout.proxy.http2.FrameWriter;
import dev.turnout.proxy.http2.Http2Limits;
import dev.turnout.proxy.http2.PeerSettings;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.http2.StreamIds;
import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.loop.TurnEnd;
import io.netty.channel.Channel;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one client's HTTP/2 connection: which there are, what they may cost together, and how they end.
 * {@link Http2ClientFrames} reads what the client sends. Event loop only.
 */
final class Http2Streams {

    private static final byte[] NO_WORDS = {};

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

        /** Ends the connection at once, for something that was thrown, such as for want of memory. */
        void fail(Throwable cause);
    }

    private final ConnectionContext context;
    private final Connection connection;
    private final Http2Limits limits;
    private final StreamIds ids = new StreamIds(true);
    private final FloodBudget flood;
    private final Http2FlowControl flow;
    private final Http2Output output;
    private final TurnEnd turnEnd;
    private final IntObjectHashMap<Http2ClientStream> open = new IntObjectHashMap<>();
    private boolean over;

    Http2Streams(ConnectionContext context, Connection connection, Http2Limits limits) {
        this.context = context;
        this.connection = connection;
        this.limits = limits;
        this.flood = new FloodBudget(limits.floodBudget(), nowMillis());
        SendWindow window = new SendWindow(PeerSettings.DEFAULT_WINDOW);
        this.output = new Http2Output(connection.channel(), context.http2(), window, connection::fail);
        this.flow = new Http2FlowControl(context.loop(), output, window, limits.connectionWindow());
        this.turnEnd = context.loop().turnEnd(this::flushNow);
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Sends the settings. */
    void begin() {
        FrameWriter.serverSettings(limits, output.frames());
        flow.update();
        output.emit();
        output.flush();
    }

    ConnectionContext context() {
        return context;
    }

    Connection connection() {
        return connection;
    }

    Http2Output output() {
        return output;
    }

    Http2FlowControl flow() {
        return flow;
    }

    // --- Which there are -------------------------------------------------------------------------------------------

    /** Returns an open stream; null if it is not open. */
    @Nullable
    Http2ClientStream stream(int id) {
        return open.get(id);
    }

    /** Returns the open streams of now, as a list that does not change. */
    List<Http2ClientStream> list() {
        return new ArrayList<>(open.values());
    }

    /** Returns how many streams are open. */
    int count() {
        return open.size();
    }

    /** Returns true if no stream is open. */
    boolean areNone() {
        return open.isEmpty();
    }

    /** Returns which streams have been. */
    StreamIds ids() {
        return ids;
    }

    /**
     * Opens a stream.
     *
     * @param window how much data the client takes on it
     */
    Http2ClientStream open(int id, int window) {
        Http2ClientStream stream = new Http2ClientStream(this, id, window);
        open.put(id, stream);
        return stream;
    }

    /** Called when both sides of a stream have ended. */
    void ended(Http2ClientStream stream) {
        remove(stream, StreamIds.End.WHOLE);
    }

    /** Ends a stream that the client has reset. */
    void resetByPeer(Http2ClientStream stream) {
        remove(stream, StreamIds.End.RESET_BY_PEER);
        stream.clientGone();
    }

    /** Resets a stream whose exchange is over. The client has not caused that, and pays nothing for it. */
    void reset(Http2ClientStream stream, ErrorCode code) {
        writeReset(stream.id(), code);
        remove(stream, StreamIds.End.RESET_HERE);
    }

    /** As {@link #reset}, for what the client sends or does not take: the client pays. */
    void resetPaid(Http2ClientStream stream, ErrorCode code) {
        reset(stream, code);
        pay(FloodBudget.Cost.RESET);
    }

    private void writeReset(int id, ErrorCode code) {
        context.http2Counters().resetHere();
        output.reset(id, code);
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

    // --- What they may cost ----------------------------------------------------------------------------------------

    Http2Limits limits() {
        return limits;
    }

    /** Pays for a frame of the client. The connection ends if there is nothing to pay with. */
    void pay(FloodBudget.Cost cost) {
        if (!over && !flood.pay(cost, nowMillis())) {
            violated(Violation.FLOOD, 0);
        }
    }

    /** Called with each DATA frame that has come. */
    void dataReceived(int count) {
        if (count >= FloodBudget.SMALL_UPDATE) {
            flood.dataPassed();
        }
    }

    /**
     * Called with each DATA frame that is sent.
     *
     * @param isCut whether the windows have made the frame as small as it is
     */
    void dataSent(int count, boolean isCut) {
        flood.dataSent(count, isCut);
    }

    /** Called when a client has been sent all of a response. */
    void completed() {
        flood.requestCompleted();
    }

    /**
     * Ends a stream, or the connection, for a fault of the client's.
     *
     * @param id the stream; 0 for none
     */
    void violated(Violation violation, int id) {
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

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Gives up what the client has not taken in time. */
    void dropLeftOvers() {
        for (Http2ClientStream stream : list()) {
            if (stream.isLeftOver()) {
                resetPaid(stream, ErrorCode.CANCEL);
            }
        }
        output.flush();
    }

    /**
     * Gives what was written to the system at the end of this turn of the event loop, together with what other streams write
     * in it: one write, and few records of TLS. While memory is short, gives it at once, to know what is still kept.
     */
    void flush() {
        if (connection.isProcessing()) {
            return;
        }
        if (context.loop().isTight()) {
            flushNow();
        } else {
            turnEnd.ask();
        }
    }

    private void flushNow() {
        flow.update();
        output.flush();
        connection.updateWait();
    }

    /** Returns true if the connection is at its end: nothing is read any more. */
    boolean areOver() {
        return over;
    }

    /** Asks the client to open no more streams, and to say when it has read that. */
    void announceEnd() {
        output.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, NO_WORDS);
        output.ask();
        output.flush();
    }

    /** Says which streams are the last, for no fault of the client's. */
    void takeNoMore() {
        ids.takeNoMore();
        output.goAway(ids.highest(), ErrorCode.NO_ERROR, NO_WORDS);
    }

    /** Says why the connection ends. */
    void goAway(ErrorCode code, byte[] words) {
        output.goAway(ids.highest(), code, words);
    }

    /** Drops all streams: the connection has ended, or is about to. */
    void drop() {
        over = true;
        flow.end();
        for (Http2ClientStream stream : list()) {
            remove(stream, StreamIds.End.RESET_HERE);
            stream.clientGone();
        }
    }
}
