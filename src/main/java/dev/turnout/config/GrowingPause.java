package dev.turnout.config;

import java.time.Duration;

/** The pause between tries of the same thing: each is twice as long as the one before, up to a bound. One thread. */
public final class GrowingPause {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    public GrowingPause(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** Returns the pause after one more failure. */
    public Duration next() {
        Duration pause = next;
        next = Durations.shorter(pause.multipliedBy(2), longest);
        return pause;
    }

    /** As {@link #next()}; or what the other side asks for, if that is longer. */
    public Duration next(Duration asked) {
        return Durations.longer(asked, next());
    }

    /** Called after a success: the next pause is short again. */
    public void reset() {
        next = first;
    }
}
