package dev.turnout.proxy.body;

import dev.turnout.proxy.http1.ChunkScanner;
import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.HeadWriter;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes a chunked body apart for a peer that knows no chunks: the data, which is not copied, and the trailer. Holds
 * nothing but the trailer. Event loop only.
 */
public final class ChunkedData {

    /** Where the data goes. */
    public interface Sink {

        /** Takes a piece of the data, which is the sink's to release. */
        void data(ByteBuf piece);
    }

    private final ChunkScanner chunks;
    private @Nullable HeadWriter trailer;

    /** @param trailerLimit the most bytes of trailer fields that are taken */
    public ChunkedData(int trailerLimit) {
        this.chunks = new ChunkScanner(trailerLimit, ChunkScanner.NO_FRAMING);
    }

    /**
     * Takes a piece of the body.
     *
     * @param in released here
     * @return false if the body is broken
     */
    public boolean take(ByteBuf in, Sink sink) {
        try {
            while (in.isReadable() && !chunks.isDone()) {
                long wanted = chunks.dataRemaining();
                if (wanted > 0) {
                    int count = (int) Math.min(wanted, in.readableBytes());
                    chunks.skipData(count);
                    sink.data(in.readRetainedSlice(count));
                } else if (!framing(in.readByte())) {
                    return false;
                }
            }
            return true;
        } finally {
            in.release();
        }
    }

    private boolean framing(byte octet) {
        if (chunks.isAtTrailer() && (trailer != null || octet != '\r' && octet != '\n')) {
            keep(octet);
        }
        return chunks.accept(octet);
    }

    private void keep(byte octet) {
        if (trailer == null) {
            trailer = new HeadWriter();
        }
        trailer.octet(octet);
    }

    /** Returns true if the whole body has been taken. */
    public boolean isDone() {
        return chunks.isDone();
    }

    /**
     * Scans the trailer of a body that is done.
     *
     * @return false if there is none, or it is no legal one
     */
    public boolean trailer(FieldLines into) {
        return trailer != null && chunks.hasTrailer() && into.scan(trailer.bytes(), 0, trailer.length()) > 0;
    }
}
