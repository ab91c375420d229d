package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Whether targets can be sent a header of the PROXY protocol is checked before anything starts")
final class SendProxyCheckTest {

    private static ConfigReport report(String... settings) {
        return GivenSettings.check(GivenSettings.withTargets(settings), List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "v1", "v2"})
    void each_version_is_taken(String version) {
        assertThat(report("upstream.send-proxy=" + version).errors()).isEmpty();
    }

    @Test
    void another_version_is_refused() {
        assertThat(report("upstream.send-proxy=v3").errors())
                .singleElement()
                .asString()
                .startsWith("turnout.upstream.send-proxy=v3")
                .contains("allowed is off or v1 or v2");
    }

    @Test
    void nginx_speaks_to_its_targets_itself() {
        assertThat(report("mode=nginx", "upstream.send-proxy=v1").errors())
                .singleElement()
                .asString()
                .startsWith("turnout.upstream.send-proxy=v1")
                .contains("nginx speaks to the targets; allowed with turnout.mode=nginx is off");
        assertThat(report("mode=nginx", "upstream.send-proxy=off").errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"v1, 1", "off, 0"})
    void each_service_is_checked(String version, int errors) {
        assertThat(report(
                                "mode=nginx",
                                "services.\"api\".blue=127.0.0.1:3",
                                "services.\"api\".green=127.0.0.1:4",
                                "services.\"api\".hosts=api.example",
                                "services.\"api\".send-proxy=" + version)
                        .errors()
                        .stream()
                        .filter(error -> error.startsWith("turnout.services.\"api\".send-proxy=" + version)))
                .hasSize(errors);
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol=h2c", "protocol=h2"})
    void connections_that_all_clients_share_name_none(String protocol) {
        assertThat(report("upstream.send-proxy=v2", "upstream.tls=" + protocol.endsWith("h2"), protocol)
                        .errors())
                .singleElement()
                .asString()
                .startsWith("turnout.upstream.send-proxy=v2")
                .contains("share the HTTP/2 connections", "allowed with turnout.protocol=http1");
    }

    @Test
    void one_service_may_have_what_another_has_not() {
        String[] settings = {
            "upstream.send-proxy=v2",
            "services.\"api\".blue=127.0.0.1:3",
            "services.\"api\".green=127.0.0.1:4",
            "services.\"api\".hosts=api.example",
            "services.\"api\".protocol=h2c",
            "services.\"api\".send-proxy=off"
        };
        assertThat(report(settings).errors()).isEmpty();
        settings[5] = "services.\"api\".send-proxy=v1";
        assertThat(report(settings).errors())
                .singleElement()
                .asString()
                .startsWith("turnout.services.\"api\".send-proxy=v1")
                .contains("of service 'api'", "allowed with turnout.services.\"api\".protocol=http1");
    }

    @Test
    void probes_by_grpc_need_http2() {
        assertThat(report("upstream.send-proxy=v2", "health.type=grpc").errors())
                .singleElement()
                .asString()
                .startsWith("turnout.upstream.send-proxy=v2")
                .contains("allowed with turnout.health.type=http");
    }
}
