package dev.turnout.fleet.etcd;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The pauses between tries that fail: 100 ms at first, 5 s at most, each between half and the whole. One thread. */
public final class Backoff {

    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private final RandomGenerator random;
    private long most = FIRST_MILLIS;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Returns the pause after one more failure. Milliseconds. */
    public long nextMillis() {
        long pause = most / 2 + random.nextLong(most / 2 + 1);
        most = Math.min(LONGEST_MILLIS, most * 2);
        return pause;
    }

    /** Called after a success: the next pause is short again. */
    public void reset() {
        most = FIRST_MILLIS;
    }

    /** Blocks for the pause after one more failure. */
    public void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(nextMillis());
    }
}
