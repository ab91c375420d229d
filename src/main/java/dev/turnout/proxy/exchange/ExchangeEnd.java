package dev.turnout.proxy.exchange;

/** How an exchange that has claimed a target ends, or how its claim of that target does. */
enum ExchangeEnd {
    /** The whole response has been passed on. */
    COMPLETE,
    /** The client has closed its connection. */
    CLIENT_GONE,
    /** The request is broken, or larger than allowed. */
    BAD_REQUEST,
    /** The response is broken. */
    BAD_RESPONSE,
    /** The target has closed its connection before the response was whole. */
    TARGET_CLOSED,
    /** The target has given up a call of gRPC before its response: that is how servers end one whose deadline is over. */
    CALL_CANCELLED,
    /** No connection to the target could be opened, and no other target took the request. */
    CONNECT_FAILED,
    /** No connection to the target could be opened, and another target took the request. */
    REDIRECTED,
    /** The target cannot be sent such a request. */
    NOT_SENDABLE,
    /** Turnout lacks descriptors or memory. */
    NO_RESOURCES,
    /** The party whose turn it was did not move in time. */
    TIMED_OUT,
    /** A drain or a stop has ended the request. */
    CUT
}
