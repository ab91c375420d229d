package dev.turnout.proxy.exchange;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PlainSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One request's side of a client's connection. What an exchange gives it is an HTTP/1 message, whatever protocol the
 * connection speaks. Event loop only.
 */
public interface ClientStream {

    /** Returns the peer's IP address. */
    String address();

    /** Returns the ends of the connection that the request came over: the same object for each of its requests. */
    ClientEnds ends();

    /** Returns the protocol of the request, as an access log writes it. */
    String protocol();

    /** Returns the version of TLS that the client speaks with Turnout; null without TLS. */
    @Nullable
    String tls();

    /** Returns where buffers for the client come from. */
    ByteBufAllocator allocator();

    /** Returns true if the client gets chunks as they are. If not, the client gets the body's data without chunks. */
    boolean takesChunks();

    /** Returns how many bytes are kept of what comes after the request. */
    int keptBytes();

    /** Returns false if a response means to the client what it did not mean to the target, or nothing. */
    boolean understands(ResponseHead response);

    /** Passes on a 1xx response, to a client that knows of them. */
    void interim(ResponseHead response);

    /**
     * Passes on the head of the final response and what came with it.
     *
     * @param body the body that follows
     * @param bytes the readable bytes are the body's. A body that needs no decoding has the head before them, from
     *     {@code headStart} on. The stream's to release, also if there is no memory for the head.
     * @param extra lines that the client is told beside the target's, each with its CRLF
     */
    void head(ResponseHead response, ResponseBody body, ByteBuf bytes, int headStart, byte[] extra);

    /**
     * Passes on a 101 response. The connection is a tunnel from now on, and ends with it.
     *
     * @param in released if there is no memory for the head; else it stays the caller's
     * @param extra lines that the client is told beside the target's, each with its CRLF
     */
    void switchProtocols(ResponseHead response, ByteBuf in, byte[] extra);

    /** Queues bytes of the response's body. The bytes are the stream's to release. */
    void write(ByteBuf bytes);

    /** Returns the socket that pieces in a pipe can go to; null if there is none. */
    default @Nullable PlainSocket socket() {
        return null;
    }

    /** As {@link #write(ByteBuf)}, with a piece in a pipe to {@link #socket()}. */
    default void write(PipedBytes piece) {
        throw new IllegalStateException("no socket takes pieces in a pipe");
    }

    /** Gives what is queued to the system. */
    void flush();

    /** Returns true if more may be sent now. With memory short, only once all has been taken. */
    boolean takesMore();

    /** Returns how many bytes the client has yet to take. */
    long backlog();

    /** Tells the client that no more comes, once the client has what there is. */
    void shutdownOutput();

    /** Goes on with what the client has sent: there may be room for it. */
    void readOn();

    /**
     * Called when the request has lost its connection to a target, and goes again: what comes of its body waits for the
     * next one.
     */
    default void holdBody() {}

    /** Has the connection end with this response. */
    void endConnection();

    /**
     * Called when the response is whole. The connection goes on with the next request, unless it is to end.
     *
     * @param request the request's body; what is left of it is read and dropped
     */
    void complete(MessageBody request);

    /**
     * Answers in the place of a target. The exchange has ended.
     *
     * @param isHead whether the request was HEAD
     * @param isRequestWhole whether all of the request has come
     */
    void reply(LocalReply reply, LocalReply.Form form, boolean isHead, boolean isRequestWhole);

    /**
     * Ends in the middle of the response.
     *
     * @param reset whether the end of the connection would pass for the end of the body, so that a reset is needed
     */
    void abort(boolean reset);

    /** Ends a call of gRPC in the middle of the response, since the target has given it up. */
    void cancelCall();
}
