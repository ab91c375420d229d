package dev.turnout.proxy.connection;

import dev.turnout.proxy.http2.PeerSettings;
import dev.turnout.proxy.http2.ReceiveWindow;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.loop.LoopContext;

/**
 * How much data of all streams of a client's connection goes either way, and how much waits. While memory is short the
 * client is let send no more. Event loop only.
 */
final class Http2FlowControl {

    /** Together streams may have so much data waiting; beyond, each has to have sent all of its own first. */
    private static final int MOST_QUEUED = 1024 * 1024;

    private final LoopContext loop;
    private final Http2Output output;
    private final SendWindow sends;
    private final ReceiveWindow receives;
    private int queued;
    private int leftOvers;
    private boolean over;

    /**
     * @param sends how much data the client takes
     * @param window how much data the client may have on its way
     */
    Http2FlowControl(LoopContext loop, Http2Output output, SendWindow sends, int window) {
        this.loop = loop;
        this.output = output;
        this.sends = sends;
        this.receives = new ReceiveWindow(window, PeerSettings.DEFAULT_WINDOW);
    }

    // --- What the client sends -------------------------------------------------------------------------------------

    /** Takes the bytes of a DATA frame. Returns false if they are more than the connection's window. */
    boolean receive(int count) {
        return receives.receive(count);
    }

    /** Counts bytes of the client that are no longer kept here. */
    void consume(int count) {
        receives.consume(count);
    }

    /** Lets the client send more on all streams together, see {@link #update(int, ReceiveWindow)}. */
    void update() {
        update(0, receives);
    }

    /** Lets the client send more, if that is worth a frame and there is memory for it. */
    void update(int stream, ReceiveWindow window) {
        int increment = over || loop.isTight() ? 0 : window.update();
        if (increment > 0) {
            output.windowUpdate(stream, increment);
        }
    }

    /** Lets the client send all the rest of a stream, which nobody wants. */
    void openWide(int stream, ReceiveWindow window) {
        if (!over) {
            output.windowUpdate(stream, window.openWide());
        }
    }

    // --- What the client takes -------------------------------------------------------------------------------------

    /** Takes a WINDOW_UPDATE of the connection. Returns false if the window is too large then. */
    boolean grow(int increment) {
        return sends.change(increment);
    }

    /** Counts data that waits, or waits no more. */
    void queued(int more) {
        queued += more;
    }

    /** Returns how many bytes the client has yet to take. */
    int queued() {
        return queued;
    }

    boolean isQueueFull() {
        return queued > MOST_QUEUED;
    }

    /** Counts a stream whose exchange is over and whose client has yet to take the response, or that is none any more. */
    void leftOver(int more) {
        leftOvers += more;
    }

    /** Returns true if there is such a stream. */
    boolean hasLeftOvers() {
        return leftOvers > 0;
    }

    /** Lets the client send no more: the connection ends. */
    void end() {
        over = true;
    }
}
