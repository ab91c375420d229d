package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.body.ChunkBuffer;
import dev.turnout.proxy.body.ChunkedData;
import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.exchange.Admission;
import dev.turnout.proxy.exchange.ClientEnds;
import dev.turnout.proxy.exchange.ClientStream;
import dev.turnout.proxy.exchange.Exchange;
import dev.turnout.proxy.exchange.LocalReply;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.StreamKind;
import dev.turnout.proxy.http2.BodyLength;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.FrameScanner;
import dev.turnout.proxy.http2.ReceiveWindow;
import dev.turnout.proxy.http2.SendWindow;
import dev.turnout.proxy.http2.StreamState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a client's HTTP/2 connection. To the exchange both are messages of HTTP/1: data is put
 * into chunks and taken out of them where no length frames it. Event loop only.
 */
final class Http2ClientStream implements ClientStream, Admission.Client, Http2Output.Source, ChunkedData.Sink {

    /** What an access log says. */
    static final String PROTOCOL = "HTTP/2.0";

    private static final byte[] UNAVAILABLE =
            ("grpc-status: 14\r\ngrpc-message: The call was cut off.\r\nx-turnout: cut\r\n\r\n").getBytes(ISO_8859_1);
    private static final byte[] NO_ACCEPT = {};
    private static final int FULL = 64 * 1024;
    private static final int TAKES_AGAIN = 32 * 1024;

    private final Http2Streams streams;
    private final int id;
    private final SendWindow sendWindow;
    private final ReceiveWindow receiveWindow;
    private final SendQueue queue = new SendQueue();
    private StreamState state = StreamState.OPEN;
    private @Nullable Exchange exchange;

    /** What of the request has come and waits for the target; null if nothing follows the head. */
    private @Nullable ChunkBuffer inbox;

    private BodyLength length = new BodyLength(-1);
    private int kept;
    private byte[] webSocketAccept = NO_ACCEPT;
    private boolean isTunnel;
    private boolean delivering;
    private boolean inputEndTold;

    private @Nullable ResponseBody body;
    private @Nullable ChunkedData chunked;

    /** All of the response is in the queue, or sent. */
    private boolean responseWhole;

    /** The exchange is over: nobody wants what comes of the request. */
    private boolean answered;

    private boolean leftOver;
    private boolean isCall;
    private boolean offered;
    private boolean blocked;

    Http2ClientStream(Http2Streams streams, int id, int sendWindow, int receiveWindow) {
        this.streams = streams;
        this.id = id;
        this.sendWindow = new SendWindow(sendWindow);
        this.receiveWindow = new ReceiveWindow(receiveWindow, receiveWindow);
    }

    int id() {
        return id;
    }

    StreamState state() {
        return state;
    }

    SendWindow sendWindow() {
        return sendWindow;
    }

    // --- The request -----------------------------------------------------------------------------------------------

    /**
     * Takes the head of the request.
     *
     * @param accept what the target has to answer to the key of a WebSocket; null if the request is for none
     */
    void opened(RequestHead head, boolean endsStream, byte @Nullable [] accept) {
        isTunnel = accept != null;
        if (accept != null) {
            webSocketAccept = accept;
        }
        if (endsStream) {
            state = state.endedByPeer();
        } else {
            boolean hasLength = !head.isChunked() && accept == null;
            length = new BodyLength(hasLength ? head.contentLength() : -1);
            inbox = new ChunkBuffer(head.isChunked());
        }
        streams.context().admission().admit(head, Unpooled.EMPTY_BUFFER, this, this);
    }

    /** Answers what is no request. */
    void refuse(LocalReply reply, boolean endsStream) {
        if (endsStream) {
            state = state.endedByPeer();
        }
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
        return receiveWindow.receive(count);
    }

    /** Takes data. Returns false if it is more than Content-Length says. */
    boolean data(ByteBuf in, int count) {
        if (!length.receive(count)) {
            return false;
        }
        ChunkBuffer box = inbox;
        if (answered || box == null) {
            in.skipBytes(count);
            consume(count);
        } else {
            box.append(allocator(), in, count);
            kept += count;
        }
        return true;
    }

    /** Returns true if the data that has come is as long as Content-Length says. */
    boolean isOfItsLength() {
        return length.mayEnd();
    }

    /** Called when the client has ended the request. */
    void endedByPeer() {
        if (inbox != null && !answered) {
            inbox.end(allocator());
        }
        state = state.endedByPeer();
    }

    /** Called when the client has ended the request with a trailer: the writer has the last chunk, and the lines. */
    void endedByPeer(HeadWriter trailer) {
        if (inbox != null && !answered) {
            inbox.end(allocator(), trailer.bytes(), 0, trailer.length());
        }
        state = state.endedByPeer();
    }

    /** Gives the exchange what has come of the request, as far as the target takes it. */
    void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (inbox != null
                    && !inbox.isEmpty()
                    && exchange != null
                    && exchange.relay().takesBody()) {
                deliver(exchange, inbox.take());
            }
            if (isTunnel && state.isEndedByPeer() && !inputEndTold && (inbox == null || inbox.isEmpty())) {
                tellInputEnd();
            }
        } finally {
            delivering = false;
        }
        update();
    }

    private void deliver(Exchange to, @Nullable ByteBuf piece) {
        if (piece == null) {
            return;
        }
        int count = kept;
        kept = 0;
        try {
            to.relay().requestBody(piece);
        } finally {
            piece.release();
        }
        consume(count);
    }

    /** A tunnel that has not begun yet is told later. */
    private void tellInputEnd() {
        Exchange open = exchange;
        if (open != null && body != null) {
            inputEndTold = true;
            open.relay().clientInputEnded();
        }
    }

    private void consume(int count) {
        receiveWindow.consume(count);
        streams.consume(count);
    }

    /** Counts padding, and whatever else of a DATA frame is not kept. */
    void consumePadding(int count) {
        receiveWindow.consume(count);
    }

    /** Lets the client send more, if that is worth a frame. */
    private void update() {
        if (!state.isEndedByPeer() && !answered) {
            streams.update(id, receiveWindow);
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
        return kept;
    }

    @Override
    public boolean understands(ResponseHead response) {
        if (!isTunnel) {
            return !response.isSwitchingProtocols();
        }
        // The client would take any response of success for a tunnel.
        return response.isSwitchingProtocols()
                ? response.acceptsWebSocket(webSocketAccept)
                : response.status() < 200 || response.status() >= 300;
    }

    // --- Heads -----------------------------------------------------------------------------------------------------

    @Override
    public void interim(ResponseHead response) {
        block(response, NO_ACCEPT, false);
        streams.output().emit();
        flush();
    }

    @Override
    public void head(ResponseHead response, ResponseBody responseBody, ByteBuf bytes, int headStart, byte[] extra) {
        body = responseBody;
        chunked = responseBody.isChunked()
                ? new ChunkedData(streams.context().scratch().headLimit())
                : null;
        isCall = response.streamKind() == StreamKind.CALL;
        responseWhole = chunked == null && responseBody.isDone() && !bytes.isReadable();
        try {
            block(response, extra, responseWhole);
        } catch (RuntimeException | Error e) {
            bytes.release();
            throw e;
        }
        if (responseWhole) {
            bytes.release();
            endedHere();
        } else {
            pass(bytes);
        }
        streams.output().emit();
    }

    @Override
    public void switchProtocols(ResponseHead response, ByteBuf in, byte[] extra) {
        body = ResponseBody.tunnel(false);
        block(response, extra, false);
        streams.output().emit();
    }

    private void block(ResponseHead response, byte[] extra, boolean endsStream) {
        int begun = streams.beginBlock();
        HeadWriter frames = streams.output().frames();
        streams.writer().response(response, streams.context().loop().dateLine(), extra, frames);
        streams.endBlock(begun, id, endsStream);
    }

    // --- Bodies ----------------------------------------------------------------------------------------------------

    @Override
    public void write(ByteBuf bytes) {
        pass(bytes);
        streams.output().emit();
    }

    private void pass(ByteBuf bytes) {
        if (state.isEndedHere()) {
            bytes.release();
            return;
        }
        ChunkedData chunks = chunked;
        if (chunks == null) {
            queue(bytes);
            responseWhole |= body != null && body.isDone();
        } else if (chunks.take(bytes, this)) {
            responseWhole |= chunks.isDone();
        } else {
            throw new IllegalStateException("a chunked body that was looked at before is broken");
        }
        offer();
    }

    @Override
    public void data(ByteBuf piece) {
        queue(piece);
    }

    private void queue(ByteBuf piece) {
        streams.queued(piece.readableBytes());
        queue.add(piece);
    }

    /** Sends what there is, as far as the windows allow. */
    private void offer() {
        if (queue.bytes() == 0) {
            endIfWhole();
        } else if (!offered && sendWindow.available() > 0) {
            offered = true;
            streams.output().offer(this);
        }
    }

    /** Called when the client takes more data on the stream. */
    void windowGrown() {
        if (queue.bytes() > 0) {
            offer();
        }
    }

    @Override
    public boolean send() {
        int most = Math.min(sendWindow.available(), streams.output().window());
        int wanted = Math.min(queue.firstBytes(), FrameScanner.LARGEST_PAYLOAD);
        int count = Math.min(wanted, most);
        if (count <= 0) {
            offered = false;
            return false;
        }
        boolean isLast = responseWhole && count == queue.bytes() && !hasTrailer();
        sendWindow.spend(count);
        streams.queued(-count);
        streams.output().data(id, queue.take(count), isLast);
        streams.dataSent(count, count < wanted);
        if (isLast) {
            endedHere();
        }
        offered = queue.bytes() > 0 && sendWindow.available() > 0;
        if (!offered) {
            endIfWhole();
        }
        noteLeftOver();
        takeMoreAgain();
        return offered;
    }

    private boolean hasTrailer() {
        return chunked != null && chunked.trailer(streams.trailer());
    }

    private void endIfWhole() {
        if (!responseWhole || queue.bytes() > 0 || state.isEndedHere()) {
            return;
        }
        if (!hasTrailer() || !trailerBlock()) {
            streams.output().data(id, null, true);
        }
        endedHere();
    }

    private boolean trailerBlock() {
        HeadWriter frames = streams.output().frames();
        int begun = streams.beginBlock();
        if (!streams.writer().trailer(streams.trailer(), frames)) {
            frames.truncate(begun);
            return false;
        }
        streams.endBlock(begun, id, true);
        return true;
    }

    private void endedHere() {
        state = state.endedHere();
        streams.completed();
        endIfOver();
    }

    /** What is still to come of a request that has been answered, nobody wants: the client is told so. */
    private void endIfOver() {
        if (state == StreamState.CLOSED) {
            streams.ended(this);
        } else if (answered && state.isEndedHere()) {
            streams.reset(this, ErrorCode.NO_ERROR);
        }
    }

    private void takeMoreAgain() {
        Exchange open = exchange;
        if (blocked && open != null && takesMore()) {
            open.relay().clientWritabilityChanged();
        }
    }

    @Override
    public void flush() {
        streams.flush();
    }

    @Override
    public boolean takesMore() {
        int waiting = queue.bytes();
        boolean takes = waiting <= (blocked ? TAKES_AGAIN : FULL)
                && (waiting == 0 || !streams.isQueueFull())
                && !(streams.context().loop().isTight()
                        && waiting + streams.output().backlog() > 0);
        blocked = !takes;
        return takes;
    }

    @Override
    public long backlog() {
        return queue.bytes();
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

    /** Does nothing: a stream ends by itself, and its connection goes on. */
    @Override
    public void endConnection() {}

    @Override
    public void complete(MessageBody request) {
        answered();
        end();
    }

    /** Ends the response behind what is there of it. */
    private void end() {
        responseWhole = true;
        if (queue.bytes() == 0) {
            endIfWhole();
        }
        endIfOver();
        noteLeftOver();
        streams.output().emit();
        flush();
    }

    @Override
    public void reply(LocalReply reply, LocalReply.Form form, boolean isHead, boolean isRequestWhole) {
        answered();
        byte[] content = isHead ? NO_ACCEPT : reply.content(form);
        responseWhole = true;
        HeadWriter frames = streams.output().frames();
        int begun = streams.beginBlock();
        streams.writer()
                .reply(
                        reply.status(form),
                        reply.fields(form).getBytes(ISO_8859_1),
                        streams.context().loop().dateLine(),
                        frames);
        streams.endBlock(begun, id, content.length == 0);
        if (content.length == 0) {
            endedHere();
        } else {
            queue(allocator().directBuffer(content.length).writeBytes(content));
            offer();
            noteLeftOver();
        }
        streams.output().emit();
        flush();
    }

    @Override
    public void abort(boolean reset) {
        answered();
        if (state == StreamState.CLOSED) {
            return;
        }
        if (responseWhole) {
            end();
        } else if (isCall) {
            endCall();
        } else {
            streams.reset(this, ErrorCode.INTERNAL_ERROR);
            flush();
        }
    }

    /** A client of gRPC calls again after UNAVAILABLE, and not after a reset. */
    private void endCall() {
        streams.queued(-queue.bytes());
        queue.release();
        chunked = null;
        responseWhole = true;
        streams.trailer().scan(UNAVAILABLE, 0, UNAVAILABLE.length);
        trailerBlock();
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
            inbox.release();
            streams.consume(kept);
            kept = 0;
        }
    }

    /** Called when the stream is over, by whichever side: what is left of it is dropped. */
    void over() {
        state = StreamState.CLOSED;
        streams.queued(-queue.bytes());
        queue.release();
        noteLeftOver();
        if (offered) {
            offered = false;
            streams.output().withdraw(this);
        }
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
        return leftOver;
    }

    private void noteLeftOver() {
        boolean isLeft = answered && queue.bytes() > 0;
        if (isLeft != leftOver) {
            leftOver = isLeft;
            streams.leftOver(isLeft ? 1 : -1);
        }
    }
}
