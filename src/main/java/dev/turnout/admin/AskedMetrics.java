package dev.turnout.admin;

import io.prometheus.client.Collector;
import java.util.List;

/** Metrics that are made when Prometheus asks, of what is known then. Nothing else pays for them. */
abstract class AskedMetrics extends Collector implements Collector.Describable {

    /** Returns all metrics. One without a value is told too. */
    abstract List<MetricFamily> families();

    /** The names are not asked for beforehand: that would need all values. */
    @Override
    public final List<MetricFamilySamples> describe() {
        return List.of();
    }

    @Override
    public final List<MetricFamilySamples> collect() {
        return families().stream().map(MetricFamily::samples).toList();
    }
}
