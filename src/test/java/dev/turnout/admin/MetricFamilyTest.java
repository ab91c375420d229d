package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.TracedTime;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.exemplars.Exemplar;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class MetricFamilyTest {

    private static List<Sample> buckets(long nanos) {
        MetricFamilySamples family = MetricFamily.histogram("turnout_x_seconds", "Some time")
                .add(Latencies.ofOne(nanos))
                .samples();
        return family.samples.stream()
                .filter(sample -> sample.name.endsWith("_bucket"))
                .toList();
    }

    @Test
    @DisplayName("a time at the bound of a bucket is in it, and a nanosecond more is not: no bucket is a guess")
    void bounds_are_exact() {
        List<Sample> bounds = buckets(1);
        assertThat(bounds).hasSize(17);
        for (int place = 0; place < bounds.size() - 1; place++) {
            long bound =
                    Math.round(Double.parseDouble(bounds.get(place).labelValues.get(0)) * 1e9);
            assertThat(buckets(bound).get(place).value).isEqualTo(1);
            assertThat(buckets(bound + 1).get(place).value).isZero();
            assertThat(buckets(bound + 1).get(place + 1).value).isEqualTo(1);
        }
        assertThat(bounds.get(16).labelValues).containsExactly("+Inf");
    }

    @Test
    @DisplayName("the last trace of a bucket is its exemplar, and that of no other bucket")
    void traces_are_exemplars() {
        List<TracedTime> traced = List.of(
                new TracedTime("a", 600_000, 1), new TracedTime("b", 900_000, 2), new TracedTime("c", 1_000_001, 3));
        List<Sample> buckets = MetricFamily.histogram("turnout_x_seconds", "Some time")
                .add(Latencies.ofOne(600_000), traced)
                .samples()
                .samples
                .stream()
                .filter(sample -> sample.exemplar != null)
                .toList();

        assertThat(buckets)
                .satisfiesExactly(
                        bucket -> assertThat(bucket.exemplar)
                                .isEqualTo(new Exemplar(0.0009, 2L, "trace_id", "b"))
                                .satisfies(exemplar ->
                                        assertThat(bucket.labelValues).containsExactly("0.001")),
                        bucket -> assertThat(bucket.exemplar)
                                .isEqualTo(new Exemplar(0.001000001, 3L, "trace_id", "c"))
                                .satisfies(exemplar ->
                                        assertThat(bucket.labelValues).containsExactly("0.0025")));
    }

    @Test
    @DisplayName("the unit stands behind the name, and only there")
    void unit() {
        assertThat(MetricFamily.gauge("turnout_x_seconds", "Some time").samples().unit)
                .isEqualTo("seconds");
        assertThat(MetricFamily.counter("turnout_x_bytes", "Some size").samples().unit)
                .isEqualTo("bytes");
        assertThat(MetricFamily.counter("turnout_x", "Some count").samples().unit)
                .isEmpty();
    }
}
