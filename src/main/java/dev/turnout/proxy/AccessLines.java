package dev.turnout.proxy;

import dev.turnout.proxy.http1.AccessLine;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.observe.AccessLog;
import dev.turnout.proxy.route.TargetState;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;

/** The lines that one event loop writes into the access log, in batches. To be used on its event loop only. */
final class AccessLines {

    private static final int FULL = 16 * 1024;

    private final AccessLog log;
    private final HeadWriter batch = new HeadWriter();
    private final AccessLine line = new AccessLine(batch);
    private final DateTimeFormatter times;
    private final ZoneId zone = ZoneId.systemDefault();
    private int lines;
    private long second = -1;
    private String time = "";

    AccessLines(AccessLog log) {
        this.log = log;
        this.times = log.format() == AccessLog.Format.JSON
                ? DateTimeFormatter.ISO_OFFSET_DATE_TIME
                : DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    }

    /**
     * What a line tells beside the request.
     *
     * @param client the peer's IP address
     * @param http11 whether the client spoke HTTP/1.1
     * @param status what the client got; 499 if it had gone
     * @param bytes of the body, as sent to the client
     * @param totalMillis from the head to the end
     * @param headMillis from the head to the response's head; -1 if there was none
     * @param upstream the target; null if there was none
     * @param cause why Turnout answered itself or cut the response; null if it did not
     */
    record Facts(
            String client,
            boolean http11,
            int status,
            long bytes,
            long totalMillis,
            long headMillis,
            TargetState upstream,
            String cause) {}

    /**
     * Adds a line.
     *
     * @param head the request; null if what was sent was none
     */
    void add(RequestHead head, Facts facts) {
        updateTime();
        if (log.format() == AccessLog.Format.JSON) {
            json(head, facts);
        } else {
            combined(head, facts);
        }
        lines++;
        if (batch.length() >= FULL) {
            flush();
        }
    }

    private void updateTime() {
        Instant now = Instant.now();
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            time = times.format(ZonedDateTime.ofInstant(now.truncatedTo(ChronoUnit.SECONDS), zone));
        }
    }

    /** The combined format of Apache and nginx; behind it slot, target, seconds in all, seconds to the head, cause. */
    private void combined(RequestHead head, Facts facts) {
        line.text(facts.client()).text(" - - [").text(time).text("] \"");
        if (head == null) {
            line.text("-");
        } else {
            line.request(head).text(facts.http11() ? " HTTP/1.1" : " HTTP/1.0");
        }
        line.text("\" ").number(facts.status()).text(" ").number(facts.bytes()).text(" \"");
        field(head, FieldName.REFERER).text("\" \"");
        field(head, FieldName.USER_AGENT).text("\" ");
        TargetState upstream = facts.upstream();
        line.text(upstream == null ? "- -" : upstream.slot() + " " + upstream.target());
        line.text(" ").seconds(facts.totalMillis()).text(" ");
        if (facts.headMillis() < 0) {
            line.text("-");
        } else {
            line.seconds(facts.headMillis());
        }
        line.text(" ").text(facts.cause() == null ? "-" : facts.cause()).text("\n");
    }

    private AccessLine field(RequestHead head, FieldName name) {
        return head == null ? line.text("-") : line.field(head, name, "-");
    }

    private void json(RequestHead head, Facts facts) {
        line.text("{\"time\":\"").text(time).text("\",\"client\":\"").text(facts.client());
        if (head != null) {
            line.text("\",\"method\":\"").method(head).text("\",\"target\":\"").target(head);
            line.text("\",\"host\":\"").field(head, FieldName.HOST, "");
            line.text("\",\"requestId\":\"").field(head, FieldName.X_REQUEST_ID, "");
            line.text("\",\"referer\":\"").field(head, FieldName.REFERER, "");
            line.text("\",\"userAgent\":\"").field(head, FieldName.USER_AGENT, "");
            line.text("\",\"version\":\"").text(facts.http11() ? "HTTP/1.1" : "HTTP/1.0");
        }
        line.text("\",\"status\":").number(facts.status()).text(",\"bytes\":").number(facts.bytes());
        line.text(",\"millis\":").number(facts.totalMillis());
        if (facts.headMillis() >= 0) {
            line.text(",\"headMillis\":").number(facts.headMillis());
        }
        TargetState upstream = facts.upstream();
        if (upstream != null) {
            line.text(",\"service\":\"" + upstream.service() + "\",\"slot\":\"" + upstream.slot() + "\",\"upstream\":\""
                    + upstream.target() + "\"");
        }
        if (facts.cause() != null) {
            line.text(",\"cause\":\"").text(facts.cause()).text("\"");
        }
        line.text("}\n");
    }

    /** Hands over what there is. */
    void flush() {
        if (lines > 0) {
            log.add(new AccessLog.Batch(Arrays.copyOf(batch.bytes(), batch.length()), lines));
            batch.clear();
            lines = 0;
        }
    }
}
