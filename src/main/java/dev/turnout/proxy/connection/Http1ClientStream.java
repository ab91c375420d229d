package dev.turnout.proxy.connection;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.ClientStream;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.ResponseRewriter;
import dev.turnout.proxy.http1.ResponseRewriter.Persistence;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Output;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PlainSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * One request on a client's HTTP/1 connection: says in each response whether the connection goes on (RFC 9112, section
 * 9.3), and speaks to an HTTP/1.0 client so that it understands. Event loop only.
 */
final class Http1ClientStream implements ClientStream {

    private static final byte[] NO_LINES = {};

    /** What a stream tells the connection that it is a part of. */
    interface Connection {

        /** Returns how many bytes are kept of what comes after the request at hand. */
        int keptBytes();

        /** Goes on with what has been received, as far as it can. */
        void process();

        /** Answers in the place of a target, and goes on with the next request unless the connection is to end. */
        void reply(LocalReply reply, LocalReply.Form form, boolean isHead, boolean ends);

        /** Has the rest of the request be read. */
        void endSplice();

        /** Leaves the rest of the request unread until {@link #process}. */
        void holdBody();

        /** Called when the response is done. */
        void exchangeEnded(boolean ends);

        /**
         * Goes on with the next request once the rest of this one has come: it has been answered, and nobody wants it.
         *
         * @param body the request's, which is not whole
         */
        void dropRest(MessageBody body);

        /**
         * Ends the connection at once.
         *
         * @param reset so that the client cannot take it for the end of a response
         */
        void abort(boolean reset);
    }

    private final ConnectionContext context;
    private final Connection connection;
    private final Channel channel;
    private final Output output;
    private final ConnectionEnd end;
    private final ClientEnds clientEnds;
    private final ClientInfo info;
    private final boolean isHttp11;
    private final boolean persists;
    private boolean ends;

    Http1ClientStream(
            ConnectionContext context,
            Connection connection,
            Channel channel,
            Output output,
            ConnectionEnd end,
            ClientEnds clientEnds,
            ClientInfo info,
            RequestHead request) {
        this.context = context;
        this.connection = connection;
        this.channel = channel;
        this.output = output;
        this.end = end;
        this.clientEnds = clientEnds;
        this.info = info;
        this.isHttp11 = request.isHttp11();
        this.persists = request.isPersistent();
    }

    @Override
    public String address() {
        return info.addressText();
    }

    @Override
    public ClientEnds ends() {
        return clientEnds;
    }

    @Override
    public String protocol() {
        return isHttp11 ? Http1ClientConnection.PROTOCOL : "HTTP/1.0";
    }

    @Override
    public @Nullable String tls() {
        return info.tlsVersion();
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public boolean takesChunks() {
        return isHttp11;
    }

    @Override
    public int keptBytes() {
        return connection.keptBytes();
    }

    @Override
    public boolean understands(ResponseHead response) {
        return true;
    }

    // --- Heads -----------------------------------------------------------------------------------------------------

    @Override
    public void interim(ResponseHead response) {
        if (isHttp11) {
            write(rewritten(response, Persistence.IMPLIED, NO_LINES));
            flush();
        }
    }

    @Override
    public void head(ResponseHead response, ResponseBody body, ByteBuf bytes, int headStart, byte[] extra) {
        ends |= !persists
                || body.isUnchunked()
                || body.isUntilClose()
                || context.loop().isStopping();
        boolean isUntouched = isHttp11 && !ends && !body.isEndless() && response.isForwardable();
        if (isUntouched) {
            writeUntouched(response, bytes.readerIndex(headStart), extra);
        } else {
            write(rewrittenBeside(bytes, response, persistence(), extra));
            if (bytes.isReadable()) {
                write(bytes);
            } else {
                bytes.release();
            }
        }
    }

    /** Lines that the target left out go behind the status line: the head is not copied for them. */
    private void writeUntouched(ResponseHead response, ByteBuf in, byte[] extra) {
        byte[] dateLine = response.hasDate() ? NO_LINES : context.loop().dateLine();
        if (dateLine.length + extra.length > 0) {
            int length = response.statusLineLength();
            ByteBuf begin = allocator().directBuffer(length + dateLine.length + extra.length);
            write(begin.writeBytes(in, length).writeBytes(dateLine).writeBytes(extra));
        }
        write(in);
    }

    private Persistence persistence() {
        if (ends) {
            return Persistence.CLOSE;
        }
        return isHttp11 ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
    }

    @Override
    public void switchProtocols(ResponseHead response, ByteBuf in, byte[] extra) {
        ends = true;
        write(rewrittenBeside(in, response, Persistence.UPGRADE, extra));
    }

    /** As {@link #rewritten}; if there is no memory for it, what came with the head is released. */
    private ByteBuf rewrittenBeside(ByteBuf body, ResponseHead response, Persistence persistence, byte[] extra) {
        try {
            return rewritten(response, persistence, extra);
        } catch (RuntimeException | Error e) {
            body.release();
            throw e;
        }
    }

    private ByteBuf rewritten(ResponseHead response, Persistence persistence, byte[] extra) {
        HeadWriter writer = context.scratch().headWriter();
        ResponseRewriter.rewrite(
                response, persistence, !isHttp11, context.loop().dateLine(), extra, writer);
        return allocator().directBuffer(writer.length()).writeBytes(writer.bytes(), 0, writer.length());
    }

    // --- Bodies ----------------------------------------------------------------------------------------------------

    @Override
    public void write(ByteBuf bytes) {
        output.write(bytes);
    }

    @Override
    public @Nullable PlainSocket socket() {
        return end.socket();
    }

    @Override
    public void write(PipedBytes piece) {
        output.write(piece);
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public boolean takesMore() {
        return Buffers.takesMore(channel, context.loop().isTight());
    }

    @Override
    public long backlog() {
        return Buffers.backlog(channel);
    }

    @Override
    public void shutdownOutput() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(context.loop().onLoop(flushed -> end.shutdownOutput()));
    }

    @Override
    public void readOn() {
        connection.process();
    }

    @Override
    public void holdBody() {
        connection.holdBody();
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Override
    public void endConnection() {
        ends = true;
        connection.endSplice();
    }

    @Override
    public void complete(MessageBody request) {
        if (ends || request.isDone()) {
            connection.exchangeEnded(ends);
        } else {
            connection.dropRest(request);
        }
    }

    @Override
    public void reply(LocalReply reply, LocalReply.Form form, boolean isHead, boolean isRequestWhole) {
        connection.reply(reply, form, isHead, !isRequestWhole || !persists);
    }

    @Override
    public void abort(boolean reset) {
        connection.abort(reset);
    }

    @Override
    public void cancelCall() {
        connection.abort(true);
    }
}
