package dev.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.routing.Latencies;
import dev.turnout.routing.RequestTotals;
import dev.turnout.routing.RequestTotals.Answer;
import dev.turnout.routing.ServiceTotals;
import dev.turnout.routing.Slot;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ServiceSamplesTest {

    private final ServiceSamples samples = new ServiceSamples();
    private long second;
    private long requests;
    private long failed;
    private final long[] times = new long[Latencies.BUCKETS];

    /** Lets seconds pass, each with so many requests of blue. */
    private void pass(int seconds, int ofEach, int failedOfEach, int millis) {
        for (int i = 0; i < seconds; i++) {
            requests += ofEach;
            failed += failedOfEach;
            times[Latencies.bucket(Duration.ofMillis(millis).toNanos())] += ofEach;
            samples.add(totals(), Duration.ofSeconds(second++).toNanos());
        }
    }

    private ServiceTotals totals() {
        RequestTotals blue = new RequestTotals(
                Map.of(new Answer("GET", 200), requests), Map.of("2xx", Latencies.of(times, 0)), failed, Map.of());
        return new ServiceTotals(Map.of(Slot.BLUE, blue), RequestTotals.NONE, Map.of(), Map.of(), 0);
    }

    @Test
    @DisplayName("nothing is said before there are two samples")
    void too_early() {
        assertThat(samples.figures()).isNull();
        pass(1, 5, 0, 10);
        assertThat(samples.figures()).isNull();
    }

    @Test
    @DisplayName("the figures are those of the last minute, the rate is that of the last second")
    void figures() {
        pass(100, 10, 5, 2000);
        pass(66, 100, 1, 10);
        pass(1, 200, 0, 10);

        JsonObject figures = samples.figures();
        assertThat(figures.getLong("seconds")).isBetween(60L, 65L);
        assertThat(figures.getDouble("requestsPerSecond")).isEqualTo(200);
        assertThat(figures.getDouble("errorRate")).isCloseTo(0.01, within(0.001));
        assertThat(figures.getDouble("p99Millis")).isBetween(10.0, 11.3);
        assertThat(figures.getJsonObject("slots").getJsonObject("blue").getLong("requests"))
                .isEqualTo(figures.getLong("requests"));
        assertThat(figures.getJsonObject("slots").getJsonObject("green").getLong("requests"))
                .isZero();
    }

    @Test
    @DisplayName("without requests there is no quantile and no rate of errors")
    void idle() {
        pass(80, 0, 0, 0);

        assertThat(samples.figures().getDouble("requestsPerSecond")).isZero();
        assertThat(samples.figures().getValue("errorRate")).isNull();
        assertThat(samples.figures().getValue("p99Millis")).isNull();
    }
}
