package dev.turnout.proxy.connection;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.exchange.Admission;
import dev.turnout.proxy.exchange.Exchange;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.exchange.Phase;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.Scan;
import dev.turnout.proxy.http2.Preface;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Output;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PlainSocket;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one HTTP/1 connection, one after the other. Event loop only.
 *
 * <ol>
 *   <li>A head comes: {@link HeadReader} looks for its end.
 *   <li>{@link Admission} makes the head an {@link Exchange}, or has it answered. What comes of the body goes to the
 *       exchange, as fast as the target takes it. Pipelined requests wait in {@code pending}.
 *   <li>The exchange has ended. If its request is not whole, the rest is read and dropped, see {@link Linger}.
 *   <li>The next head may come, or the connection ends.
 * </ol>
 */
final class Http1Requests implements Admission.Client, Http1ClientStream.Connection {

    private final ConnectionContext context;
    private final RequestConnection connection;
    private final HeadReader reader;
    private final Output output;
    private @Nullable ByteBuf pending;
    private @Nullable Exchange exchange;

    /** What is left of a request that has been answered; null if nothing is. */
    private @Nullable UnwantedRest rest;

    /** The first request has not come, and HTTP/2 may come instead. */
    private boolean mayBeHttp2 = true;

    private boolean processing;
    private boolean inputEnded;
    private boolean over;

    Http1Requests(ConnectionContext context, RequestConnection connection) {
        this.context = context;
        this.connection = connection;
        this.reader = new HeadReader(context.scratch(), context.heads(), connection);
        this.output = new Output(connection.channel(), connection.ending().socket());
    }

    @Override
    public ClientInfo info() {
        return connection.info();
    }

    @Override
    public @Nullable InetAddress origin(RequestHead head) {
        return context.settings().origin(connection.ends().client().getAddress(), head);
    }

    @Override
    public boolean fits(RequestHead head) {
        return connection.fits(head);
    }

    @Override
    public int requests() {
        return 1;
    }

    /** Takes bytes of the client, which are released here. */
    void received(ByteBuf in) {
        pending = pending == null
                ? in
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                        connection.channel().alloc(), pending, in);
        process();
    }

    /** Takes a piece of a body that has come through a pipe, behind all that was read. The piece is released here. */
    void received(PipedBytes piece) {
        if (exchange == null) {
            piece.release();
            return;
        }
        exchange.relay().requestBody(piece);
        process();
    }

    @Override
    public void process() {
        if (processing || over) {
            return;
        }
        processing = true;
        try {
            boolean goesOn = true;
            while (goesOn && pending != null && !over) {
                ByteBuf in = pending;
                goesOn = step(in);
                if (!pending.isReadable()) {
                    pending.release();
                    pending = null;
                }
            }
        } finally {
            processing = false;
        }
        if (pending != null && exchange != null && exchange.relay().isRequestWhole()) {
            pending = Buffers.compacted(pending);
        }
        if (pending == null && exchange != null) {
            PlainSocket socket = exchange.relay().bodySocket();
            if (socket != null) {
                connection.splice(exchange.relay().unseen(), socket);
            }
        }
        if (over) {
            releasePending();
        } else if (inputEnded) {
            endAfterInput();
        }
        connection.updateReading();
    }

    /** Takes one step of {@link #process}. Returns false if nothing can be done before something else happens. */
    private boolean step(ByteBuf in) {
        if (rest != null) {
            return dropPieceOf(rest, in);
        }
        if (exchange == null) {
            // Answers that are not taken hold the next request back.
            return connection.channel().isWritable()
                    && (!mayBeHttp2 || isHttp1(in))
                    && HeadReader.skipEmptyLines(in)
                    && readHead(in);
        }
        if (!exchange.relay().takesBody()) {
            return false;
        }
        exchange.relay().requestBody(in);
        return true;
    }

    /** Looks for the preface of HTTP/2 at the beginning of the connection. Returns false if it has come, or may come. */
    private boolean isHttp1(ByteBuf in) {
        Preface preface = connection.maySpeakHttp2() ? context.http2().preface(in) : Preface.OTHER;
        switch (preface) {
            case OTHER -> mayBeHttp2 = false;
            case INCOMPLETE -> holdHead(in);
            case WHOLE -> {
                over = true;
                connection.speakHttp2(in.retain());
            }
        }
        return preface == Preface.OTHER;
    }

    private void holdHead(ByteBuf in) {
        if (!reader.hasBegun()) {
            reader.begin(in);
            connection.arm(context.settings().headMillis());
        }
        pending = reader.hold(in);
    }

    private boolean readHead(ByteBuf in) {
        boolean isFirst = !reader.hasBegun();
        int length = reader.scan(in);
        if (length == Scan.INCOMPLETE) {
            if (isFirst) {
                connection.arm(context.settings().headMillis());
            }
            pending = reader.hold(in);
            return false;
        }
        reader.end();
        RequestHead head = context.scratch().requestHead();
        if (length == Scan.REJECTED) {
            refuse(LocalReply.to(head.rejection()));
            return false;
        }
        in.skipBytes(length);
        Http1ClientStream stream = new Http1ClientStream(
                context, this, connection.channel(), output, connection.ending(), connection.ends(), info(), head);
        context.admission().admit(head, in, stream, this);
        return true;
    }

    @Override
    public void begun(Exchange begun) {
        connection.disarm();
        exchange = begun;
    }

    /** Answers what is no request, and ends the connection. */
    void refuse(LocalReply reply) {
        context.admission().observe(reply, info(), Http1ClientConnection.PROTOCOL);
        reply(reply, LocalReply.Form.PROBLEM, false, true);
    }

    /**
     * Returns true if there is a place for what comes: a head, or a body that the target takes. While a response is
     * waited for bytes are wanted too, to see the client go; what then comes of the next request is the last.
     */
    boolean wantsBytes(boolean noticesEndUnread) {
        if (rest != null) {
            return true;
        }
        if (exchange == null) {
            return takesRequest();
        }
        return pending == null
                && !(exchange.phase() == Phase.WAITING && noticesEndUnread)
                && (exchange.relay().isRequestWhole() || exchange.relay().takesBody());
    }

    /** Returns true if what there is of a request can be gone on with: the answers before it have been taken. */
    private boolean takesRequest() {
        return pending == null || connection.channel().isWritable();
    }

    /** Called when the client takes more again, or takes no more for now. */
    void writabilityChanged() {
        if (exchange != null) {
            exchange.relay().clientWritabilityChanged();
        } else {
            process();
        }
    }

    @Override
    public int keptBytes() {
        if (pending == null || !pending.isReadable()) {
            return 0;
        }
        pending = Buffers.compacted(pending);
        return Buffers.kept(pending);
    }

    @Override
    public void reply(LocalReply reply, LocalReply.Form form, boolean isHead, boolean ends) {
        boolean isLast = ends || context.loop().isStopping();
        try {
            output.write(reply.write(
                    connection.channel().alloc(),
                    form,
                    isHead,
                    isLast,
                    context.loop().dateLine()));
        } catch (RuntimeException | Error e) {
            // The client would take the next answer for this one.
            abort(false);
            connection.fail(e);
            return;
        }
        leaveExchange();
        output.flush();
        exchangeEnded(isLast);
    }

    @Override
    public void endSplice() {
        connection.endSplice();
    }

    @Override
    public void holdBody() {
        endSplice();
        connection.updateReading();
    }

    private void leaveExchange() {
        exchange = null;
        endSplice();
    }

    @Override
    public void exchangeEnded(boolean ends) {
        leaveExchange();
        if (ends) {
            connection.close();
        } else {
            goOn(context.requestlessMillis());
        }
    }

    @Override
    public void dropRest(MessageBody body) {
        leaveExchange();
        rest = new UnwantedRest(body);
        goOn(context.settings().bodyMillis());
    }

    private void goOn(long millis) {
        if (connection.channel().isActive()) {
            connection.arm(millis);
            process();
        }
    }

    private boolean dropPieceOf(UnwantedRest unwanted, ByteBuf in) {
        if (!unwanted.drop(in)) {
            connection.close();
            return false;
        }
        if (!unwanted.isDropped()) {
            connection.arm(context.settings().bodyMillis());
            return true;
        }
        rest = null;
        connection.arm(context.requestlessMillis());
        if (context.loop().isStopping()) {
            connection.close();
        }
        return true;
    }

    @Override
    public void abort(boolean reset) {
        leaveExchange();
        connection.abort(reset);
    }

    /** Called when the client sends no more. */
    void inputEnded() {
        inputEnded = true;
        endAfterInput();
    }

    /** A client that sends no more may still read: it gets its response, unless its request is not whole. */
    private void endAfterInput() {
        if (exchange == null) {
            if (rest != null || takesRequest()) {
                connection.close();
            }
        } else if (pending == null && !exchange.relay().clientInputEnded()) {
            Exchange cut = exchange;
            abort(false);
            cut.clientGone();
        }
    }

    /** Returns true if nothing of a request has come but, maybe, the beginning of an empty line before it. */
    boolean areIdle() {
        return exchange == null && !reader.hasBegun() && !over && takesRequest();
    }

    /** Returns true if the beginning of a head has come and its end has not. */
    boolean haveHeadBegun() {
        return reader.hasBegun();
    }

    /** Returns how much of what the client sends may still be dropped; null if nothing was dropped yet. */
    @Nullable
    Linger linger() {
        return rest == null ? null : rest.linger();
    }

    /** Called when the connection is to end: no request begins any more. */
    void end() {
        over = true;
        releasePending();
    }

    /** Called when the client has gone. */
    void clientGone() {
        end();
        output.release();
        if (exchange != null) {
            Exchange left = exchange;
            leaveExchange();
            left.clientGone();
        }
    }

    private void releasePending() {
        reader.end();
        if (pending != null && !processing) {
            pending.release();
            pending = null;
        }
    }
}
