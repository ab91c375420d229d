package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.route.TargetState;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of one request at its end: by the access log, counters and traces. The exchange fills it, an
 * {@link ExchangeObserver} reads it. Event loop only.
 */
public final class ExchangeRecord {

    /** What the access log says of a client that has gone before it got a status (nginx' number). */
    private static final int CLIENT_GONE = 499;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int SERVER_ERROR = 500;
    private static final long NEVER = -1;

    private final String client;
    private final String protocol;
    private final @Nullable String tls;
    private final KnownMethod method;
    private final LongSupplier nanoClock;
    private final long startedNanos;
    private long claimedNanos;
    private long wholeNanos = NEVER;
    private long headNanos = NEVER;
    private boolean isWhole;
    private boolean hasResponse;
    private boolean isEndless;
    private boolean isBridged;
    private boolean isFromFolder;
    private boolean isOwnAnswer;
    private boolean isFailed;
    private boolean isFailedCall;
    private int status;
    private long bytes;
    private long requestBytes;
    private @Nullable String cause;
    private @Nullable String user;
    private byte @Nullable [] sentTarget;
    private @Nullable TargetState target;
    private @Nullable RequestTrace trace;

    /**
     * @param client the peer's IP address
     * @param protocol of the request, as the access log writes it
     * @param tls the version of TLS that the client speaks with Turnout; null without TLS
     * @param method of the request
     * @param nanoClock nanoseconds from an arbitrary origin
     */
    ExchangeRecord(String client, String protocol, @Nullable String tls, KnownMethod method, LongSupplier nanoClock) {
        this.client = client;
        this.protocol = protocol;
        this.tls = tls;
        this.method = method;
        this.nanoClock = nanoClock;
        this.startedNanos = nanoClock.getAsLong();
        this.claimedNanos = startedNanos;
    }

    /** Returns the record of a request that no target was chosen for. */
    static ExchangeRecord refused(
            String client,
            String protocol,
            @Nullable String tls,
            KnownMethod method,
            LocalReply reply,
            LocalReply.Form form,
            LongSupplier nanoClock) {
        ExchangeRecord record = new ExchangeRecord(client, protocol, tls, method, nanoClock);
        record.replied(reply, method == KnownMethod.HEAD ? 0 : reply.length(form));
        return record;
    }

    // --- Filled by the exchange ------------------------------------------------------------------------------------

    /** Notes the trace that the request belongs to. */
    void traced(@Nullable RequestTrace of) {
        trace = of;
    }

    /** Notes that the request is answered with a file of a folder: no target is chosen. */
    void servedFromFolder() {
        isFromFolder = true;
    }

    /** Returns true if the request is answered with a file of a folder. */
    boolean isFromFolder() {
        return isFromFolder;
    }

    /** Notes the user whose password was right; null if none is known. */
    void recognised(@Nullable String name) {
        user = name;
    }

    /** Notes the path and query that the client has sent, since the head for the target has others. */
    void movedFrom(RequestHead sent) {
        sentTarget = Arrays.copyOfRange(sent.bytes(), sent.pathStart(), sent.targetEnd());
    }

    /** Notes the target that the request has entered. */
    void claimed(TargetState claimed) {
        target = isFromFolder ? null : claimed;
    }

    /**
     * Notes that no target has had the request up to now, as far as the target at hand goes: it has waited for a paused
     * service or for a connection, or another target has failed.
     */
    void waited() {
        claimedNanos = nanoClock.getAsLong();
        if (isWhole) {
            wholeNanos = claimedNanos;
        }
    }

    /** Notes that the whole request came with the claim. */
    void wholeAtClaim() {
        if (!isWhole) {
            isWhole = true;
            wholeNanos = claimedNanos;
        }
    }

    /** Notes that the rest of the request has come. */
    void whole() {
        isWhole = true;
        wholeNanos = nanoClock.getAsLong();
    }

    /** Notes that the other slot is asked for an asset. */
    void bridged() {
        isBridged = true;
    }

    /** Returns true if the other slot was asked for an asset. */
    public boolean isBridged() {
        return isBridged;
    }

    /** Notes the head of the target's final response. */
    void response(int responseStatus) {
        hasResponse = true;
        status = responseStatus;
        headNanos = nanoClock.getAsLong();
    }

    /** Counts bytes of the body, as sent to the client. */
    void sent(long count) {
        bytes += count;
        if (target != null) {
            target.counters().countSent(count);
        }
    }

    /** Notes how many bytes of the request's body have come. */
    void received(long count) {
        requestBytes = count;
    }

    /** Notes that the exchange has no end of its own: how long it lasts says nothing of how fast anybody is. */
    void endless() {
        isEndless = true;
    }

    /** Notes that the application or Turnout has failed the request. */
    void failed() {
        isFailed = true;
    }

    /** Notes that the response is whole, and says that a call of gRPC has failed by the target's fault. */
    void callFailed() {
        isFailedCall = true;
    }

    /** Notes Turnout's own answer in the place of a target's. */
    void replied(LocalReply reply, long length) {
        status = reply.status();
        cause = reply.cause();
        bytes = length;
        isOwnAnswer = true;
    }

    /** Notes why the response was cut, or why nobody took it. */
    void cutBy(String why) {
        cause = why;
    }

    // --- Read by observers -----------------------------------------------------------------------------------------

    /** Returns the trace that the request belongs to. Null if requests are not traced. */
    public @Nullable RequestTrace trace() {
        return trace;
    }

    /** Returns when the exchange began. Nanoseconds of the clock of exchanges. */
    long startedNanos() {
        return startedNanos;
    }

    /** Returns the peer's IP address. */
    public String client() {
        return client;
    }

    /** Returns the user whose password was right. Null if none is known. */
    public @Nullable String user() {
        return user;
    }

    /** Returns the path and query that the client has sent. Null if they are those of the head for the target. */
    public byte @Nullable [] sentTarget() {
        return sentTarget;
    }

    /** Returns the protocol of the request, as the access log writes it. */
    public String protocol() {
        return protocol;
    }

    /** Returns the version of TLS that the client speaks with Turnout, such as {@code TLSv1.3}. Null without TLS. */
    public @Nullable String tls() {
        return tls;
    }

    /** Returns how many bytes of the request's body have come. */
    public long requestBytes() {
        return requestBytes;
    }

    /** Returns the method of the request. */
    KnownMethod method() {
        return method;
    }

    /** Returns the status that the client got; 499 if the client had gone before. */
    public int status() {
        return status == 0 ? CLIENT_GONE : status;
    }

    /** Returns how many bytes of body were sent to the client. */
    public long bytes() {
        return bytes;
    }

    /** Returns why Turnout answered itself or cut the response. Null if Turnout did neither. */
    public @Nullable String cause() {
        return cause;
    }

    /** Returns true if Turnout has answered in the place of a target. */
    boolean isOwnAnswer() {
        return isOwnAnswer;
    }

    /** Returns true if the application or Turnout has failed the request. */
    boolean isFailed() {
        return isFailed || targetStatus() >= SERVER_ERROR;
    }

    /** Returns the status that the target is judged by: 500 for a call of gRPC that has failed; 0 without a response. */
    int targetStatus() {
        if (!hasResponse) {
            return 0;
        }
        return isFailedCall ? Math.max(status, SERVER_ERROR) : status;
    }

    /** Returns the target. Null if there was none. */
    public @Nullable TargetState target() {
        return target;
    }

    /** Returns true if the head of a final response came from the target. */
    boolean hasResponse() {
        return hasResponse;
    }

    /** Returns how long the exchange has lasted. Milliseconds. */
    public long ageMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - startedNanos);
    }

    /** Returns how long it took from the request's head to the response's. Milliseconds; -1 if there was none. */
    public long headMillis() {
        return hasResponse ? TimeUnit.NANOSECONDS.toMillis(headNanos - startedNanos) : NEVER;
    }

    /** Returns how long the exchange has lasted. Nanoseconds; -1 if it has no end of its own. */
    long spanNanos() {
        return isEndless || status == SWITCHING_PROTOCOLS ? NEVER : nanoClock.getAsLong() - startedNanos;
    }

    /** Returns how long ago a target was claimed. Milliseconds. */
    long sinceClaimMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - claimedNanos);
    }

    /** Returns how long the target had the whole request before it answered. Nanoseconds; -1 if it never had. */
    long targetNanos() {
        return isWhole ? headNanos - wholeNanos : NEVER;
    }

    /** Returns how long the target has had the whole request. Nanoseconds; -1 if it has not. */
    long waitedNanos() {
        return isWhole ? nanoClock.getAsLong() - wholeNanos : NEVER;
    }
}
