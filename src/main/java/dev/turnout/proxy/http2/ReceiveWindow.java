package dev.turnout.proxy.http2;

/**
 * How much data a peer may send, on a stream or on a connection (RFC 9113, section 6.9). What has gone on its way is
 * announced again once it is worth a frame; where memory is short, it is not asked for. Not safe for use by more than
 * one thread.
 */
public final class ReceiveWindow {

    private final int size;
    private int left;
    private int consumed;

    /**
     * @param size the window to be kept up, in bytes
     * @param announced the window that the peer knows of
     */
    public ReceiveWindow(int size, int announced) {
        this.size = size;
        this.left = announced;
        this.consumed = Math.max(0, size - announced);
    }

    /** Takes data, padding included. Returns false if it is more than the peer may send. */
    public boolean receive(int count) {
        left -= count;
        return left >= 0;
    }

    /** Tells of bytes that are no longer kept here. */
    public void consume(int count) {
        consumed += count;
    }

    /** Returns what a WINDOW_UPDATE is to add now; 0 if it is not worth a frame. The caller sends it. */
    public int update() {
        if (consumed < (size + 1) / 2) {
            return 0;
        }
        int update = consumed;
        consumed = 0;
        left += update;
        return update;
    }

    /**
     * Opens the window as wide as it goes: nothing of what comes is kept from now on. Returns what a WINDOW_UPDATE is to
     * add.
     */
    public int openWide() {
        int update = Integer.MAX_VALUE - Math.max(0, left);
        left = Integer.MAX_VALUE;
        consumed = 0;
        return update;
    }

    /** Returns how many bytes the peer has sent that are kept here. */
    public int kept() {
        return size - left - consumed;
    }
}
