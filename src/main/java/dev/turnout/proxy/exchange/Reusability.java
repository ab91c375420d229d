package dev.turnout.proxy.exchange;

/**
 * Whether a target connection may carry another exchange after this one (RFC 9112, section 9.3). A connection that is
 * reused by mistake gives one client the answer to another client's bytes.
 *
 * <p>A connection is reusable only if all of these hold:
 *
 * <ol>
 *   <li>The whole request was written to the target before the first byte of the final response came. A target that
 *       answers earlier may never read the rest, or read it as its next request.
 *   <li>The request has no content, or content of known length and a method whose content servers read. A target that
 *       does not read a body takes the body for its next request.
 *   <li>The response is whole by its own framing, and the target means to keep the connection.
 *   <li>A response without a body announces none. A target that sends a body all the same sends it to the next client.
 *   <li>The target sent nothing behind the response.
 * </ol>
 *
 * <p>To be used on its event loop only.
 */
public final class Reusability {

    private boolean begun;
    private boolean early;
    private boolean headed;
    private boolean whole;
    private boolean spoilt;

    /**
     * Begins anew with a request.
     *
     * @param hasContent whether it has any
     * @param lengthIsKnown whether a Content-Length frames the content
     * @param contentIsRead whether servers read the content of this method
     */
    void requestBegun(boolean hasContent, boolean lengthIsKnown, boolean contentIsRead) {
        begun = false;
        early = false;
        headed = false;
        whole = false;
        spoilt = hasContent && !(lengthIsKnown && contentIsRead);
    }

    /**
     * Notes bytes of a response's head.
     *
     * @param requestWritten whether the system has taken the last byte of the request
     */
    void responseBytes(boolean requestWritten) {
        if (!begun) {
            begun = true;
            early = !requestWritten;
        }
    }

    /** Notes that these bytes were an interim response: the final one has not begun. */
    void interimResponse() {
        begun = false;
        early = false;
    }

    /**
     * Notes the head of the final response.
     *
     * @param persists whether the target means to keep the connection
     * @param bodilessAnnouncesBody whether the response has no body by its status or the request's method, and announces
     *     one
     */
    void responseHead(boolean persists, boolean bodilessAnnouncesBody) {
        headed = true;
        spoilt |= early || !persists || bodilessAnnouncesBody;
    }

    /**
     * Notes that the response is whole.
     *
     * @param byFraming whether its own framing ended it, not the end of the connection or Turnout
     */
    void responseWhole(boolean byFraming) {
        whole = true;
        spoilt |= !headed || !byFraming;
    }

    /** Notes that the connection must not be reused: bytes behind the response, a failed write, a broken message. */
    void spoil() {
        spoilt = true;
    }

    /** Returns true if the final response began before the request was written. */
    boolean isEarly() {
        return early;
    }

    /** Returns true if the connection may carry another exchange. */
    boolean isReusable() {
        return whole && !spoilt;
    }
}
