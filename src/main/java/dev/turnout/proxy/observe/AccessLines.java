package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.ExchangeObserver;
import dev.turnout.proxy.exchange.ExchangeRecord;
import dev.turnout.proxy.http1.AccessLine;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.QueryRedaction;
import dev.turnout.proxy.http1.RequestView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The lines that one event loop writes into the access logs, in batches. To be used on its event loop only. */
public final class AccessLines implements ExchangeObserver {

    private static final int FULL = 16 * 1024;

    private final Map<Path, Batch> batches = new HashMap<>();
    private final Map<String, Lines> byService = new HashMap<>();
    private final @Nullable Lines ofNoService;
    private final LineTime time = new LineTime();

    /** The lines for one file that are not handed over yet. */
    private static final class Batch {

        private final AccessLog log;
        private final HeadWriter text = new HeadWriter();
        private int lines;

        Batch(AccessLog log) {
            this.log = log;
        }

        void flush() {
            if (lines > 0) {
                log.add(new AccessLog.Batch(Arrays.copyOf(text.bytes(), text.length()), lines));
                text.clear();
                lines = 0;
            }
        }
    }

    /** How the lines of one service are written. */
    private record Lines(Batch batch, LineLayout layout, AccessLine line) {}

    public AccessLines(CurrentLogs.Prepared logs) {
        logs.logs().forEach((file, log) -> batches.put(file, new Batch(log)));
        AccessLogPlan plan = logs.plan();
        ofNoService = plan.ofNoService().map(this::lines).orElse(null);
        plan.byService().forEach((service, settings) -> byService.put(service, lines(settings)));
    }

    private Lines lines(AccessLogSettings settings) {
        Batch batch = Objects.requireNonNull(batches.get(settings.file()));
        return new Lines(batch, layout(settings), new AccessLine(batch.text, new QueryRedaction(settings.redacted())));
    }

    private static LineLayout layout(AccessLogSettings settings) {
        return switch (settings.format()) {
            case OFF, COMBINED -> new CombinedLayout();
            case JSON -> new JsonLayout();
            case TEMPLATE -> new TemplateLayout(settings.template());
        };
    }

    @Override
    public void ended(String service, @Nullable RequestView head, ExchangeRecord record) {
        Lines lines = service.isEmpty() ? ofNoService : byService.get(service);
        if (lines == null) {
            return;
        }
        time.update(System.currentTimeMillis());
        lines.layout().write(lines.line(), time, service.isEmpty() ? null : service, head, record);
        lines.line().text("\n");
        Batch batch = lines.batch();
        batch.lines++;
        if (batch.text.length() >= FULL) {
            batch.flush();
        }
    }

    /** Hands over what there is. */
    public void flush() {
        batches.values().forEach(Batch::flush);
    }
}
