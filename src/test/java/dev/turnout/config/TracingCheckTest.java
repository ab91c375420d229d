package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("How requests are traced is checked before anything starts")
final class TracingCheckTest {

    private static final String URL = "tracing.url=http://127.0.0.1:4318/v1/traces";

    private static ConfigReport report(String... settings) {
        return GivenSettings.check(GivenSettings.withTargets(settings), List.of());
    }

    @Test
    void the_address_of_a_collector_is_enough() {
        assertThat(report(URL)).isEqualTo(new ConfigReport(List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://a/v1/traces", "a:4318", "http://user:secret@a/v1/traces", "http://a/#b", "/v1/traces"})
    void what_is_no_address_is_refused(String url) {
        assertThat(report("tracing.url=" + url).errors())
                .singleElement()
                .asString()
                .startsWith("turnout.tracing.url=" + url)
                .contains("allowed is a URL that begins with http:// or https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.01", "-0.1", "1%", "2", ".5", "1e-2"})
    void what_is_no_fraction_is_refused(String ratio) {
        assertThat(report(URL, "tracing.ratio=" + ratio).errors())
                .singleElement()
                .asString()
                .contains("a number from 0 to 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "0.01", "1.0", "0.000000001"})
    void each_fraction_is_taken(String ratio) {
        assertThat(report(URL, "tracing.ratio=" + ratio).errors()).isEmpty();
    }

    @Test
    void nginx_traces_requests_itself() {
        assertThat(report("mode=nginx", URL, "tracing.ratio=1").warnings())
                .singleElement()
                .asString()
                .startsWith("turnout.tracing.url has no effect: with turnout.mode=nginx")
                .contains("otel_trace on;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tracing.ratio=1",
                "tracing.request-id=true",
                "tracing.service-name=edge",
                "tracing.ca-file=/etc/ca.pem"
            })
    void without_a_collector_nothing_is_traced(String setting) {
        assertThat(report(setting).warnings())
                .singleElement()
                .asString()
                .isEqualTo("Requests are not traced although turnout." + setting.substring(0, setting.indexOf('='))
                        + " has a value: that takes turnout.tracing.url.");
    }

    @Test
    void authorities_are_for_https() {
        assertThat(report(URL, "tracing.ca-file=/etc/ca.pem").errors())
                .singleElement()
                .asString()
                .startsWith("turnout.tracing.ca-file=/etc/ca.pem")
                .contains("allowed with a turnout.tracing.url that begins with https://");
        assertThat(report("tracing.url=https://a/v1/traces", "tracing.ca-file=/etc/ca.pem")
                        .errors())
                .isEmpty();
    }
}
