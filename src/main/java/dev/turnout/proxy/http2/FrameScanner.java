package dev.turnout.proxy.http2;

import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one connection strictly (RFC 9113, sections 4 and 6): first the 9 octets of a frame's header, then
 * its payload. The facts hold until the next header.
 *
 * <p>The payload of DATA is not looked at, and need not be whole: {@link #dataRemaining()} and
 * {@link #paddingRemaining()} say what comes next. Every other payload has to be whole, and is at most as long as a
 * frame may be. A frame whose header is against the rules of its stream alone is passed by, with its payload. Not safe
 * for use by more than one thread.
 */
public final class FrameScanner {

    public static final int HEADER_LENGTH = 9;

    /** The largest frame that every peer takes, and the largest that is taken here. */
    public static final int LARGEST_PAYLOAD = 16384;

    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;

    private static final int PRIORITY_LENGTH = 5;
    private static final int NO_PADDING_YET = -1;

    private final int mostContinuations;
    private final long mostBlockBytes;
    private boolean begun;
    private FrameType type = FrameType.UNKNOWN;
    private int length;
    private int flags;
    private int stream;
    private int blockStream;
    private boolean blockEndsStream;
    private int continuations;
    private long blockBytes;
    private int dataRemaining;
    private int paddingRemaining;
    private int fragmentStart;
    private int fragmentEnd;
    private int number;
    private int lastStream;
    private long opaque;

    /**
     * @param mostContinuations how many CONTINUATIONs a header block may have
     * @param mostBlockBytes how many bytes a header block may have, compressed
     */
    public FrameScanner(int mostContinuations, long mostBlockBytes) {
        this.mostContinuations = mostContinuations;
        this.mostBlockBytes = mostBlockBytes;
    }

    /**
     * Reads a frame's header.
     *
     * @param eight its first 8 octets, the first one uppermost
     * @param ninth its last octet
     * @return what is wrong with it; null if nothing is
     */
    public @Nullable Violation header(long eight, byte ninth) {
        length = (int) (eight >>> 40);
        type = FrameType.of((int) (eight >>> 32) & 0xff);
        flags = (int) (eight >>> 24) & 0xff;
        stream = ((int) (eight & 0xffffff) << 8 | ninth & 0xff) & Integer.MAX_VALUE;
        dataRemaining = 0;
        paddingRemaining = 0;
        if (length > LARGEST_PAYLOAD) {
            return Violation.FRAME_TOO_LONG;
        }
        if (!begun && (type != FrameType.SETTINGS || isAcknowledgement())) {
            return Violation.SETTINGS_NOT_FIRST;
        }
        begun = true;
        if (blockStream != 0 && (type != FrameType.CONTINUATION || stream != blockStream)) {
            return Violation.BROKEN_BLOCK;
        }
        if (stream == 0 ? !type.isOfConnection() : !type.isOfStream()) {
            return stream == 0 ? Violation.MISSING_STREAM : Violation.UNWANTED_STREAM;
        }
        return ofType();
    }

    private @Nullable Violation ofType() {
        return switch (type) {
            case DATA -> data();
            case HEADERS -> headers();
            case PRIORITY -> length == PRIORITY_LENGTH ? null : Violation.BAD_PRIORITY_LENGTH;
            case RST_STREAM, WINDOW_UPDATE -> exactly(4);
            case SETTINGS -> isAcknowledgement() ? exactly(0) : exactly(length / 6 * 6);
            case PUSH_PROMISE -> Violation.PUSHED;
            case PING -> exactly(8);
            case GOAWAY -> exactly(Math.max(8, length));
            case CONTINUATION -> continuation();
            case UNKNOWN -> null;
        };
    }

    private @Nullable Violation exactly(int wanted) {
        return length == wanted ? null : Violation.BAD_FRAME_LENGTH;
    }

    private @Nullable Violation data() {
        if (!isPadded()) {
            dataRemaining = length;
            return null;
        }
        paddingRemaining = NO_PADDING_YET;
        return length > 0 ? null : Violation.BAD_FRAME_LENGTH;
    }

    private @Nullable Violation headers() {
        int least = (isPadded() ? 1 : 0) + (hasPriority() ? PRIORITY_LENGTH : 0);
        if (length < least) {
            return Violation.BAD_FRAME_LENGTH;
        }
        continuations = 0;
        blockBytes = length;
        blockEndsStream = (flags & END_STREAM) != 0;
        blockStream = isEndOfBlock() ? 0 : stream;
        return blockBytes > mostBlockBytes ? Violation.BLOCK_TOO_LARGE : null;
    }

    private @Nullable Violation continuation() {
        if (blockStream == 0) {
            return Violation.STRAY_CONTINUATION;
        }
        blockBytes += length;
        if (++continuations > mostContinuations) {
            return Violation.TOO_MANY_CONTINUATIONS;
        }
        blockStream = isEndOfBlock() ? 0 : stream;
        return blockBytes > mostBlockBytes ? Violation.BLOCK_TOO_LARGE : null;
    }

    /**
     * Reads the payload of any frame but DATA. It is {@link #length()} octets long.
     *
     * @return what is wrong with it; null if nothing is
     */
    public @Nullable Violation payload(byte[] bytes, int from) {
        return switch (type) {
            case HEADERS -> fragment(bytes, from);
            case PRIORITY -> dependsOn(bytes, from);
            case RST_STREAM -> {
                number = int32(bytes, from);
                yield null;
            }
            case PING -> {
                opaque = (long) int32(bytes, from) << 32 | int32(bytes, from + 4) & 0xffffffffL;
                yield null;
            }
            case GOAWAY -> {
                lastStream = int32(bytes, from) & Integer.MAX_VALUE;
                number = int32(bytes, from + 4);
                yield null;
            }
            case WINDOW_UPDATE -> increment(bytes, from);
            case CONTINUATION -> {
                fragmentStart = from;
                fragmentEnd = from + length;
                yield null;
            }
            case DATA, SETTINGS, PUSH_PROMISE, UNKNOWN -> null;
        };
    }

    /** A stream that depends on itself is still read: the compression goes on behind its block. */
    private @Nullable Violation fragment(byte[] bytes, int from) {
        fragmentStart = from;
        fragmentEnd = from + length;
        if (isPadded()) {
            fragmentStart++;
            fragmentEnd -= bytes[from] & 0xff;
        }
        int priority = fragmentStart;
        if (hasPriority()) {
            fragmentStart += PRIORITY_LENGTH;
        }
        if (fragmentEnd < fragmentStart) {
            return Violation.TOO_MUCH_PADDING;
        }
        return hasPriority() ? dependsOn(bytes, priority) : null;
    }

    private @Nullable Violation dependsOn(byte[] bytes, int from) {
        return (int32(bytes, from) & Integer.MAX_VALUE) == stream ? Violation.DEPENDS_ON_ITSELF : null;
    }

    private @Nullable Violation increment(byte[] bytes, int from) {
        number = int32(bytes, from) & Integer.MAX_VALUE;
        if (number > 0) {
            return null;
        }
        return stream == 0 ? Violation.EMPTY_UPDATE : Violation.EMPTY_STREAM_UPDATE;
    }

    static int int32(byte[] bytes, int from) {
        return (bytes[from] & 0xff) << 24
                | (bytes[from + 1] & 0xff) << 16
                | (bytes[from + 2] & 0xff) << 8
                | bytes[from + 3] & 0xff;
    }

    // --- Facts of every frame --------------------------------------------------------------------------------------

    public FrameType type() {
        return type;
    }

    /** Returns how long the payload is. Of DATA all of it counts for flow control. */
    public int length() {
        return length;
    }

    /** Returns the stream; 0 for the connection. */
    public int stream() {
        return stream;
    }

    /** Returns true if the peer sends no more on the stream of this DATA, or of this header block. */
    public boolean endsStream() {
        return type == FrameType.DATA ? (flags & END_STREAM) != 0 : blockEndsStream;
    }

    /** Returns true if the header block is whole with this frame. */
    public boolean isEndOfBlock() {
        return (flags & END_HEADERS) != 0;
    }

    /** Returns true if this SETTINGS or PING answers one. */
    public boolean isAcknowledgement() {
        return (flags & ACK) != 0;
    }

    private boolean isPadded() {
        return (flags & PADDED) != 0;
    }

    private boolean hasPriority() {
        return (flags & PRIORITY) != 0;
    }

    // --- DATA ------------------------------------------------------------------------------------------------------

    /** Returns true if the next octet says how much padding there is, and goes to {@link #padding}. */
    public boolean wantsPadding() {
        return paddingRemaining == NO_PADDING_YET;
    }

    /** Takes the octet that says how much padding there is. */
    public @Nullable Violation padding(byte octet) {
        paddingRemaining = octet & 0xff;
        dataRemaining = length - 1 - paddingRemaining;
        return dataRemaining < 0 ? Violation.TOO_MUCH_PADDING : null;
    }

    /** Returns how many of the next octets are data. */
    public int dataRemaining() {
        return dataRemaining;
    }

    /** Tells of data that was passed by, at most {@link #dataRemaining()} octets. */
    public void skipData(int count) {
        dataRemaining -= count;
    }

    /** Returns how many octets of padding come behind the data. */
    public int paddingRemaining() {
        return paddingRemaining;
    }

    /** Tells of padding that was passed by, at most {@link #paddingRemaining()} octets. */
    public void skipPadding(int count) {
        paddingRemaining -= count;
    }

    // --- Payloads --------------------------------------------------------------------------------------------------

    /** Returns where the part of the header block begins that is in this frame. */
    public int fragmentStart() {
        return fragmentStart;
    }

    public int fragmentEnd() {
        return fragmentEnd;
    }

    /** Returns the error code of RST_STREAM and GOAWAY. */
    public ErrorCode errorCode() {
        return ErrorCode.of(number);
    }

    /** Returns what WINDOW_UPDATE adds. */
    public int increment() {
        return number;
    }

    /** Returns the last stream that the sender of GOAWAY takes care of. */
    public int lastStream() {
        return lastStream;
    }

    /** Returns the 8 octets of PING. */
    public long opaque() {
        return opaque;
    }
}
