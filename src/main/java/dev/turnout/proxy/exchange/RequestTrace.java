package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.QueryRedaction;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.TraceLine;
import dev.turnout.proxy.route.TargetState;
import dev.turnout.routing.VisibleText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The trace of one request. What is not recorded has identifiers only. Event loop only. */
public final class RequestTrace {

    private final TraceSink sink;
    private final LongSupplier spans;
    private final long high;
    private final long low;
    private final long parent;
    private final long span;
    private final @Nullable Facts facts;
    private long attempt;
    private boolean isFirst = true;
    private @Nullable TargetState target;
    private long revision;
    private long attemptNanos;

    /** What of the head is recorded: the head is gone when the request ends. */
    private record Facts(
            String method,
            String path,
            String query,
            String scheme,
            String host,
            String userAgent,
            QueryRedaction redaction,
            List<TracedAttempt> attempts) {}

    private RequestTrace(
            TraceSink sink,
            LongSupplier spans,
            long high,
            long low,
            long parent,
            long span,
            long attempt,
            @Nullable Facts facts) {
        this.sink = sink;
        this.spans = spans;
        this.high = high;
        this.low = low;
        this.parent = parent;
        this.span = span;
        this.attempt = attempt;
        this.facts = facts;
    }

    /** Returns the trace of a request that is not recorded. */
    static RequestTrace unrecorded(TraceSink sink, LongSupplier spans, long high, long low, long attempt) {
        return new RequestTrace(sink, spans, high, low, 0, 0, attempt, null);
    }

    static RequestTrace recorded(
            TraceSink sink,
            LongSupplier spans,
            long high,
            long low,
            long parent,
            long span,
            long attempt,
            RequestHead head,
            boolean isHttps,
            QueryRedaction redaction) {
        String target = redaction.text(head.bytes(), head.pathStart(), head.targetEnd());
        int query = target.indexOf('?');
        return new RequestTrace(
                sink,
                spans,
                high,
                low,
                parent,
                span,
                attempt,
                new Facts(
                        head.method(),
                        visible(query < 0 ? target : target.substring(0, query)),
                        query < 0 ? "" : visible(target.substring(query + 1)),
                        isHttps ? "https" : "http",
                        head.hostStart() < 0 ? "" : text(head.bytes(), head.hostStart(), head.hostEnd()),
                        field(head, FieldName.USER_AGENT),
                        redaction,
                        new ArrayList<>(1)));
    }

    private static String field(RequestHead head, FieldName name) {
        FieldLines fields = head.fields();
        if (fields.count(name) == 0) {
            return "";
        }
        int line = fields.last(name);
        return text(head.bytes(), fields.valueStart(line), fields.valueEnd(line));
    }

    private static String text(byte[] bytes, int from, int to) {
        return visible(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static String visible(String text) {
        return VisibleText.of(text, VisibleText.SHORT);
    }

    /** Returns the identifier of the trace, 32 hexadecimal digits. */
    public String id() {
        return TraceLine.id(high, low);
    }

    /** Returns true if the request is handed over for export at its end. */
    boolean isRecorded() {
        return facts != null;
    }

    /** Returns the span of the next attempt, which its target is told; 0 if the head has it already. */
    long nextSpan() {
        if (isFirst) {
            isFirst = false;
            return 0;
        }
        attempt = spans.getAsLong();
        return attempt;
    }

    /** Begins an attempt with the span at hand. */
    void attempt(TargetState chosen, long ofRouting, long nanos) {
        target = chosen;
        revision = ofRouting;
        attemptNanos = nanos;
    }

    /** Ends the attempt at hand, if there is one. */
    void attemptEnded(@Nullable String error, long nanos) {
        if (facts != null && target != null) {
            facts.attempts.add(new TracedAttempt(attempt, target, revision, attemptNanos, nanos, error));
        }
        target = null;
    }

    /**
     * Hands the request over for export, if it is recorded.
     *
     * @param head as targets get it
     */
    void ended(String service, ByteBuf head, ExchangeRecord record, long nanos) {
        if (facts != null) {
            attemptEnded(record.cause(), nanos);
            export(facts, service, facts.attempts.isEmpty() ? "" : target(head, facts.redaction), record, nanos);
        }
    }

    /** Hands over a request that no target was chosen for. */
    void refused(String service, ExchangeRecord record, long nanos) {
        if (facts != null) {
            export(facts, service, "", record, nanos);
        }
    }

    /** Returns what stands between the two spaces of the first line. */
    private static String target(ByteBuf head, QueryRedaction redaction) {
        int from = head.indexOf(0, head.writerIndex(), (byte) ' ') + 1;
        int to = head.indexOf(from, head.writerIndex(), (byte) ' ');
        return visible(redaction.text(ByteBufUtil.getBytes(head, from, to - from), 0, to - from));
    }

    private void export(Facts of, String service, String forwarded, ExchangeRecord record, long nanos) {
        sink.take(new TracedRequest(
                high,
                low,
                parent,
                span,
                System.currentTimeMillis(),
                record.startedNanos(),
                nanos,
                service,
                of.method,
                of.path,
                of.query,
                forwarded,
                of.scheme,
                of.host,
                of.userAgent,
                record.client(),
                record.protocol(),
                record.status(),
                record.isFailed(),
                record.cause(),
                of.attempts));
    }
}
