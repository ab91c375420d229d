package dev.turnout.routing;

/** What has been ended so far at targets that are to go, each at its place in the spread. Safe for use by any thread. */
public interface Retired {

    /** Nothing was ended. */
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

    /** Returns how many responses and polls without an end of their own were ended; WebSockets are not among them. */
    long streamsEnded();

    /** Returns what could only be cut: the reader of such a response can tell that it is not whole. */
    CutRequests cut();
}
