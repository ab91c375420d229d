package dev.turnout.routing;

/** The number of requests in flight at some targets. */
public sealed interface InFlight {

    /**
     * A counted number.
     *
     * @param requests claimed and not ended, tunnels included
     * @param tunnels of these requests, the upgraded connections (WebSocket)
     */
    record Known(long requests, long tunnels) implements InFlight {}

    /** An unknown number, and why it is unknown. An unknown number is never taken for zero. */
    record Unknown(String reason) implements InFlight {}
}
