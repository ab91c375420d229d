package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.ExchangeRecord;
import dev.turnout.proxy.http1.AccessLine;
import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.RequestView;
import dev.turnout.proxy.route.TargetState;
import org.jspecify.annotations.Nullable;

/** The combined format of Apache and nginx; behind it slot, target, seconds in all, seconds to the head, cause. */
final class CombinedLayout implements LineLayout {

    private static final String ABSENT = "-";

    @Override
    public void write(
            AccessLine line,
            LineTime time,
            @Nullable String service,
            @Nullable RequestView head,
            ExchangeRecord record) {
        line.text(record.client())
                .text(" - ")
                .word(record.user(), ABSENT)
                .text(" [")
                .text(time.common())
                .text("] \"");
        if (head == null) {
            line.text(ABSENT);
        } else {
            line.request(head, record.sentTarget()).text(" ").text(record.protocol());
        }
        line.text("\" ")
                .number(record.status())
                .text(" ")
                .number(record.bytes())
                .text(" \"");
        if (head == null) {
            line.text("-\" \"-");
        } else {
            line.field(head, FieldName.REFERER, ABSENT).text("\" \"").field(head, FieldName.USER_AGENT, ABSENT);
        }
        String slot = LineLayout.slot(service, record);
        TargetState target = record.target();
        line.text("\" ")
                .text(slot == null ? ABSENT : slot)
                .text(" ")
                .text(target == null ? ABSENT : target.targetName());
        line.text(" ").seconds(record.ageMillis()).text(" ");
        if (record.headMillis() < 0) {
            line.text(ABSENT);
        } else {
            line.seconds(record.headMillis());
        }
        line.text(" ").text(record.cause() == null ? ABSENT : record.cause());
    }
}
