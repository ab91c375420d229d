package dev.turnout.proxy.connection;

/**
 * The ways in which a client's connection ends: each tells the client whether what it has got is whole. Event loop only.
 */
public sealed interface ConnectionEnd permits PlainEnd, TlsEnd {

    /** Tells the client that no more comes. Called once the system has taken what was written before. */
    void shutdownOutput();

    /** Closes at once. What was written and not taken yet is lost. */
    void close();

    /**
     * Closes at once in the middle of a response.
     *
     * @param reset whether a plain end of the connection would pass for the end of the response
     */
    void abort(boolean reset);

    /** Returns true if an event of the pipeline says that the client sends no more. */
    boolean isInputEnd(Object event);

    /** Returns true if the client's end has ended the output too, before Turnout did. */
    boolean isOutputLost();
}
