package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.SlotCookie;
import org.jspecify.annotations.Nullable;

/** The place among the clients of a canary that a request had when it began to wait: its head is gone afterwards. */
public final class WaitingPlace {

    private final SlotCookie cookie;
    private final int place;
    private final byte @Nullable [] line;

    /**
     * @param cookie of the canary
     * @param place 0 to 99
     * @param line the line of the response that gives the client the place; null if the client has it already
     */
    WaitingPlace(SlotCookie cookie, int place, byte @Nullable [] line) {
        this.cookie = cookie;
        this.place = place;
        this.line = line;
    }

    /** Returns true if the place is one of this canary. */
    boolean isOf(SlotCookie other) {
        return cookie.isSameCanary(other);
    }

    int place() {
        return place;
    }

    byte @Nullable [] line() {
        return line;
    }
}
