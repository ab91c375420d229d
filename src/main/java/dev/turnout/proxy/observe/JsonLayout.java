package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.ExchangeRecord;
import dev.turnout.proxy.http1.AccessLine;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.RequestView;
import dev.turnout.proxy.route.TargetState;
import org.jspecify.annotations.Nullable;

/** A JSON object on one line. What is not known of a request has no member. */
final class JsonLayout implements LineLayout {

    private final LineTrace trace = new LineTrace();

    @Override
    public void write(
            AccessLine line,
            LineTime time,
            @Nullable String service,
            @Nullable RequestView head,
            ExchangeRecord record) {
        time.writeIso(line.text("{\"time\":\""));
        line.text("\",\"client\":\"").text(record.client());
        if (record.user() != null) {
            line.text("\",\"user\":\"").word(record.user(), "");
        }
        if (head != null) {
            request(line, head, record);
            line.text("\",\"version\":\"").text(record.protocol());
        }
        if (record.tls() != null) {
            line.text("\",\"tls\":\"").text(record.tls());
        }
        String traceId = trace.id(head, record);
        if (traceId != null) {
            line.text("\",\"traceId\":\"").text(traceId);
        }
        line.text("\",\"status\":").number(record.status());
        line.text(",\"bytes\":").number(record.bytes());
        line.text(",\"requestBytes\":").number(record.requestBytes());
        line.text(",\"millis\":").number(record.ageMillis());
        if (record.headMillis() >= 0) {
            line.text(",\"headMillis\":").number(record.headMillis());
        }
        if (service != null) {
            line.text(",\"service\":\"").text(service).text("\"");
        }
        String slot = LineLayout.slot(service, record);
        if (slot != null) {
            line.text(",\"slot\":\"").text(slot).text("\"");
        }
        TargetState target = record.target();
        if (target != null) {
            line.text(",\"upstream\":\"").text(target.targetName()).text("\"");
        }
        if (record.isBridged()) {
            line.text(",\"bridged\":true");
        }
        if (record.cause() != null) {
            line.text(",\"cause\":\"").text(record.cause()).text("\"");
        }
        line.text("}");
    }

    private static void request(AccessLine line, RequestView head, ExchangeRecord record) {
        line.text("\",\"method\":\"").method(head).text("\",\"target\":\"").target(head, record.sentTarget());
        line.member("\",\"host\":\"", head, FieldName.HOST)
                .member("\",\"requestId\":\"", head, FieldName.X_REQUEST_ID)
                .member("\",\"referer\":\"", head, FieldName.REFERER)
                .member("\",\"userAgent\":\"", head, FieldName.USER_AGENT);
    }
}
