package dev.turnout.admin;

import dev.turnout.switching.NameFollower.NameView;
import java.util.List;
import java.util.function.Supplier;

/** The metrics of the names whose addresses are targets. */
public final class NameMetrics extends AskedMetrics {

    private static final String[] LABELS = {"service", "slot", "name"};

    private final Supplier<List<NameView>> names;

    /** @param names what is known of them now */
    public NameMetrics(Supplier<List<NameView>> names) {
        this.names = names;
    }

    @Override
    List<MetricFamily> families() {
        MetricFamily up = MetricFamily.gauge(
                "turnout_name_up",
                "1 if the last look-up of the name brought targets, 0 if not, NaN before the first",
                LABELS);
        MetricFamily targets =
                MetricFamily.gauge("turnout_name_targets", "Targets that the last answer for the name has", LABELS);
        for (NameView name : names.get()) {
            String[] labels = {
                name.service(), name.slot().toString(), name.name().toString()
            };
            up.add(name.isUp().map(isUp -> isUp ? 1.0 : 0.0).orElse(Double.NaN), labels);
            targets.add(name.targets(), labels);
        }
        return List.of(up, targets);
    }
}
