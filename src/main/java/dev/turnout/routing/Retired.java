package dev.turnout.routing;

/** What a drain has ended so far at its targets, spread over time. Any thread. */
public interface Retired {

    /** The drain that ends nothing. */
    Retired NOTHING = new Retired() {
        @Override
        public long streamsEnded() {
            return 0;
        }

        @Override
        public CutRequests cut() {
            return CutRequests.NONE;
        }
    };

    /** Returns how many responses and polls without an end of their own were ended. WebSockets are not counted. */
    long streamsEnded();

    /** Returns what could only be cut: the reader of such a response can tell that the response is not whole. */
    CutRequests cut();
}
