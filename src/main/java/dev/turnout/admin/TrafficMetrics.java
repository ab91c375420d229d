package dev.turnout.admin;

import dev.turnout.health.Health;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.TargetHealth;
import dev.turnout.routing.Latencies;
import dev.turnout.routing.Pool;
import dev.turnout.routing.RehearsalControl;
import dev.turnout.routing.RehearsalFigures;
import dev.turnout.routing.RequestTotals;
import dev.turnout.routing.Service;
import dev.turnout.routing.ServiceTotals;
import dev.turnout.routing.Slot;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TracedTime;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.switching.CurrentState;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The metrics of services, slots and targets for Prometheus, made of the state and the counters. */
public final class TrafficMetrics extends AskedMetrics {

    private static final String SERVICE = "service";
    private static final String SLOT = "slot";
    private static final String TARGET = "target";

    /** Stands for the service of a request that was refused before its service was known, and for no slot. */
    private static final String NONE = "";

    private static final double MILLIS_PER_SECOND = 1e3;

    private final CurrentState current;
    private final TrafficCounters counters;
    private final RehearsalControl rehearsal;
    private final HealthMonitor monitor;

    public TrafficMetrics(
            CurrentState current, TrafficCounters counters, RehearsalControl rehearsal, HealthMonitor monitor) {
        this.current = current;
        this.counters = counters;
        this.rehearsal = rehearsal;
        this.monitor = monitor;
    }

    @Override
    List<MetricFamily> families() {
        List<Service> services = List.copyOf(current.get().services().values());
        OfServices ofServices = new OfServices();
        OfTargets ofTargets = new OfTargets();
        OfRequests ofRequests = new OfRequests();
        for (Service service : services) {
            ofServices.add(service);
            ofTargets.add(service);
            ofRequests.add(service.name(), counters.totals(service.name()));
        }
        ofRequests.add(NONE, counters.totals(NONE));
        return Stream.of(ofServices.families(), ofTargets.families(), ofRequests.families())
                .flatMap(List::stream)
                .toList();
    }

    /** What is known of services and slots. */
    private final class OfServices {

        private final MetricFamily up = MetricFamily.gauge(
                "turnout_service_up", "1 while a target that serves is not down, 0 while all are", SERVICE);
        private final MetricFamily revision =
                MetricFamily.gauge("turnout_revision", "Grows by one with every change of the routing", SERVICE);
        private final MetricFamily canary =
                MetricFamily.gauge("turnout_canary_weight", "Percent of the clients that the idle slot gets", SERVICE);
        private final MetricFamily paused = MetricFamily.gauge("turnout_paused", "1 while new requests wait", SERVICE);
        private final MetricFamily maintenance =
                MetricFamily.gauge("turnout_maintenance", "1 while clients get 503 because maintenance is on", SERVICE);
        private final MetricFamily share = MetricFamily.gauge(
                "turnout_rehearsal_share", "Percent of the safe requests that are copied to the idle slot", SERVICE);
        private final MetricFamily rehearsed = MetricFamily.gauge(
                "turnout_rehearsal_requests",
                "Copied requests that both slots have answered or failed, since the rehearsal or the idle version began",
                SERVICE);
        private final MetricFamily differing = MetricFamily.gauge(
                "turnout_rehearsal_status_differs", "Of these, those that both answered with other statuses", SERVICE);
        private final MetricFamily rehearsalErrors = MetricFamily.gauge(
                "turnout_rehearsal_errors", "Of these, those that the slot has failed", SERVICE, SLOT);
        private final MetricFamily rehearsalTimes = MetricFamily.gauge(
                "turnout_rehearsal_latency_seconds",
                "How long the slot took to answer of these, by percentile",
                SERVICE,
                SLOT,
                "percentile");
        private final MetricFamily dropped = MetricFamily.gauge(
                "turnout_rehearsal_dropped", "Requests that were not copied since something was full", SERVICE);
        private final MetricFamily held =
                MetricFamily.gauge("turnout_held", "Requests that wait now because of a pause", SERVICE);
        private final MetricFamily active =
                MetricFamily.gauge("turnout_slot_active", "1 for the slot that serves", SERVICE, SLOT);
        private final MetricFamily info = MetricFamily.gauge(
                "turnout_slot_info",
                "1, with the version of the build in the slot as a label; an empty label if it is not known",
                SERVICE,
                SLOT,
                "version");

        void add(Service service) {
            String name = service.name();
            up.add(isUp(service) ? 1 : 0, name);
            revision.add(service.revision(), name);
            canary.add(service.canaryWeight(), name);
            paused.add(service.paused() ? 1 : 0, name);
            maintenance.add(service.maintenance().isPresent() ? 1 : 0, name);
            held.add(counters.held(name), name);
            rehearsal(service);
            for (Slot slot : Slot.values()) {
                active.add(service.active() == slot ? 1 : 0, name, slot.toString());
                info.add(
                        1,
                        name,
                        slot.toString(),
                        service.releases().version(slot).orElse(NONE));
            }
        }

        private void rehearsal(Service service) {
            String name = service.name();
            RehearsalFigures figures = rehearsal.figures(name);
            share.add(figures.percent(), name);
            rehearsed.add(figures.pairs(), name);
            differing.add(figures.statusDiffers(), name);
            dropped.add(figures.dropped(), name);
            slot(name, service.active(), figures.activeErrors(), figures.active());
            slot(name, service.idle(), figures.idleErrors(), figures.idle());
        }

        private void slot(String name, Slot slot, long errors, Latencies times) {
            rehearsalErrors.add(errors, name, slot.toString());
            for (int percentile : new int[] {50, 99}) {
                rehearsalTimes.add(
                        times.quantileMillis(percentile / 100.0) / MILLIS_PER_SECOND,
                        name,
                        slot.toString(),
                        Integer.toString(percentile));
            }
        }

        List<MetricFamily> families() {
            return List.of(
                    up,
                    revision,
                    canary,
                    paused,
                    maintenance,
                    share,
                    rehearsed,
                    differing,
                    rehearsalErrors,
                    rehearsalTimes,
                    dropped,
                    held,
                    active,
                    info);
        }
    }

    /** What is known of targets. */
    private final class OfTargets {

        private final MetricFamily up =
                of("turnout_target_up", "1 if the last probes were good, 0 if not, NaN before the first");
        private final MetricFamily probe =
                of("turnout_probe_duration_seconds", "How long the last probe of the target took");
        private final MetricFamily inFlight =
                of("turnout_in_flight", "Requests that have been sent to the target and have not ended");
        private final MetricFamily webSockets = of("turnout_websockets", "WebSockets to the target that are open");
        private final MetricFamily connections =
                of("turnout_target_connections", "Open connections to the target, idle ones included");
        private final MetricFamily waiting =
                of("turnout_waiting", "Requests that wait for a connection to the target, which has as many as it may");
        private final MetricFamily requests =
                counted("turnout_requests", "Requests that have been sent to the target, or were to be");
        private final MetricFamily responses = MetricFamily.counter(
                "turnout_responses",
                "Final responses of the target, by class of status",
                SERVICE,
                SLOT,
                TARGET,
                "class");
        private final MetricFamily connectFailures =
                counted("turnout_connect_failures", "Connections to the target that could not be opened");
        private final MetricFamily failures =
                counted("turnout_failures", "Requests without a whole response, by the fault of the target");
        private final MetricFamily retries = counted(
                "turnout_retries", "Requests that were sent again, to another target or over a fresh connection");
        private final MetricFamily received = counted(
                "turnout_request_body_bytes", "Bytes of request bodies, and of WebSockets, that went to the target");
        private final MetricFamily sent = counted(
                "turnout_response_body_bytes",
                "Bytes of response bodies, and of WebSockets, that came from the target");

        private static MetricFamily of(String name, String help) {
            return MetricFamily.gauge(name, help, SERVICE, SLOT, TARGET);
        }

        private static MetricFamily counted(String name, String help) {
            return MetricFamily.counter(name, help, SERVICE, SLOT, TARGET);
        }

        void add(Service service) {
            Map<Target, TargetTraffic> traffic = counters.traffic(service.name());
            for (Slot slot : Slot.values()) {
                for (Target target : service.pool(slot).targets()) {
                    add(
                            traffic.getOrDefault(target, TargetTraffic.NONE),
                            monitor.of(service.name(), target),
                            service.name(),
                            slot.toString(),
                            target.toString());
                }
            }
        }

        private void add(TargetTraffic traffic, TargetHealth health, String service, String slot, String target) {
            up.add(number(health.health()), service, slot, target);
            health.last().ifPresent(last -> probe.add(last.latencyMillis() / MILLIS_PER_SECOND, service, slot, target));
            inFlight.add(traffic.inFlight(), service, slot, target);
            webSockets.add(traffic.webSockets(), service, slot, target);
            connections.add(traffic.connections(), service, slot, target);
            waiting.add(traffic.waiting(), service, slot, target);
            requests.add(traffic.requests(), service, slot, target);
            responses.add(traffic.responses2xx3xx(), service, slot, target, "2xx3xx");
            responses.add(traffic.responses4xx(), service, slot, target, "4xx");
            responses.add(traffic.responses5xx(), service, slot, target, "5xx");
            connectFailures.add(traffic.connectFailures(), service, slot, target);
            failures.add(traffic.failures(), service, slot, target);
            retries.add(traffic.retries(), service, slot, target);
            received.add(traffic.bytesReceived(), service, slot, target);
            sent.add(traffic.bytesSent(), service, slot, target);
        }

        List<MetricFamily> families() {
            return List.of(
                    up,
                    probe,
                    inFlight,
                    webSockets,
                    connections,
                    waiting,
                    requests,
                    responses,
                    connectFailures,
                    failures,
                    retries,
                    received,
                    sent);
        }
    }

    /** What has become of requests. */
    private static final class OfRequests {

        private final MetricFamily ended = MetricFamily.counter(
                "turnout_http_requests",
                "Requests of clients that have ended, by method and status; 499 if the client had gone before",
                SERVICE,
                SLOT,
                "method",
                "status");
        private final MetricFamily durations = MetricFamily.histogram(
                "turnout_request_duration_seconds",
                "How long requests took from their head to the end of the response, without WebSockets and endless streams",
                SERVICE,
                SLOT,
                "class");
        private final MetricFamily failed = MetricFamily.counter(
                "turnout_failed_requests",
                "Requests with a status of 500 or above or a cut response, by the fault of the application or of Turnout",
                SERVICE,
                SLOT);
        private final MetricFamily ownAnswers = MetricFamily.counter(
                "turnout_own_answers", "Requests that Turnout has answered itself, by cause", SERVICE, "cause");
        private final MetricFamily cut = MetricFamily.counter(
                "turnout_cut_responses", "Responses that did not reach their end, by cause", SERVICE, "cause");

        private final MetricFamily bridged = MetricFamily.counter(
                "turnout_assets_bridged", "Requests for assets that were asked of the other slot after a 404", SERVICE);

        void add(String service, ServiceTotals totals) {
            bridged.add(totals.bridged(), service);
            totals.slots().forEach((slot, ofSlot) -> add(service, slot.toString(), ofSlot));
            add(service, NONE, totals.unrouted());
            totals.ownAnswers().forEach((cause, count) -> ownAnswers.add(count, service, cause));
            totals.cutResponses().forEach((cause, count) -> cut.add(count, service, cause));
        }

        private void add(String service, String slot, RequestTotals totals) {
            totals.answers()
                    .forEach((answer, count) ->
                            ended.add(count, service, slot, answer.method(), Integer.toString(answer.status())));
            totals.durations().forEach((ofClass, times) -> {
                List<TracedTime> traced = totals.traced().getOrDefault(ofClass, List.of());
                durations.add(times, traced, service, slot, ofClass);
            });
            failed.add(totals.failed(), service, slot);
        }

        List<MetricFamily> families() {
            return List.of(ended, durations, failed, ownAnswers, cut, bridged);
        }
    }

    private boolean isUp(Service service) {
        Pool serving = service.pool(service.active());
        return serving.inRotation().stream()
                .anyMatch(target -> monitor.of(service.name(), target).health() != Health.DOWN);
    }

    private static double number(Health health) {
        return health == Health.UNKNOWN ? Double.NaN : health == Health.UP ? 1 : 0;
    }
}
