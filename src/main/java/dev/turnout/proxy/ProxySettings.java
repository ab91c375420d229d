package dev.turnout.proxy;

import dev.turnout.config.ClientConfig;
import dev.turnout.config.Http2Config;
import dev.turnout.config.ListenConfig;
import dev.turnout.config.ListenConfig.Plain;
import dev.turnout.config.Rate;
import dev.turnout.config.RehearsalConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.StickyMode;
import dev.turnout.config.TracingConfig;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.connection.ConnectionSettings;
import dev.turnout.proxy.connection.Http2Settings;
import dev.turnout.proxy.exchange.ExchangeSettings;
import dev.turnout.proxy.exchange.TraceRules;
import dev.turnout.proxy.http1.ForgedFields;
import dev.turnout.proxy.http1.StrictTransport;
import dev.turnout.proxy.http2.Http2Limits;
import dev.turnout.proxy.listen.FrontPort;
import dev.turnout.proxy.listen.ListenSettings;
import dev.turnout.proxy.observe.AccessLogPlan;
import dev.turnout.proxy.route.AssetBridge;
import dev.turnout.proxy.route.RateLimits;
import dev.turnout.proxy.route.RehearsalSettings;
import dev.turnout.proxy.route.RouteSettings;
import dev.turnout.proxy.route.ServiceMatch;
import dev.turnout.proxy.route.Stickiness;
import dev.turnout.proxy.route.TargetSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane takes from the configuration, in the units that it counts in.
 *
 * @param listen where to listen
 * @param headLimit the largest head, in bytes
 * @param headMemory the memory for all heads together, in bytes; 0 for the default
 * @param connection what holds for client connections
 * @param exchange what holds for exchanges
 * @param route what requests are routed by
 * @param ofNoService what holds for connections to targets of no service
 * @param tracing how requests are traced; empty if they are not
 * @param accessLogs which requests are written to which access log
 */
record ProxySettings(
        ListenSettings listen,
        int headLimit,
        long headMemory,
        ConnectionSettings connection,
        ExchangeSettings exchange,
        RouteSettings route,
        TargetSettings ofNoService,
        Optional<TraceRules> tracing,
        AccessLogPlan accessLogs) {

    /** @param rates has the buckets of rules that there were before */
    static ProxySettings of(TurnoutConfig config, RateLimits rates) {
        return new ProxySettings(
                listen(config),
                Math.toIntExact(config.limits().head().asLongValue()),
                config.limits().heads().asLongValue(),
                connection(config),
                exchange(config),
                route(config, rates),
                PerService.targets(ServiceSettings.atTop(config)),
                tracing(config.tracing()),
                PerService.accessLogs(config));
    }

    private static ListenSettings listen(TurnoutConfig config) {
        ListenConfig listen = config.listen();
        Optional<FrontPort> plain = listen.plain() == Plain.OFF
                ? Optional.empty()
                : Optional.of(new FrontPort("turnout.listen", listen.host(), listen.port(), listen.reusePort()));
        Optional<FrontPort> tls = config.tls()
                .port()
                .map(port -> new FrontPort("turnout.tls.port", listen.host(), port, listen.reusePort()));
        return new ListenSettings(plain, tls, listen.plain() == Plain.CHALLENGES);
    }

    private static ConnectionSettings connection(TurnoutConfig config) {
        ClientConfig client = config.client();
        return new ConnectionSettings(
                config.limits().connections(),
                client.handshake().toMillis(),
                client.head().toMillis(),
                client.body().toMillis(),
                client.idle().toMillis(),
                config.trustedProxies().orElse(List.of()),
                config.proxyProtocol(),
                http2(config));
    }

    private static Http2Settings http2(TurnoutConfig config) {
        Http2Config http2 = config.http2();
        return new Http2Settings(
                http2.enabled() && http2.plain(),
                new Http2Limits(
                        http2.streams(),
                        Math.toIntExact(http2.streamWindow().asLongValue()),
                        Math.toIntExact(http2.connectionWindow().asLongValue()),
                        Math.toIntExact(config.limits().head().asLongValue()),
                        Math.toIntExact(http2.table().asLongValue()),
                        http2.continuations(),
                        http2.flood()));
    }

    private static ExchangeSettings exchange(TurnoutConfig config) {
        return new ExchangeSettings(
                config.limits().requests(),
                ForgedFields.of(config.untrustedHeaders()),
                PerService.requests(ServiceSettings.atTop(config), PerService.redactedByAny(config)));
    }

    private static @Nullable Stickiness stickiness(TurnoutConfig config, ServiceSettings service) {
        StickyMode mode = service.sticky();
        if (mode.isOff()) {
            return null;
        }
        byte[] secret = StickySecret.read(config.state().directory());
        return new Stickiness(
                secret,
                service.name(),
                service.path(),
                mode.follows(),
                service.stickyDrain().toMillis());
    }

    private static RouteSettings route(TurnoutConfig config, RateLimits rates) {
        List<ServiceMatch> services = ServiceSettings.of(config).stream()
                .map(service -> new ServiceMatch(
                        service.name(),
                        service.hosts(),
                        service.path(),
                        service.stripPath(),
                        service.tlsRedirect(),
                        service.tlsHsts().map(StrictTransport::new).orElse(null),
                        service.balance(),
                        service.protocol(),
                        service.connections(),
                        stickiness(config, service),
                        RuleSettings.of(service, rates),
                        new AssetBridge(
                                service.assetPaths(),
                                service.assetBridge().toNanos(),
                                service.assetsAfterDrain().toNanos()),
                        service.errors().intercepted().orElse(null),
                        PerService.requests(service, service.accessLog().redacted()),
                        PerService.targets(service)))
                .toList();
        return new RouteSettings(
                services,
                config.limits().rates().asLongValue(),
                ServiceSettings.of(config).stream()
                        .collect(Collectors.toMap(ServiceSettings::name, service -> rehearsal(service.rehearsal()))),
                ServiceSettings.atTop(config).rehearsal().inFlight());
    }

    private static RehearsalSettings rehearsal(RehearsalConfig service) {
        Rate rate = service.rate();
        return new RehearsalSettings(
                service.percent(),
                service.removed(),
                rate.period().toNanos() / rate.count(),
                service.timeout().toMillis());
    }

    private static Optional<TraceRules> tracing(TracingConfig tracing) {
        return tracing.url().map(url -> new TraceRules(tracing.ratio(), tracing.isRequestId()));
    }
}
