package dev.turnout.tls;

/** Why a caller and a server do not come to speak TLS with each other. */
public enum TlsFault {
    /** No authority that the caller believes has issued the server's certificate. */
    UNKNOWN_AUTHORITY,
    /** The server's certificate is none of the known ones. */
    OTHER_CERTIFICATE,
    /** The server's certificate is for other names. */
    WRONG_NAME,
    /** The server's certificate has expired. */
    EXPIRED,
    /** The server's certificate is not valid yet. */
    NOT_YET_VALID,
    /** The server does not speak TLS. */
    NOT_TLS,
    /** The server does not take the caller's certificate, or misses one. Nothing was done. */
    CALLER_REFUSED,
    /** The server refuses the handshake for another reason. */
    REFUSED,
    /** The server takes too long. */
    TOO_SLOW,
    /** The server closes the connection in the handshake. */
    CLOSED,
    /** Something else; the failure says what. */
    OTHER
}
