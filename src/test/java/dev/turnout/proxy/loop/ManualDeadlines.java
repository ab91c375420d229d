package dev.turnout.proxy.loop;

/** Deadlines whose time a test moves. */
public final class ManualDeadlines {

    /** A deadline fires up to two ticks late. Milliseconds. */
    public static final long LATE_MILLIS = 2 * Deadlines.TICK_MILLIS;

    private final Deadlines deadlines = new Deadlines(this::millis);
    private long millis;

    public Deadlines deadlines() {
        return deadlines;
    }

    /** Moves the time, and times out what is due. */
    public void pass(long time) {
        millis += time;
        deadlines.turn();
    }

    /** Returns the time. Milliseconds. */
    public long millis() {
        return millis;
    }
}
