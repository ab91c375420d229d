package dev.turnout.proxy.http2;

import dev.turnout.proxy.http1.HeadWriter;

/**
 * Translates the header blocks of peers into bytes of HTTP/1, one block at a time. One per event loop, for all its
 * connections; what a connection keeps is its {@link HpackTable}. Not safe for use by more than one thread.
 */
public final class BlockReader {

    /** The request was no extended CONNECT. */
    public static final byte[] NO_TUNNEL = ResponseFields.NO_TUNNEL;

    private final HpackReader hpack = new HpackReader();
    private final HeadWriter head = new HeadWriter();
    private final RequestFields requests;
    private final ResponseFields responses;
    private final TrailerFields trailers;

    /** @param limit the largest list of fields by RFC 9113, section 6.5.2 */
    public BlockReader(int limit) {
        this.requests = new RequestFields(limit);
        this.responses = new ResponseFields(limit);
        this.trailers = new TrailerFields(limit);
    }

    /**
     * Writes the head of a request into {@link #head}.
     *
     * @param webSocketKey what a WebSocket's target gets as its key: the 24 characters of RFC 6455, section 4.1
     */
    public BlockVerdict request(
            HpackTable table, byte[] block, int from, int to, boolean endsStream, byte[] webSocketKey) {
        requests.begin(head);
        return switch (hpack.read(table, block, from, to, requests)) {
            case WHOLE -> requests.end(endsStream, webSocketKey);
            case BROKEN -> BlockVerdict.BROKEN;
            case TOO_COSTLY -> BlockVerdict.TOO_COSTLY;
        };
    }

    /** Returns true if the last request is for a WebSocket: its data is no body. */
    public boolean isTunnel() {
        return requests.isTunnel();
    }

    /**
     * Writes the head of a response into {@link #head}.
     *
     * @param toHead whether the request was HEAD
     * @param webSocketAccept what a client gets that waits for a 101; or {@link #NO_TUNNEL}
     */
    public BlockVerdict response(
            HpackTable table,
            byte[] block,
            int from,
            int to,
            boolean endsStream,
            boolean toHead,
            byte[] webSocketAccept) {
        responses.begin(head, webSocketAccept);
        return switch (hpack.read(table, block, from, to, responses)) {
            case WHOLE -> responses.end(endsStream, toHead);
            case BROKEN -> BlockVerdict.BROKEN;
            case TOO_COSTLY -> BlockVerdict.TOO_COSTLY;
        };
    }

    /** Writes the last chunk of a body and its trailer into {@link #head}. The block has to end its stream. */
    public BlockVerdict trailer(HpackTable table, byte[] block, int from, int to) {
        trailers.begin(head);
        return switch (hpack.read(table, block, from, to, trailers)) {
            case WHOLE -> trailers.end();
            case BROKEN -> BlockVerdict.BROKEN;
            case TOO_COSTLY -> BlockVerdict.TOO_COSTLY;
        };
    }

    /** Decodes a block that nobody wants: the compression goes on behind it. */
    public BlockVerdict skip(HpackTable table, byte[] block, int from, int to) {
        BlockVerdict verdict = trailer(table, block, from, to);
        return verdict == BlockVerdict.BROKEN || verdict == BlockVerdict.TOO_COSTLY ? verdict : BlockVerdict.WHOLE;
    }

    /** Returns what the last block became, up to the next one. */
    public HeadWriter head() {
        return head;
    }
}
