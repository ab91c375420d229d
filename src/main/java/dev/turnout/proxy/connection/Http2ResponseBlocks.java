package dev.turnout.proxy.connection;

import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http2.BlockReader;
import dev.turnout.proxy.http2.BlockVerdict;
import dev.turnout.proxy.http2.FloodBudget.Cost;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.HpackTable;
import dev.turnout.proxy.http2.Violation;
import org.jspecify.annotations.Nullable;

/**
 * The header blocks of one HTTP/2 connection to a target: heads of responses, and trailers. A block that nobody wants
 * is decoded too, since the table of later blocks depends on it. Event loop only.
 */
final class Http2ResponseBlocks {

    private final Http2TargetFrames frames;
    private final Http2TargetFrames.Connection connection;
    private final BlockReader blocks;
    private final HpackTable table = new HpackTable();
    private boolean isTrailer;

    Http2ResponseBlocks(Http2TargetFrames frames, Http2TargetFrames.Connection connection, BlockReader blocks) {
        this.frames = frames;
        this.connection = connection;
        this.blocks = blocks;
    }

    /** Decodes a block that nobody wants. Returns false if the connection is over. */
    boolean skip(byte[] bytes, int from, int to) {
        return isDecoded(blocks.skip(table, bytes, from, to));
    }

    /** Takes the block of an open stream. Returns true if it ends the response: see {@link #trailer}. */
    boolean read(FrameScanner frame, Http2TargetStream stream, byte[] bytes, int from, int to) {
        isTrailer = stream.download().isHeaded();
        return isTrailer
                ? trailer(frame, blocks.trailer(table, bytes, from, to))
                : head(frame, stream, response(frame, stream.download(), bytes, from, to));
    }

    /** Returns the trailer that has ended a response; null if a head has ended it. */
    @Nullable
    HeadWriter trailer() {
        return isTrailer ? blocks.head() : null;
    }

    private BlockVerdict response(FrameScanner frame, Http2Download download, byte[] bytes, int from, int to) {
        return blocks.response(
                table, bytes, from, to, frame.endsStream(), download.isToHead(), download.webSocketAccept());
    }

    private boolean head(FrameScanner frame, Http2TargetStream stream, BlockVerdict verdict) {
        if (!isDecoded(verdict)) {
            return false;
        }
        Rejection rejection = verdict == BlockVerdict.WHOLE ? stream.head(blocks.head()) : rejection(verdict);
        if (rejection != null) {
            connection.broken(stream, rejection, Violation.MALFORMED.code());
            return false;
        }
        connection.received(stream);
        if (!stream.download().isHeaded()) {
            frames.pay(Cost.INTERIM_RESPONSE);
        }
        return frame.endsStream();
    }

    private static Rejection rejection(BlockVerdict verdict) {
        return verdict == BlockVerdict.TOO_LARGE ? Rejection.HEAD_TOO_LARGE : Rejection.BAD_HTTP_2;
    }

    private boolean trailer(FrameScanner frame, BlockVerdict verdict) {
        if (!isDecoded(verdict)) {
            return false;
        }
        boolean isLegal = verdict == BlockVerdict.WHOLE && frame.endsStream();
        if (!isLegal) {
            frames.violated(Violation.MALFORMED, frame.stream());
        }
        return isLegal;
    }

    private boolean isDecoded(BlockVerdict verdict) {
        switch (verdict) {
            case BROKEN -> frames.violated(Violation.BAD_COMPRESSION, 0);
            case TOO_COSTLY -> frames.violated(Violation.BLOCK_TOO_LARGE, 0);
            case WHOLE, MALFORMED, TOO_LARGE, UNSUPPORTED -> {}
        }
        return !connection.isOver();
    }
}
