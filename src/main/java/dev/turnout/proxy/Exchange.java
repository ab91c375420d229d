package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.ResponseRewriter;
import dev.turnout.proxy.http1.ResponseRewriter.Persistence;
import dev.turnout.proxy.loop.Buffers;
import dev.turnout.proxy.loop.Descriptors;
import dev.turnout.proxy.route.Retirement;
import dev.turnout.proxy.route.SlotAffinity;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.CutRequest;
import dev.turnout.routing.Slot;
import dev.turnout.routing.VisibleText;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One request and its response: from the claim of a target, which a paused service keeps waiting, to the moment that
 * both have passed, or have failed.
 *
 * <p>It holds the claim, the head as the target gets it (to send it once more where that is safe, and to name the
 * request if it is cut), and both bodies' framing. The client's side of it is a {@link ClientConnection}, the target's
 * a {@link TargetConnection}; neither knows the other. To be used on its event loop only.
 */
final class Exchange {

    /** How long the client of a WebSocket may take to answer a Close frame. */
    private static final long CLOSE_HANDSHAKE_MILLIS = 5000;

    /** Longer than a gate, a watch and a drain together are likely to take. */
    private static final long OWN_RESPONSE_HEAD_MILLIS = 30 * 60_000L;

    /** What the access log says of a client that has gone before it got a status (nginx' number). */
    private static final int CLIENT_GONE = 499;

    /** So many times {@code turnout.upstream.head} a target may put off its response by 1xx responses. */
    private static final int MOST_HEARTBEATS = 10;

    /** From this status on a response that comes before its request ends says that the rest is not wanted. */
    private static final int NOT_WANTED = 300;

    private static final int REQUEST_TIMEOUT = 408;

    private static final byte[] NO_LINES = {};

    private enum Phase {
        /** Without a target, since the service is paused. */
        WAITING,
        /** Waiting for a connection to the target. */
        CONNECTING,
        /** The head is on its way, nothing of the response has gone to the client. */
        REQUESTING,
        /** The response goes to the client; the request may still be going to the target. */
        RESPONDING,
        ENDED
    }

    /** Neighbours in the list of {@link Exchanges}. */
    Exchange previous;

    Exchange next;

    private final ExchangeContext context;
    private final ClientConnection client;
    private final ByteBuf head;
    private MessageBody requestBody;
    private final LocalReply.Form form;
    private final boolean isHead;
    private final boolean isHttp11;
    private final boolean isIdempotent;
    private final boolean asksUpgrade;
    private final boolean clientPersists;
    private final boolean hasContent;
    private final boolean contentIsRead;
    private final boolean expectsContinue;

    /** The operator says that what comes from its path has no end of its own. */
    private final boolean isEndlessPath;

    private final long startedNanos = System.nanoTime();
    private long claimedNanos = startedNanos;

    /** When the target was owed nothing more of the request; 0 before. */
    private long awaitedNanos;

    private long responseHeadMillis;

    private Phase phase = Phase.CONNECTING;
    private PausedRequests room;
    private long heldBytes;
    private TargetState upstream;
    /** The slot that the request asks for; null if it goes where all others go. */
    private Slot preview;

    private byte[] cookieLine;
    private TargetConnection target;
    private ByteBuf firstBody;
    private ResponseBody responseBody;
    private boolean bodyStreamed;
    private boolean responseBegun;
    /** Sent once more, over a fresh connection. */
    private boolean retried;

    /** Sent to another target than the first, which could not be reached. */
    private boolean redirected;

    private boolean targetBroken;

    /** The target has been told of as one whose request is not whole. */
    private boolean isUploading;

    /** The target has answered and takes no more of the request. */
    private boolean isRestUnwanted;

    private boolean clientInputEnded;
    private boolean targetInputEnded;
    private boolean isTunnel;

    /** The end that it comes to because its target is to go; null as long as it may go on. */
    private Farewell farewell;

    private boolean endsWhole;
    private boolean awaitsClose;
    private boolean closesClient;
    private int status;
    private String cause;
    private long headNanos;
    private long bytesToClient;
    private Turn turn = Turn.TARGET_ACCEPTS;
    private long turnNanos;
    private long turnBacklog;

    /** How long the client's turns have lasted in all, while the message at hand passed. */
    private long clientNanos;

    /** How many bytes had passed before the message at hand. */
    private long bytesBefore;

    /** The client has held up the message at hand, see {@link Turn#isStall}. */
    private boolean clientStalled;

    private boolean isSettled;

    /**
     * @param head the head as the target gets it, with a small body behind it if the whole request is there; released
     *     at the end
     * @param firstBody what of a larger body came with the head, or null; released once a response begins
     */
    Exchange(
            ExchangeContext context,
            ClientConnection client,
            RequestHead request,
            ByteBuf head,
            MessageBody requestBody,
            ByteBuf firstBody) {
        this.context = context;
        this.client = client;
        this.head = head;
        this.requestBody = requestBody;
        this.firstBody = firstBody;
        this.form = LocalReplies.form(request);
        this.isHead = request.methodIs("HEAD");
        this.isHttp11 = request.isHttp11();
        this.isIdempotent = request.isIdempotent();
        this.asksUpgrade = request.isUpgrade();
        this.clientPersists = request.isPersistent();
        this.responseHeadMillis = context.settings().responseHeadMillis();
        this.hasContent = request.isChunked() || request.contentLength() > 0;
        this.contentIsRead = request.contentIsRead();
        this.expectsContinue = request.expectsContinue();
        this.isEndlessPath = context.settings().isEndless(request);
    }

    // --- The way to the target -------------------------------------------------------------------------------------

    /** Sends the request to a target of its service, once there is one for it. */
    void start(String service, SlotAffinity visitor) {
        context.exchanges().add(this);
        TargetState claimed = context.routing().claim(service, context.loop().index(), visitor);
        preview = visitor.preview();
        cookieLine = visitor.cookieLine();
        if (claimed != null) {
            startAt(claimed);
        } else if (visitor.isHeld() && context.loop().isStopping()) {
            fail(LocalReplies.STOPPING, ExchangeEnd.CUT);
        } else if (visitor.isHeld()) {
            await(context.pausedRequests(service));
        } else {
            fail(LocalReplies.refusal(visitor), ExchangeEnd.CUT);
        }
    }

    /** Sends the request to Turnout's own admin server, which answers a switch when the old slot is drained. */
    void startAtOwn(TargetState claimed) {
        responseHeadMillis = OWN_RESPONSE_HEAD_MILLIS;
        context.exchanges().add(this);
        startAt(claimed);
    }

    private void startAt(TargetState claimed) {
        phase = Phase.CONNECTING;
        enter(claimed);
        client.arm(responseHeadMillis);
        if (isEndlessPath) {
            retireLate();
        }
        send();
    }

    private void enter(TargetState claimed) {
        upstream = claimed;
        isUploading = !requestBody.isDone();
        if (isUploading) {
            upstream.counters().uploadBegun();
        } else if (awaitedNanos == 0) {
            awaitedNanos = claimedNanos;
        }
    }

    private void await(PausedRequests waitingRoom) {
        if (firstBody != null) {
            firstBody = Buffers.compacted(firstBody);
        }
        heldBytes = head.capacity() + (firstBody == null ? 0L : Buffers.kept(firstBody)) + client.keptBytes();
        if (waitingRoom.admit(this)) {
            phase = Phase.WAITING;
            room = waitingRoom;
            client.arm(room.waitMillis());
        } else {
            fail(LocalReplies.PAUSED_FULL, ExchangeEnd.CUT);
        }
    }

    /** How many bytes wait with it. */
    long heldBytes() {
        return heldBytes;
    }

    /** Returns true while its service is paused and it has no target. */
    boolean isWaiting() {
        return phase == Phase.WAITING;
    }

    /** Told that its service has been resumed; false if it is paused again, and the exchange waits on. */
    boolean claimAgain(String service) {
        SlotAffinity visitor = context.affinity().ofWaiting(preview);
        TargetState claimed = context.routing().claim(service, context.loop().index(), visitor);
        if (claimed == null && visitor.isHeld()) {
            return false;
        }
        leaveRoom();
        if (claimed == null) {
            fail(LocalReplies.refusal(visitor), ExchangeEnd.CUT);
        } else {
            claimedNanos = System.nanoTime();
            startAt(claimed);
        }
        return true;
    }

    /** Told to wait no more. */
    void dismiss(LocalReply answer) {
        fail(answer, ExchangeEnd.CUT);
    }

    private void leaveRoom() {
        if (room != null) {
            room.leave(this);
            room = null;
        }
    }

    private void send() {
        if (requestBody.isChunked() && upstream.conduct().isHttp10()) {
            fail(LocalReplies.LENGTH_REQUIRED, ExchangeEnd.NOT_SENDABLE);
            return;
        }
        TargetConnection idle = context.pool().take(upstream, isIdempotent && requestBody.isDone());
        if (idle == null) {
            context.pool().connect(upstream, this);
        } else {
            attach(idle);
        }
    }

    /**
     * Takes a connection and sends over it what there is of the request.
     *
     * @return false if the exchange has ended and does not want it
     */
    boolean attach(TargetConnection connection) {
        if (phase == Phase.ENDED) {
            return false;
        }
        phase = Phase.REQUESTING;
        target = connection;
        target.begin(this, hasContent);
        target.reusability().requestBegun(hasContent, !requestBody.isChunked(), contentIsRead);
        target.write(head.readerIndex(0).retain());
        if (firstBody != null) {
            target.write(firstBody.readerIndex(0).retain());
        }
        target.flush();
        if (target == connection && connection.isOutputBroken() && connection.wasIdle()) {
            // Nothing has arrived if nothing was taken: then even a POST may go again.
            boolean nothingSent = firstBody == null && head.readerIndex() == 0;
            target = null;
            connection.close();
            retryStale(nothingSent);
            return true;
        }
        if (phase == Phase.REQUESTING) {
            armForTurn();
            client.process();
        }
        return true;
    }

    /** Told that no connection could be opened: another target gets the request, if there is one. */
    void connectFailed(Throwable cause) {
        if (phase == Phase.ENDED) {
            return;
        }
        if (cause instanceof Descriptors.Missing) {
            fail(LocalReplies.NO_DESCRIPTORS, ExchangeEnd.NO_RESOURCES);
            return;
        }
        upstream.connectFailed();
        TargetState other = redirected || preview != null ? null : claimOther();
        if (other != null) {
            redirected = true;
            upstream.counters().countRetry();
            settle(ExchangeEnd.REDIRECTED);
            enter(other);
            send();
        } else if (cause instanceof ConnectTimeoutException) {
            fail(LocalReplies.CONNECT_TIMEOUT, ExchangeEnd.CONNECT_FAILED);
        } else {
            fail(LocalReplies.CONNECT_FAILED, ExchangeEnd.CONNECT_FAILED);
        }
    }

    private TargetState claimOther() {
        TargetState failed = upstream;
        return context.routing()
                .claim(failed.service(), context.loop().index(), (route, loop) -> route.insteadOf(failed, loop));
    }

    /** A connection that died before it brought a byte of the response was stale; what may go again goes once. */
    private void retryStale(boolean nothingSent) {
        if (mayGoAgain(nothingSent)) {
            goAgain();
        } else {
            fail(LocalReplies.TARGET_CLOSED, ExchangeEnd.TARGET_CLOSED);
        }
    }

    private boolean mayGoAgain(boolean nothingSent) {
        return !retried && (nothingSent || isIdempotent && !bodyStreamed);
    }

    private void goAgain() {
        retried = true;
        responseBegun = false;
        upstream.counters().countRetry();
        phase = Phase.CONNECTING;
        turn = Turn.TARGET_ACCEPTS;
        context.pool().connect(upstream, this);
    }

    /** Whether the client may send more of the body now. */
    boolean takesBody() {
        return !requestBody.isDone()
                && target != null
                && (isRestUnwanted || target.takesMore() || target.isOutputBroken());
    }

    /** Whether the whole request has come from the client. */
    boolean isRequestDone() {
        return requestBody.isDone();
    }

    /**
     * Passes on a piece of what the client sends.
     *
     * @param in the exchange takes the body's bytes from it; the rest stays readable, and the caller's
     */
    void requestBody(ByteBuf in) {
        int taken = requestBody.take(in);
        if (taken == MessageBody.BROKEN) {
            in.skipBytes(in.readableBytes());
            refuse(LocalReply.to(Rejection.BAD_CHUNK));
            return;
        }
        if (requestBody.isLongerThan(context.settings().bodyLimit())) {
            in.skipBytes(in.readableBytes());
            refuse(LocalReplies.BODY_TOO_LARGE);
            return;
        }
        bodyStreamed = true;
        if (isRestUnwanted) {
            in.skipBytes(taken);
        } else {
            target.write(in.readRetainedSlice(taken));
            target.flush();
            context.loop().countKept(target == null ? 0 : target.backlog());
        }
        if (requestBody.isDone()) {
            requestIsWhole();
        }
        armForTurn();
    }

    private void requestIsWhole() {
        noteStall();
        clientStalled = false;
        clientNanos = 0;
        bytesBefore = bytesPassed();
        awaitedNanos = System.nanoTime();
        endUpload();
    }

    private void endUpload() {
        if (isUploading) {
            isUploading = false;
            upstream.counters().uploadEnded();
        }
    }

    /** The client's fault ends both sides: the target must not take what it has for a whole request. */
    private void refuse(LocalReply answer) {
        if (phase == Phase.RESPONDING) {
            abort(answer.cause(), ExchangeEnd.BAD_REQUEST);
        } else {
            fail(answer, ExchangeEnd.BAD_REQUEST);
        }
    }

    // --- The way back ----------------------------------------------------------------------------------------------

    /** Returns true if the request has gone to the target and nothing has come back. */
    boolean hasNoResponse() {
        return phase == Phase.REQUESTING && !responseBegun;
    }

    /** Called when bytes of a response's head have come: from now on the target has received the request. */
    void responseBytes() {
        responseBegun = true;
        target.reusability().responseBytes(requestBody.isDone() && target.backlog() == 0);
    }

    /** Passes on a 1xx response, to a client that knows of them. */
    void interimResponse(ResponseHead response) {
        target.reusability().interimResponse();
        if (turn == Turn.TARGET_ANSWERS && isWithinHeartbeats()) {
            client.arm(responseHeadMillis);
        }
        if (isHttp11) {
            client.forward(rewritten(response, Persistence.IMPLIED, NO_LINES));
            client.flush();
            target.setReading(client.takesMore());
        }
    }

    private boolean isWithinHeartbeats() {
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - claimedNanos);
        return waited < responseHeadMillis * MOST_HEARTBEATS;
    }

    /**
     * Passes on the head of the final response and what came with it.
     *
     * @param length of the head, in bytes
     * @param in begins with the head; the exchange's to release
     */
    void responseHead(ResponseHead response, int length, ByteBuf in) {
        upstream.conduct().answered(response.isHttp11());
        if (target.wasIdle() && isIdleTimeout(response) && mayGoAgain(false)) {
            in.release();
            dropTarget();
            goAgain();
            return;
        }
        if (target.isReused()) {
            upstream.conduct().answeredAgain(target.hadContentBefore());
        }
        responseBody =
                ResponseBody.of(response, isHead, isHttp11, context.scratch().headLimit(), isEndlessPath);
        boolean bodiless = isHead || response.isBodiless();
        target.reusability()
                .responseHead(
                        response.isPersistent() && !responseBody.isUntilClose(),
                        bodiless && (response.isChunked() || response.contentLength() > 0));
        int keepAliveSeconds = response.keepAliveSeconds();
        if (keepAliveSeconds >= 0) {
            target.announceKeepAlive(keepAliveSeconds);
        }
        boolean isEarly = !requestBody.isDone();
        isRestUnwanted = isEarly && !response.isPersistent() && response.status() >= NOT_WANTED;
        closesClient = !clientPersists
                || responseBody.isUnchunked()
                || responseBody.isUntilClose()
                || context.loop().isStopping()
                // A client that has not been told to go on may send its body or not: nobody can tell (RFC 9110,
                // 10.1.1).
                || isEarly && (!response.isPersistent() || expectsContinue && !bodyStreamed && firstBody == null);
        boolean untouched = isHttp11
                && !closesClient
                && cookieLine == null
                && !context.settings().showsSlot()
                && !responseBody.isEndless()
                && response.isForwardable();
        int start = in.readerIndex();
        ByteBuf body = responseBody.pass(in.skipBytes(length));
        if (body == null) {
            fail(LocalReplies.BAD_RESPONSE_BODY, ExchangeEnd.BAD_RESPONSE);
            return;
        }
        beginResponse(response);
        bytesToClient = body.readableBytes();
        if (untouched) {
            forwardUntouched(response, body.readerIndex(start));
        } else {
            client.forward(rewrittenBeside(body, response, persistence()));
            forwardOrRelease(body);
        }
        afterResponseBytes();
    }

    /** A Date that the target left out goes behind the status line: the head is not copied for it. */
    private void forwardUntouched(ResponseHead response, ByteBuf in) {
        if (!response.hasDate()) {
            byte[] dateLine = context.loop().dateLine();
            int length = response.statusLineLength();
            ByteBuf begin = client.allocator().directBuffer(length + dateLine.length);
            client.forward(begin.writeBytes(in, length).writeBytes(dateLine));
        }
        client.forward(in);
    }

    /** Returns true if a response is what servers say of themselves when they close a connection that was idle. */
    private static boolean isIdleTimeout(ResponseHead response) {
        return response.status() == REQUEST_TIMEOUT && !response.isPersistent();
    }

    /**
     * Passes on a 101 response, after which the connection is a tunnel.
     *
     * @param length of the head, in bytes
     * @param in begins with the head; the exchange's to release
     * @return false if the client has not asked for it, or its request is not whole; nothing has been done then
     */
    boolean switchProtocols(ResponseHead response, int length, ByteBuf in) {
        if (!asksUpgrade || !requestBody.isDone()) {
            return false;
        }
        isTunnel = true;
        closesClient = true;
        target.becomeTunnel(!response.upgradesToWebSocket());
        requestBody = MessageBody.untilClose();
        responseBody = ResponseBody.tunnel(response.upgradesToWebSocket());
        if (response.upgradesToWebSocket()) {
            upstream.counters().tunnelOpened();
        }
        beginResponse(response);
        client.forward(rewrittenBeside(in, response, Persistence.UPGRADE));
        ByteBuf early = responseBody.pass(in.skipBytes(length));
        bytesToClient = early.readableBytes();
        forwardOrRelease(early);
        afterResponseBytes();
        client.process();
        return true;
    }

    private void beginResponse(ResponseHead response) {
        phase = Phase.RESPONDING;
        status = response.status();
        headNanos = System.nanoTime();
        upstream.counters()
                .countResponse(context.loop().index(), status, awaitedNanos == 0 ? -1 : headNanos - awaitedNanos);
        endUpload();
        releaseFirstBody();
        if (responseBody.isEndless()) {
            retireLate();
        }
    }

    private Persistence persistence() {
        if (closesClient) {
            return Persistence.CLOSE;
        }
        return isHttp11 ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
    }

    /** What the client is told of the slot that it has come to. */
    private byte[] linesForClient() {
        byte[] cookie = cookieLine == null ? NO_LINES : cookieLine;
        if (!context.settings().showsSlot()) {
            return cookie;
        }
        byte[] slot = ("X-Turnout-Slot: " + upstream.slot() + "\r\n").getBytes(US_ASCII);
        byte[] both = Arrays.copyOf(slot, slot.length + cookie.length);
        System.arraycopy(cookie, 0, both, slot.length, cookie.length);
        return both;
    }

    /** As {@link #rewritten}; if there is no memory for it, what came with the head is released. */
    private ByteBuf rewrittenBeside(ByteBuf body, ResponseHead response, Persistence persistence) {
        try {
            return rewritten(response, persistence, linesForClient());
        } catch (RuntimeException | Error e) {
            body.release();
            throw e;
        }
    }

    private ByteBuf rewritten(ResponseHead response, Persistence persistence, byte[] extra) {
        HeadWriter writer = context.scratch().headWriter();
        ResponseRewriter.rewrite(
                response, persistence, !isHttp11, context.loop().dateLine(), extra, writer);
        return client.allocator().directBuffer(writer.length()).writeBytes(writer.bytes(), 0, writer.length());
    }

    /** Passes on a piece of the response's body, which is the exchange's to release. */
    void responseBody(ByteBuf in) {
        ByteBuf body = responseBody.pass(in);
        if (body == null) {
            abort(LocalReplies.BAD_RESPONSE_BODY.cause(), ExchangeEnd.BAD_RESPONSE);
        } else {
            bytesToClient += body.readableBytes();
            forwardOrRelease(body);
            afterResponseBytes();
        }
    }

    private void forwardOrRelease(ByteBuf bytes) {
        if (bytes.isReadable()) {
            client.forward(bytes);
        } else {
            bytes.release();
        }
    }

    private void afterResponseBytes() {
        client.flush();
        context.loop().countKept(client.backlog());
        if (phase == Phase.ENDED) {
            return;
        }
        if (responseBody.isEnded()) {
            afterFarewell();
        } else if (responseBody.isDone()) {
            target.reusability().responseWhole(true);
            complete();
        } else {
            target.setReading(client.takesMore());
            armForTurn();
        }
    }

    // --- Retirement of the target ----------------------------------------------------------------------------------

    /** Returns true if the exchange may have no end of its own, so that a drain gives it one. */
    boolean isRetirable() {
        return upstream != null && (isEndlessPath || phase == Phase.RESPONDING && responseBody.isEndless());
    }

    /** Ends the exchange as {@link Farewell} says, once a delay has passed. */
    void retire(Retirement retiring, long delayMillis) {
        if (farewell == null) {
            farewell = new Farewell(this, retiring);
            farewell.in(delayMillis);
        }
    }

    /** Retires what comes to a target after all others there have got their places. */
    private void retireLate() {
        Retirement retiring = upstream.retirement();
        if (retiring != null) {
            retire(retiring, retiring.latecomerDelay());
        }
    }

    EventLoop loop() {
        return context.loop().eventLoop();
    }

    /** Returns true if it goes on, so that it can still be ended. */
    boolean isUnderWay() {
        return phase != Phase.ENDED && !awaitsClose;
    }

    /** Returns true if its target still is to go: a state may have brought it back. */
    boolean isRetiring() {
        return upstream.retirement() != null || context.loop().isStopping();
    }

    /** Forgets that it was to be ended; it can be retired again. */
    void callOff() {
        farewell = null;
    }

    /** Returns true if nothing of a response has gone to the client. */
    boolean awaitsResponse() {
        return phase == Phase.CONNECTING || phase == Phase.REQUESTING;
    }

    /** Returns true if the whole request waits at a path of polls. */
    boolean isPoll() {
        return isEndlessPath && requestBody.isDone();
    }

    long ageMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }

    /** Returns true if the response can be asked to end. */
    boolean isStream() {
        return responseBody.isEndless();
    }

    boolean mayEndByItself() {
        return responseBody.mayEndByItself();
    }

    boolean needsBoundary() {
        return responseBody.needsBoundary();
    }

    /** Returns how many bytes have passed, both ways. */
    long bytesPassed() {
        return bytesToClient + requestBody.passed();
    }

    /** Answers a poll in the place of its target, so that its client asks again. */
    void answerPoll() {
        farewell.retiring().countStream();
        fail(LocalReplies.POLL_ENDED, LocalReply.Form.NONE, ExchangeEnd.CUT);
    }

    /** Cuts a response that has a length, and so can only be seen to be short. */
    void cutAtPlace(Retirement retiring) {
        retiring.countCut(cut(LocalReplies.POLL_ENDED));
    }

    /**
     * Asks the stream to end at its next boundary.
     *
     * @param whole whether its reader is to take it for a whole one
     */
    void askToEnd(Retirement retiring, boolean whole) {
        endsWhole = whole;
        ByteBuf last = responseBody.end(retiring.reason(), whole, client.allocator());
        if (last != null) {
            endWith(last);
        }
    }

    /** Ends the stream where it is. */
    void endAnywhere() {
        endWith(responseBody.endAnywhere(client.allocator()));
    }

    private void endWith(ByteBuf last) {
        bytesToClient += last.readableBytes();
        forwardOrRelease(last);
        client.flush();
        if (phase == Phase.RESPONDING) {
            afterFarewell();
        }
    }

    /** A stream is over with its response; a WebSocket is when the client has answered the Close frame. */
    private void afterFarewell() {
        if (responseBody.needsBoundary()) {
            if (!awaitsClose) {
                awaitsClose = true;
                target.setReading(true);
                client.arm(CLOSE_HANDSHAKE_MILLIS);
            }
            return;
        }
        farewell.retiring().countStream();
        target.reusability().spoil();
        // What is still to come of the request has nobody left to go to.
        closesClient |= !requestBody.isDone();
        if (endsWhole) {
            complete();
        } else {
            abort(LocalReplies.POLL_ENDED.cause(), ExchangeEnd.CUT);
        }
    }

    /**
     * Told that the client reads on, or has stopped to. Of a stop it is told before what there is has been given to the
     * system, which may take it all: so whether to read on is then decided once that has been tried.
     */
    void clientWritabilityChanged() {
        if (target != null && client.takesMore()) {
            target.setReading(true);
            armForTurn();
        }
    }

    /** Told that memory may be had again, or what is kept may have been taken. */
    void goOn() {
        if (target != null && phase != Phase.ENDED) {
            if (!target.isReading() && client.takesMore()) {
                clientWritabilityChanged();
            }
            client.process();
        }
    }

    /** Told that the target reads on, or has stopped to. */
    void targetWritabilityChanged() {
        client.process();
        if (target != null && target.takesMore()) {
            armForTurn();
        }
    }

    // --- Ends ------------------------------------------------------------------------------------------------------

    /** Told that the target has sent something that is no response. */
    void badResponse(Rejection rejection) {
        LocalReply answer = new LocalReply(502, "bad-response: " + rejection.cause(), rejection.explanation());
        fail(answer, ExchangeEnd.BAD_RESPONSE);
    }

    /** Told that a read from the target has failed: its connection ends next. */
    void targetFailed() {
        targetBroken = true;
    }

    /** Called when the target of a tunnel sends no more, and still takes what the client sends. */
    void targetInputEnded() {
        if (targetInputEnded) {
            return;
        }
        targetInputEnded = true;
        if (clientInputEnded) {
            complete();
        } else {
            client.shutdownOutput();
            armForTurn();
        }
    }

    /** Told that the target's connection has ended. */
    void targetClosed() {
        boolean wasIdle = target.wasIdle();
        boolean wasEarly = target.reusability().isEarly();
        if (phase == Phase.REQUESTING) {
            if (wasIdle && !responseBegun) {
                target = null;
                retryStale(false);
            } else {
                fail(LocalReplies.TARGET_CLOSED, ExchangeEnd.TARGET_CLOSED);
            }
        } else if (phase == Phase.RESPONDING) {
            // A target that answers and closes before it has read the request resets the connection by that.
            boolean isEnd = !targetBroken || wasEarly;
            boolean whole = awaitsClose || responseBody.isUntilClose() && isEnd;
            if (whole) {
                complete();
            } else {
                abort("target-closed", ExchangeEnd.TARGET_CLOSED);
            }
        }
    }

    /** Told that the client sends no more; false if it had more to send, and the exchange cannot go on. */
    boolean clientInputEnded() {
        if (!isTunnel) {
            return requestBody.isDone();
        }
        clientInputEnded = true;
        if (targetInputEnded) {
            complete();
        } else {
            target.shutdownOutput();
            armForTurn();
        }
        return true;
    }

    /** Told that the client has gone: nobody waits for the response. */
    void clientGone() {
        if (phase != Phase.ENDED) {
            cause = "client-gone";
            end(ExchangeEnd.CLIENT_GONE);
            dropTarget();
        }
    }

    /** Ends an exchange whose response is whole, or as whole as it will be. */
    private void complete() {
        TargetConnection used = target;
        end(ExchangeEnd.COMPLETE);
        target = null;
        if (used != null) {
            release(used);
        }
        if (requestBody.isDone() || closesClient) {
            client.exchangeEnded(closesClient);
        } else {
            client.dropRest(requestBody);
        }
    }

    private void release(TargetConnection used) {
        if (used.isOutputBroken()) {
            used.reusability().spoil();
        }
        if (responseBody.isOverrun()) {
            used.reusability().spoil();
            if (hasContent) {
                upstream.conduct().answeredTwice();
            }
        }
        if (isTunnel && clientInputEnded) {
            used.closeWhenFlushed();
        } else {
            used.release(used.reusability().isReusable());
        }
    }

    /** Ends an exchange whose client has got nothing yet. */
    private void fail(LocalReply answer, ExchangeEnd how) {
        fail(answer, form, how);
    }

    private void fail(LocalReply answer, LocalReply.Form written, ExchangeEnd how) {
        settle(how);
        status = answer.status();
        cause = answer.cause();
        bytesToClient = isHead ? 0 : answer.length(written);
        boolean close = !requestBody.isDone() || !clientPersists;
        end(how);
        dropTarget();
        client.answer(answer, written, isHead, close);
    }

    /** Ends an exchange in the middle of the response: all that can be done is to let the client see that it ended. */
    private void abort(String why, ExchangeEnd how) {
        cause = why;
        // The end of the connection would pass for the end of such a body: a reset cannot.
        boolean reset = responseBody != null && (responseBody.isUnchunked() || responseBody.isUntilClose());
        end(how);
        dropTarget();
        client.abort(reset);
    }

    /**
     * Ends the exchange before it is done.
     *
     * @return what was cut
     */
    CutRequest cut(LocalReply answer) {
        CutRequest cut = new CutRequest(
                requestLinePart(0),
                requestLinePart(1),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos),
                upstream.target());
        if (phase == Phase.RESPONDING) {
            abort(answer.cause(), ExchangeEnd.CUT);
        } else {
            fail(answer, ExchangeEnd.CUT);
        }
        return cut;
    }

    /** Returns the method or the target, shortened before it becomes a string. */
    private String requestLinePart(int part) {
        int methodEnd = head.indexOf(0, head.writerIndex(), (byte) ' ');
        int from = part == 0 ? 0 : methodEnd + 1;
        int to = part == 0 ? methodEnd : head.indexOf(from, head.writerIndex(), (byte) ' ');
        String start = head.toString(from, Math.min(to - from, VisibleText.SHORT + 1), ISO_8859_1);
        return VisibleText.of(start, to - from, VisibleText.SHORT);
    }

    /** Its target; null as long as it waits for one. */
    TargetState upstream() {
        return upstream;
    }

    private void dropTarget() {
        if (target != null) {
            TargetConnection dropped = target;
            target = null;
            dropped.close();
        }
    }

    private void end(ExchangeEnd how) {
        settle(how);
        phase = Phase.ENDED;
        status = status == 0 ? CLIENT_GONE : status;
        leaveRoom();
        if (isTunnel && responseBody.needsBoundary()) {
            upstream.counters().tunnelClosed();
        }
        context.exchanges().remove(this);
        if (context.accessLines() != null) {
            log(context.accessLines());
        }
        context.heads().leave(head.capacity());
        head.release();
        releaseFirstBody();
    }

    /** Gives the claim back, and counts it for what it was. Each claim is settled once. */
    private void settle(ExchangeEnd how) {
        if (upstream == null || isSettled) {
            return;
        }
        isSettled = how != ExchangeEnd.REDIRECTED;
        noteStall();
        if (Fault.of(how, turn, clientStalled) == Fault.TARGET) {
            upstream.counters().countFailure();
        }
        boolean hasAnswered = headNanos != 0;
        if (how == ExchangeEnd.CLIENT_GONE && !hasAnswered && awaitedNanos != 0) {
            upstream.counters().countAbandoned(context.loop().index(), System.nanoTime() - awaitedNanos);
        }
        endUpload();
        ClaimOutcome.of(how, turn, clientStalled, hasAnswered ? status : 0).countAt(upstream.counters(), hasAnswered);
        upstream.leave(context.loop().index());
    }

    private void log(AccessLines lines) {
        long now = System.nanoTime();
        lines.add(
                context.scratch().scanAgain(head),
                new AccessLines.Facts(
                        client.address(),
                        isHttp11,
                        status,
                        bytesToClient,
                        TimeUnit.NANOSECONDS.toMillis(now - startedNanos),
                        headNanos == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(headNanos - startedNanos),
                        upstream,
                        cause));
    }

    private void releaseFirstBody() {
        if (firstBody != null) {
            firstBody.release();
            firstBody = null;
        }
    }

    // --- Time-outs -------------------------------------------------------------------------------------------------

    /** Gives the party whose turn it is its time. */
    private void armForTurn() {
        if (awaitsClose || target == null) {
            return;
        }
        noteStall();
        turn = currentTurn();
        ExchangeSettings settings = context.settings();
        switch (turn) {
            case NOBODY -> {
                if (clientInputEnded || targetInputEnded) {
                    client.arm(settings.clientBodyMillis());
                } else {
                    client.disarm();
                }
            }
            case TARGET_ACCEPTS, TARGET_ANSWERS -> client.arm(responseHeadMillis);
            case TARGET_SENDS -> client.arm(settings.targetBodyMillis());
            case TARGET_TAKES -> {
                turnBacklog = target.backlog();
                client.arm(settings.targetBodyMillis());
            }
            case CLIENT_SENDS -> {
                turnNanos = System.nanoTime();
                client.arm(settings.clientBodyMillis());
            }
            case CLIENT_TAKES -> {
                turnNanos = System.nanoTime();
                turnBacklog = client.backlog();
                client.arm(settings.clientBodyMillis());
            }
        }
    }

    private Turn currentTurn() {
        if (target == null) {
            return Turn.TARGET_ACCEPTS;
        }
        if (isTunnel) {
            return Turn.inTunnel(target.takesMore(), client.takesMore());
        }
        return phase == Phase.RESPONDING
                ? Turn.duringResponse(!requestBody.isDone() && !isRestUnwanted, target.takesMore(), client.takesMore())
                : Turn.beforeResponse(requestBody.isDone(), target.takesMore());
    }

    /** Notes how long a client's turn has lasted. */
    private void noteStall() {
        if (turn.isClients()) {
            long now = System.nanoTime();
            long lasted = now - turnNanos;
            turnNanos = now;
            clientNanos += lasted;
            clientStalled |= Turn.isStall(
                    TimeUnit.NANOSECONDS.toMillis(lasted),
                    TimeUnit.NANOSECONDS.toMillis(clientNanos),
                    bytesPassed() - bytesBefore);
        }
    }

    /** Told that nothing has happened for as long as {@link #armForTurn} allows. */
    void timedOut() {
        if (phase == Phase.WAITING) {
            fail(LocalReplies.PAUSE_TIMEOUT, ExchangeEnd.CUT);
        } else if (awaitsClose) {
            end(ExchangeEnd.COMPLETE);
            dropTarget();
            client.exchangeEnded(true);
        } else if (hasMoved()) {
            armForTurn();
        } else if (phase == Phase.RESPONDING) {
            boolean isTargets = turn == Turn.TARGET_TAKES || turn == Turn.TARGET_SENDS;
            abort(isTargets ? "target-body-timeout" : "client-body-timeout", ExchangeEnd.TIMED_OUT);
        } else {
            fail(timeout(), ExchangeEnd.TIMED_OUT);
        }
    }

    /** Returns true if the party that was to move has moved since its time began. */
    private boolean hasMoved() {
        if (currentTurn() != turn) {
            return true;
        }
        return switch (turn) {
            case CLIENT_TAKES -> client.backlog() < turnBacklog;
            case TARGET_TAKES -> target.backlog() < turnBacklog;
            default -> false;
        };
    }

    private LocalReply timeout() {
        return switch (turn) {
            case CLIENT_SENDS, CLIENT_TAKES -> LocalReplies.CLIENT_BODY_TIMEOUT;
            case TARGET_TAKES -> LocalReplies.TARGET_BODY_TIMEOUT;
            default -> LocalReplies.RESPONSE_TIMEOUT;
        };
    }
}
