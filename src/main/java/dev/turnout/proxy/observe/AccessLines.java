package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.ExchangeObserver;
import dev.turnout.proxy.exchange.ExchangeRecord;
import dev.turnout.proxy.exchange.RequestTrace;
import dev.turnout.proxy.http1.AccessLine;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.route.TargetState;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lines that one event loop writes into the access log, in batches. To be used on its event loop only. */
public final class AccessLines implements ExchangeObserver {

    private static final int FULL = 16 * 1024;

    private final AccessLog log;
    private final HeadWriter batch = new HeadWriter();
    private final AccessLine line = new AccessLine(batch);
    private final DateTimeFormatter times;
    private final ZoneId zone = ZoneId.systemDefault();
    private int lines;
    private long second = -1;
    private String time = "";

    public AccessLines(AccessLog log) {
        this.log = log;
        this.times = log.format() == AccessLog.Format.JSON
                ? DateTimeFormatter.ISO_OFFSET_DATE_TIME
                : DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    }

    @Override
    public void ended(@Nullable RequestHead head, ExchangeRecord record) {
        updateTime();
        if (log.format() == AccessLog.Format.JSON) {
            json(head, record);
        } else {
            combined(head, record);
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
    private void combined(@Nullable RequestHead head, ExchangeRecord record) {
        line.text(record.client()).text(" - - [").text(time).text("] \"");
        if (head == null) {
            line.text("-");
        } else {
            line.request(head).text(" ").text(record.protocol());
        }
        line.text("\" ")
                .number(record.status())
                .text(" ")
                .number(record.bytes())
                .text(" \"");
        field(head, FieldName.REFERER).text("\" \"");
        field(head, FieldName.USER_AGENT).text("\" ");
        TargetState target = record.target();
        line.text(target == null ? "- -" : target.slot() + " " + target.target());
        line.text(" ").seconds(record.ageMillis()).text(" ");
        if (record.headMillis() < 0) {
            line.text("-");
        } else {
            line.seconds(record.headMillis());
        }
        line.text(" ").text(record.cause() == null ? "-" : record.cause()).text("\n");
    }

    private AccessLine field(@Nullable RequestHead head, FieldName name) {
        return head == null ? line.text("-") : line.field(head, name, "-");
    }

    private void json(@Nullable RequestHead head, ExchangeRecord record) {
        line.text("{\"time\":\"").text(time).text("\",\"client\":\"").text(record.client());
        if (head != null) {
            line.text("\",\"method\":\"").method(head).text("\",\"target\":\"").target(head);
            line.text("\",\"host\":\"").field(head, FieldName.HOST, "");
            line.text("\",\"requestId\":\"").field(head, FieldName.X_REQUEST_ID, "");
            line.text("\",\"referer\":\"").field(head, FieldName.REFERER, "");
            line.text("\",\"userAgent\":\"").field(head, FieldName.USER_AGENT, "");
            line.text("\",\"version\":\"").text(record.protocol());
        }
        RequestTrace trace = record.trace();
        if (trace != null) {
            line.text("\",\"traceId\":\"").text(trace.id());
        }
        line.text("\",\"status\":").number(record.status()).text(",\"bytes\":").number(record.bytes());
        line.text(",\"millis\":").number(record.ageMillis());
        if (record.headMillis() >= 0) {
            line.text(",\"headMillis\":").number(record.headMillis());
        }
        TargetState target = record.target();
        if (target != null) {
            line.text(",\"service\":\"" + target.service() + "\",\"slot\":\"" + target.slot() + "\",\"upstream\":\""
                    + target.target() + "\"");
        }
        if (record.cause() != null) {
            line.text(",\"cause\":\"").text(record.cause()).text("\"");
        }
        line.text("}\n");
    }

    /** Hands over what there is. */
    public void flush() {
        if (lines > 0) {
            log.add(new AccessLog.Batch(Arrays.copyOf(batch.bytes(), batch.length()), lines));
            batch.clear();
            lines = 0;
        }
    }
}
