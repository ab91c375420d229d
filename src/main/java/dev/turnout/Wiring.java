package dev.turnout;

import dev.turnout.acme.Acme;
import dev.turnout.acme.OrderListener;
import dev.turnout.admin.AdminNames;
import dev.turnout.admin.AdminTls;
import dev.turnout.admin.AdminToken;
import dev.turnout.admin.CertificateEvents;
import dev.turnout.admin.CertificateMetrics;
import dev.turnout.admin.CertificateReport;
import dev.turnout.admin.DirectMemoryMetric;
import dev.turnout.admin.FrontSecret;
import dev.turnout.admin.Meters;
import dev.turnout.admin.ProcessInfo;
import dev.turnout.admin.ProcessorMetrics;
import dev.turnout.admin.RecentTraffic;
import dev.turnout.admin.StatusJson;
import dev.turnout.admin.SwitchMetrics;
import dev.turnout.admin.TrafficMetrics;
import dev.turnout.config.AdminAddress;
import dev.turnout.config.DockerConfig;
import dev.turnout.config.NginxConfig;
import dev.turnout.config.RehearsalConfig;
import dev.turnout.config.RunningConfig;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.config.TurnoutConfig.Mode;
import dev.turnout.dns.NameResolver;
import dev.turnout.docker.DockerEngine;
import dev.turnout.fleet.FleetSettings;
import dev.turnout.health.Gate;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.WarmUp;
import dev.turnout.log.RefusedCalls;
import dev.turnout.nginx.NginxPlane;
import dev.turnout.notify.Notifications;
import dev.turnout.proxy.DataLoops;
import dev.turnout.proxy.DataPlane;
import dev.turnout.routing.ContainerSource;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.store.Journal;
import dev.turnout.store.StateStore;
import dev.turnout.switching.ActiveSlotCheck;
import dev.turnout.switching.Adjuster;
import dev.turnout.switching.Announcer;
import dev.turnout.switching.Changes;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.DeploymentLocks;
import dev.turnout.switching.FleetEntry;
import dev.turnout.switching.JointSwitcher;
import dev.turnout.switching.Leases;
import dev.turnout.switching.Maintaining;
import dev.turnout.switching.OutageRecorder;
import dev.turnout.switching.Pausing;
import dev.turnout.switching.RehearsalGate;
import dev.turnout.switching.Rehearsing;
import dev.turnout.switching.SwitchTimes;
import dev.turnout.switching.Switcher;
import dev.turnout.switching.Switching;
import dev.turnout.text.TlsText;
import dev.turnout.tls.CertificateSettings;
import dev.turnout.tls.Certificates;
import dev.turnout.tls.KnownCertificates;
import dev.turnout.tls.TargetWays;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.Quarkus;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The parts of Turnout and what each part is given. Producers only construct; {@link Startup} starts the parts. */
@Singleton
final class Wiring {

    private final TurnoutConfig config;
    private final RunningConfig running;

    Wiring(TurnoutConfig config, RunningConfig running) {
        this.config = config;
        this.running = running;
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    @Produces
    @Singleton
    ProcessInfo process(@ConfigProperty(name = "quarkus.application.version") String version) {
        // The process's own start is reckoned from the kernel's boot time: in whole seconds, and wrong after a
        // suspension.
        Instant started =
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        return new ProcessInfo(version, config.mode().name().toLowerCase(Locale.ROOT), started);
    }

    @Produces
    @Singleton
    HandOver handOver(StateStore store, Switching switching) {
        return new HandOver(store, switching.changes(), switching.commit(), this::patience, () -> Quarkus.asyncExit(0));
    }

    private HandOver.Patience patience() {
        NginxConfig nginx = config.nginx();
        Duration publish = config.mode() == Mode.NGINX
                ? nginx.commandTimeout().multipliedBy(2).plus(nginx.confirmTimeout())
                : Duration.ZERO;
        return HandOver.Patience.of(ServiceSettings.longestDrain(running.get()), publish);
    }

    @Produces
    @Singleton
    StateStore store() {
        return new StateStore(config.state().directory());
    }

    void close(@Disposes StateStore store) {
        store.close();
    }

    @Produces
    @Singleton
    Journal journal() {
        return new Journal(config.state().directory());
    }

    @Produces
    @Singleton
    TargetWays targetWays() {
        return new TargetWays();
    }

    void close(@Disposes TargetWays targetWays) {
        targetWays.close();
    }

    @Produces
    @Singleton
    HealthPlans plans(TargetWays ways) {
        return new HealthPlans(running, ways, DataPlane::headerOfNobody);
    }

    @Produces
    @Singleton
    HealthMonitor monitor(Vertx vertx, HealthPlans plans) {
        return new HealthMonitor(vertx, plans);
    }

    @Produces
    @Singleton
    Gate gate(Vertx vertx, HealthPlans plans, HealthMonitor monitor) {
        return new Gate(vertx, plans, monitor);
    }

    @Produces
    @Singleton
    WarmUp warmUp(Vertx vertx, HealthPlans plans) {
        return new WarmUp(vertx, plans::warmUp, plans);
    }

    private <T> Map<String, T> perService(Function<ServiceSettings, T> value) {
        return ServiceSettings.of(config).stream().collect(Collectors.toMap(ServiceSettings::name, value));
    }

    @Produces
    @Singleton
    Certificates certificates(Clock clock) {
        return new Certificates(CertificateSettings.of(config), clock);
    }

    @Produces
    @Singleton
    AdminTls adminTls(Clock clock) {
        return new AdminTls(CertificateSettings.ofAdmin(config), config.state().directory(), clock);
    }

    void close(@Disposes AdminTls tls) {
        tls.close();
    }

    @Produces
    @Singleton
    KnownCertificates knownCertificates(Certificates certificates, AdminTls admin) {
        return new KnownCertificates(certificates, admin.certificates());
    }

    void close(@Disposes Certificates certificates) {
        certificates.close();
    }

    @Produces
    @Singleton
    Front front(Vertx vertx, Certificates certificates, TargetWays targetWays, Journal journal, Clock clock) {
        return config.mode() == Mode.NGINX
                ? new NginxFront(new NginxPlane(config.nginx()), config.nginx(), journal, clock)
                : new ProxyFront(
                        new DataPlane(
                                DataLoops.beside(vertx, Runtime.getRuntime().availableProcessors()),
                                config,
                                certificates,
                                targetWays),
                        config.listen().host());
    }

    @Produces
    @Singleton
    CertificateEvents certificateEvents(KnownCertificates certificates, Clock clock) {
        CertificateEvents events = new CertificateEvents(certificates::entries, clock);
        certificates.listen(events);
        return events;
    }

    @Produces
    @Singleton
    Notifications notifications(MeterRegistry registry, Clock clock) {
        return new Notifications(registry, Notifications.nameOfMachine(), clock);
    }

    @Produces
    @Singleton
    Acme acme(
            Vertx vertx,
            Front front,
            Certificates certificates,
            CertificateEvents events,
            Notifications notifications,
            Switching switching,
            Clock clock) {
        return new Acme(
                vertx,
                running,
                front.httpChallenges(),
                certificates,
                () -> switching.fleet().member(),
                orders(certificates, events, notifications),
                clock);
    }

    private static OrderListener orders(
            Certificates certificates, CertificateEvents events, Notifications notifications) {
        return new OrderListener() {
            @Override
            public void issued() {
                certificates.reload();
            }

            @Override
            public void failed(List<String> names, TlsText reason) {
                events.failed(names, reason);
            }

            @Override
            public void failing(List<String> names, Instant told) {
                notifications.certificateFailing(names, told);
            }
        };
    }

    @Produces
    @Singleton
    Switching switching(
            Vertx vertx,
            StateStore store,
            Journal journal,
            Front front,
            HealthMonitor monitor,
            Gate gate,
            WarmUp warmUp,
            HealthPlans plans,
            Clock clock) {
        String admin = AdminAddress.reaching(
                        config.admin().host(), config.admin().port())
                .url(config.admin().isSecure())
                .toString();
        Optional<FleetSettings> fleet = FleetSettings.of(config, admin, Notifications.nameOfMachine());
        Map<String, Duration> deadlines = perService(service -> service.health().deadline());
        SwitchTimes times = new SwitchTimes(plans::deadline, this::rehearsalGate, service -> inForce(service)
                .drain()
                .timeout());
        ActiveSlotCheck.Rules rules = new ActiveSlotCheck.Rules(
                service -> inForce(service).slots().failover(),
                perService(service -> service.health().fall()),
                Collections.max(deadlines.values()));
        NameResolver resolver = new NameResolver(() -> running.get().upstream().dnsServer());
        DockerConfig docker = config.docker();
        Optional<ContainerSource> engine =
                docker.socket().map(socket -> new DockerEngine(vertx, socket, docker.network(), docker.address()));
        return Switching.assemble(
                store, journal, front.traffic(), monitor, gate, warmUp, times, resolver, engine, rules, fleet, clock);
    }

    private RehearsalGate rehearsalGate(String service) {
        RehearsalConfig settings = inForce(service).rehearsal();
        return new RehearsalGate(settings.gateRequests(), settings.gateTimeout());
    }

    private ServiceSettings inForce(String service) {
        return ServiceSettings.of(running.get(), service);
    }

    @Produces
    @Singleton
    Rehearsing rehearsing(Switching switching) {
        return switching.rehearsing();
    }

    @Produces
    @Singleton
    Switcher switcher(Switching switching) {
        return switching.switcher();
    }

    @Produces
    @Singleton
    JointSwitcher jointSwitcher(Switching switching) {
        return switching.jointSwitcher();
    }

    @Produces
    @Singleton
    Adjuster adjuster(Switching switching) {
        return switching.adjuster();
    }

    @Produces
    @Singleton
    Maintaining maintaining(Switching switching) {
        return switching.maintaining();
    }

    @Produces
    @Singleton
    TrafficCounters trafficCounters(Front front) {
        return front.traffic().counters();
    }

    @Produces
    @Singleton
    Leases leases(Switching switching) {
        return switching.leases();
    }

    @Produces
    @Singleton
    Pausing pausing(Switching switching) {
        return switching.pausing();
    }

    @Produces
    @Singleton
    CurrentState current(Switching switching) {
        return switching.current();
    }

    @Produces
    @Singleton
    FleetEntry fleetEntry(Switching switching) {
        return switching.fleetEntry();
    }

    @Produces
    @Singleton
    Announcer announcer(Switching switching) {
        return switching.announcer();
    }

    @Produces
    @Singleton
    Changes changes(Switching switching) {
        return switching.changes();
    }

    @Produces
    @Singleton
    DeploymentLocks deployments(Clock clock) {
        return new DeploymentLocks(clock, System::nanoTime);
    }

    @Produces
    @Singleton
    StatusJson status(
            Switching switching,
            HealthMonitor monitor,
            Front front,
            RecentTraffic recent,
            DeploymentLocks deployments,
            CertificateReport certificates,
            ProcessInfo about,
            Clock clock) {
        return new StatusJson(
                switching.current(),
                monitor,
                front.traffic().counters(),
                recent,
                front.traffic().targets(),
                switching.changes(),
                deployments,
                switching.warnings(),
                switching.rehearsing(),
                certificates,
                about,
                running,
                clock);
    }

    @Produces
    @Singleton
    RecentTraffic recentTraffic(CurrentState current, Front front) {
        return new RecentTraffic(current, front.traffic().counters(), System::nanoTime);
    }

    @Produces
    @Singleton
    CertificateReport certificateReport(KnownCertificates certificates, Acme acme, Clock clock) {
        return new CertificateReport(certificates, acme::status, clock);
    }

    @Produces
    @Singleton
    ServiceTargets targets(CurrentState current, HealthMonitor monitor, Switching switching) {
        return new ServiceTargets(current, monitor, switching.fleet().heldInDoubt());
    }

    @Produces
    @Singleton
    OutageRecorder outageRecorder(Journal journal, Announcer announcer) {
        return new OutageRecorder(journal, announcer);
    }

    @Produces
    @Singleton
    RefusedCalls refusedCalls(Clock clock) {
        return new RefusedCalls(Logger.getLogger("dev.turnout"), clock);
    }

    @Produces
    @Singleton
    TrafficMetrics metrics(CurrentState current, Front front, HealthMonitor monitor) {
        return new TrafficMetrics(
                current, front.traffic().counters(), front.traffic().rehearsal(), monitor);
    }

    /** Returns one registry for all: that of Quarkus is another one wherever it is asked for. */
    @Produces
    @Singleton
    CollectorRegistry collectors() {
        return new CollectorRegistry(true);
    }

    @Produces
    @Singleton
    MeterFilter processorTimeOfTheJvm() {
        return new ProcessorMetrics();
    }

    @Produces
    @Singleton
    SwitchMetrics switchMetrics(CurrentState current) {
        return new SwitchMetrics(() -> current.get().services().keySet(), System::nanoTime);
    }

    @Produces
    @Singleton
    CertificateMetrics certificateMetrics(KnownCertificates certificates, Acme acme, Clock clock) {
        return new CertificateMetrics(certificates::entries, acme::status, clock);
    }

    private static MeterBinder buildInfo(ProcessInfo process) {
        return registry -> Gauge.builder("turnout.build.info", () -> 1)
                .description("1, with the version of Turnout, its mode and the version of Java as labels")
                .tags(
                        "version",
                        process.version(),
                        "mode",
                        process.mode(),
                        "java",
                        Runtime.version().toString())
                .register(registry);
    }

    @Produces
    @Singleton
    MeterFilter directMemoryOfTheJvm() {
        return new DirectMemoryMetric();
    }

    @Produces
    @Singleton
    Meters meters(ProcessInfo process, Front front) {
        return new Meters(
                List.of(buildInfo(process), new ProcessorMetrics(), new DirectMemoryMetric(), front.metrics()));
    }

    @Produces
    @Singleton
    SystemdNotifier systemd(Vertx vertx, Front front) {
        return new SystemdNotifier(
                System.getenv(),
                ProcessHandle.current().pid(),
                ((VertxInternal) vertx).getEventLoopGroup(),
                front.carriers());
    }

    @Produces
    @Singleton
    FrontSecret frontSecret() {
        return FrontSecret.random();
    }

    @Produces
    @Singleton
    AdminToken token() {
        return new AdminToken(config.admin().token());
    }

    @Produces
    @Singleton
    AdminNames names() {
        List<String> names = new ArrayList<>(config.admin().names().orElse(List.of()));
        names.add(config.admin().host());
        return new AdminNames(names);
    }
}
