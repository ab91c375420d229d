package dev.turnout.proxy.http2;

import dev.turnout.proxy.http1.HeadWriter;

/** Writes frames (RFC 9113, sections 4 and 6) behind what is there. */
public final class FrameWriter {

    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;

    private FrameWriter() {}

    /** Writes the SETTINGS of a server. Its push is not offered. */
    public static void serverSettings(Http2Limits limits, HeadWriter out) {
        int header = begin(out);
        setting(PeerSettings.MAX_CONCURRENT_STREAMS, limits.concurrentStreams(), out);
        setting(PeerSettings.ENABLE_CONNECT_PROTOCOL, 1, out);
        sharedSettings(limits, header, out);
    }

    /** Writes the preface and the SETTINGS of a client that wants nothing pushed. */
    public static void clientSettings(Http2Limits limits, HeadWriter out) {
        for (int i = 0; i < Preface.LENGTH; i++) {
            out.octet(Preface.octet(i));
        }
        int header = begin(out);
        setting(PeerSettings.ENABLE_PUSH, 0, out);
        sharedSettings(limits, header, out);
    }

    private static void sharedSettings(Http2Limits limits, int header, HeadWriter out) {
        if (limits.tableSize() != HpackTable.DEFAULT_SIZE) {
            setting(PeerSettings.HEADER_TABLE_SIZE, limits.tableSize(), out);
        }
        setting(PeerSettings.INITIAL_WINDOW_SIZE, limits.streamWindow(), out);
        setting(PeerSettings.MAX_HEADER_LIST_SIZE, limits.headerList(), out);
        end(header, FrameType.SETTINGS, 0, 0, out);
    }

    private static void setting(int key, int value, HeadWriter out) {
        out.octet(key >> 8).octet(key);
        int32(value, out);
    }

    /** Writes the answer to SETTINGS. */
    public static void settingsAcknowledgement(HeadWriter out) {
        header(0, FrameType.SETTINGS, ACK, 0, out);
    }

    /** Writes a PING, or the answer to one. */
    public static void ping(long opaque, boolean isAcknowledgement, HeadWriter out) {
        header(8, FrameType.PING, isAcknowledgement ? ACK : 0, 0, out);
        int32((int) (opaque >>> 32), out);
        int32((int) opaque, out);
    }

    /** Writes a GOAWAY, with what a person may read of its cause. */
    public static void goAway(int lastStream, ErrorCode code, byte[] debug, HeadWriter out) {
        header(8 + debug.length, FrameType.GOAWAY, 0, 0, out);
        int32(lastStream, out);
        int32(code.number(), out);
        out.append(debug);
    }

    /** Writes a RST_STREAM. */
    public static void reset(int stream, ErrorCode code, HeadWriter out) {
        header(4, FrameType.RST_STREAM, 0, stream, out);
        int32(code.number(), out);
    }

    /** Writes a WINDOW_UPDATE, of the connection for stream 0. */
    public static void windowUpdate(int stream, int increment, HeadWriter out) {
        header(4, FrameType.WINDOW_UPDATE, 0, stream, out);
        int32(increment, out);
    }

    /** Writes the header of a DATA frame, behind which so many octets come. */
    public static void dataHeader(int length, boolean endsStream, int stream, HeadWriter out) {
        header(length, FrameType.DATA, endsStream ? END_STREAM : 0, stream, out);
    }

    /**
     * Begins a header block, which is written behind.
     *
     * @return what {@link #endBlock} is told
     */
    public static int beginBlock(HeadWriter out) {
        return begin(out);
    }

    /**
     * Ends a header block. One that is longer than a frame goes on in CONTINUATIONs.
     *
     * @param frameSize the longest payload that the peer takes
     */
    public static void endBlock(int begun, int stream, boolean endsStream, int frameSize, HeadWriter out) {
        int flags = endsStream ? END_STREAM : 0;
        int rest = out.length() - begun - FrameScanner.HEADER_LENGTH;
        int first = Math.min(rest, frameSize);
        rest -= first;
        put(out.bytes(), begun, first, FrameType.HEADERS, rest > 0 ? flags : flags | END_HEADERS, stream);
        int at = begun + FrameScanner.HEADER_LENGTH + first;
        while (rest > 0) {
            int length = Math.min(rest, frameSize);
            out.reserve(FrameScanner.HEADER_LENGTH);
            System.arraycopy(out.bytes(), at, out.bytes(), at + FrameScanner.HEADER_LENGTH, rest);
            rest -= length;
            put(out.bytes(), at, length, FrameType.CONTINUATION, rest > 0 ? 0 : END_HEADERS, stream);
            at += FrameScanner.HEADER_LENGTH + length;
        }
    }

    private static int begin(HeadWriter out) {
        return out.reserve(FrameScanner.HEADER_LENGTH);
    }

    private static void end(int begun, FrameType type, int flags, int stream, HeadWriter out) {
        put(out.bytes(), begun, out.length() - begun - FrameScanner.HEADER_LENGTH, type, flags, stream);
    }

    private static void header(int length, FrameType type, int flags, int stream, HeadWriter out) {
        int at = begin(out);
        put(out.bytes(), at, length, type, flags, stream);
    }

    private static void put(byte[] bytes, int at, int length, FrameType type, int flags, int stream) {
        bytes[at] = (byte) (length >> 16);
        bytes[at + 1] = (byte) (length >> 8);
        bytes[at + 2] = (byte) length;
        bytes[at + 3] = (byte) type.number();
        bytes[at + 4] = (byte) flags;
        bytes[at + 5] = (byte) (stream >> 24);
        bytes[at + 6] = (byte) (stream >> 16);
        bytes[at + 7] = (byte) (stream >> 8);
        bytes[at + 8] = (byte) stream;
    }

    private static void int32(int number, HeadWriter out) {
        out.octet(number >> 24).octet(number >> 16).octet(number >> 8).octet(number);
    }
}
