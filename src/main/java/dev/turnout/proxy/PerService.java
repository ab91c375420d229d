package dev.turnout.proxy;

import dev.turnout.config.AccessLogConfig;
import dev.turnout.config.PauseConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.config.UpstreamConfig;
import dev.turnout.proxy.http1.PathPattern;
import dev.turnout.proxy.http1.QueryRedaction;
import dev.turnout.proxy.observe.AccessLogPlan;
import dev.turnout.proxy.observe.AccessLogSettings;
import dev.turnout.proxy.route.Patience;
import dev.turnout.proxy.route.PauseLimits;
import dev.turnout.proxy.route.Preview;
import dev.turnout.proxy.route.RequestSettings;
import dev.turnout.proxy.route.TargetSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the data plane takes from the configuration of one service, or from the top for requests of no service. */
final class PerService {

    private PerService() {}

    /** @param redacted the query parameters whose values are left out of spans */
    static RequestSettings requests(ServiceSettings service, List<String> redacted) {
        UpstreamConfig upstream = service.upstream();
        Patience patience = new Patience(
                upstream.head().toMillis(),
                upstream.body().toMillis(),
                service.client().body().toMillis());
        return new RequestSettings(
                service.limits().body().asLongValue(),
                patience,
                patience.ofCalls(),
                upstream.queueTimeout().toMillis(),
                pause(service.pause()),
                new Preview(service.slots().preview(), service.slots().previewSecret()),
                service.slots().showSlot(),
                service.drain().endless().orElse(List.of()).stream()
                        .map(PathPattern::new)
                        .toList(),
                new QueryRedaction(redacted));
    }

    private static PauseLimits pause(PauseConfig pause) {
        return new PauseLimits(
                pause.requests(),
                pause.bytes().asLongValue(),
                pause.timeout().toMillis(),
                pause.release().toMillis());
    }

    static TargetSettings targets(ServiceSettings service) {
        UpstreamConfig upstream = service.upstream();
        return new TargetSettings(
                Math.toIntExact(upstream.connect().toMillis()),
                upstream.idle().toMillis(),
                upstream.queue(),
                service.slots().slowStart().orElse(Duration.ZERO).toNanos());
    }

    static AccessLogPlan accessLogs(TurnoutConfig config) {
        Map<String, AccessLogSettings> byService = new HashMap<>();
        ServiceSettings.of(config).forEach(service -> accessLog(
                        service.accessLog(), service.accessLog().redacted())
                .ifPresent(log -> byService.put(service.name(), log)));
        return new AccessLogPlan(
                accessLog(ServiceSettings.atTop(config).accessLog(), redactedByAny(config)), byService);
    }

    private static Optional<AccessLogSettings> accessLog(AccessLogConfig log, List<String> redacted) {
        return log.format() == AccessLogConfig.Format.OFF
                ? Optional.empty()
                : Optional.of(new AccessLogSettings(log.format(), log.template(), redacted, log.file()));
    }

    /** Returns the query parameters that any service has left out: whose a refused request was may not be known. */
    static List<String> redactedByAny(TurnoutConfig config) {
        return Stream.concat(Stream.of(ServiceSettings.atTop(config)), ServiceSettings.of(config).stream())
                .flatMap(service -> service.accessLog().redacted().stream())
                .distinct()
                .toList();
    }
}
