package dev.turnout.proxy.connection;

import dev.turnout.proxy.loop.PlainSocket;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a connection to a peer ends: each tells the peer whether what it has got is whole. Event loop only.
 */
public sealed interface ConnectionEnd permits PlainEnd, TlsEnd {

    /** Tells the peer that no more comes. Called once the system has taken what was written before. */
    void shutdownOutput();

    /** Closes at once. What was written and not taken yet is lost. */
    void close();

    /**
     * Closes at once in the middle of a message.
     *
     * @param reset whether a plain end of the connection would pass for the end of the message
     */
    void abort(boolean reset);

    /** Returns true if an event of the pipeline says that the peer sends no more. */
    boolean isInputEnd(Object event);

    /** Returns the socket over which bytes go as they are; null if they don't, or it is not known. */
    @Nullable
    PlainSocket socket();

    /** Returns true if the peer's end has ended the output too, before Turnout did. */
    boolean isOutputLost();
}
