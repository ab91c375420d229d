package dev.turnout.proxy;

/** Whether the data plane is stopping. Any thread. */
final class Stopping {

    private volatile boolean begun;

    void begin() {
        begun = true;
    }

    /** Returns true if connections are to end with the response that they are at. */
    boolean hasBegun() {
        return begun;
    }
}
