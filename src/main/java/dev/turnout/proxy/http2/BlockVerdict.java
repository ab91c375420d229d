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
    /** It is so far over the limit that the connection ends. */
    FAR_TOO_LARGE
}
