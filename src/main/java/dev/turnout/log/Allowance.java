package dev.turnout.log;

import java.time.Duration;
import java.time.Instant;

/** How much may be written of one thing in a period. What is over is counted. One thread at a time. */
public final class Allowance {

    private final int most;
    private final Duration period;
    private Instant start = Instant.MIN;
    private int taken;
    private long skipped;

    /** @param most how much may be written in each period */
    public Allowance(int most, Duration period) {
        this.most = most;
        this.period = period;
    }

    /** Returns true if one more may be written now; else one more is counted as skipped. */
    public boolean take(Instant now) {
        if (isOver(now)) {
            start = now;
            taken = 0;
        }
        if (taken < most) {
            taken++;
            return true;
        }
        skip();
        return false;
    }

    /** Returns true if one more may be written now. Counts nothing. */
    public boolean hasRoom(Instant now) {
        return isOver(now) || taken < most;
    }

    /** Counts one more as skipped. */
    public void skip() {
        skipped++;
    }

    /** Returns true if the period is over. One that begins later than now was begun by a clock that was ahead. */
    public boolean isOver(Instant now) {
        return start.equals(Instant.MIN) || now.isBefore(start) || !now.isBefore(start.plus(period));
    }

    /** Returns how much was skipped since the last call. */
    public long takeSkipped() {
        long count = skipped;
        skipped = 0;
        return count;
    }
}
