package dev.turnout.proxy.exchange;

/** Who has to move next in an exchange. The clock of the exchange is the clock of this party. */
enum Turn {
    /** The target has to accept a connection. */
    TARGET_ACCEPTS(false),
    /** The client has to send more of its request. */
    CLIENT_SENDS(true),
    /** The target has to take what was sent to it. */
    TARGET_TAKES(false),
    /** The target has the whole request and has to answer. */
    TARGET_ANSWERS(false),
    /** The target has to send more of its response. */
    TARGET_SENDS(false),
    /** The client has to take what was sent to it. */
    CLIENT_TAKES(true),
    /** Nobody: both directions of a tunnel may be silent. */
    NOBODY(false);

    /** A client's turn that lasts so long may be why a target closes its connection. Milliseconds. */
    static final long STALL_MILLIS = 1000;

    /** A client that moves less in each millisecond of its turns may be why, too. Bytes. */
    private static final long SLOW = 64;

    private final boolean client;

    Turn(boolean client) {
        this.client = client;
    }

    /** Returns true if the client has to move next. */
    boolean isClients() {
        return client;
    }

    /**
     * Returns true if a client holds up a message so that its target may give it up: by one long turn, or by many short
     * ones in which little comes to pass.
     *
     * @param millis how long its turn has lasted
     * @param allMillis how long all its turns of this message have lasted
     * @param bytes how many bytes of this message have passed
     */
    static boolean isStall(long millis, long allMillis, long bytes) {
        return millis >= STALL_MILLIS || allMillis >= STALL_MILLIS && bytes < allMillis * SLOW;
    }

    /**
     * Returns the turn while a target has a connection and no response head has been passed on.
     *
     * @param requestWhole whether all of the request has come from the client
     * @param targetTakes whether the target takes more
     */
    static Turn beforeResponse(boolean requestWhole, boolean targetTakes) {
        if (requestWhole) {
            return TARGET_ANSWERS;
        }
        return targetTakes ? CLIENT_SENDS : TARGET_TAKES;
    }

    /**
     * Returns the turn while a response that is not whole is passed on.
     *
     * <p>A target that still waits for the request's body owes nothing: it may need the body to go on.
     *
     * @param uploading whether the rest of the request is still wanted and has not come
     * @param targetTakes whether the target takes more
     * @param clientTakes whether the client takes more
     */
    static Turn duringResponse(boolean uploading, boolean targetTakes, boolean clientTakes) {
        if (!clientTakes) {
            return CLIENT_TAKES;
        }
        if (!uploading) {
            return TARGET_SENDS;
        }
        return targetTakes ? CLIENT_SENDS : TARGET_TAKES;
    }

    /** Returns the turn in a tunnel: only a party that does not take what it was sent has to move. */
    static Turn inTunnel(boolean targetTakes, boolean clientTakes) {
        if (!clientTakes) {
            return CLIENT_TAKES;
        }
        return targetTakes ? NOBODY : TARGET_TAKES;
    }
}
