package dev.turnout.proxy.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.exchange.Reusability;
import dev.turnout.proxy.exchange.TargetStream;
import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.Octets;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http2.BlockReader;
import dev.turnout.proxy.http2.BlockWriter;
import dev.turnout.proxy.http2.ErrorCode;
import dev.turnout.proxy.http2.ReceiveWindow;
import dev.turnout.proxy.http2.StreamIds;
import dev.turnout.proxy.http2.StreamState;
import dev.turnout.proxy.http2.Violation;
import dev.turnout.proxy.http2.WebSocketAccept;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's stream of an HTTP/2 connection to a target. It takes and gives messages of HTTP/1. Once its exchange is
 * done, it stays until the target has ended it too. Event loop only.
 */
final class Http2TargetStream implements TargetStream, Http2Upload.Owner {

    private static final byte[] KEY = "sec-websocket-key".getBytes(US_ASCII);

    private final Http2Carrier connection;
    private boolean fresh;
    private final Reusability reusability = new Reusability();
    private final Http2Upload upload;
    private final Http2Download download;
    private final ReceiveWindow receive;
    private StreamState state = StreamState.IDLE;
    private @Nullable Listener listener;
    private int id;
    private boolean reading = true;
    private boolean halfCloses;
    private boolean readable;
    private boolean overdue;

    /** @param isFresh whether the connection was opened for this stream, or others with it */
    Http2TargetStream(Http2Carrier connection, boolean isFresh) {
        this.connection = connection;
        this.fresh = isFresh;
        this.upload = new Http2Upload(
                this,
                connection.output(),
                connection.initialWindow(),
                connection.limits().headerList());
        this.download = connection.newDownload();
        int window = connection.limits().streamWindow();
        this.receive = new ReceiveWindow(window, window);
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public StreamState state() {
        return state;
    }

    // --- What the exchange asks ------------------------------------------------------------------------------------

    @Override
    public void begin(Listener next, boolean hasContent) {
        listener = next;
    }

    /** The connection is no exchange's own, so nothing is to be learnt of how the target reuses it. */
    @Override
    public boolean isReused() {
        return false;
    }

    @Override
    public boolean wasIdle() {
        return !fresh;
    }

    @Override
    public boolean hadContentBefore() {
        return false;
    }

    @Override
    public Reusability reusability() {
        return reusability;
    }

    @Override
    public void write(ByteBuf bytes) {
        if (state == StreamState.IDLE && connection.isOpen()) {
            try {
                open(bytes);
            } finally {
                bytes.release();
            }
        } else if (state == StreamState.IDLE || state.isEndedHere()) {
            bytes.release();
        } else {
            add(bytes);
        }
    }

    private void open(ByteBuf bytes) {
        RequestHead head = connection.scan(bytes);
        boolean isTunnel = BlockWriter.isTunnel(head);
        if (isTunnel && !connection.takesTunnels()) {
            told().badResponse(Rejection.NO_TUNNEL);
            return;
        }
        download.expect(head.methodIs(KnownMethod.HEAD), isTunnel ? accept(head) : BlockReader.NO_TUNNEL);
        upload.begin(head, isTunnel);
        boolean isWhole = upload.endsWith(0);
        id = connection.open(this, head, isWhole);
        state = isWhole ? StreamState.HALF_CLOSED_LOCAL : StreamState.OPEN;
        int headLength = head.fields().lineStart(head.fields().size()) + 2;
        if (bytes.writerIndex() > headLength && !isWhole) {
            add(bytes.retainedSlice(headLength, bytes.writerIndex() - headLength));
        }
    }

    private static byte[] accept(RequestHead head) {
        FieldLines fields = head.fields();
        for (int line = 0; line < fields.size(); line++) {
            if (Octets.equalsIgnoreCase(fields.bytes(), fields.lineStart(line), fields.nameEnd(line), KEY)) {
                return WebSocketAccept.of(
                        Arrays.copyOfRange(fields.bytes(), fields.valueStart(line), fields.valueEnd(line)));
            }
        }
        return WebSocketAccept.of(new byte[0]);
    }

    private void add(ByteBuf bytes) {
        if (upload.add(bytes)) {
            upload.offer();
        } else {
            reset(ErrorCode.INTERNAL_ERROR);
            told().closed();
        }
    }

    @Override
    public void flush() {
        connection.flush();
    }

    @Override
    public boolean takesMore() {
        return !upload.isFull() && connection.takesMore(upload.queued());
    }

    @Override
    public long backlog() {
        return upload.queued();
    }

    @Override
    public boolean isOutputBroken() {
        return state == StreamState.IDLE ? !connection.isOpen() : state == StreamState.CLOSED && !upload.endsWith(0);
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public void setReading(boolean isToRead) {
        boolean resumes = isToRead && !reading;
        reading = isToRead;
        if (resumes) {
            // As with a channel, what waits does not come before this method has returned.
            connection.later(this::resume);
        }
    }

    private void resume() {
        deliver();
        connection.flush();
    }

    /** Other streams keep the connection in use. */
    @Override
    public void announceKeepAlive(int seconds) {}

    @Override
    public void becomeTunnel(boolean isHalfClosing) {
        halfCloses = isHalfClosing;
    }

    @Override
    public void shutdownOutput() {
        if (!state.isEndedHere()) {
            upload.end();
            upload.offer();
            connection.flush();
        }
    }

    @Override
    public void release(boolean isReusable) {
        listener = null;
        download.release();
        if (!state.isEndedHere() || !download.isWhole()) {
            reset(ErrorCode.CANCEL);
        }
    }

    @Override
    public void closeWhenFlushed() {
        listener = null;
        download.release();
        shutdownOutput();
    }

    @Override
    public void close() {
        listener = null;
        download.release();
        reset(ErrorCode.CANCEL);
    }

    private void reset(ErrorCode code) {
        upload.release();
        if (state != StreamState.CLOSED) {
            boolean isOpen = state != StreamState.IDLE;
            state = StreamState.CLOSED;
            if (isOpen) {
                connection.reset(this, code);
            }
        }
    }

    // --- What is sent ----------------------------------------------------------------------------------------------

    Http2Upload upload() {
        return upload;
    }

    @Override
    public void sent(int count, boolean isCut) {
        connection.dataSent(count, isCut);
    }

    @Override
    public void endedHere() {
        state = state.endedHere();
        endedBothWays();
    }

    @Override
    public void relieved() {
        connection.relieved(this);
    }

    private void endedBothWays() {
        if (state == StreamState.CLOSED) {
            connection.ended(this, StreamIds.End.WHOLE);
        }
    }

    /** Tells the exchange that the target takes more again. */
    void tellWritability() {
        if (listener != null) {
            listener.writabilityChanged();
        }
    }

    // --- What the target sends -------------------------------------------------------------------------------------

    Http2Download download() {
        return download;
    }

    /** Takes the bytes of a DATA frame, padding included, before its data. */
    @Nullable
    Violation dataBegins(int length) {
        return receive.receive(length) ? null : Violation.STREAM_WINDOW_EXCEEDED;
    }

    /** Returns true if the exchange has got all that it wants. */
    boolean isDone() {
        return listener == null;
    }

    /** Returns true if the exchange was done already when this was last asked. */
    boolean isOverdue() {
        boolean before = overdue;
        overdue = isDone();
        return before && overdue;
    }

    /** Notes that bytes of the window are not kept here. */
    void consume(int count) {
        receive.consume(count);
        if (reading && !state.isEndedByPeer()) {
            connection.updateWindow(id, receive);
        }
    }

    /** Takes a head. Returns what is wrong with it; null if nothing is. */
    @Nullable
    Rejection head(HeadWriter head) {
        return listener == null ? null : download.head(head, listener, reading);
    }

    /**
     * Takes the target's end of the stream.
     *
     * @param trailer the last chunk with the fields of a trailer; null if there is no trailer
     * @return false if the response must not end here
     */
    boolean endedByPeer(@Nullable HeadWriter trailer) {
        boolean isLegal = listener == null || download.end(trailer);
        if (isLegal) {
            state = state.endedByPeer();
            endedBothWays();
        }
        return isLegal;
    }

    /** Notes that the stream is to deliver what has come, or has done so. Returns what it was before. */
    boolean setReadable(boolean isReadable) {
        boolean before = readable;
        readable = isReadable;
        return before;
    }

    /** Gives the exchange what has come, if the exchange reads. */
    void deliver() {
        if (listener == null || !reading) {
            return;
        }
        deliverTo(listener);
        if (listener != null && download.isTunnel() && state.isEndedByPeer() && !download.isWaiting()) {
            if (halfCloses) {
                listener.inputEnded();
            } else {
                told().closed();
            }
        }
    }

    private void deliverTo(Listener exchange) {
        int count = download.deliver(exchange);
        consume(count);
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Called when the target has reset the stream. It is no longer among those of its connection. */
    void resetByPeer(ErrorCode code) {
        // The target has had the request: it was not lost with an idle connection, and needs no other one.
        fresh = true;
        if (code == ErrorCode.REFUSED_STREAM) {
            refused();
        } else if (code == ErrorCode.CANCEL && !state.isEndedByPeer() && !download.isTunnel()) {
            cancelled();
        } else {
            endedEarly();
        }
    }

    private void endedEarly() {
        if (state.isEndedByPeer()) {
            // RFC 9113, section 8.1: the target has answered, and wants no more of the request.
            state = StreamState.CLOSED;
            upload.release();
            if (listener != null) {
                listener.writabilityChanged();
            }
        } else {
            lost();
        }
    }

    /** Called when the target says that it has not looked at the request. A response that has begun says otherwise. */
    void refused() {
        if (download.isHeaded()) {
            endedEarly();
            return;
        }
        state = StreamState.CLOSED;
        upload.release();
        if (listener != null) {
            told().refused();
        }
    }

    private void cancelled() {
        state = StreamState.CLOSED;
        upload.release();
        if (listener != null) {
            deliverTo(listener);
        }
        if (listener != null) {
            told().cancelled();
        }
    }

    /** Called when the stream has ended before the response was whole. */
    void lost() {
        boolean isCut = !state.isEndedByPeer() || download.isTunnel();
        state = StreamState.CLOSED;
        upload.release();
        if (isCut) {
            cut();
        }
    }

    private void cut() {
        if (listener != null) {
            deliverTo(listener);
        }
        if (listener != null) {
            listener.readFailed();
            told().closed();
        }
    }

    /** Called when the target has broken a rule. The stream is reset, or its connection is at its end. */
    void broken(Rejection rejection) {
        state = StreamState.CLOSED;
        upload.release();
        if (download.isHeaded()) {
            cut();
        } else if (listener != null) {
            told().badResponse(rejection);
        }
    }

    /** Returns whoever is told last. */
    private Listener told() {
        Listener last = listener;
        if (last == null) {
            throw new IllegalStateException("The exchange is done");
        }
        listener = null;
        return last;
    }
}
