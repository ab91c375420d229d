package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.PlainPath;
import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.StickySession;
import dev.turnout.proxy.http1.StrictTransport;
import dev.turnout.proxy.loop.RequestIds;
import dev.turnout.proxy.route.MaintenanceRoute;
import dev.turnout.proxy.route.Patience;
import dev.turnout.proxy.route.RequestSettings;
import dev.turnout.proxy.route.RuleTable;
import dev.turnout.proxy.route.ServiceRoute;
import dev.turnout.proxy.route.SlotAffinity;
import dev.turnout.proxy.route.Stickiness;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What happens between the head of a request and its exchange: the {@link #steps}, in their order, up to the first that
 * answers, then the rewriting of the request for its target. Event loop only.
 */
public final class Admission {

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

    /** One step of the admission of a request. */
    private interface Step {

        /** Returns the answer to the request; null if the request goes on. */
        @Nullable
        Answer answer(RequestHead head, MessageBody body, Client client);
    }

    /**
     * The answer to a request that goes nowhere.
     *
     * @param isTraced whether the request is one of its trace although no target gets it
     * @param isRefusal whether the answer counts as a failed request
     */
    private record Answer(LocalReply reply, LocalReply.Form form, boolean isTraced, boolean isRefusal) {

        /** Returns what the client has asked for. */
        static Answer wanted(LocalReply reply, LocalReply.Form form) {
            return new Answer(reply, form, false, false);
        }

        /** Returns what the client gets instead of what it has asked for. */
        static Answer refusal(LocalReply reply, RequestHead head) {
            return new Answer(reply, LocalReplies.form(head), true, true);
        }

        /** As {@link #refusal}; null if there is no reason to refuse the request. */
        static @Nullable Answer refusalIf(@Nullable LocalReply reply, RequestHead head) {
            return reply == null ? null : refusal(reply, head);
        }
    }

    private final ExchangeContext context;
    private final ChallengeReplies challenges;
    private final HttpsRedirect redirects;
    private final RuleMeans means;
    private final ForwardedRequests forwarded;
    private final RequestAtHand at = new RequestAtHand();
    private final PlainPath plainPath = new PlainPath();
    private Patience adminPatience;
    private @Nullable AdminOnFront adminOnFront;
    private @Nullable ReadyQuestion readyQuestion;
    private @Nullable Tracing tracing;
    private boolean onlyHttps;

    private final Step[] steps = {
        this::isChallenge,
        this::isMisdirected,
        this::isReadyQuestion,
        this::lacksHttps,
        this::findsItsWay,
        this::hasTooLargeBody,
        this::isOneTooMany,
        this::hasNoService,
        this::isUnderMaintenance,
        this::isRedirectedToHttps,
        this::isAnsweredByRule,
        this::hasTooLargeBodyForRule
    };

    /**
     * @param challenges are answered before every other step, even while a service is paused
     * @param redirects make the answer to a request that has to come over TLS
     * @param passwords checks the passwords that rules demand
     * @param tracing makes the traces of requests; null if requests are not traced
     */
    public Admission(
            ExchangeContext context,
            ChallengeReplies challenges,
            HttpsRedirect redirects,
            PasswordChecks passwords,
            @Nullable Tracing tracing,
            RequestIds requestIds) {
        this.context = context;
        this.challenges = challenges;
        this.redirects = redirects;
        this.means = new RuleMeans(passwords, context.files(), context.loop().eventLoop());
        this.tracing = tracing;
        this.forwarded = new ForwardedRequests(context, requestIds, tracing);
        this.adminPatience = adminPatience();
    }

    private Patience adminPatience() {
        return context.settings().ofNoService().patience().withHead(ADMIN_RESPONSE_MILLIS);
    }

    /** Replaces the settings, for the requests that come from now on. Called after those of the context. */
    public void apply(@Nullable Tracing nextTracing) {
        tracing = nextTracing;
        forwarded.apply(nextTracing);
        adminPatience = adminPatience();
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
        at.begin();
        MessageBody body = forwarded.bodyOf(head);
        int taken = body.take(in);
        if (taken == MessageBody.BROKEN) {
            refuseBroken(stream, client);
            return;
        }
        Answer answer = firstAnswer(head, body, client);
        ForwardedRequest request = answer == null ? forwarded(head, in, body, taken, stream, client) : null;
        if (request == null) {
            in.skipBytes(taken);
            give(answer == null ? Answer.refusal(LocalReplies.NO_MEMORY, head) : answer, head, body, stream, client);
        } else {
            start(request, head, stream, client);
        }
    }

    private @Nullable Answer firstAnswer(RequestHead head, MessageBody body, Client client) {
        for (Step step : steps) {
            Answer answer = step.answer(head, body, client);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    // --- Steps -----------------------------------------------------------------------------------------------------

    private @Nullable Answer isChallenge(RequestHead head, MessageBody body, Client client) {
        LocalReply challenge = challenges.replyTo(head);
        return challenge == null ? null : Answer.wanted(challenge, LocalReply.Form.TEXT);
    }

    private @Nullable Answer isMisdirected(RequestHead head, MessageBody body, Client client) {
        return client.fits(head) ? null : Answer.refusal(LocalReplies.MISDIRECTED, head);
    }

    private @Nullable Answer isReadyQuestion(RequestHead head, MessageBody body, Client client) {
        return readyQuestion != null && head.pathIs(readyQuestion.path())
                ? Answer.wanted(readyQuestion.reply(context.loop().isStopping()), LocalReply.Form.NONE)
                : null;
    }

    private @Nullable Answer lacksHttps(RequestHead head, MessageBody body, Client client) {
        return onlyHttps && !client.info().isHttps(head) ? Answer.refusal(LocalReplies.ONLY_CHALLENGES, head) : null;
    }

    /** Finds whom the request is for. Never answers. */
    private @Nullable Answer findsItsWay(RequestHead head, MessageBody body, Client client) {
        if (adminOnFront != null && head.pathIsWithin(AdminOnFront.PATH)) {
            at.isFor(adminOnFront);
        } else {
            ServiceRoute route = context.routing().routes().find(head);
            at.isFor(route, strictTransport(route, head, client.info()));
        }
        return null;
    }

    /** RFC 6797, section 7.2: not over plain HTTP. */
    private static @Nullable StrictTransport strictTransport(
            @Nullable ServiceRoute route, RequestHead head, ClientInfo client) {
        StrictTransport line = route == null ? null : route.entrance().strictTransport();
        return line != null && client.isHttps(head) ? line : null;
    }

    private @Nullable Answer hasTooLargeBody(RequestHead head, MessageBody body, Client client) {
        return bodyIsOver(settings().bodyLimit(), head, body);
    }

    private static @Nullable Answer bodyIsOver(long limit, RequestHead head, MessageBody body) {
        return limit > 0 && head.contentLength() > limit || body.isLongerThan(limit)
                ? Answer.refusal(LocalReplies.BODY_TOO_LARGE, head)
                : null;
    }

    private @Nullable Answer isOneTooMany(RequestHead head, MessageBody body, Client client) {
        AdminOnFront admin = at.admin();
        if (admin != null) {
            return admin.isFull() ? Answer.refusal(LocalReplies.TOO_MANY_CALLS, head) : null;
        }
        return context.requests().haveReached(context.settings().requestLimit(), client.requests())
                ? Answer.refusal(LocalReplies.TOO_MANY_REQUESTS, head)
                : null;
    }

    private @Nullable Answer hasNoService(RequestHead head, MessageBody body, Client client) {
        return at.admin() != null || at.route() != null ? null : Answer.refusal(LocalReplies.NO_SERVICE, head);
    }

    private @Nullable Answer isUnderMaintenance(RequestHead head, MessageBody body, Client client) {
        ServiceRoute route = at.route();
        MaintenanceRoute maintenance = route == null ? null : route.maintenance();
        return maintenance == null ? null : Answer.refusalIf(MaintenanceReplies.to(maintenance, head, client), head);
    }

    private @Nullable Answer isRedirectedToHttps(RequestHead head, MessageBody body, Client client) {
        ServiceRoute route = at.route();
        boolean isRedirected = route != null
                && route.entrance().redirectsToTls()
                && !client.info().isHttps(head);
        return isRedirected
                ? new Answer(redirects.replyTo(head, client.info()), LocalReplies.form(head), true, false)
                : null;
    }

    private @Nullable Answer isAnsweredByRule(RequestHead head, MessageBody body, Client client) {
        ServiceRoute route = at.route();
        RuleTable rules = route == null ? null : route.entrance().rules();
        if (rules == null) {
            return null;
        }
        InetAddress origin = rules.readsClient() ? client.origin(head) : null;
        AppliedRules applied = AppliedRules.of(rules, head, client.info(), origin, plainPath, means);
        at.applied(applied);
        LocalReply reply = applied == null || applied.isHeld() ? null : applied.reply();
        return reply == null
                ? null
                : Answer.wanted(reply, requireNonNull(applied).form(head));
    }

    private @Nullable Answer hasTooLargeBodyForRule(RequestHead head, MessageBody body, Client client) {
        return at.applied() == null ? null : bodyIsOver(at.bodyLimit(settings().bodyLimit()), head, body);
    }

    // --- Answers ---------------------------------------------------------------------------------------------------

    /** Answers a request that goes nowhere. The connection goes on if the whole request is there. */
    private void give(Answer answer, RequestHead head, MessageBody body, ClientStream stream, Client client) {
        LocalReply reply = answer.reply().with(at.strictTransport());
        if (answer.isTraced()) {
            trace(head, client);
        }
        String service = at.service();
        LocalReply shown = context.shown(reply, answer.form(), service, head);
        ExchangeRecord record = ExchangeRecord.refused(
                stream.address(),
                stream.protocol(),
                stream.tls(),
                head.knownMethod(),
                shown,
                answer.form(),
                context.nanoClock());
        record.traced(at.trace());
        record.recognised(at.user());
        if (at.isMoved()) {
            record.movedFrom(head);
        }
        if (answer.isRefusal()) {
            countFailure(service, reply, record);
        }
        context.refused(service, head, record);
        stream.reply(shown, answer.form(), head.methodIs(KnownMethod.HEAD), body.isDone());
    }

    private void countFailure(String service, LocalReply reply, ExchangeRecord record) {
        if (context.failures().count(service, reply)) {
            record.failed();
        }
    }

    private void refuseBroken(ClientStream stream, Client client) {
        LocalReply reply = LocalReply.to(Rejection.BAD_CHUNK);
        observe(reply, client.info(), stream.protocol());
        stream.reply(reply, LocalReply.Form.PROBLEM, false, false);
    }

    /**
     * Tells observers of an answer to what is no request.
     *
     * @param protocol as an access log writes it
     */
    public void observe(LocalReply reply, ClientInfo client, String protocol) {
        ExchangeRecord record = ExchangeRecord.refused(
                client.addressText(),
                protocol,
                client.tlsVersion(),
                KnownMethod.OTHER,
                reply,
                LocalReply.Form.PROBLEM,
                context.nanoClock());
        countFailure(FailedRequests.NO_SERVICE, reply, record);
        context.refused(FailedRequests.NO_SERVICE, null, record);
    }

    // --- The exchange ----------------------------------------------------------------------------------------------

    private @Nullable ForwardedRequest forwarded(
            RequestHead head, ByteBuf in, MessageBody body, int taken, ClientStream stream, Client client) {
        trace(head, client);
        StickySession session = session(head, client.info());
        return forwarded.of(head, in, body, taken, stream.allocator(), client.info(), at, session);
    }

    private void start(ForwardedRequest request, RequestHead head, ClientStream stream, Client client) {
        AdminOnFront admin = at.admin();
        ExchangeRecord record = new ExchangeRecord(
                stream.address(), stream.protocol(), stream.tls(), head.knownMethod(), context.nanoClock());
        // A call of the admin API is no traffic.
        record.traced(admin == null ? at.trace() : null);
        record.recognised(at.user());
        if (at.isMoved()) {
            record.movedFrom(head);
        }
        Exchange exchange = new Exchange(context, stream, request, record, patience(head));
        client.begun(exchange);
        if (admin != null) {
            admin.upstream().enter(context.loop().index());
            exchange.startAtOwn(admin.upstream());
            return;
        }
        SlotAffinity affinity =
                context.affinity().of(head, client.info(), settings().preview().slotOf(head), request.session());
        if (at.applied() != null && at.applied().isHeld()) {
            exchange.startHeld(at.service(), affinity, at.applied());
        } else {
            exchange.start(at.service(), affinity);
        }
    }

    /** Begins the trace of the request at hand, if requests are traced and it has none yet. */
    private void trace(RequestHead head, Client client) {
        if (tracing != null && at.trace() == null) {
            at.traced(tracing.begin(head, client.info(), settings().redaction()));
        }
    }

    /** Returns what keeps the client at a target. A preview leaves a client where it is. */
    private @Nullable StickySession session(RequestHead head, ClientInfo client) {
        ServiceRoute route = at.route();
        Stickiness stickiness = route == null ? null : route.entrance().stickiness();
        return stickiness == null || settings().preview().slotOf(head) != null
                ? null
                : stickiness.cookie().of(head, client.isHttps(head), context.numbers());
    }

    private Patience patience(RequestHead head) {
        if (at.admin() != null) {
            return adminPatience;
        }
        RequestSettings settings = settings();
        return head.isCall() ? settings.callPatience() : settings.patience();
    }

    /** Returns what holds for the request at hand. */
    private RequestSettings settings() {
        return at.settings(context.settings().ofNoService());
    }
}
