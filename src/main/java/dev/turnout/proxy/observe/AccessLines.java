package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.ExchangeObserver;
import dev.turnout.proxy.exchange.ExchangeRecord;
import dev.turnout.proxy.http1.AccessLine;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.QueryRedaction;
import dev.turnout.proxy.http1.RequestHead;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines that one event loop writes into the access log, in batches. To be used on its event loop only. */
public final class AccessLines implements ExchangeObserver {

    private static final int FULL = 16 * 1024;

    private final AccessLog log;
    private final LineLayout layout;
    private final HeadWriter batch = new HeadWriter();
    private final AccessLine line;
    private final LineTime time = new LineTime();
    private int lines;

    public AccessLines(AccessLog log) {
        this.log = log;
        this.layout = layout(log.settings());
        this.line = new AccessLine(batch, new QueryRedaction(log.settings().redacted()));
    }

    private static LineLayout layout(AccessLogSettings settings) {
        return switch (settings.format()) {
            case OFF, COMBINED -> new CombinedLayout();
            case JSON -> new JsonLayout();
            case TEMPLATE -> new TemplateLayout(settings.template());
        };
    }

    @Override
    public void ended(@Nullable RequestHead head, ExchangeRecord record) {
        time.update(Instant.now());
        layout.write(line, time, head, record);
        line.text("\n");
        lines++;
        if (batch.length() >= FULL) {
            flush();
        }
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
