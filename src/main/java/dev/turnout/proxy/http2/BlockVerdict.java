package dev.turnout.proxy.http2;

/** What has become of a header block. */
public enum BlockVerdict {
    WHOLE,
    /** It breaks RFC 9113, section 8: its stream is reset. */
    MALFORMED,
    /** It is over the limit: a request is answered with 431. */
    TOO_LARGE,
    /** It is a CONNECT, but not for a protocol that is known here: it is answered with 501. */
    UNSUPPORTED,
    /** It breaks RFC 7541: the connection ends. */
    BROKEN,
    /** A few octets of it cost so much that the connection ends. */
    TOO_COSTLY
}
