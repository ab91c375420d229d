package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.Scan;
import dev.turnout.proxy.http2.BlockReader;
import dev.turnout.proxy.http2.BlockVerdict;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.FrameType;
import dev.turnout.proxy.http2.HpackTable;
import dev.turnout.proxy.http2.PeerSettings;
import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.http2.WebSocketAccept;
import org.jspecify.annotations.Nullable;

/**
 * The header blocks of one client's HTTP/2 connection. Each opens a stream with a request, or ends a stream with a
 * trailer. A block that nobody wants is decoded too, since the table of later blocks depends on it. Event loop only.
 */
final class Http2RequestBlocks {

    private final Http2Streams streams;
    private final PeerSettings settings;
    private final BlockReader blocks;
    private final HpackTable table = new HpackTable();

    /** Its head has been read, and is in the scratch; null if there is none. Data that comes at once goes with it. */
    private @Nullable Http2ClientStream opening;

    Http2RequestBlocks(Http2Streams streams, PeerSettings settings) {
        this.streams = streams;
        this.settings = settings;
        this.blocks = streams.context().http2().reader();
    }

    /** Notes that the client holds itself to the size of the table in the settings. */
    void tableAcknowledged() {
        table.acknowledged(streams.limits().tableSize());
    }

    // --- Requests --------------------------------------------------------------------------------------------------

    /**
     * Takes the block of a stream that is not open.
     *
     * @param ofStream what its frames have done wrong; null if nothing
     */
    void request(FrameScanner frame, byte[] bytes, int from, int to, @Nullable Violation ofStream) {
        int id = frame.stream();
        switch (streams.ids().fateOf(FrameType.HEADERS, id)) {
            case VIOLATES -> {
                skip(bytes, from, to);
                streams.violated(streams.ids().violation(), id);
            }
            case IGNORED -> skip(bytes, from, to);
            case OPENS -> {
                streams.ids().opened(id);
                request(id, frame.endsStream(), bytes, from, to, ofStream);
            }
        }
    }

    private void skip(byte[] bytes, int from, int to) {
        endsConnection(blocks.skip(table, bytes, from, to));
    }

    private boolean endsConnection(BlockVerdict verdict) {
        if (verdict == BlockVerdict.BROKEN) {
            streams.violated(Violation.BAD_COMPRESSION, 0);
        } else if (verdict == BlockVerdict.TOO_COSTLY) {
            streams.violated(Violation.BLOCK_TOO_LARGE, 0);
        }
        return streams.areOver();
    }

    private void request(int id, boolean endsStream, byte[] bytes, int from, int to, @Nullable Violation ofStream) {
        byte[] key = streams.context().http2().webSocketKey().next();
        BlockVerdict verdict = blocks.request(table, bytes, from, to, endsStream, key);
        if (endsConnection(verdict)) {
            return;
        }
        streams.context().http2Counters().streamOpened();
        if (ofStream != null) {
            streams.violated(ofStream, id);
        } else if (streams.count() >= streams.limits().concurrentStreams()) {
            streams.violated(Violation.TOO_MANY_STREAMS, id);
        } else if (verdict == BlockVerdict.MALFORMED) {
            streams.violated(Violation.MALFORMED, id);
        } else {
            begin(streams.open(id, settings.initialWindow()), endsStream, verdict, key);
        }
    }

    private void begin(Http2ClientStream stream, boolean endsStream, BlockVerdict verdict, byte[] key) {
        if (verdict == BlockVerdict.TOO_LARGE) {
            stream.refuse(LocalReply.to(Rejection.HEAD_TOO_LARGE), endsStream);
        } else if (verdict == BlockVerdict.UNSUPPORTED) {
            stream.refuse(LocalReply.to(Rejection.UNKNOWN_PROTOCOL), endsStream);
        } else {
            RequestHead head = streams.context().scratch().requestHead();
            HeadWriter written = blocks.head();
            if (head.scan(written.bytes(), 0, written.length()) == Scan.REJECTED) {
                stream.refuse(LocalReply.to(head.rejection()), endsStream);
            } else {
                byte[] accept = blocks.isTunnel() ? WebSocketAccept.of(key) : null;
                stream.opened(head, endsStream, accept);
                opening = stream;
                if (endsStream || accept != null) {
                    admit();
                }
            }
        }
    }

    /** Returns true if the request of a stream is not admitted yet. */
    boolean isOpening(int id) {
        return opening != null && opening.id() == id;
    }

    /**
     * Admits the request whose head was read last. To be called before anything happens but data of this request: its
     * head holds no longer.
     */
    void admit() {
        Http2ClientStream next = opening;
        opening = null;
        if (next != null && streams.stream(next.id()) == next) {
            next.admit(streams.context().scratch().requestHead());
        }
    }

    // --- Trailers --------------------------------------------------------------------------------------------------

    /**
     * Takes the block of an open stream.
     *
     * @param ofStream what its frames have done wrong; null if nothing
     * @return true if it has ended the request
     */
    boolean trailer(
            Http2ClientStream stream,
            FrameScanner frame,
            byte[] bytes,
            int from,
            int to,
            @Nullable Violation ofStream) {
        BlockVerdict verdict = blocks.trailer(table, bytes, from, to);
        if (endsConnection(verdict)) {
            return false;
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
            streams.violated(violation, stream.id());
            return false;
        }
        stream.endedByPeer(blocks.head());
        return true;
    }
}
