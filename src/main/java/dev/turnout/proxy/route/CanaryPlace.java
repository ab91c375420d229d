package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.SlotCookie;

/** The place of a client among all clients of a canary. Event loop only. */
interface CanaryPlace {

    /** Returns the client's place, 0 to 99. A client without a place gets one now. */
    int place(SlotCookie cookie);
}
