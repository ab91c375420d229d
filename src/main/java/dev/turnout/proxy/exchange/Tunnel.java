package dev.turnout.proxy.exchange;

/** Which sides of a tunnel have ended: once both have, the tunnel is over. Event loop only. */
final class Tunnel {

    private boolean clientEnded;
    private boolean targetEnded;

    /** Notes that the client sends no more. */
    void clientEnded() {
        clientEnded = true;
    }

    /** Notes that the target sends no more. */
    void targetEnded() {
        targetEnded = true;
    }

    boolean hasClientEnded() {
        return clientEnded;
    }

    boolean hasTargetEnded() {
        return targetEnded;
    }

    /** Returns true if a side sends no more. */
    boolean isHalfClosed() {
        return clientEnded || targetEnded;
    }
}
