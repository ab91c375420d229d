package dev.turnout.proxy.observe;

import dev.turnout.config.AccessField;
import dev.turnout.config.AccessTemplate;
import dev.turnout.proxy.exchange.ExchangeRecord;
import dev.turnout.proxy.http1.AccessLine;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.RequestView;
import dev.turnout.proxy.route.TargetState;
import org.jspecify.annotations.Nullable;

/** A line as {@code turnout.access-log-template} says. What is not known of a request is {@code -}. */
final class TemplateLayout implements LineLayout {

    private static final String ABSENT = "-";

    private final AccessTemplate template;
    private final LineTrace trace = new LineTrace();

    TemplateLayout(AccessTemplate template) {
        this.template = template;
    }

    @Override
    public void write(
            AccessLine line,
            LineTime time,
            @Nullable String service,
            @Nullable RequestView head,
            ExchangeRecord record) {
        for (AccessTemplate.Part part : template.parts()) {
            line.text(part.text());
            AccessField field = part.field();
            if (field != null) {
                write(field, line, time, service, head, record);
            }
        }
    }

    private void write(
            AccessField field,
            AccessLine line,
            LineTime time,
            @Nullable String service,
            @Nullable RequestView head,
            ExchangeRecord record) {
        TargetState target = record.target();
        switch (field) {
            case TIME -> time.writeIso(line);
            case CLF_TIME -> line.text(time.common());
            case CLIENT -> line.text(record.client());
            case USER -> line.word(record.user(), ABSENT);
            case PROTOCOL -> line.text(record.protocol());
            case TLS -> known(line, record.tls());
            case STATUS -> line.number(record.status());
            case BYTES -> line.number(record.bytes());
            case REQUEST_BYTES -> line.number(record.requestBytes());
            case MILLIS -> line.number(record.ageMillis());
            case HEAD_MILLIS -> known(line, record.headMillis() < 0 ? null : Long.toString(record.headMillis()));
            case SERVICE -> known(line, service);
            case SLOT -> known(line, LineLayout.slot(service, record));
            case UPSTREAM -> known(line, target == null ? null : target.targetName());
            case BRIDGED -> line.text(record.isBridged() ? "true" : "false");
            case CAUSE -> known(line, record.cause());
            case TRACE_ID -> known(line, trace.id(head, record));
            case METHOD, TARGET, HOST, REQUEST_ID, REFERER, USER_AGENT -> ofHead(field, line, head, record);
        }
    }

    private static void ofHead(AccessField field, AccessLine line, @Nullable RequestView head, ExchangeRecord record) {
        if (head == null) {
            line.text(ABSENT);
            return;
        }
        switch (field) {
            case METHOD -> line.method(head);
            case TARGET -> line.target(head, record.sentTarget());
            case HOST -> line.field(head, FieldName.HOST, ABSENT);
            case REQUEST_ID -> line.field(head, FieldName.X_REQUEST_ID, ABSENT);
            case REFERER -> line.field(head, FieldName.REFERER, ABSENT);
            case USER_AGENT -> line.field(head, FieldName.USER_AGENT, ABSENT);
            default -> throw new IllegalArgumentException(field + " is no part of a head");
        }
    }

    private static void known(AccessLine line, @Nullable String text) {
        line.text(text == null ? ABSENT : text);
    }
}
