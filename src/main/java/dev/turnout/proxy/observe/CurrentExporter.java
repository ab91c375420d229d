package dev.turnout.proxy.observe;

import dev.turnout.proxy.exchange.TraceSink;
import dev.turnout.proxy.exchange.TracedRequest;
import dev.turnout.proxy.route.TargetState;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where spans go now, if requests are traced. A reload replaces it. Any thread. */
public final class CurrentExporter implements TraceSink {

    private final Predicate<TargetState> isTls;
    private volatile @Nullable SpanExporter exporter;
    private final SpanExporter.Counts counts = new SpanExporter.Counts();

    /** @param isTls whether a target is spoken to over TLS */
    public CurrentExporter(Predicate<TargetState> isTls) {
        this.isTls = isTls;
    }

    @Override
    public void take(TracedRequest request) {
        SpanExporter now = exporter;
        if (now == null) {
            counts.dropped().increment();
        } else {
            now.take(request);
        }
    }

    /** Sends spans elsewhere from now on. Returns what is to be run once nobody uses the exporter before. That blocks. */
    public Runnable replace(Optional<SpanSettings> next) {
        SpanExporter before = exporter;
        if (before != null && next.equals(Optional.of(before.settings()))) {
            return () -> {};
        }
        SpanExporter begun = next.map(settings -> new SpanExporter(settings, isTls, counts, SpanExporter.FIRST_PAUSE))
                .orElse(null);
        if (begun != null) {
            begun.begin();
        }
        exporter = begun;
        return before == null ? () -> {} : before::close;
    }

    /** Returns how many requests collectors have taken since the start. */
    public long sent() {
        return counts.sent().sum();
    }

    /** Returns how many spans collectors have taken and not kept since the start. */
    public long rejected() {
        return counts.rejected().sum();
    }

    /** Returns how many recorded requests have been lost since the start. */
    public long dropped() {
        return counts.dropped().sum();
    }
}
