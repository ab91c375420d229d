package dev.turnout.proxy.http1;

/**
 * Why bytes are not an HTTP message that Turnout forwards: RFC 9112, read as strictly as it can be.
 *
 * <p>The cause is what {@code X-Turnout} says to the client.
 */
public enum Rejection {
    BAD_METHOD(400, "bad-method", "The method is not a token of RFC 9110, or is CONNECT."),
    BAD_TARGET(400, "bad-target", "The request target is not an absolute path, an http URI or *."),
    BAD_REQUEST_LINE(400, "bad-request-line", "The request line is not METHOD TARGET HTTP/1.1."),
    UNKNOWN_VERSION(505, "unknown-version", "Only HTTP/1.1 and HTTP/1.0 are spoken here."),
    BAD_STATUS_LINE(502, "bad-status-line", "The status line is not HTTP/1.1 CODE REASON."),
    UNASKED_UPGRADE(502, "unasked-upgrade", "The response switches protocols, and nobody has asked for it."),
    NO_UPGRADE(502, "no-upgrade", "The response does not begin the WebSocket that was asked for."),
    UNKNOWN_PROTOCOL(501, "unknown-protocol", "CONNECT is taken for WebSockets alone."),
    BAD_HTTP_2(502, "bad-http2", "The response breaks a rule of RFC 9113."),
    NO_TUNNEL(
            502,
            "no-websocket",
            "The application speaks HTTP/2 and does not allow extended CONNECT (RFC 8441), which a WebSocket needs."),
    BAD_FIELD_NAME(400, "bad-field-name", "A header name is empty or not a token of RFC 9110."),
    SPACE_BEFORE_COLON(400, "space-before-colon", "There is white space between a header name and its colon."),
    OBS_FOLD(400, "obs-fold", "A header line begins with white space."),
    BARE_CR(400, "bare-cr", "A CR stands without its LF."),
    BARE_LF(400, "bare-lf", "An LF stands without its CR."),
    CONTROL_CHARACTER(400, "control-character", "A header value has a control character."),
    MISSING_HOST(400, "missing-host", "An HTTP/1.1 request needs a Host."),
    REPEATED_HOST(400, "repeated-host", "There is more than one Host."),
    BAD_HOST(400, "bad-host", "The Host is not a host with an optional port."),
    BAD_CONTENT_LENGTH(400, "bad-content-length", "The Content-Length is not a decimal number."),
    REPEATED_CONTENT_LENGTH(400, "repeated-content-length", "There is more than one Content-Length."),
    BAD_TRANSFER_ENCODING(400, "bad-transfer-encoding", "The only transfer coding understood is one chunked."),
    TWO_FRAMINGS(400, "two-framings", "There is a Content-Length and a Transfer-Encoding."),
    BAD_CONNECTION(400, "bad-connection", "Connection names more than 32 headers."),
    BAD_CHUNK(400, "bad-chunk", "The chunked body is broken."),
    TARGET_TOO_LONG(414, "target-too-long", "The request line is longer than turnout.limits.head."),
    HEAD_TOO_LARGE(431, "head-too-large", "The head is larger than turnout.limits.head.");

    private final int status;
    private final String cause;
    private final String explanation;

    Rejection(int status, String cause, String explanation) {
        this.status = status;
        this.cause = cause;
        this.explanation = explanation;
    }

    /** Returns the status code that a client gets whose request is rejected so. A target's response ends in 502 always. */
    public int status() {
        return status;
    }

    /** One word for logs and {@code X-Turnout}. */
    public String cause() {
        return cause;
    }

    /** One sentence for a person. */
    public String explanation() {
        return explanation;
    }
}
