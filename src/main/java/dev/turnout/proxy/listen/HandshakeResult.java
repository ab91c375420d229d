package dev.turnout.proxy.listen;

import java.util.Locale;

/** How a client's TLS handshake has ended. */
public enum HandshakeResult {
    /** It is done, with a new session. */
    FULL,
    /** It is done, with the session of an earlier connection. */
    RESUMED,
    /** A certificate authority has looked for the answer to its challenge. */
    CHALLENGE,
    /** What came is no TLS. */
    NOT_TLS,
    /** What came is no well-formed ClientHello, or too long a one. */
    BROKEN,
    /** No certificate is for the name that the client asks for. */
    UNKNOWN_NAME,
    /** There is no certificate at all. */
    NO_CERTIFICATE,
    /** The client and Turnout could not agree, or the client has refused the certificate. */
    FAILED,
    /** It took too long. */
    TIMEOUT,
    /** The client has gone in the middle of it. */
    CLOSED,
    /** As many clients are connected as may be, or unfinished handshakes take too much memory. */
    TURNED_AWAY;

    /** Returns true if the handshake was done. */
    public boolean isDone() {
        return this == FULL || this == RESUMED || this == CHALLENGE;
    }

    /** Returns the value of the label {@code result}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
