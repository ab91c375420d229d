package dev.turnout.admin;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.TracedTime;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.Collector.Type;
import io.prometheus.client.exemplars.Exemplar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One metric as Prometheus is given it: name, unit, help text, labels and samples. Not for several threads at a time. */
final class MetricFamily {

    private static final String SECONDS = "seconds";
    private static final double NANOS_PER_SECOND = 1e9;

    /** The upper bounds of the buckets that are exported. Each is a bound of {@link Latencies} too, so no count is a guess. */
    private static final List<Duration> BOUNDS = Stream.of(
                    "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5",
                    "5", "10", "25", "60")
            .map(seconds -> Duration.parse("PT" + seconds + "S"))
            .toList();

    private final String name;
    private final String unit;
    private final Type type;
    private final String help;
    private final List<String> labels;
    private final List<Sample> samples = new ArrayList<>();

    private MetricFamily(String name, String unit, Type type, String help, List<String> labels) {
        this.name = name;
        this.unit = unit;
        this.type = type;
        this.help = help;
        this.labels = labels;
    }

    static MetricFamily gauge(String name, String help, String... labels) {
        return new MetricFamily(name, unit(name), Type.GAUGE, help, List.of(labels));
    }

    /** @param name without {@code _total} */
    static MetricFamily counter(String name, String help, String... labels) {
        return new MetricFamily(name, unit(name), Type.COUNTER, help, List.of(labels));
    }

    /** @param name ends in {@code _seconds} */
    static MetricFamily histogram(String name, String help, String... labels) {
        return new MetricFamily(name, unit(name), Type.HISTOGRAM, help, List.of(labels));
    }

    private static String unit(String name) {
        return Stream.of(SECONDS, "bytes")
                .filter(unit -> name.endsWith("_" + unit))
                .findFirst()
                .orElse("");
    }

    /** Adds a sample. */
    MetricFamily add(double value, String... labelValues) {
        String suffix = type == Type.COUNTER ? "_total" : "";
        samples.add(new Sample(name + suffix, labels, List.of(labelValues), value));
        return this;
    }

    /** Adds the samples of a histogram. */
    MetricFamily add(Latencies times, String... labelValues) {
        return add(times, List.of(), labelValues);
    }

    /** Adds the samples of a histogram. The last trace of each bucket is its exemplar, which OpenMetrics shows. */
    MetricFamily add(Latencies times, List<TracedTime> traced, String... labelValues) {
        long below = -1;
        for (Duration bound : BOUNDS) {
            long nanos = bound.toNanos();
            bucket(labelValues, seconds(nanos), times.upTo(nanos), exemplar(traced, below, nanos));
            below = nanos;
        }
        bucket(labelValues, "+Inf", times.count(), exemplar(traced, below, Long.MAX_VALUE));
        List<String> values = List.of(labelValues);
        samples.add(new Sample(name + "_count", labels, values, times.count()));
        samples.add(new Sample(name + "_sum", labels, values, times.totalNanos() / NANOS_PER_SECOND));
        return this;
    }

    private void bucket(String[] labelValues, String bound, long count, @Nullable Exemplar exemplar) {
        List<String> bucketLabels =
                Stream.concat(labels.stream(), Stream.of("le")).toList();
        List<String> values =
                Stream.concat(Stream.of(labelValues), Stream.of(bound)).toList();
        samples.add(new Sample(name + "_bucket", bucketLabels, values, count, exemplar));
    }

    /** Returns the last trace whose time is above one bound and not above another; null if there is none. */
    private static @Nullable Exemplar exemplar(List<TracedTime> traced, long below, long bound) {
        return traced.stream()
                .filter(time -> time.nanos() > below && time.nanos() <= bound)
                .max(Comparator.comparingLong(TracedTime::endMillis))
                .map(time ->
                        new Exemplar(time.nanos() / NANOS_PER_SECOND, time.endMillis(), "trace_id", time.traceId()))
                .orElse(null);
    }

    private static String seconds(long nanos) {
        return Double.toString(nanos / (double) TimeUnit.SECONDS.toNanos(1));
    }

    /** Returns the metric. A metric without a sample is told too: its name is known before its first event. */
    MetricFamilySamples samples() {
        return new MetricFamilySamples(name, unit, type, help, List.copyOf(samples));
    }
}
