package dev.turnout.proxy.connection;

/** A client's connection, as whoever needs its memory, its descriptor or its end sees it. Event loop only. */
public interface OpenConnection {

    /**
     * Called when Turnout is to stop. A request that is on the connection, or still on the wire, is answered and told
     * that it was the last. Without a request the connection ends after a time of grace.
     */
    void stop();

    /** Closes a connection that has been without a request for so long. Returns true if it was one. Milliseconds. */
    boolean closeIfIdle(long leastMillis);

    /** Called when other proxies in front are trusted. The next request is taken by the settings in force. */
    void trustChanged();

    /** Called when the memory for heads is used up and this connection has the oldest unfinished one. */
    void dropUnfinishedHead();
}
