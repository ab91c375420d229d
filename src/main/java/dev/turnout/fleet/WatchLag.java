package dev.turnout.fleet;

import java.time.Duration;

/**
 * Finds a watch that is open and says nothing: reads have seen what it has not told for some time. Any thread.
 */
final class WatchLag {

    /** How long an event may take on its way. */
    private static final long MOST_NANOS = Duration.ofSeconds(2).toNanos();

    private long told;
    private long owed;
    private long owedSinceNanos;

    /** Called when a watch begins behind a revision. A store that was put back has an earlier one than before. */
    synchronized void begun(long revision) {
        told = revision;
    }

    /** Called when a watch has told events up to a revision. */
    synchronized void told(long revision) {
        told = Math.max(told, revision);
    }

    /**
     * Returns true if the watch should have told of what a read has seen.
     *
     * @param written the newest revision at which a key was written
     */
    synchronized boolean isSilent(long written, long nowNanos) {
        if (written <= told) {
            owed = 0;
            return false;
        }
        if (owed <= told) {
            owed = written;
            owedSinceNanos = nowNanos;
        }
        return nowNanos - owedSinceNanos > MOST_NANOS;
    }
}
