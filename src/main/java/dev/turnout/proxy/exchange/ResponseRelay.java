package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.proxy.http1.StrictTransport;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.Pipes;
import dev.turnout.proxy.loop.PlainSocket;
import dev.turnout.proxy.route.TargetState;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The way back of one exchange: takes what a target answers, passes it on to the client, and tells the exchange of every
 * end. Event loop only.
 */
final class ResponseRelay implements Attempt.Answers {

    /** What a relay tells its exchange. */
    interface Owner extends Delivery.Listener {

        /** Called when the head of the final response has come, before it is passed on. */
        void responseBegun();

        /**
         * Called when the final response has come, and the client gets another answer in its place. The rest of the
         * response is nobody's.
         */
        void intercepted(LocalReply reply);

        /** Called when all of the response has been passed on. */
        void responseWhole();

        /** Called when a stream that Turnout has asked to end is at its end. */
        void streamEnded();

        /** As {@link Attempt.Answers#targetClosed}. */
        void targetClosed(boolean isClean);
    }

    private static final int NOT_FOUND = 404;

    private final ExchangeContext context;
    private final ClientStream client;
    private final ForwardedRequest request;
    private final ExchangeRecord record;
    private final StallTimer timer;
    private final Owner owner;
    private @Nullable Delivery delivery;
    private byte @Nullable [] cookieLine;
    private @Nullable ForwardedResponse response;

    ResponseRelay(
            ExchangeContext context,
            ClientStream client,
            ForwardedRequest request,
            ExchangeRecord record,
            StallTimer timer,
            Owner owner) {
        this.context = context;
        this.client = client;
        this.request = request;
        this.record = record;
        this.timer = timer;
        this.owner = owner;
    }

    /**
     * Takes the delivery whose response is to be passed on.
     *
     * @param cookie the line that tells the client of its place among all of a canary; null if there is none
     */
    void expect(Delivery of, byte @Nullable [] cookie) {
        delivery = of;
        cookieLine = cookie;
    }

    /** Returns the response. Null until its head has come. */
    @Nullable
    ForwardedResponse response() {
        return response;
    }

    // --- The response ----------------------------------------------------------------------------------------------

    @Override
    public void interimResponse(ResponseHead head) {
        timer.heartbeat(record.sinceClaimMillis());
        client.interim(head);
        TargetStream target = delivery().stream();
        if (target != null) {
            target.setReading(client.takesMore());
        }
    }

    @Override
    public void responseHead(ResponseHead head, int length, ByteBuf in) {
        if (!client.understands(head)) {
            in.release();
            badResponse(Rejection.NO_UPGRADE);
            return;
        }
        if (head.status() == NOT_FOUND && delivery().askOtherSlot()) {
            in.release();
            return;
        }
        if (isIntercepted(head)) {
            intercept(head, length, in);
            return;
        }
        if (request.responseEdits().isEmpty()) {
            pass(head, length, in);
            return;
        }
        EditedResponses edited = context.editedResponses();
        if (edited.edit(head, length, request.responseEdits())) {
            pass(edited.head(), edited.length(), edited.replace(in, length, client.allocator()));
        } else {
            in.release();
            badResponse(edited.head().rejection());
        }
    }

    /** Returns true if the client, a browser, gets the operator's page instead of what the application answers. */
    private boolean isIntercepted(ResponseHead head) {
        return Interception.isError(head)
                && request.form() == LocalReply.Form.PAGE
                && !request.mayUpgrade()
                && !request.hasContent()
                && (record.method() == KnownMethod.GET || record.method() == KnownMethod.HEAD)
                && context.intercepts(delivery().target().service(), head.status());
    }

    private void intercept(ResponseHead head, int length, ByteBuf in) {
        ResponseBody body =
                ResponseBody.of(head, request.isHead(), true, context.scratch().headLimit(), false);
        LocalReply reply = Interception.replyFor(head);
        Attempt attempt = delivery().attempt();
        attempt.headed(head, body);
        delivery().answered(head.status());
        // The connection is nobody's from here on: whatever becomes of the other answer.
        attempt.discard(context.loop().deadlines(), body, in.skipBytes(length));
        owner.intercepted(reply);
    }

    private void pass(ResponseHead head, int length, ByteBuf in) {
        ResponseBody body = ResponseBody.of(
                head, request.isHead(), client.takesChunks(), context.scratch().headLimit(), request.isEndless());
        delivery().attempt().headed(head, body);
        if (!request.isWhole() && request.endsEarly(head)) {
            client.endConnection();
        }
        int start = in.readerIndex();
        ByteBuf first = body.pass(in.skipBytes(length));
        if (first == null) {
            owner.failed(LocalReplies.BAD_RESPONSE_BODY, ExchangeEnd.BAD_RESPONSE);
            return;
        }
        begin(ForwardedResponse.of(client, record, body), head);
        begun().head(head, first, start, ownLines(head));
        afterResponseBytes();
    }

    @Override
    public boolean switchProtocols(ResponseHead head, int length, ByteBuf in) {
        if (!request.mayUpgrade() || !client.understands(head)) {
            return false;
        }
        boolean isWebSocket = head.upgradesToWebSocket();
        request.becomeTunnel();
        stream().becomeTunnel(!isWebSocket);
        if (isWebSocket) {
            delivery().target().counters().tunnelOpened();
        }
        begin(ForwardedResponse.tunnel(client, record, isWebSocket), head);
        begun().switchProtocols(head, length, in, ownLines(head));
        afterResponseBytes();
        client.readOn();
        return true;
    }

    private void begin(ForwardedResponse begun, ResponseHead head) {
        response = begun;
        delivery().answered(head.status());
        owner.responseBegun();
    }

    /** Returns the lines that the client is told beside the target's, each with its CRLF. */
    private byte[] ownLines(ResponseHead head) {
        StrictTransport strict = head.isInterim() || head.hasStrictTransport() ? null : request.strictTransport();
        byte[] slot = ForwardedResponse.slotLines(
                context.settings(delivery().target().service()).showsSlot() && !record.isFromFolder(),
                delivery().target(),
                cookieLine);
        byte[] lines = ForwardedResponse.joined(slot, strict == null ? ForwardedResponse.NO_LINES : strict.line());
        byte[] kept = keptLine(head);
        return kept == null ? lines : ForwardedResponse.joined(lines, kept);
    }

    /** Returns the line that keeps the client at the target that has answered; null if it needs none. An asset moves nobody. */
    private byte @Nullable [] keptLine(ResponseHead head) {
        StickySession session = request.session();
        if (session == null || record.isFromFolder() || delivery().hasCrossed()) {
            return null;
        }
        TargetState target = delivery().target();
        if (session.isKept()) {
            target.sessionSeen(session);
        }
        return session.line(target.stickyTag(), head);
    }

    @Override
    public void responseBody(ByteBuf in) {
        if (begun().pass(in)) {
            afterResponseBytes();
        } else {
            owner.failed(LocalReplies.BAD_RESPONSE_BODY, ExchangeEnd.BAD_RESPONSE);
        }
    }

    @Override
    public void responseBody(PipedBytes piece) {
        begun().pass(piece);
        afterResponseBytes();
    }

    private void afterResponseBytes() {
        client.flush();
        context.loop().countKept(client.backlog());
        if (owner.isOver()) {
            return;
        }
        if (begun().isEnded()) {
            owner.streamEnded();
        } else if (begun().isWhole()) {
            stream().reusability().responseWhole(true);
            if (begun().isFailedCall()) {
                record.callFailed();
            }
            owner.responseWhole();
        } else {
            long unseen = begun().unseen();
            PlainSocket socket = Pipes.areWorth(unseen) ? client.socket() : null;
            if (socket != null) {
                stream().splice(unseen, socket);
            }
            stream().setReading(client.takesMore());
            timer.update();
        }
    }

    @Override
    public void badResponse(Rejection rejection) {
        LocalReply reply = new LocalReply(502, "bad-response: " + rejection.cause(), rejection.explanation());
        owner.failed(reply, ExchangeEnd.BAD_RESPONSE);
    }

    @Override
    public void targetClosed(boolean isClean) {
        owner.targetClosed(isClean);
    }

    @Override
    public void targetInputEnded() {
        Tunnel tunnel = requireNonNull(begun().tunnel());
        if (tunnel.hasTargetEnded()) {
            return;
        }
        tunnel.targetEnded();
        if (tunnel.hasClientEnded()) {
            owner.responseWhole();
        } else {
            client.shutdownOutput();
            timer.update();
        }
    }

    @Override
    public void targetWritabilityChanged() {
        client.readOn();
        TargetStream target = delivery().stream();
        if (target != null && target.takesMore()) {
            timer.update();
        }
    }

    private Delivery delivery() {
        return requireNonNull(delivery);
    }

    private TargetStream stream() {
        return requireNonNull(delivery().stream());
    }

    private ForwardedResponse begun() {
        return requireNonNull(response);
    }
}
