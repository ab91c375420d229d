package dev.turnout.proxy.http2;

/**
 * What a peer has done that RFC 9113 or RFC 7541 forbids, or that costs more than a peer may cost.
 *
 * <p>The cause is for logs and metrics. The explanation goes into the debug data of a GOAWAY.
 */
public enum Violation {
    BAD_PREFACE(ErrorCode.PROTOCOL_ERROR, true, "bad-preface", "The connection does not begin with its preface."),
    SETTINGS_NOT_FIRST(ErrorCode.PROTOCOL_ERROR, true, "settings-not-first", "The first frame is not SETTINGS."),
    FRAME_TOO_LONG(ErrorCode.FRAME_SIZE_ERROR, true, "frame-too-long", "A frame is longer than announced."),
    BAD_FRAME_LENGTH(ErrorCode.FRAME_SIZE_ERROR, true, "bad-frame-length", "A frame has not the length of its type."),
    BAD_PRIORITY_LENGTH(ErrorCode.FRAME_SIZE_ERROR, false, "bad-priority-length", "A PRIORITY has not 5 octets."),
    MISSING_STREAM(ErrorCode.PROTOCOL_ERROR, true, "missing-stream", "A frame of a stream names stream 0."),
    UNWANTED_STREAM(ErrorCode.PROTOCOL_ERROR, true, "unwanted-stream", "A frame of the connection names a stream."),
    BROKEN_BLOCK(ErrorCode.PROTOCOL_ERROR, true, "broken-block", "A header block is not continued by CONTINUATION."),
    STRAY_CONTINUATION(ErrorCode.PROTOCOL_ERROR, true, "stray-continuation", "A CONTINUATION continues nothing."),
    TOO_MUCH_PADDING(ErrorCode.PROTOCOL_ERROR, true, "too-much-padding", "The padding is longer than the frame."),
    PUSHED(ErrorCode.PROTOCOL_ERROR, true, "pushed", "PUSH_PROMISE is not taken here."),
    DEPENDS_ON_ITSELF(ErrorCode.PROTOCOL_ERROR, false, "depends-on-itself", "A stream depends on itself."),
    BAD_SETTING(ErrorCode.PROTOCOL_ERROR, true, "bad-setting", "A setting has a value that it cannot have."),
    BAD_WINDOW_SETTING(ErrorCode.FLOW_CONTROL_ERROR, true, "bad-window-setting", "The initial window is too large."),
    UNASKED_ACKNOWLEDGEMENT(
            ErrorCode.PROTOCOL_ERROR, true, "unasked-acknowledgement", "SETTINGS are acknowledged that nobody sent."),
    EMPTY_UPDATE(ErrorCode.PROTOCOL_ERROR, true, "empty-update", "A WINDOW_UPDATE of the connection adds nothing."),
    EMPTY_STREAM_UPDATE(
            ErrorCode.PROTOCOL_ERROR, false, "empty-stream-update", "A WINDOW_UPDATE of a stream adds nothing."),
    WINDOW_OVERFLOW(ErrorCode.FLOW_CONTROL_ERROR, true, "window-overflow", "The connection's window is over 2^31-1."),
    STREAM_WINDOW_OVERFLOW(
            ErrorCode.FLOW_CONTROL_ERROR, false, "stream-window-overflow", "A stream's window is over 2^31-1."),
    WINDOW_EXCEEDED(
            ErrorCode.FLOW_CONTROL_ERROR, true, "window-exceeded", "There is more data than the connection's window."),
    STREAM_WINDOW_EXCEEDED(
            ErrorCode.FLOW_CONTROL_ERROR,
            false,
            "stream-window-exceeded",
            "There is more data than a stream's window."),
    BAD_STREAM_ID(
            ErrorCode.PROTOCOL_ERROR, true, "bad-stream-id", "A stream has an identifier that is not its peer's."),
    STREAM_ID_REUSED(ErrorCode.PROTOCOL_ERROR, true, "stream-id-reused", "A new stream has no new identifier."),
    IDLE_STREAM(ErrorCode.PROTOCOL_ERROR, true, "idle-stream", "A frame belongs to a stream that nobody has opened."),
    STREAM_ENDED(ErrorCode.STREAM_CLOSED, false, "stream-ended", "A frame comes behind the end of its stream."),
    STREAM_GONE(ErrorCode.STREAM_CLOSED, true, "stream-gone", "A frame belongs to a stream that has ended."),
    TOO_MANY_STREAMS(ErrorCode.REFUSED_STREAM, false, "too-many-streams", "More streams are open than announced."),
    BAD_COMPRESSION(ErrorCode.COMPRESSION_ERROR, true, "bad-compression", "A header block cannot be decoded."),
    BLOCK_TOO_LARGE(ErrorCode.ENHANCE_YOUR_CALM, true, "block-too-large", "A header block is far over the limit."),
    TOO_MANY_CONTINUATIONS(
            ErrorCode.ENHANCE_YOUR_CALM, true, "too-many-continuations", "A header block is in too many frames."),
    FLOOD(ErrorCode.ENHANCE_YOUR_CALM, true, "flood", "There are too many frames that do nothing."),
    MALFORMED(ErrorCode.PROTOCOL_ERROR, false, "malformed", "A message breaks a rule of RFC 9113, section 8."),
    WRONG_LENGTH(ErrorCode.PROTOCOL_ERROR, false, "wrong-length", "The data is not as long as Content-Length says.");

    private final ErrorCode code;
    private final boolean endsConnection;
    private final String cause;
    private final String explanation;

    Violation(ErrorCode code, boolean endsConnection, String cause, String explanation) {
        this.code = code;
        this.endsConnection = endsConnection;
        this.cause = cause;
        this.explanation = explanation;
    }

    /** Returns the code that the peer is told. */
    public ErrorCode code() {
        return code;
    }

    /** Returns true if the connection ends with it, and not only the stream. */
    public boolean endsConnection() {
        return endsConnection;
    }

    /** One word for logs and metrics. */
    public String cause() {
        return cause;
    }

    /** One sentence for a person. */
    public String explanation() {
        return explanation;
    }
}
