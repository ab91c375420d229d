package dev.turnout.proxy.loop;

/** Whether the data plane is stopping. Any thread. */
public final class Stopping {

    private volatile boolean begun;

    public void begin() {
        begun = true;
    }

    /** Returns true if connections are to end with the response that they are at. */
    boolean hasBegun() {
        return begun;
    }
}
