package dev.turnout.tls;

import dev.turnout.config.Durations;
import java.time.Duration;
import java.time.Instant;

/** When a certificate should have been renewed. After that somebody is told that it ends soon. */
public final class RenewalTime {

    /** A certificate of months should be renewed so long before its end. */
    private static final Duration SOON = Duration.ofDays(14);

    /** A certificate of days should be renewed before the last part of its life. */
    private static final int LAST_PART = 4;

    private RenewalTime() {}

    /** Returns when a certificate of this validity should have been renewed. */
    public static Instant of(Instant notBefore, Instant notAfter) {
        Duration part = Duration.between(notBefore, notAfter).dividedBy(LAST_PART);
        return notAfter.minus(Durations.shorter(part, SOON));
    }
}
