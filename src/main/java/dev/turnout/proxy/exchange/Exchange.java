package dev.turnout.proxy.exchange;

import static java.util.Objects.requireNonNull;

import dev.turnout.proxy.folder.FileAnswer;
import dev.turnout.proxy.folder.FileWish;
import dev.turnout.proxy.folder.OpenFile;
import dev.turnout.proxy.route.Patience;
import dev.turnout.proxy.route.Retirement;
import dev.turnout.proxy.route.SlotAffinity;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.proxy.route.WaitingPlace;
import dev.turnout.routing.CutRequest;
import dev.turnout.routing.Slot;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: from the claim of a target, which a paused service keeps waiting, to the moment that
 * both have passed, or have failed.
 *
 * <pre>
 *                   WAITING      CONNECTING   REQUESTING   RESPONDING         CLOSING
 * resumed           CONNECTING   -            -            -                  -
 * dismissed         fail         -            -            -                  -
 * let go            CONNECTING   -            -            -                  -
 * answered          fail         -            -            -                  -
 * refused           fail         -            -            -                  -
 * too much is kept  fail         -            -            -                  -
 * request sent      -            REQUESTING   -            -                  -
 * goes again        -            CONNECTING   CONNECTING   -                  -
 * undeliverable     -            fail         fail         -                  -
 * response begins   -            -            RESPONDING   -                  -
 * intercepted       -            -            fail         -                  -
 * response whole    -            -            -            complete           -
 * stream ended      -            -            -            complete|abort|CLOSING  -
 * message broken    -            -            fail         abort              -
 * target closed     -            -            fail         complete|abort     complete
 * client gone       leave        leave        leave        leave              leave
 * timed out         fail         fail         fail         abort              complete
 * cut               -            fail         fail         abort              abort
 * </pre>
 *
 * <p>"Fail" answers in the place of the target, "abort" ends the client's connection within the response. All lead to
 * ENDED, where nothing happens. In CLOSING the client of a WebSocket has been sent Turnout's Close frame. A
 * {@link Relay} passes on what the two sides send, a {@link Farewell} ends what has no end. Event loop only.
 */
public final class Exchange extends ActiveRequest
        implements Relay.Owner, Farewell.Subject, PausedRequest.Owner, HeldRequest.Owner {

    private final ExchangeContext context;
    private final ClientStream client;
    private final ForwardedRequest request;
    private final ExchangeRecord record;
    private final Relay relay;
    private String service = FailedRequests.NO_SERVICE;
    private Phase phase = Phase.CONNECTING;
    private @Nullable Wait waiting;
    private @Nullable Slot preview;
    private @Nullable Farewell farewell;
    private @Nullable RequestCopy copy;

    Exchange(
            ExchangeContext context,
            ClientStream client,
            ForwardedRequest request,
            ExchangeRecord record,
            Patience patience) {
        this.context = context;
        this.client = client;
        this.request = request;
        this.record = record;
        this.relay = new Relay(context, client, request, record, patience, this);
    }

    /** Sends the request to a target of its service, once there is one for it. */
    void start(String wanted, SlotAffinity affinity) {
        context.requests().add(this);
        service = wanted;
        preview = affinity.preview();
        claim(affinity);
    }

    /**
     * Sends the request to a target of its service once nothing holds it any more.
     *
     * @param affinity where the request goes as far as it can be told now
     * @param rules what rules say of the request
     */
    void startHeld(String wanted, SlotAffinity affinity, AppliedRules rules) {
        context.requests().add(this);
        service = wanted;
        preview = affinity.preview();
        phase = Phase.WAITING;
        relay.timer().await(HeldRequest.MOST_MILLIS);
        HeldRequest held = rules.held(request.form(), context.routing().placeOf(wanted, affinity), this);
        waiting = held;
        held.begin();
    }

    private void claim(SlotAffinity affinity) {
        TargetState claimed = context.routing().claim(service, context.loop().index(), affinity);
        if (claimed != null) {
            startAt(claimed, affinity.cookieLine());
        } else if (!affinity.isHeld()) {
            fail(LocalReplies.refusal(affinity), request.form(), ExchangeEnd.CUT);
        } else if (context.loop().isStopping()) {
            fail(LocalReplies.STOPPING, request.form(), ExchangeEnd.CUT);
        } else {
            waitIn(context.pausedRequests(service), affinity);
        }
    }

    /** Sends the request to a target that is no service's, and has been entered. */
    void startAtOwn(TargetState claimed) {
        context.requests().add(this);
        startAt(claimed, null);
    }

    private void startAt(TargetState claimed, byte @Nullable [] cookieLine) {
        phase = Phase.CONNECTING;
        relay.claimed(claimed, preview, cookieLine);
        if (request.isEndless()) {
            record.endless();
            retireLate();
        }
        relay.delivery().start();
    }

    private void waitIn(PausedRequests room, SlotAffinity affinity) {
        PausedRequest paused = new PausedRequest(
                context, room, affinity, request.session(), request.compact(), client.keptBytes(), this);
        waiting = paused;
        if (paused.enter()) {
            phase = Phase.WAITING;
            relay.timer().await(room.waitMillis());
        } else {
            fail(LocalReplies.PAUSED_FULL, request.form(), ExchangeEnd.CUT);
        }
    }

    @Override
    public void resumed(TargetState claimed, byte @Nullable [] cookieLine) {
        record.waited();
        startAt(claimed, cookieLine);
    }

    @Override
    public void recognised(String user) {
        record.recognised(user);
    }

    @Override
    public void letGo(@Nullable WaitingPlace place) {
        record.waited();
        waiting = null;
        claim(context.affinity().ofWaiting(preview, request.session(), place));
    }

    @Override
    public void served(OpenFile file, FileWish wish) {
        record.servedFromFolder();
        record.waited();
        waiting = null;
        phase = Phase.CONNECTING;
        TargetState folder = context.folderTarget();
        folder.enter(context.loop().index());
        relay.claimed(folder, null, null);
        relay.delivery().startAt(new FolderStream(context, client.allocator(), file, FileAnswer.of(file, wish)));
    }

    @Override
    public void answered(LocalReply reply, LocalReply.Form form) {
        answerInstead(reply, form, ExchangeEnd.CUT);
    }

    @Override
    public void refused(LocalReply reply, LocalReply.Form form) {
        fail(reply, form, ExchangeEnd.CUT);
    }

    public Phase phase() {
        return phase;
    }

    @Override
    public void connecting() {
        phase = Phase.CONNECTING;
        client.holdBody();
    }

    @Override
    public void requestSent() {
        phase = Phase.REQUESTING;
        relay.timer().update();
        client.readOn();
        CopySource copies = context.copies();
        boolean isOfTarget = preview == null && !record.isFromFolder();
        if (copies != null && copy == null && isOfTarget && phase == Phase.REQUESTING) {
            copy = copies.copy(
                    service, request, record.method(), relay.delivery().target(), client);
        }
    }

    @Override
    public void responseBegun() {
        phase = Phase.RESPONDING;
        if (relay.response().isEndless()) {
            record.endless();
            retireLate();
        }
    }

    @Override
    public void targetClosed(boolean isClean) {
        if (phase == Phase.CLOSING
                || phase == Phase.RESPONDING && relay.response().isUntilClose() && isClean) {
            responseWhole();
        } else {
            failed(LocalReplies.TARGET_CLOSED, ExchangeEnd.TARGET_CLOSED);
        }
    }

    /**
     * Called when more of the request's body has come, and is kept by the client's stream.
     *
     * @param bytes how many are kept now
     */
    public void bodyKept(int bytes) {
        if (phase == Phase.WAITING && !requireNonNull(waiting).keeps(bytes)) {
            fail(LocalReplies.PAUSED_FULL, request.form(), ExchangeEnd.CUT);
        }
    }

    /** Called when the client has gone: nobody waits for the response. */
    public void clientGone() {
        if (phase != Phase.ENDED) {
            record.cutBy("client-gone");
            end(ExchangeEnd.CLIENT_GONE);
            relay.drop();
        }
    }

    @Override
    public void timedOut() {
        switch (phase) {
            case WAITING -> fail(requireNonNull(waiting).tooLate(), request.form(), ExchangeEnd.CUT);
            case CLOSING -> responseWhole();
            default -> failed(relay.timeout(), ExchangeEnd.TIMED_OUT);
        }
    }

    /** Returns what passes the two directions on, to tell it of what the client does. */
    public Relay relay() {
        return relay;
    }

    @Override
    public void goOn() {
        relay.goOn();
    }

    @Override
    public boolean isBesideDrain() {
        return relay.delivery().isBesideDrain();
    }

    @Override
    public boolean isRetirable() {
        return target() != null
                && (request.isEndless()
                        || phase == Phase.RESPONDING && relay.response().isEndless());
    }

    @Override
    public void retire(Retirement retirement, long delayMillis) {
        if (farewell == null || farewell.isCalledOff()) {
            farewell = new Farewell(this, relay, record, context.loop(), retirement);
            farewell.in(delayMillis);
        }
    }

    /** Retires what comes to a target after all others there have got their places. */
    private void retireLate() {
        Retirement retirement = relay.delivery().target().retirement();
        if (retirement != null) {
            retire(retirement, retirement.latecomerDelay());
        }
    }

    @Override
    public Farewell.State state() {
        return switch (phase) {
            case WAITING, CLOSING, ENDED -> Farewell.State.OVER;
            case CONNECTING, REQUESTING ->
                request.isWhole() ? Farewell.State.AWAITING_RESPONSE : Farewell.State.UPLOADING;
            case RESPONDING -> relay.response().isEndless() ? Farewell.State.STREAM : Farewell.State.RESPONSE;
        };
    }

    @Override
    public void answerPoll() {
        LocalReply.Form form = request.isCall() ? request.form() : LocalReply.Form.NONE;
        fail(LocalReplies.POLL_ENDED, form, ExchangeEnd.CUT);
    }

    @Override
    public void streamEnded() {
        client.flush();
        if (phase != Phase.RESPONDING) {
            return;
        }
        if (relay.response().needsBoundary()) {
            phase = Phase.CLOSING;
            relay.connection().setReading(true);
            relay.timer().await(Farewell.CLOSE_HANDSHAKE_MILLIS);
            return;
        }
        Farewell asked = requireNonNull(farewell);
        asked.count();
        relay.connection().reusability().spoil();
        if (!request.isWhole()) {
            // What is still to come of the request has nobody left to go to.
            client.endConnection();
        }
        if (asked.endsWhole()) {
            responseWhole();
        } else {
            abort(LocalReplies.POLL_ENDED.cause(), ExchangeEnd.CUT);
        }
    }

    /** Ends an exchange whose response is whole, or as whole as it will be. */
    @Override
    public void responseWhole() {
        end(ExchangeEnd.COMPLETE);
        relay.release();
        client.complete(request.body());
    }

    @Override
    public void failed(LocalReply reply, ExchangeEnd how) {
        if (phase == Phase.RESPONDING || phase == Phase.CLOSING) {
            countFailure(reply);
            abort(reply.cause(), how);
        } else if (phase != Phase.ENDED && !relay.goesBack(reply, how)) {
            fail(reply, request.form(), how);
        }
    }

    @Override
    public void intercepted(LocalReply reply) {
        LocalReply.Form form = request.form();
        LocalReply shown = context.shown(reply, form, service, request.head());
        record.replied(reply, request.isHead() ? 0 : shown.length(form));
        end(ExchangeEnd.COMPLETE);
        client.reply(shown.with(request.strictTransport()), form, request.isHead(), request.isWhole());
    }

    /** Ends an exchange whose client has got nothing yet, and does not get what it has asked for. */
    private void fail(LocalReply reply, LocalReply.Form form, ExchangeEnd how) {
        countFailure(reply);
        answerInstead(reply, form, how);
    }

    /** Ends an exchange whose client has got nothing yet. */
    private void answerInstead(LocalReply reply, LocalReply.Form form, ExchangeEnd how) {
        LocalReply shown = context.shown(reply, form, service, request.head());
        relay.settle(how);
        record.replied(reply, request.isHead() ? 0 : shown.length(form));
        end(how);
        relay.drop();
        client.reply(shown.with(request.strictTransport()), form, request.isHead(), request.isWhole());
    }

    private void countFailure(LocalReply reply) {
        if (context.failures().count(service, reply)) {
            record.failed();
        }
    }

    /** Ends an exchange in the middle of the response: all that can be done is to let the client see that it ended. */
    private void abort(String why, ExchangeEnd how) {
        record.cutBy(why);
        end(how);
        relay.drop();
        if (how == ExchangeEnd.CALL_CANCELLED) {
            client.cancelCall();
        } else {
            client.abort(relay.response().endsWithConnection());
        }
    }

    @Override
    public @Nullable CutRequest cut(LocalReply reply) {
        if (phase == Phase.ENDED) {
            return null;
        }
        CutRequest cut = new CutRequest(
                request.method(),
                request.path(),
                record.ageMillis(),
                relay.delivery().target().target());
        failed(reply, ExchangeEnd.CUT);
        return cut;
    }

    private void end(ExchangeEnd how) {
        relay.settle(how);
        phase = Phase.ENDED;
        relay.ended();
        if (waiting != null) {
            waiting.leave();
        }
        if (copy != null) {
            copy.activeEnded(record, how);
        }
        record.received(request.body().passed());
        context.ended(this, service, request.head(), record);
        request.release();
    }

    @Override
    public boolean isOver() {
        return phase == Phase.ENDED;
    }

    @Override
    public @Nullable TargetState target() {
        return relay.target();
    }
}
