package dev.turnout.proxy;

import dev.turnout.config.IpText;
import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RequestRewriter;
import dev.turnout.proxy.http1.Scan;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Deadlines;
import dev.turnout.proxy.loop.HeadBudget;
import dev.turnout.proxy.loop.ReadControl;
import dev.turnout.proxy.route.ServiceRoute;
import dev.turnout.proxy.route.SlotAffinity;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jboss.logging.Logger;

/**
 * A client's connection: reads one request after the other, starts an {@link Exchange} for each, and writes what comes
 * back. Pipelined requests wait here until the response before them is done. To be used on its event loop only.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = Logger.getLogger(ClientConnection.class);

    /** A body up to this size that came with its head travels in one buffer with it. */
    private static final int SMALL_BODY = 16 * 1024;

    /** Scanning an unfinished head up to this size once more costs less than the system's part of a read. */
    private static final int SHORT_HEAD = 1024;

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** How long a request may still be on the wire, once Turnout is to stop. */
    private static final long STOP_GRACE_MILLIS = 1000;

    private final ConnectionContext shared;
    private final Deadlines.Entry deadline = new Deadline();
    private Channel channel;
    private String address;
    private ClientInfo facts;
    private Exchange exchange;
    private ByteBuf pending;
    private boolean headStarted;
    private int scanned;
    private int searched;
    private boolean processing;
    private boolean closing;
    private boolean inputEnded;
    private boolean outputEnded;
    private ReadControl reads;
    private long closingBacklog;

    /** What is left of a request that has been answered, and is read only to be dropped; null if nothing is. */
    private MessageBody rest;

    private Linger linger;

    ClientConnection(ConnectionContext shared) {
        this.shared = shared;
    }

    private final class Deadline extends Deadlines.Entry {
        @Override
        protected void timedOut() {
            ClientConnection.this.timedOut();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        reads = new ReadControl(channel);
        if (shared.clients().add(this) > shared.settings().limit()) {
            turnAway();
        } else {
            arm(idleMillis());
        }
    }

    /** Answers and closes at once: a client past the limit is not even lingered for. */
    private void turnAway() {
        LocalReply answer = LocalReplies.TOO_MANY_CONNECTIONS;
        closing = true;
        logOwn(null, answer, LocalReply.Form.PROBLEM);
        channel.writeAndFlush(answer.write(
                        channel.alloc(),
                        LocalReply.Form.PROBLEM,
                        false,
                        true,
                        shared.loop().dateLine()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** How long the connection may be without a request. */
    private long idleMillis() {
        return shared.loop().isStopping()
                ? STOP_GRACE_MILLIS
                : shared.settings().idleMillis();
    }

    // --- Requests --------------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (!reads.received()) {
            in.release();
            context.close();
            return;
        }
        if (closing) {
            dropWhileClosing(in);
            return;
        }
        pending = pending == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), pending, in);
        process();
    }

    /** Goes on with what has been received, as far as it can. */
    void process() {
        if (processing || closing) {
            return;
        }
        processing = true;
        try {
            boolean goesOn = true;
            while (goesOn && pending != null && !closing) {
                goesOn = step();
                if (!pending.isReadable()) {
                    pending.release();
                    pending = null;
                }
            }
        } finally {
            processing = false;
        }
        if (pending != null && exchange != null && exchange.isRequestDone()) {
            pending = Buffers.compacted(pending);
        }
        if (closing) {
            releasePending();
        } else if (inputEnded) {
            endAfterInput();
        }
        updateReading();
    }

    /** One step of {@link #process}; false if nothing can be done before something else happens. */
    private boolean step() {
        if (rest != null) {
            return dropPieceOfRest();
        }
        if (exchange == null) {
            // Answers that are not taken hold the next request back.
            return channel.isWritable() && skipEmptyLines() && readHead();
        }
        if (!exchange.takesBody()) {
            return false;
        }
        exchange.requestBody(pending);
        return true;
    }

    /**
     * Drops empty lines before a request line (RFC 9112, section 2.2). They begin no head, so no clock of one runs.
     *
     * @return whether there is more than empty lines, and the beginning of one
     */
    private boolean skipEmptyLines() {
        while (pending.readableBytes() > 1
                && pending.getByte(pending.readerIndex()) == '\r'
                && pending.getByte(pending.readerIndex() + 1) == '\n') {
            pending.skipBytes(2);
        }
        return pending.isReadable() && (pending.readableBytes() > 1 || pending.getByte(pending.readerIndex()) != '\r');
    }

    private boolean readHead() {
        if (headStarted && !mayBeWhole()) {
            holdHead();
            return false;
        }
        RequestHead head = shared.scratch().requestHead();
        int length = shared.scratch().scanRequest(pending);
        if (length == Scan.INCOMPLETE) {
            if (!headStarted) {
                headStarted = true;
                arm(shared.settings().headMillis());
            }
            scanned = pending.readableBytes();
            searched = scanned;
            holdHead();
            return false;
        }
        headEnded();
        if (length == Scan.REJECTED) {
            refuse(head.rejection());
            return false;
        }
        begin(head, length);
        return true;
    }

    /**
     * Returns true if an unfinished head is worth another scan: it is short, an empty line may have come, or it has
     * grown by an eighth. So a long head that comes byte by byte is not scanned from its start with every byte.
     */
    private boolean mayBeWhole() {
        int end = pending.writerIndex();
        int length = pending.readableBytes();
        boolean isDue = length <= SHORT_HEAD
                || length >= scanned + scanned / 8
                || length > shared.scratch().headLimit();
        int at = pending.readerIndex() + Math.max(0, searched - 2);
        searched = length;
        if (isDue) {
            return true;
        }
        for (at = pending.indexOf(at, end, LF); at >= 0; at = pending.indexOf(at + 1, end, LF)) {
            boolean isEmptyLine = at + 1 < end && pending.getByte(at + 1) == LF
                    || at + 2 < end && pending.getByte(at + 1) == CR && pending.getByte(at + 2) == LF;
            if (isEmptyLine) {
                return true;
            }
        }
        return false;
    }

    /** Counts an unfinished head, which may end this one or older ones. */
    private void holdHead() {
        pending = Buffers.compacted(pending);
        InetAddress peer = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        Object address = shared.settings().isTrusted(peer) ? null : HeadBudget.key(peer);
        shared.heads().hold(this, address, pending.capacity());
    }

    private void headEnded() {
        if (headStarted) {
            headStarted = false;
            shared.heads().release(this);
        }
    }

    /** Called when the memory for heads is used up and this is the oldest unfinished one. */
    void dropUnfinishedHead() {
        logOwn(null, LocalReplies.TOO_MANY_HEADS, LocalReply.Form.PROBLEM);
        answer(LocalReplies.TOO_MANY_HEADS, LocalReply.Form.PROBLEM, false, true);
    }

    private void refuse(Rejection rejection) {
        logOwn(null, LocalReply.to(rejection), LocalReply.Form.PROBLEM);
        answer(LocalReply.to(rejection), LocalReply.Form.PROBLEM, false, true);
    }

    private void begin(RequestHead head, int length) {
        pending.skipBytes(length);
        MessageBody body = bodyOf(head);
        int taken = body.take(pending);
        if (taken == MessageBody.BROKEN) {
            refuse(Rejection.BAD_CHUNK);
            return;
        }
        if (isOver(shared.exchanges().settings().bodyLimit(), head, body)) {
            refuse(LocalReplies.BODY_TOO_LARGE, head, body, taken);
            return;
        }
        AdminOnFront admin = shared.adminOnFront();
        boolean toAdmin = admin != null && head.pathIsWithin(AdminOnFront.PATH);
        if (toAdmin ? admin.isFull() : shared.exchanges().exchanges().isFull()) {
            refuse(toAdmin ? LocalReplies.TOO_MANY_CALLS : LocalReplies.TOO_MANY_REQUESTS, head, body, taken);
            return;
        }
        ServiceRoute route =
                toAdmin ? null : shared.exchanges().routing().routes().find(head);
        if (!toAdmin && route == null) {
            refuse(LocalReplies.NO_SERVICE, head, body, taken);
            return;
        }
        int stripped = toAdmin ? 0 : route.entrance().stripped();
        HeadWriter writer = shared.scratch().headWriter();
        boolean small = body.isDone() && taken <= SMALL_BODY;
        boolean unchunked = small && head.isChunked() && !body.hasTrailer();
        shared.requestRewriter()
                .rewrite(
                        head,
                        facts(),
                        stripped,
                        toAdmin ? admin.line() : shared.targets().linesForTarget(head),
                        unchunked ? body.passed() : RequestRewriter.AS_FRAMED,
                        writer);
        int size = writer.length() + (small ? taken : 0);
        ByteBuf out = channel.alloc().directBuffer(size);
        if (!shared.heads().admit(out.capacity())) {
            out.release();
            refuse(LocalReplies.NO_MEMORY, head, body, taken);
            return;
        }
        out.writeBytes(writer.bytes(), 0, writer.length());
        ByteBuf firstBody = null;
        if (unchunked) {
            bodyOf(head).takeData(pending, out);
            pending.skipBytes(taken);
            body = MessageBody.ofLength(0);
        } else if (small) {
            out.writeBytes(pending, taken);
        } else if (taken > 0) {
            firstBody = pending.readRetainedSlice(taken);
        }
        exchange = new Exchange(shared.exchanges(), this, head, out, body, firstBody);
        if (toAdmin) {
            exchange.startAtOwn(claim(admin));
        } else {
            SlotAffinity visitor = shared.exchanges()
                    .affinity()
                    .of(head, facts(), shared.preview().slotOf(head));
            exchange.start(route.service(), visitor);
        }
    }

    private MessageBody bodyOf(RequestHead head) {
        return head.isChunked()
                ? MessageBody.chunked(
                        shared.scratch().headLimit(),
                        shared.targets().forgedFields().inTrailer())
                : MessageBody.ofLength(head.contentLength());
    }

    /** Answers a request that goes nowhere; the connection goes on if the whole request is there. */
    private void refuse(LocalReply answer, RequestHead head, MessageBody body, int taken) {
        pending.skipBytes(taken);
        boolean close = !body.isDone() || !head.isPersistent();
        logOwn(head, answer, LocalReplies.form(head));
        answer(answer, LocalReplies.form(head), head.methodIs("HEAD"), close);
    }

    private static boolean isOver(long limit, RequestHead head, MessageBody body) {
        return limit > 0 && head.contentLength() > limit || body.isLongerThan(limit);
    }

    private TargetState claim(AdminOnFront admin) {
        admin.upstream().enter(shared.loop().index());
        return admin.upstream();
    }

    /** Writes the line of a request that no target was chosen for. */
    private void logOwn(RequestHead head, LocalReply answer, LocalReply.Form form) {
        AccessLines lines = shared.exchanges().accessLines();
        if (lines != null) {
            boolean http11 = head == null || head.isHttp11();
            int bytes = answer.length(form);
            lines.add(
                    head,
                    new AccessLines.Facts(address(), http11, answer.status(), bytes, 0, -1, null, answer.cause()));
        }
    }

    /** The peer's IP address. */
    String address() {
        if (address == null) {
            address = IpText.of(((InetSocketAddress) channel.remoteAddress()).getAddress());
        }
        return address;
    }

    private ClientInfo facts() {
        if (facts == null) {
            InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
            InetSocketAddress local = (InetSocketAddress) channel.localAddress();
            boolean trusted = shared.settings().isTrusted(peer.getAddress());
            facts = new ClientInfo(address(), "http", IpText.withPort(local), trusted);
        }
        return facts;
    }

    /**
     * Reads on as long as there is a place for what comes: a head, or a body that the target takes. While a response
     * is waited for it reads on too, to see the client go; what it then reads of the next request stops it.
     */
    void updateReading() {
        boolean reading = closing
                || rest != null
                || (exchange == null
                        ? takesRequest()
                        : pending == null
                                && !(exchange.isWaiting() && reads.noticesEndUnread())
                                && (exchange.isRequestDone() || exchange.takesBody()));
        reads.setReading(reading);
    }

    /** Whether what there is of a request can be gone on with: the answers before it have been taken. */
    private boolean takesRequest() {
        return pending == null || channel.isWritable();
    }

    // --- Responses -------------------------------------------------------------------------------------------------

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    /** Queues bytes for the client, which are the connection's to release. */
    void forward(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    /** Tells the client that no more comes, once it has got what there is. */
    void shutdownOutput() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(shared.loop().onLoop(flushed -> ((DuplexChannel) channel).shutdownOutput()));
    }

    /** Whether more may be sent now; with memory short, only once all has been taken. */
    boolean takesMore() {
        return Buffers.takesMore(channel, shared.loop().isTight());
    }

    /** How many bytes are kept of what comes after the request at hand. */
    int keptBytes() {
        if (pending == null || !pending.isReadable()) {
            return 0;
        }
        pending = Buffers.compacted(pending);
        return Buffers.kept(pending);
    }

    /** How many bytes the client has yet to take. */
    long backlog() {
        return Buffers.backlog(channel);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.clientWritabilityChanged();
        } else {
            process();
        }
    }

    /** Answers in the place of a target, and goes on with the next request unless the connection is to end. */
    void answer(LocalReply answer, LocalReply.Form form, boolean isHead, boolean close) {
        boolean last = close || shared.loop().isStopping();
        exchange = null;
        forward(answer.write(channel.alloc(), form, isHead, last, shared.loop().dateLine()));
        flush();
        exchangeEnded(last);
    }

    /** Told that the response is done. */
    void exchangeEnded(boolean close) {
        exchange = null;
        if (close) {
            close();
        } else if (channel.isActive()) {
            arm(idleMillis());
            process();
        }
    }

    /**
     * Goes on with the next request once the rest of this one has come: it has been answered, and nobody wants it.
     *
     * @param body the request's, which is not whole
     */
    void dropRest(MessageBody body) {
        exchange = null;
        rest = body;
        linger = new Linger();
        if (channel.isActive()) {
            arm(shared.settings().bodyMillis());
            process();
        }
    }

    private boolean dropPieceOfRest() {
        int taken = rest.take(pending);
        if (taken == MessageBody.BROKEN || !linger.drop(taken)) {
            close();
            return false;
        }
        pending.skipBytes(taken);
        if (rest.isDone()) {
            rest = null;
            linger = null;
            arm(idleMillis());
            if (shared.loop().isStopping()) {
                close();
            }
        } else {
            arm(shared.settings().bodyMillis());
        }
        return true;
    }

    private void dropWhileClosing(ByteBuf in) {
        int count = in.readableBytes();
        in.release();
        if (linger == null) {
            linger = new Linger();
        }
        if (!linger.drop(count)) {
            channel.close();
        } else if (outputEnded) {
            arm(Linger.QUIET_MILLIS);
        }
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /**
     * Told that Turnout is to stop. A request that is on the connection, or still on the wire, is answered and told
     * that it was the last; without one the connection ends after a grace time.
     */
    void stop() {
        if (isWithoutRequest()) {
            arm(STOP_GRACE_MILLIS);
        }
    }

    /** Returns true if nothing of a request has come but, maybe, the beginning of an empty line before it. */
    private boolean isWithoutRequest() {
        return exchange == null && !headStarted && !closing && takesRequest();
    }

    /** Closes a connection that has been without a request for so long, and returns true if it was one. */
    boolean closeIfIdle(long leastMillis) {
        boolean isIdle = isWithoutRequest() && rest == null && backlog() == 0;
        if (!isIdle || shared.loop().deadlines().age(deadline) < leastMillis) {
            return false;
        }
        channel.close();
        return true;
    }

    /**
     * Ends the connection once the client has what was sent to it: closing at once would reset it, and lose that, if
     * the client is still sending.
     */
    private void close() {
        if (closing) {
            return;
        }
        closing = true;
        releasePending();
        armClosing();
        updateReading();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(shared.loop().onLoop(flushed -> {
            if (inputEnded || !flushed.isSuccess()) {
                channel.close();
            } else {
                ((DuplexChannel) channel).shutdownOutput();
                outputEnded = true;
                arm(Linger.QUIET_MILLIS);
            }
        }));
    }

    private void armClosing() {
        closingBacklog = backlog();
        arm(shared.settings().bodyMillis());
    }

    /**
     * Ends the connection at once.
     *
     * @param reset so that the client cannot take it for the end of a response
     */
    void abort(boolean reset) {
        exchange = null;
        closing = true;
        if (reset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    void arm(long millis) {
        shared.loop().deadlines().arm(deadline, millis);
    }

    void disarm() {
        shared.loop().deadlines().disarm(deadline);
    }

    private void timedOut() {
        if (closing) {
            if (backlog() > 0 && backlog() < closingBacklog) {
                armClosing();
            } else {
                channel.close();
            }
        } else if (exchange != null) {
            exchange.timedOut();
        } else if (headStarted) {
            logOwn(null, LocalReplies.CLIENT_HEAD_TIMEOUT, LocalReply.Form.PROBLEM);
            answer(LocalReplies.CLIENT_HEAD_TIMEOUT, LocalReply.Form.PROBLEM, false, true);
        } else {
            close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean ended = event == ChannelInputShutdownEvent.INSTANCE
                || event == ChannelInputShutdownReadComplete.INSTANCE && !inputEnded;
        if (ended) {
            inputEnded();
        }
    }

    private void inputEnded() {
        inputEnded = true;
        if (!closing) {
            endAfterInput();
        } else if (backlog() == 0) {
            channel.close();
        }
    }

    /** A client that sends no more may still read: it gets its response, unless its request is not whole. */
    private void endAfterInput() {
        if (exchange == null) {
            if (rest != null || takesRequest()) {
                close();
            }
        } else if (pending == null && !exchange.clientInputEnded()) {
            Exchange cut = exchange;
            abort(false);
            cut.clientGone();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        shared.loop().deadlines().remove(deadline);
        shared.clients().remove(this);
        releasePending();
        if (exchange != null) {
            Exchange left = exchange;
            exchange = null;
            left.clientGone();
        }
    }

    private void releasePending() {
        headEnded();
        if (pending != null && !processing) {
            pending.release();
            pending = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            shared.loop().buffers().refused();
        } else if (!(cause instanceof IOException)) {
            LOG.error("A client's connection failed on a fault of Turnout's own and was closed", cause);
        }
        context.close();
    }
}
