package dev.turnout.proxy.connection;

import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http2.BlockReader;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.FloodBudget;
import dev.turnout.proxy.http2.FloodBudget.Cost;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.FrameType;
import dev.turnout.proxy.http2.PeerSettings;
import dev.turnout.proxy.http2.ReceiveWindow;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.http2.StreamIds;
import dev.turnout.proxy.http2.StreamIds.Fate;
import dev.turnout.proxy.http2.Violation;
import io.netty.buffer.ByteBuf;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a target sends over HTTP/2: frames go to their streams, or to their connection. {@link Http2ResponseBlocks} reads
 * the header blocks. Event loop only.
 */
final class Http2TargetFrames implements FrameReader.Listener {

    /** The connection, as far as frames concern it. */
    interface Connection {

        /** Returns the open stream of a number; null if it is not open. */
        @Nullable
        Http2TargetStream stream(int id);

        /** Called when a stream has something for its exchange. */
        void received(Http2TargetStream stream);

        /** Called with each SETTINGS that the target has sent. */
        void settingsChanged(int windowDifference);

        /** Called when the target takes more data of all streams together. */
        void windowOpened();

        /** Returns where answers go out. */
        Http2Output output();

        /** Called when the target has answered a PING. */
        void answered();

        /** Called when the target takes no more streams, and none above a number. */
        void goneAway(int lastStream);

        /** Called when the target has ended a stream before its time. */
        void resetByPeer(Http2TargetStream stream, ErrorCode code);

        /** Ends a stream for what its target has done. */
        void broken(Http2TargetStream stream, Rejection rejection, ErrorCode code);

        /** Ends a stream whose exchange is done, and whose target goes on. */
        void cancel(Http2TargetStream stream);

        /** Ends the connection for what its target has done. */
        void violated(Violation violation);

        /** Sends a WINDOW_UPDATE of the connection if it is worth one. */
        void updateWindow(ReceiveWindow window);

        boolean isOver();
    }

    private final Connection connection;
    private final Http2ResponseBlocks blocks;
    private final FloodBudget flood;
    private final LongSupplier millis;
    private final PeerSettings settings = new PeerSettings(true);
    private final StreamIds ids = new StreamIds(false);
    private final SendWindow send;
    private final ReceiveWindow receive;
    private int acknowledgements = 1;
    private int unreadData;

    /**
     * @param send how much data the target takes
     * @param receive how much data the target may send
     * @param millis the clock, in milliseconds from an arbitrary origin
     */
    Http2TargetFrames(
            Connection connection,
            BlockReader reader,
            FloodBudget flood,
            SendWindow send,
            ReceiveWindow receive,
            LongSupplier millis) {
        this.connection = connection;
        this.blocks = new Http2ResponseBlocks(this, connection, reader);
        this.flood = flood;
        this.send = send;
        this.receive = receive;
        this.millis = millis;
    }

    PeerSettings settings() {
        return settings;
    }

    StreamIds ids() {
        return ids;
    }

    @Override
    public boolean isOver() {
        return connection.isOver();
    }

    // --- Data ------------------------------------------------------------------------------------------------------

    @Override
    public void dataBegins(FrameScanner frame) {
        int id = frame.stream();
        unreadData = frame.length();
        if (!receive.receive(frame.length())) {
            connection.violated(Violation.WINDOW_EXCEEDED);
            return;
        }
        if (frame.length() == 0 && !frame.endsStream()) {
            pay(Cost.EMPTY_DATA);
        } else {
            flood.dataPassed();
        }
        Http2TargetStream stream = connection.stream(id);
        if (stream == null) {
            notOpen(frame.type(), id);
            return;
        }
        Violation violation = stream.state().receives(FrameType.DATA);
        if (violation == null) {
            violation = stream.dataBegins(frame.length());
        }
        if (violation != null) {
            violated(violation, id);
        }
    }

    @Override
    public void data(FrameScanner frame, ByteBuf in, int count) {
        Http2TargetStream stream = connection.stream(frame.stream());
        if (stream == null) {
            in.skipBytes(count);
        } else if (stream.isDone()) {
            in.skipBytes(count);
            connection.cancel(stream);
        } else if (stream.download().data(in, count)) {
            unreadData -= count;
            connection.received(stream);
        } else {
            violated(Violation.WRONG_LENGTH, frame.stream());
            in.skipBytes(count);
        }
    }

    @Override
    public void dataEnds(FrameScanner frame) {
        // One stream that does not read keeps no other one from it.
        receive.consume(frame.length());
        connection.updateWindow(receive);
        Http2TargetStream stream = connection.stream(frame.stream());
        if (stream == null) {
            return;
        }
        if (frame.endsStream()) {
            ended(stream, null);
        } else if (unreadData > 0) {
            stream.consume(unreadData);
        }
    }

    private void ended(Http2TargetStream stream, @Nullable HeadWriter trailer) {
        if (stream.endedByPeer(trailer)) {
            flood.requestCompleted();
            connection.received(stream);
        } else {
            violated(Violation.WRONG_LENGTH, stream.id());
        }
    }

    // --- Header blocks ---------------------------------------------------------------------------------------------

    @Override
    public void continued() {
        pay(Cost.CONTINUATION);
    }

    @Override
    public void block(FrameScanner frame, byte[] bytes, int from, int to, @Nullable Violation ofStream) {
        Http2TargetStream stream = connection.stream(frame.stream());
        Violation violation = stream == null ? null : stream.state().receives(FrameType.HEADERS);
        if (violation == null) {
            violation = ofStream;
        }
        if (stream != null && !stream.isDone() && violation == null) {
            if (blocks.read(frame, stream, bytes, from, to)) {
                ended(stream, blocks.trailer());
            }
        } else if (blocks.skip(bytes, from, to)) {
            unwanted(frame, stream, violation);
        }
    }

    private void unwanted(FrameScanner frame, @Nullable Http2TargetStream stream, @Nullable Violation violation) {
        if (stream == null) {
            notOpen(FrameType.HEADERS, frame.stream());
        } else if (violation != null) {
            violated(violation, frame.stream());
        } else if (frame.endsStream()) {
            ended(stream, null);
        }
    }

    // --- All other frames ------------------------------------------------------------------------------------------

    @Override
    public void control(FrameScanner frame, byte[] payload) {
        int id = frame.stream();
        Http2TargetStream stream = id == 0 ? null : connection.stream(id);
        if (id != 0 && stream == null && frame.type() != FrameType.UNKNOWN) {
            // Some are on their way when a stream ends, and a target that goes on with them is sick.
            pay(frame.type() == FrameType.WINDOW_UPDATE ? Cost.SMALL_UPDATE : Cost.NOTHING);
            notOpen(frame.type(), id);
            return;
        }
        switch (frame.type()) {
            case SETTINGS -> settings(frame, payload);
            case PING -> ping(frame);
            case WINDOW_UPDATE -> window(frame, stream);
            case GOAWAY -> connection.goneAway(frame.lastStream());
            case RST_STREAM -> {
                // Costs nothing: a target has no more streams to reset than clients have requests.
                if (stream != null) {
                    connection.resetByPeer(stream, frame.errorCode());
                }
            }
            default -> pay(Cost.NOTHING);
        }
    }

    private void settings(FrameScanner frame, byte[] payload) {
        if (frame.isAcknowledgement()) {
            if (--acknowledgements < 0) {
                connection.violated(Violation.UNASKED_ACKNOWLEDGEMENT);
            }
            return;
        }
        pay(Cost.SETTINGS);
        int before = settings.initialWindow();
        Violation violation = settings.take(payload, 0, frame.length());
        if (violation != null) {
            connection.violated(violation);
        } else if (!isOver()) {
            connection.settingsChanged(settings.initialWindow() - before);
        }
    }

    private void ping(FrameScanner frame) {
        pay(Cost.PING);
        if (frame.isAcknowledgement()) {
            connection.answered();
        } else if (!isOver()) {
            connection.output().answer(frame.opaque());
        }
    }

    private void window(FrameScanner frame, @Nullable Http2TargetStream stream) {
        if (frame.increment() < FloodBudget.SMALL_UPDATE) {
            pay(Cost.SMALL_UPDATE);
        }
        if (stream != null) {
            if (!stream.upload().changeWindow(frame.increment())) {
                violated(Violation.STREAM_WINDOW_OVERFLOW, frame.stream());
            }
        } else if (send.change(frame.increment())) {
            connection.windowOpened();
        } else {
            connection.violated(Violation.WINDOW_OVERFLOW);
        }
    }

    private void notOpen(FrameType type, int id) {
        if (ids.fateOf(type, id) == Fate.VIOLATES) {
            violated(ids.violation(), id);
        }
    }

    /** Pays for a frame of the target. The connection ends if there is nothing to pay with. */
    void pay(Cost cost) {
        if (!flood.pay(cost, millis.getAsLong())) {
            connection.violated(Violation.FLOOD);
        }
    }

    @Override
    public void violated(Violation violation, int id) {
        Http2TargetStream stream = id == 0 ? null : connection.stream(id);
        if (violation.endsConnection()) {
            connection.violated(violation);
        } else if (stream != null) {
            pay(Cost.RESET);
            connection.broken(stream, Rejection.BAD_HTTP_2, violation.code());
        }
    }
}
