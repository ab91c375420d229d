package dev.turnout.proxy.http2;

/**
 * What one HTTP/2 connection may cost.
 *
 * @param concurrentStreams how many streams the peer may have open
 * @param streamWindow how many bytes of data a stream may have on the way
 * @param connectionWindow how many bytes of data all streams together may have on the way
 * @param headerList the largest list of fields, by RFC 9113, section 6.5.2
 * @param tableSize the largest dynamic table of RFC 7541
 * @param continuations how many CONTINUATIONs a header block may have
 * @param floodBudget what frames may cost that do nothing, in the units of {@link FloodBudget}
 */
public record Http2Limits(
        int concurrentStreams,
        int streamWindow,
        int connectionWindow,
        int headerList,
        int tableSize,
        int continuations,
        int floodBudget) {

    /** So many times the largest list of fields, a compressed block ends its connection. */
    private static final int FAR_OVER = 4;

    /** A block up to this size is decoded to its end, and answered on its stream: a HEADERS and 8 CONTINUATIONs. */
    private static final long LEAST_BLOCK = 9 * 16 * 1024;

    /** Returns the limits that hold where the operator says nothing. */
    public static Http2Limits ofHeads(int headerList) {
        return new Http2Limits(128, 64 * 1024, 1024 * 1024, headerList, HpackTable.DEFAULT_SIZE, 8, 4000);
    }

    /** Returns how many bytes a header block may have, compressed. */
    public long blockBytes() {
        return Math.max((long) FAR_OVER * headerList, LEAST_BLOCK);
    }
}
