package dev.turnout.proxy.http2;

/** How much data a peer takes now, on a stream or on a connection (RFC 9113, section 6.9). Not safe for use by more than one thread. */
public final class SendWindow {

    private int available;

    /** @param initial in bytes */
    public SendWindow(int initial) {
        this.available = initial;
    }

    /** Returns how many bytes may be sent. Less than zero once the peer has made its initial window smaller. */
    public int available() {
        return available;
    }

    /** Tells of bytes that are sent, at most as many as are available. */
    public void spend(int count) {
        available -= count;
    }

    /**
     * Takes a WINDOW_UPDATE, or a change of the initial window.
     *
     * @return false if the window would be over 2^31-1
     */
    public boolean change(int difference) {
        long next = (long) available + difference;
        if (next > Integer.MAX_VALUE) {
            return false;
        }
        available = (int) next;
        return true;
    }
}
