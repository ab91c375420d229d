package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HeadEdits;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.PlainPath;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.RequestRewriter;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.proxy.http1.StrictTransport;
import dev.turnout.proxy.loop.RequestIds;
import dev.turnout.proxy.route.MaintenanceRoute;
import dev.turnout.proxy.route.Preview;
import dev.turnout.proxy.route.RuleTable;
import dev.turnout.proxy.route.ServiceRoute;
import dev.turnout.proxy.route.Stickiness;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens between the head of a request and the claim of a target: the rules that may refuse the request, in the
 * order of {@link #rules}, then its rewriting for the target. Event loop only.
 */
public final class Admission {

    /** A body up to this size that came with its head travels in one buffer with it. */
    private static final int SMALL_BODY = 16 * 1024;

    /** Longer than a gate, a watch and a drain together are likely to take. */
    private static final long ADMIN_RESPONSE_MILLIS = 30 * 60_000L;

    /** Whoever has sent a request. */
    public interface Client {

        /** Returns what targets are told of the client. */
        ClientInfo info();

        /** Returns false if a request is for a host that asks for another certificate than the client was asked for. */
        boolean fits(RequestHead head);

        /**
         * Returns the address of the client that sent a request: the peer's, or what trusted proxies say. Null if they do
         * not tell. Allocates.
         */
        @Nullable
        InetAddress origin(RequestHead head);

        /** Returns how many requests the connection has at a time, with the one at hand. */
        int requests();

        /** Called with the exchange of an admitted request, before the exchange starts. */
        void begun(Exchange exchange);
    }

    /** One reason to refuse a request. */
    private interface Rule {

        /** Returns the answer to a request that is refused; null if it is not. */
        @Nullable
        LocalReply refusal(RequestHead head, MessageBody body, Client client);
    }

    private final ExchangeContext context;
    private final ChallengeReplies challenges;
    private final HttpsRedirect redirects;
    private TargetSettings targets;
    private Preview preview;
    private final RequestIds requestIds;
    private RequestRewriter rewriter;
    private StallTimer.Patience adminPatience;
    private final List<Rule> rules =
            List.of(this::bodyIsTooLarge, this::isFull, this::hasNoService, this::isUnderMaintenance);
    private @Nullable AdminOnFront adminOnFront;
    private @Nullable ReadyQuestion readyQuestion;

    private @Nullable Tracing tracing;
    private boolean onlyHttps;

    /** The trace of the request at hand; null if it has none, or none yet. */
    private @Nullable RequestTrace trace;

    /** The admin server if the request at hand is for it; else null. */
    private @Nullable AdminOnFront admin;

    /** The route of the request at hand; null if it is for the admin server or for no service. */
    private @Nullable ServiceRoute route;

    /** What rules say of the request at hand; null if none is for it. */
    private @Nullable AppliedRules applied;

    private final PlainPath plainPath = new PlainPath();
    private final HeadWriter spareWriter = new HeadWriter();

    /** The line that the answer to the request at hand gets; null for none. */
    private @Nullable StrictTransport strictTransport;

    /**
     * @param challenges are answered before every rule, even while a service is paused
     * @param redirects make the answer to a request that has to come over TLS
     * @param tracing makes the traces of requests; null if requests are not traced
     */
    public Admission(
            ExchangeContext context,
            ChallengeReplies challenges,
            HttpsRedirect redirects,
            TargetSettings targets,
            Preview preview,
            @Nullable Tracing tracing,
            RequestIds requestIds) {
        this.context = context;
        this.challenges = challenges;
        this.redirects = redirects;
        this.targets = targets;
        this.preview = preview;
        this.tracing = tracing;
        this.requestIds = requestIds;
        this.rewriter = rewriter();
        this.adminPatience = adminPatience(context.settings());
    }

    private RequestRewriter rewriter() {
        return tracing == null
                ? new RequestRewriter(requestIds.id(), targets.forgedFields(), null)
                : new RequestRewriter(
                        tracing.isRequestId() ? tracing.line().id() : requestIds.id(),
                        targets.forgedFields(),
                        tracing.line());
    }

    private static StallTimer.Patience adminPatience(ExchangeSettings settings) {
        return new StallTimer.Patience(ADMIN_RESPONSE_MILLIS, settings.targetBodyMillis(), settings.clientBodyMillis());
    }

    /** Replaces the settings, for the requests that come from now on. Called after those of the context. */
    public void apply(TargetSettings nextTargets, Preview nextPreview, @Nullable Tracing nextTracing) {
        targets = nextTargets;
        preview = nextPreview;
        tracing = nextTracing;
        rewriter = rewriter();
        adminPatience = adminPatience(context.settings());
    }

    /** Lets requests for {@value AdminOnFront#PATH} go to the admin server. To be called before the first client. */
    public void serveAdmin(AdminOnFront server) {
        adminOnFront = server;
    }

    /** Refuses requests that came over plain HTTP. To be called before the first client. */
    public void serveOnlyHttps() {
        onlyHttps = true;
    }

    /** Answers a load balancer's question from now on. To be called before the first client. */
    public void answerReady(ReadyQuestion question) {
        readyQuestion = question;
    }

    /**
     * Starts the exchange of a request, or answers it.
     *
     * @param head as scanned; read up to the return of this method
     * @param in what came behind the head: the request's is taken, the rest stays readable
     */
    public void admit(RequestHead head, ByteBuf in, ClientStream stream, Client client) {
        route = null;
        trace = null;
        MessageBody body = bodyOf(head);
        int taken = body.take(in);
        if (taken == MessageBody.BROKEN) {
            LocalReply reply = LocalReply.to(Rejection.BAD_CHUNK);
            observe(reply, client.info(), stream.protocol());
            stream.reply(reply, LocalReply.Form.PROBLEM, false, false);
            return;
        }
        LocalReply challenge = challenges.replyTo(head);
        if (challenge != null) {
            in.skipBytes(taken);
            answer(challenge, LocalReply.Form.TEXT, head, body, stream);
            return;
        }
        if (!client.fits(head)) {
            in.skipBytes(taken);
            refuse(LocalReplies.MISDIRECTED, head, body, stream, client.info());
            return;
        }
        if (readyQuestion != null && head.pathIs(readyQuestion.path())) {
            in.skipBytes(taken);
            answer(readyQuestion.reply(context.loop().isStopping()), LocalReply.Form.NONE, head, body, stream);
            return;
        }
        if (onlyHttps && !client.info().isHttps(head)) {
            in.skipBytes(taken);
            refuse(LocalReplies.ONLY_CHALLENGES, head, body, stream, client.info());
            return;
        }
        admin = head.pathIsWithin(AdminOnFront.PATH) ? adminOnFront : null;
        route = admin == null ? context.routing().routes().find(head) : null;
        strictTransport = strictTransport(head, client.info());
        LocalReply refusal = refusal(head, body, client);
        if (refusal == null
                && route != null
                && route.entrance().redirectsToTls()
                && !client.info().isHttps(head)) {
            in.skipBytes(taken);
            redirect(head, body, stream, client.info());
            return;
        }
        applied = refusal == null ? applied(head, client) : null;
        LocalReply ruled = applied == null ? null : applied.reply();
        if (ruled != null) {
            in.skipBytes(taken);
            answer(ruled.with(strictTransport), requireNonNull(applied).form(head), head, body, stream);
            return;
        }
        if (applied != null && isOver(applied.bodyLimit(context.settings().bodyLimit()), head, body)) {
            refusal = LocalReplies.BODY_TOO_LARGE;
        }
        ForwardedRequest request = refusal == null ? forwarded(head, in, body, taken, stream, client.info()) : null;
        if (request == null) {
            in.skipBytes(taken);
            LocalReply reply = refusal == null ? LocalReplies.NO_MEMORY : refusal;
            refuse(reply.with(strictTransport), head, body, stream, client.info());
            return;
        }
        ExchangeRecord record = new ExchangeRecord(
                stream.address(), stream.protocol(), stream.tls(), KnownMethod.of(head), context.nanoClock());
        // A call of the admin API is no traffic.
        record.traced(admin == null ? trace : null);
        Exchange exchange = new Exchange(context, stream, request, record, patience(head));
        client.begun(exchange);
        if (admin != null) {
            admin.upstream().enter(context.loop().index());
            exchange.startAtOwn(admin.upstream());
        } else {
            exchange.start(
                    requireNonNull(route).service(),
                    context.affinity().of(head, client.info(), preview.slotOf(head), request.session()));
        }
    }

    /** Returns what the rules of the service say of a request; null if none is for it. */
    private @Nullable AppliedRules applied(RequestHead head, Client client) {
        RuleTable rules = route == null ? null : route.entrance().rules();
        if (rules == null) {
            return null;
        }
        InetAddress origin = rules.readsClient() ? client.origin(head) : null;
        return AppliedRules.of(rules, head, client.info(), origin, plainPath);
    }

    /** RFC 6797, section 7.2: not over plain HTTP. */
    private @Nullable StrictTransport strictTransport(RequestHead head, ClientInfo client) {
        StrictTransport line = route == null ? null : route.entrance().strictTransport();
        return line != null && client.isHttps(head) ? line : null;
    }

    /** Returns what keeps the client at a target. A preview leaves a client where it is. */
    private @Nullable StickySession session(RequestHead head, ClientInfo client) {
        Stickiness stickiness = route == null ? null : route.entrance().stickiness();
        return stickiness == null || preview.slotOf(head) != null
                ? null
                : stickiness.cookie().of(head, client.isHttps(head), context.numbers());
    }

    private StallTimer.Patience patience(RequestHead head) {
        if (admin != null) {
            return adminPatience;
        }
        return head.isCall() ? context.callPatience() : context.patience();
    }

    private MessageBody bodyOf(RequestHead head) {
        return head.isChunked()
                ? MessageBody.chunked(
                        context.scratch().headLimit(), targets.forgedFields().inTrailer())
                : MessageBody.ofLength(head.contentLength());
    }

    // --- Rules -----------------------------------------------------------------------------------------------------

    private @Nullable LocalReply refusal(RequestHead head, MessageBody body, Client client) {
        for (int i = 0; i < rules.size(); i++) {
            LocalReply refusal = rules.get(i).refusal(head, body, client);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private @Nullable LocalReply bodyIsTooLarge(RequestHead head, MessageBody body, Client client) {
        return isOver(context.settings().bodyLimit(), head, body) ? LocalReplies.BODY_TOO_LARGE : null;
    }

    private static boolean isOver(long limit, RequestHead head, MessageBody body) {
        return limit > 0 && head.contentLength() > limit || body.isLongerThan(limit);
    }

    private @Nullable LocalReply isFull(RequestHead head, MessageBody body, Client client) {
        if (admin != null) {
            return admin.isFull() ? LocalReplies.TOO_MANY_CALLS : null;
        }
        return context.requests().haveReached(context.settings().requestLimit(), client.requests())
                ? LocalReplies.TOO_MANY_REQUESTS
                : null;
    }

    private @Nullable LocalReply hasNoService(RequestHead head, MessageBody body, Client client) {
        return admin != null || route != null ? null : LocalReplies.NO_SERVICE;
    }

    private @Nullable LocalReply isUnderMaintenance(RequestHead head, MessageBody body, Client client) {
        MaintenanceRoute maintenance = route == null ? null : route.maintenance();
        return maintenance == null ? null : MaintenanceReplies.to(maintenance, head, client);
    }

    private void redirect(RequestHead head, MessageBody body, ClientStream stream, ClientInfo client) {
        LocalReply reply = redirects.replyTo(head, client);
        trace(head, client);
        answer(reply, LocalReplies.form(head), head, body, stream);
    }

    /** Answers a request that goes nowhere. The connection goes on if the whole request is there. */
    private void refuse(LocalReply reply, RequestHead head, MessageBody body, ClientStream stream, ClientInfo client) {
        trace(head, client);
        context.failures().count(FailedRequests.NO_SERVICE, reply);
        answer(reply, LocalReplies.form(head), head, body, stream);
    }

    /** Begins the trace of the request at hand, if requests are traced and it has none yet. */
    private void trace(RequestHead head, ClientInfo client) {
        if (tracing != null && trace == null) {
            trace = tracing.begin(head, client.isHttps(head));
        }
    }

    private void answer(
            LocalReply reply, LocalReply.Form form, RequestHead head, MessageBody body, ClientStream stream) {
        String service = route == null ? FailedRequests.NO_SERVICE : route.service();
        LocalReply shown = context.shown(reply, form, service, head);
        ExchangeRecord record = ExchangeRecord.refused(
                stream.address(),
                stream.protocol(),
                stream.tls(),
                KnownMethod.of(head),
                shown,
                form,
                context.nanoClock());
        record.traced(trace);
        context.refused(service, head, record);
        stream.reply(shown, form, head.methodIs("HEAD"), body.isDone());
    }

    /**
     * Tells observers of an answer to what is no request.
     *
     * @param protocol as an access log writes it
     */
    public void observe(LocalReply reply, ClientInfo client, String protocol) {
        context.failures().count(FailedRequests.NO_SERVICE, reply);
        ExchangeRecord record = ExchangeRecord.refused(
                client.addressText(),
                protocol,
                client.tlsVersion(),
                KnownMethod.OTHER,
                reply,
                LocalReply.Form.PROBLEM,
                context.nanoClock());
        context.refused(FailedRequests.NO_SERVICE, null, record);
    }

    // --- Rewriting -------------------------------------------------------------------------------------------------

    /**
     * Returns the request as its target gets it; null if there is no memory for it.
     *
     * @param in begins with the body
     * @param taken how many bytes of the body there are
     */
    private @Nullable ForwardedRequest forwarded(
            RequestHead head, ByteBuf in, MessageBody body, int taken, ClientStream stream, ClientInfo info) {
        boolean isSmall = body.isDone() && taken <= SMALL_BODY;
        boolean isUnchunked = isSmall && head.isChunked() && !body.hasTrailer();
        HeadWriter written = context.scratch().headWriter();
        requestIds.advance();
        trace(head, info);
        rewriter.rewrite(
                head,
                info,
                stripped(),
                admin == null ? targets.linesForTarget(head) : admin.line(),
                isUnchunked ? body.passed() : RequestRewriter.AS_FRAMED,
                written);
        HeadWriter writer = applied == null ? written : applied.edit(written, spareWriter);
        ByteBuf out = buffer(stream.allocator(), writer.length() + (isSmall ? taken : 0));
        if (out == null) {
            return null;
        }
        out.writeBytes(writer.bytes(), 0, writer.length());
        boolean isEndless = context.settings().isEndless(head);
        StickySession session = session(head, info);
        if (isUnchunked) {
            bodyOf(head).takeData(in, out);
            in.skipBytes(taken);
            return new ForwardedRequest(
                    head,
                    out,
                    writer.length(),
                    MessageBody.ofLength(0),
                    null,
                    isEndless,
                    strictTransport,
                    session,
                    responseEdits(),
                    bodyLimit());
        }
        if (isSmall) {
            out.writeBytes(in, taken);
        }
        ByteBuf firstBody = isSmall || taken == 0 ? null : in.readRetainedSlice(taken);
        return new ForwardedRequest(
                head,
                out,
                writer.length(),
                body,
                firstBody,
                isEndless,
                strictTransport,
                session,
                responseEdits(),
                bodyLimit());
    }

    /** Returns how many bytes of the path's beginning the target does not get. */
    private int stripped() {
        int ofService = route == null ? 0 : route.entrance().stripped();
        return applied == null ? ofService : applied.stripped(ofService);
    }

    private long bodyLimit() {
        long ofAll = context.settings().bodyLimit();
        return applied == null ? ofAll : applied.bodyLimit(ofAll);
    }

    private List<HeadEdits> responseEdits() {
        return applied == null ? List.of() : applied.responseEdits();
    }

    /** Returns a buffer that counts as memory for heads; null if there is no room for it. */
    private @Nullable ByteBuf buffer(ByteBufAllocator allocator, int size) {
        ByteBuf out = allocator.directBuffer(size);
        if (!context.heads().admit(out.capacity())) {
            out.release();
            return null;
        }
        return out;
    }
}
