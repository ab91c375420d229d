package dev.turnout.proxy.connection;

import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.loop.PlainSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** The connection that requests come over, as {@link Http1Requests} see it. Event loop only. */
interface RequestConnection extends OpenConnection {

    Channel channel();

    /** Returns how the connection ends. */
    ConnectionEnd ending();

    ClientInfo info();

    ClientEnds ends();

    /** Returns false if a request is for a host that asks for another certificate than this connection's client was asked for. */
    boolean fits(RequestHead head);

    /** Returns what counts as the client's address for its unfinished heads; null if it has no bound of its own. */
    @Nullable
    Object headBudgetKey();

    /** Returns true if the client may begin with HTTP/2. */
    boolean maySpeakHttp2();

    /**
     * Leaves the connection to HTTP/2, which the client speaks.
     *
     * @param in begins with its preface
     */
    void speakHttp2(ByteBuf in);

    /** Ends the connection after so long, if nothing else happens. Milliseconds. */
    void arm(long millis);

    /** Leaves the time to the exchange. */
    void disarm();

    /** Ends the connection once the client has what was sent. */
    void close();

    /** Ends the connection at once, by a reset if asked to. */
    void abort(boolean reset);

    /** Ends the connection at once, for something that was thrown, such as for want of memory. */
    void fail(Throwable cause);

    /**
     * Has bytes of the request's body come through a pipe from now on, if that can be done.
     *
     * @param count how many bytes that nobody looks at
     * @param to where they go
     */
    void splice(long count, PlainSocket to);

    /** Has all that comes be read. */
    void endSplice();

    /** Called when {@link Http1Requests#wantsBytes} may have changed. */
    void updateReading();
}
