package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PlainSocket;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's side of a connection to a target. What crosses it is an HTTP/1 message, whatever protocol the
 * connection speaks. Event loop only.
 */
public interface TargetStream {

    /** What is told of the target. The methods are called on the event loop, in the order of the bytes. */
    interface Listener {

        /** Called when bytes of a response's head have come. */
        void responseBytes();

        /** Called with each 1xx response but 101. */
        void interimResponse(ResponseHead response);

        /**
         * Called with the final response.
         *
         * @param length of the head, in bytes
         * @param in begins with the head; the listener's to release
         */
        void responseHead(ResponseHead response, int length, ByteBuf in);

        /**
         * Called with a 101 response.
         *
         * @param length of the head, in bytes
         * @param in begins with the head; the listener's to release if it returns true
         * @return false if the client has not asked for it, or its request is not whole; nothing has been done then
         */
        boolean switchProtocols(ResponseHead response, int length, ByteBuf in);

        /**
         * Called with each piece of the response's body.
         *
         * @param in the listener's to release
         */
        void responseBody(ByteBuf in);

        /**
         * Called with a piece of the response's body that has come through a pipe, see {@link #splice}.
         *
         * @param piece the listener's to release
         */
        void responseBody(PipedBytes piece);

        /** Called when the target has sent something that is no response. */
        void badResponse(Rejection rejection);

        /** Called when the stream has ended, and the target says that it has not processed the request. Nothing follows. */
        void refused();

        /** Called when the stream has ended, and the target says that it has given the request up. Nothing follows. */
        void cancelled();

        /** Called when a read has failed. The end of the stream follows. */
        void readFailed();

        /** Called when the target of a tunnel sends no more, and still takes what the client sends. */
        void inputEnded();

        /** Called when the stream has ended. Nothing else follows. */
        void closed();

        /** Called when the target takes more again, or takes no more for now. */
        void writabilityChanged();

        /** Returns true if the request has gone to the target and nothing has come back. */
        boolean hasNoResponse();

        /** Returns true if the exchange does not use the stream any more. */
        boolean isOver();
    }

    /**
     * Begins an exchange.
     *
     * @param hasContent whether the request has content
     */
    void begin(Listener listener, boolean hasContent);

    /** Returns true if an exchange has used the connection before. */
    boolean isReused();

    /** Returns true if the connection was idle before this exchange: the target may have closed it meanwhile. */
    boolean wasIdle();

    /** Returns true if the request before this exchange's had content. */
    boolean hadContentBefore();

    /** Returns the rule for whether the connection may be used again after this exchange. */
    Reusability reusability();

    /** Queues bytes for the target. The bytes are the stream's to release. */
    void write(ByteBuf bytes);

    /** Returns the socket that pieces in a pipe can go to; null if there is none. */
    default @Nullable PlainSocket socket() {
        return null;
    }

    /** As {@link #write(ByteBuf)}, with a piece in a pipe to {@link #socket()}. */
    default void write(PipedBytes piece) {
        throw new IllegalStateException("no socket takes pieces in a pipe");
    }

    /**
     * Has bytes of the response's body come through a pipe from now on, if that can be done.
     *
     * @param count how many bytes that nobody looks at
     * @param to where they go
     */
    default void splice(long count, PlainSocket to) {}

    /** Gives what is queued to the system. */
    void flush();

    /** Returns true if more may be sent now. With memory short, only once all has been taken. */
    boolean takesMore();

    /** Returns how many bytes the target has yet to take. */
    long backlog();

    /** Returns true if nothing more can be sent. What the target sent before may still be read. */
    boolean isOutputBroken();

    /** Returns true if the stream reads what the target sends. */
    boolean isReading();

    /** Reads on, or leaves what comes in the system's buffer. */
    void setReading(boolean reading);

    /** Notes how long the target keeps an idle connection. Seconds. */
    void announceKeepAlive(int seconds);

    /**
     * Prepares for bytes of another protocol in both directions.
     *
     * @param halfCloses whether a target that sends no more may still take
     */
    void becomeTunnel(boolean halfCloses);

    /** Tells the target that no more comes, once the target has what there is. */
    void shutdownOutput();

    /** Ends the exchange's hold: the connection is kept for another exchange, or closed. */
    void release(boolean isReusable);

    /** Closes the connection once the system has taken what was sent. */
    void closeWhenFlushed();

    /** Ends the stream at once. */
    void close();
}
