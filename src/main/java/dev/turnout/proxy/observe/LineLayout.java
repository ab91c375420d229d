package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.ExchangeRecord;
import dev.turnout.proxy.http1.AccessLine;
import dev.turnout.proxy.http1.RequestView;
import dev.turnout.proxy.route.TargetState;
import org.jspecify.annotations.Nullable;

/** The form of a line of the access log. Event loop only. */
interface LineLayout {

    /**
     * Writes a line, without its end.
     *
     * @param service that the request was for; null if none is known
     * @param head the request; null if what came was none
     */
    void write(
            AccessLine line,
            LineTime time,
            @Nullable String service,
            @Nullable RequestView head,
            ExchangeRecord record);

    /** Returns the slot of a request; null without a target. The target of a call of the admin API is of no slot. */
    static @Nullable String slot(@Nullable String service, ExchangeRecord record) {
        TargetState target = record.target();
        return target == null || service == null ? null : target.slot().toString();
    }
}
