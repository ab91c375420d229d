package dev.turnout.routing;

/** How much is in flight at some targets. */
public sealed interface InFlight {

    /**
     * Counted.
     *
     * @param requests claimed and not ended, tunnels included
     * @param tunnels those of them that are upgraded connections (WebSocket)
     */
    record Known(long requests, long tunnels) implements InFlight {}

    /** Not to be known, and why: nobody may take it for zero. */
    record Unknown(String reason) implements InFlight {}
}
