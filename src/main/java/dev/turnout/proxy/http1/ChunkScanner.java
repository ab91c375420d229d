package dev.turnout.proxy.http1;

import java.util.Arrays;

/**
 * Finds the end of a chunked body (RFC 9112, section 7.1) from its framing octets alone; the data in between is skipped
 * by its length.
 *
 * <p>While {@link #dataRemaining()} is zero and the body is not {@link #isDone() done}, the next octet belongs to the
 * framing and goes to {@link #accept}; otherwise that many octets are data and {@link #skipData} is told of them. Not
 * safe for use by more than one thread.
 */
public final class ChunkScanner {

    /** What no trailer may hold: fields that say how to frame or route (RFC 9110, section 6.5.1). */
    public static final FieldNames NO_FRAMING = FieldNames.of(Arrays.stream(FieldName.values())
            .filter(FieldName::isFraming)
            .map(FieldName::toString)
            .toList());

    private static final int MOST_SIZE_DIGITS = 15;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_LF,
        LINE_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        DONE,
        BROKEN
    }

    private final ChunkExtension extension = new ChunkExtension();
    private final int trailerLimit;
    private final FieldNames forbidden;
    private State state = State.SIZE;
    private long size;
    private int digits;
    private int trailerBytes;
    private byte[] trailerName = new byte[0];
    private int trailerNameLength;

    /**
     * @param trailerLimit the most bytes of trailer fields that are taken
     * @param forbidden the names of fields that must not stand in the trailer
     */
    public ChunkScanner(int trailerLimit, FieldNames forbidden) {
        this.trailerLimit = trailerLimit;
        this.forbidden = forbidden;
    }

    /**
     * Takes the next framing octet.
     *
     * @return whether the body is still legal; after a false one it stays broken
     */
    public boolean accept(byte b) {
        state = switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> b == '\n' ? afterSize() : State.BROKEN;
            case DATA -> b == '\r' ? State.DATA_LF : State.BROKEN;
            case DATA_LF -> b == '\n' ? State.SIZE : State.BROKEN;
            case LINE_START -> lineStart(b);
            case TRAILER_NAME -> trailerName(b);
            case TRAILER_VALUE -> trailerValue(b);
            case TRAILER_LF -> b == '\n' ? State.LINE_START : State.BROKEN;
            case LAST_LF -> b == '\n' ? State.DONE : State.BROKEN;
            case DONE, BROKEN -> State.BROKEN;
        };
        return state != State.BROKEN;
    }

    private State size(byte b) {
        int digit = Octets.hex(b);
        if (digit >= 0) {
            size = size << 4 | digit;
            return ++digits <= MOST_SIZE_DIGITS ? State.SIZE : State.BROKEN;
        }
        if (digits == 0) {
            return State.BROKEN;
        }
        if (b == ';') {
            extension.begin();
            return State.EXTENSION;
        }
        return b == '\r' ? State.SIZE_LF : State.BROKEN;
    }

    private State extension(byte b) {
        if (b == '\r') {
            return extension.isWhole() ? State.SIZE_LF : State.BROKEN;
        }
        return extension.accept(b) ? State.EXTENSION : State.BROKEN;
    }

    private State afterSize() {
        digits = 0;
        return size == 0 ? State.LINE_START : State.DATA;
    }

    /** Returns true if there is a trailer field. */
    public boolean hasTrailer() {
        return trailerBytes > 0;
    }

    private State lineStart(byte b) {
        if (b == '\r') {
            return State.LAST_LF;
        }
        trailerNameLength = 0;
        return trailerName(b);
    }

    private State trailerName(byte b) {
        if (++trailerBytes > trailerLimit) {
            return State.BROKEN;
        }
        if (b == ':') {
            return trailerNameLength > 0 && !isForbidden() ? State.TRAILER_VALUE : State.BROKEN;
        }
        if (!Octets.isToken(b)) {
            return State.BROKEN;
        }
        if (trailerNameLength < forbidden.longest()) {
            if (trailerName.length == 0) {
                trailerName = new byte[forbidden.longest()];
            }
            trailerName[trailerNameLength] = b;
        }
        trailerNameLength++;
        return State.TRAILER_NAME;
    }

    private boolean isForbidden() {
        return trailerNameLength <= forbidden.longest() && forbidden.contains(trailerName, 0, trailerNameLength);
    }

    private State trailerValue(byte b) {
        if (b == '\r') {
            return State.TRAILER_LF;
        }
        return Octets.isText(b) && ++trailerBytes <= trailerLimit ? State.TRAILER_VALUE : State.BROKEN;
    }

    /** Returns true if a chunk has begun and has not ended, so that more of it is to come. */
    public boolean isWithinChunk() {
        return switch (state) {
            case SIZE -> digits > 0;
            case LINE_START, DONE -> false;
            default -> true;
        };
    }

    /** Returns true if the next octet belongs to the trailer, or to the empty line behind it. */
    public boolean isAtTrailer() {
        return switch (state) {
            case LINE_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, LAST_LF -> true;
            default -> false;
        };
    }

    /** Returns how many of the next octets are data. */
    public long dataRemaining() {
        return state == State.DATA ? size : 0;
    }

    /**
     * Tells of data octets that were passed by.
     *
     * @param count at most {@link #dataRemaining()}
     */
    public void skipData(long count) {
        size -= count;
    }

    /** Returns true if the last octet of the body has been taken. */
    public boolean isDone() {
        return state == State.DONE;
    }
}
