package dev.turnout.proxy.exchange;

/** How far an {@link Exchange} has come. */
public enum Phase {
    /** Without a target, since the service is paused. */
    WAITING,
    /** Waiting for a connection to the target. */
    CONNECTING,
    /** The head is on its way, nothing of the response has gone to the client. */
    REQUESTING,
    /** The response goes to the client; the request may still be going to the target. */
    RESPONDING,
    /** The client has been asked to close its WebSocket. */
    CLOSING,
    /** Nothing happens any more. */
    ENDED
}
