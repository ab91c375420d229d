package dev.turnout.proxy.http2;

import org.jspecify.annotations.Nullable;

/**
 * The states of a stream that nobody has pushed (RFC 9113, section 5.1).
 *
 * <pre>
 *                      IDLE    OPEN                HALF_CLOSED_LOCAL   HALF_CLOSED_REMOTE   CLOSED
 * HEADERS              OPEN    -                   -                   STREAM_ENDED         see {@link StreamIds}
 * DATA                 -       -                   -                   STREAM_ENDED         see {@link StreamIds}
 * peer ends            -       HALF_CLOSED_REMOTE  CLOSED              -                    -
 * ended here           -       HALF_CLOSED_LOCAL   -                   CLOSED               -
 * reset                -       CLOSED              CLOSED              CLOSED               -
 * </pre>
 */
public enum StreamState {
    IDLE,
    OPEN,
    /** Nothing more is sent from here. */
    HALF_CLOSED_LOCAL,
    /** The peer sends nothing more. */
    HALF_CLOSED_REMOTE,
    CLOSED;

    /** Returns what is wrong with a frame that comes for an open stream; null if nothing is. */
    public @Nullable Violation receives(FrameType type) {
        boolean isContent = type == FrameType.DATA || type == FrameType.HEADERS;
        return isContent && isEndedByPeer() ? Violation.STREAM_ENDED : null;
    }

    /** Returns the state once the peer has ended the stream. */
    public StreamState endedByPeer() {
        return this == HALF_CLOSED_LOCAL ? CLOSED : HALF_CLOSED_REMOTE;
    }

    /** Returns the state once the stream has been ended here. */
    public StreamState endedHere() {
        return this == HALF_CLOSED_REMOTE ? CLOSED : HALF_CLOSED_LOCAL;
    }

    /** Returns true if the peer sends nothing more. */
    public boolean isEndedByPeer() {
        return this == HALF_CLOSED_REMOTE || this == CLOSED;
    }

    /** Returns true if nothing more may be sent. */
    public boolean isEndedHere() {
        return this == HALF_CLOSED_LOCAL || this == CLOSED;
    }
}
