package dev.turnout.proxy.connection;

import dev.turnout.proxy.http2.FloodBudget;
import dev.turnout.proxy.http2.FloodBudget.Cost;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.FrameType;
import dev.turnout.proxy.http2.PeerSettings;
import dev.turnout.proxy.http2.StreamIds;
import dev.turnout.proxy.http2.Violation;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends over HTTP/2: frames go to their streams, or to their connection, and are paid for.
 * {@link Http2RequestBlocks} reads the header blocks. Event loop only.
 */
final class Http2ClientFrames implements FrameReader.Listener {

    private final Http2Streams streams;
    private final FrameReader reader;
    private final PeerSettings settings = new PeerSettings(false);
    private final Http2RequestBlocks blocks;
    private final List<Http2ClientStream> touched = new ArrayList<>(2);
    private long steps;
    private int keptOfFrame;
    private int dataOfFrame;
    private boolean isAcknowledged;

    Http2ClientFrames(Http2Streams streams) {
        this.streams = streams;
        this.blocks = new Http2RequestBlocks(streams, settings);
        this.reader = new FrameReader(
                new FrameScanner(
                        streams.limits().continuations(), streams.limits().blockBytes()),
                streams.context().http2().payload(),
                this);
    }

    /** Takes what has come as far as it can. */
    void read(ByteBuf in) {
        while (!streams.areOver() && streams.connection().takesFrames() && reader.read(in)) {
            steps++;
        }
        blocks.admit();
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).deliver();
        }
        touched.clear();
        streams.flow().update();
        streams.output().send();
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
        return streams.areOver();
    }

    @Override
    public void violated(Violation violation, int id) {
        if (!violation.endsConnection()) {
            admitUnlessOf(id);
        }
        streams.violated(violation, id);
    }

    /** What happens to another stream may have heads scanned. */
    private void admitUnlessOf(int id) {
        if (!blocks.isOpening(id)) {
            blocks.admit();
        }
    }

    // --- Data ------------------------------------------------------------------------------------------------------

    @Override
    public void dataBegins(FrameScanner frame) {
        int id = frame.stream();
        admitUnlessOf(id);
        Http2ClientStream stream = streams.stream(id);
        Violation violation = null;
        if (stream != null) {
            violation = stream.state().receives(FrameType.DATA);
        } else if (streams.ids().fateOf(FrameType.DATA, id) == StreamIds.Fate.VIOLATES) {
            violation = streams.ids().violation();
        }
        if (!streams.flow().receive(frame.length())) {
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
        Http2ClientStream stream = streams.stream(frame.stream());
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
            streams.pay(Cost.EMPTY_DATA);
        } else {
            streams.dataReceived(dataOfFrame);
        }
        int dropped = frame.length() - keptOfFrame;
        streams.flow().consume(dropped);
        Http2ClientStream stream = streams.stream(frame.stream());
        if (stream == null) {
            return;
        }
        stream.consumePadding(dropped);
        touch(stream);
        if (!frame.endsStream()) {
            return;
        }
        if (stream.isOfItsLength()) {
            stream.endedByPeer(null);
        } else {
            violated(Violation.WRONG_LENGTH, frame.stream());
        }
    }

    // --- Header blocks ---------------------------------------------------------------------------------------------

    @Override
    public void continued() {
        streams.pay(Cost.CONTINUATION);
    }

    @Override
    public void block(FrameScanner frame, byte[] bytes, int from, int to, @Nullable Violation ofStream) {
        if (streams.areOver()) {
            return;
        }
        blocks.admit();
        Http2ClientStream stream = streams.stream(frame.stream());
        if (stream == null) {
            blocks.request(frame, bytes, from, to, ofStream);
        } else if (blocks.trailer(stream, frame, bytes, from, to, ofStream)) {
            touch(stream);
        }
    }

    // --- All other frames ------------------------------------------------------------------------------------------

    @Override
    public void control(FrameScanner frame, byte[] payload) {
        int id = frame.stream();
        blocks.admit();
        Http2ClientStream stream = streams.stream(id);
        if (id != 0 && stream == null && frame.type() != FrameType.UNKNOWN) {
            streams.pay(frame.type() == FrameType.WINDOW_UPDATE ? Cost.SMALL_UPDATE : Cost.NOTHING);
            if (streams.ids().fateOf(frame.type(), id) == StreamIds.Fate.VIOLATES) {
                violated(streams.ids().violation(), id);
            }
            return;
        }
        switch (frame.type()) {
            case SETTINGS -> settings(frame, payload);
            case PING -> ping(frame);
            case WINDOW_UPDATE -> windowUpdate(frame.increment(), stream);
            case RST_STREAM -> reset(stream);
            case GOAWAY -> streams.connection().clientLeaves();
            default -> streams.pay(Cost.NOTHING);
        }
    }

    private void settings(FrameScanner frame, byte[] payload) {
        if (frame.isAcknowledgement()) {
            if (isAcknowledged) {
                violated(Violation.UNASKED_ACKNOWLEDGEMENT, 0);
            }
            isAcknowledged = true;
            blocks.tableAcknowledged();
            return;
        }
        streams.pay(Cost.SETTINGS);
        int before = settings.initialWindow();
        Violation violation = settings.take(payload, 0, frame.length());
        int difference = settings.initialWindow() - before;
        if (violation == null && difference != 0) {
            for (Http2ClientStream stream : streams.list()) {
                if (!stream.changeWindow(difference)) {
                    violation = Violation.BAD_WINDOW_SETTING;
                }
            }
        }
        if (violation != null) {
            violated(violation, 0);
            return;
        }
        streams.output().acknowledgeSettings();
        if (difference > 0) {
            streams.list().forEach(Http2ClientStream::windowGrown);
        }
    }

    private void ping(FrameScanner frame) {
        streams.pay(Cost.PING);
        if (frame.isAcknowledgement()) {
            streams.connection().pingAnswered();
        } else {
            streams.output().answer(frame.opaque());
        }
    }

    private void windowUpdate(int increment, @Nullable Http2ClientStream stream) {
        if (increment < FloodBudget.SMALL_UPDATE) {
            streams.pay(Cost.SMALL_UPDATE);
        }
        if (stream == null) {
            if (!streams.flow().grow(increment)) {
                violated(Violation.WINDOW_OVERFLOW, 0);
            }
        } else if (stream.changeWindow(increment)) {
            stream.windowGrown();
        } else {
            violated(Violation.STREAM_WINDOW_OVERFLOW, stream.id());
        }
    }

    private void reset(@Nullable Http2ClientStream stream) {
        streams.pay(Cost.RESET);
        streams.context().http2Counters().resetByClient();
        if (stream != null) {
            streams.resetByPeer(stream);
        }
    }
}
