package dev.turnout.proxy.connection;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.exchange.Admission;
import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.ClientStream;
import dev.turnout.proxy.exchange.Exchange;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.exchange.Relay;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.StreamKind;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.StreamState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a client's HTTP/2 connection. To the exchange both are messages of HTTP/1: the
 * {@link Http2Inbox} puts data into chunks, and the {@link Http2Outbox} takes it out of them. Event loop only.
 */
final class Http2ClientStream implements ClientStream, Admission.Client, Http2Outbox.Owner {

    /** What an access log says. */
    static final String PROTOCOL = "HTTP/2.0";

    private static final byte[] NO_BYTES = {};
    private static final long RESET_DELAY_MILLIS = 100;

    private final Http2Streams streams;
    private final int id;
    private final Http2Outbox outbox;
    private StreamState state = StreamState.OPEN;
    private @Nullable Exchange exchange;

    /** What follows the head of the request; null if nothing does. */
    private @Nullable Http2Inbox inbox;

    /** What a WebSocket's target has to answer; null if the request is for none. */
    private byte @Nullable [] webSocketAccept;

    private boolean delivering;
    private boolean inputEndTold;

    /** The exchange is over: nobody wants what comes of the request. */
    private boolean answered;

    private boolean restUnwanted;
    private boolean isCall;

    /** @param window how much data the client takes */
    Http2ClientStream(Http2Streams streams, int id, int window) {
        this.streams = streams;
        this.id = id;
        this.outbox = new Http2Outbox(this, streams.context(), streams.flow(), streams.output(), window);
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public StreamState state() {
        return state;
    }

    @Override
    public boolean isAnswered() {
        return answered;
    }

    // --- The request -----------------------------------------------------------------------------------------------

    /**
     * Takes the head of the request. {@link #admit} is to follow, once data that has come with the head is there.
     *
     * @param accept what the target has to answer to the key of a WebSocket; null if the request is for none
     */
    void opened(RequestHead head, boolean endsStream, byte @Nullable [] accept) {
        webSocketAccept = accept;
        boolean hasLength = !head.isChunked() && accept == null;
        begin(endsStream, hasLength ? head.contentLength() : -1, head.isChunked());
    }

    /** Has the request admitted, with the data that is there. */
    void admit(RequestHead head) {
        Admission admission = streams.context().admission();
        Http2Inbox box = inbox;
        if (box == null || box.isEmpty()) {
            admission.admit(head, Unpooled.EMPTY_BUFFER, this, this);
        } else {
            ByteBuf first = box.take();
            try {
                admission.admit(head, first, this, this);
            } finally {
                box.given(first);
            }
        }
    }

    private void begin(boolean endsStream, long length, boolean isChunked) {
        if (endsStream) {
            state = state.endedByPeer();
        } else {
            inbox = new Http2Inbox(streams.flow(), allocator(), streams.limits().streamWindow(), length, isChunked);
        }
    }

    /** Answers what is no request. */
    void refuse(LocalReply reply, boolean endsStream) {
        begin(endsStream, -1, false);
        streams.context().admission().observe(reply, info(), protocol());
        reply(reply, LocalReply.Form.PROBLEM, false, endsStream);
    }

    @Override
    public ClientInfo info() {
        return streams.connection().info();
    }

    @Override
    public @Nullable InetAddress origin(RequestHead head) {
        return streams.context()
                .settings()
                .origin(streams.connection().ends().client().getAddress(), head);
    }

    @Override
    public boolean fits(RequestHead head) {
        return streams.connection().fits(head);
    }

    @Override
    public int requests() {
        return streams.count();
    }

    @Override
    public void begun(Exchange begun) {
        exchange = begun;
    }

    /** Takes the header of a DATA frame. Returns false if it is more than the stream's window. */
    boolean receive(int count) {
        return inbox == null || inbox.receive(count);
    }

    /** Takes data. Returns false if it is more than Content-Length says. */
    boolean data(ByteBuf in, int count) {
        return inbox != null && inbox.data(in, count);
    }

    /** Counts padding, and whatever else of a DATA frame is not kept. */
    void consumePadding(int count) {
        if (inbox != null) {
            inbox.consumePadding(count);
        }
    }

    /** Returns true if the data that has come is as long as Content-Length says. */
    boolean isOfItsLength() {
        return inbox == null || inbox.isOfItsLength();
    }

    /**
     * Called when the client has ended the request.
     *
     * @param trailer the last chunk with the fields of a trailer; null if there is no trailer
     */
    void endedByPeer(@Nullable HeadWriter trailer) {
        if (inbox != null) {
            inbox.end(trailer);
        }
        state = state.endedByPeer();
        if (state == StreamState.CLOSED) {
            streams.ended(this);
        }
    }

    /** Gives the exchange what has come of the request, as far as the target takes it. */
    void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        Http2Inbox box = inbox;
        try {
            while (box != null
                    && !box.isEmpty()
                    && exchange != null
                    && exchange.relay().takesBody()) {
                deliver(box, exchange.relay());
            }
            if (webSocketAccept != null && state.isEndedByPeer() && !inputEndTold && (box == null || box.isEmpty())) {
                tellInputEnd();
            }
        } finally {
            delivering = false;
        }
        if (box != null && exchange != null) {
            exchange.bodyKept(box.kept());
        }
        if (box != null && !state.isEndedByPeer() && !answered) {
            box.updateWindow(id);
        }
    }

    private static void deliver(Http2Inbox box, Relay to) {
        ByteBuf piece = box.take();
        try {
            to.requestBody(piece);
        } finally {
            box.given(piece);
        }
    }

    /** A tunnel that has not begun yet is told later. */
    private void tellInputEnd() {
        Exchange open = exchange;
        if (open != null && outbox.hasBegun()) {
            inputEndTold = true;
            open.relay().clientInputEnded();
        }
    }

    // --- Facts for the exchange ------------------------------------------------------------------------------------

    @Override
    public String address() {
        return info().addressText();
    }

    @Override
    public ClientEnds ends() {
        return streams.connection().ends();
    }

    @Override
    public String protocol() {
        return PROTOCOL;
    }

    @Override
    public @Nullable String tls() {
        return info().tlsVersion();
    }

    @Override
    public ByteBufAllocator allocator() {
        return streams.connection().channel().alloc();
    }

    @Override
    public boolean takesChunks() {
        return true;
    }

    @Override
    public int keptBytes() {
        return inbox == null ? 0 : inbox.kept();
    }

    @Override
    public boolean understands(ResponseHead response) {
        if (webSocketAccept == null) {
            return !response.isSwitchingProtocols();
        }
        // The client would take any response of success for a tunnel.
        return response.isSwitchingProtocols()
                ? response.acceptsWebSocket(webSocketAccept)
                : response.status() < 200 || response.status() >= 300;
    }

    // --- The response ----------------------------------------------------------------------------------------------

    /** A client that takes nothing gets no interim response: no window bounds how many there are. */
    @Override
    public void interim(ResponseHead response) {
        if (!streams.connection().takesFrames()) {
            return;
        }
        outbox.head(response, NO_BYTES, false);
        streams.output().emit();
        flush();
    }

    @Override
    public void head(ResponseHead response, ResponseBody body, ByteBuf bytes, int headStart, byte[] extra) {
        isCall = response.streamKind() == StreamKind.CALL;
        boolean isWhole = !body.isChunked() && body.isDone() && !bytes.isReadable();
        try {
            outbox.begin(response, body, extra, isWhole);
        } catch (RuntimeException | Error e) {
            bytes.release();
            throw e;
        }
        if (isWhole) {
            bytes.release();
            endedHere();
        } else {
            outbox.write(bytes);
        }
        streams.output().emit();
    }

    @Override
    public void switchProtocols(ResponseHead response, ByteBuf in, byte[] extra) {
        outbox.begin(response, ResponseBody.tunnel(false), extra, false);
        streams.output().emit();
    }

    @Override
    public void write(ByteBuf bytes) {
        outbox.write(bytes);
        streams.output().emit();
    }

    /** Takes a WINDOW_UPDATE or a change of the initial window. Returns false if the window is too large then. */
    boolean changeWindow(int difference) {
        return outbox.changeWindow(difference);
    }

    /** Called when the client takes more data on the stream. */
    void windowGrown() {
        outbox.windowGrown();
    }

    @Override
    public void sent(int count, boolean isCut) {
        streams.dataSent(count, isCut);
    }

    @Override
    public void takesAgain() {
        Exchange open = exchange;
        if (open != null && outbox.takesMore()) {
            open.relay().clientWritabilityChanged();
        }
    }

    @Override
    public void flush() {
        streams.flush();
    }

    @Override
    public boolean takesMore() {
        return outbox.takesMore();
    }

    @Override
    public long backlog() {
        return outbox.queued();
    }

    @Override
    public void shutdownOutput() {
        end();
    }

    @Override
    public void readOn() {
        deliver();
        streams.flush();
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    @Override
    public void endedHere() {
        state = state.endedHere();
        streams.completed();
        endIfOver();
    }

    private void endIfOver() {
        if (state == StreamState.CLOSED) {
            streams.ended(this);
        } else if (answered && state.isEndedHere() && !restUnwanted) {
            restUnwanted = true;
            dropRest();
        }
    }

    /**
     * What is still to come of a request that has been answered, nobody wants: the client is told so. Some look at the
     * answer only once they have sent all, such as Java's before 21, so the window for it is opened first. Others take the
     * reset for the loss of an answer that they read together with it, such as curl 7.88, so it comes a moment later.
     */
    private void dropRest() {
        if (inbox != null) {
            inbox.openWide(id);
        }
        streams.context().loop().eventLoop().schedule(this::resetRest, RESET_DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void resetRest() {
        if (state != StreamState.CLOSED) {
            streams.resetPaid(this, ErrorCode.NO_ERROR);
            flush();
        }
    }

    /** Does nothing: a stream ends by itself, and its connection goes on. */
    @Override
    public void endConnection() {}

    @Override
    public void complete(MessageBody request) {
        answered();
        end();
    }

    private void end() {
        outbox.end();
        endIfOver();
        outbox.noteLeftOver();
        streams.output().emit();
        flush();
    }

    @Override
    public void reply(LocalReply reply, LocalReply.Form form, boolean isHead, boolean isRequestWhole) {
        answered();
        try {
            write(reply, form, isHead ? NO_BYTES : reply.content(form));
        } catch (RuntimeException | Error e) {
            // The client would wait for ever.
            streams.connection().fail(e);
        }
        streams.output().emit();
        flush();
    }

    private void write(LocalReply reply, LocalReply.Form form, byte[] content) {
        outbox.reply(reply, form, content.length == 0);
        if (content.length == 0) {
            endedHere();
        } else {
            outbox.writeAll(allocator().directBuffer(content.length).writeBytes(content));
        }
    }

    @Override
    public void abort(boolean reset) {
        answered();
        if (state == StreamState.CLOSED) {
            return;
        }
        if (outbox.isWhole()) {
            end();
        } else if (isCall) {
            cutCall(Http2Outbox.UNAVAILABLE);
        } else {
            streams.reset(this, ErrorCode.INTERNAL_ERROR);
            flush();
        }
    }

    @Override
    public void cancelCall() {
        answered();
        if (state != StreamState.CLOSED && outbox.isWhole()) {
            end();
        } else if (state != StreamState.CLOSED) {
            cutCall(Http2Outbox.CANCELLED);
        }
    }

    private void cutCall(byte[] trailer) {
        outbox.cutCall(trailer);
        endedHere();
        streams.output().emit();
        flush();
    }

    private void answered() {
        exchange = null;
        answered = true;
        dropInbox();
    }

    private void dropInbox() {
        if (inbox != null) {
            inbox.drop();
        }
    }

    /** Called when the stream is over, by whichever side: what is left of it is dropped. */
    void over() {
        state = StreamState.CLOSED;
        outbox.drop();
        dropInbox();
        answered = true;
    }

    /** Tells the exchange that its client is gone. */
    void clientGone() {
        Exchange left = exchange;
        exchange = null;
        if (left != null) {
            left.clientGone();
        }
    }

    /** Returns true if the exchange is over, and the client has yet to take the response. */
    boolean isLeftOver() {
        return outbox.isLeftOver();
    }
}
