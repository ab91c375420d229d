package dev.turnout.admin;

import dev.turnout.config.KeyChange;
import dev.turnout.config.RunningConfig;
import dev.turnout.health.HealthMonitor;
import dev.turnout.health.TargetHealth;
import dev.turnout.routing.Pool;
import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetStatus;
import dev.turnout.routing.TargetTraffic;
import dev.turnout.routing.TrafficCounters;
import dev.turnout.routing.Warning;
import dev.turnout.switching.ChangeJson;
import dev.turnout.switching.Changes;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.DeploymentLocks;
import dev.turnout.switching.GateJson;
import dev.turnout.switching.MaintenanceJson;
import dev.turnout.switching.OperatorWarnings;
import dev.turnout.switching.RehearsalJson;
import dev.turnout.switching.Rehearsing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of the status of a service.
 *
 * <ul>
 *   <li>{@code service, mode} ("proxy" or "nginx"), {@code revision, active, idle, since, why}: the routing state and the reason for it; {@code previous}: what a rollback goes back to, or null; {@code paused}; {@code maintenance{message, allow[], retryAfterSeconds, since}}, or null;
 *       {@code held}: how many requests wait; {@code canary{weight, slot}}, where the slot is null without a canary
 *   <li>{@code switching{what, who, by, version, note, since, step}}: the change that is under way, or null
 *   <li>{@code deployment{owner, since, expiresAt}}: who deploys now, or null
 *   <li>{@code slots{blue{version, deployedBy, deployedAt, note, active, targets[]}, green{}}}, where what is not known of a build is null; {@code configured[]} is null unless other targets
 *       were given at run time; each target with {@code target, inRotation, ttlSeconds, suspended, health, since,
 *       lastProbe{}} (or null), {@code inFlight, sessions, requests, responses{2xx3xx, 4xx, 5xx}, connectFailures, failures,
 *       retries}: counted since the start
 *   <li>{@code rehearsal{}}, as {@link RehearsalJson} says
 *   <li>{@code traffic{}}: the last minute, as {@link ServiceSamples#figures} says; null if nothing counts
 *   <li>a target that is {@code suspended} is in rotation, but is skipped: the target fails while another target works
 *   <li>{@code services[{name, active, revision}]}: all of them
 *   <li>{@code warnings[]}: sentences for the operator
 *   <li>{@code turnout{version, startedAt, uptimeSeconds, restartPending[]}}: keys that wait for a restart
 * </ul>
 */
public final class StatusJson {

    private final CurrentState current;
    private final HealthMonitor monitor;
    private final TrafficCounters counters;
    private final RecentTraffic recent;
    private final TargetStatus targetStatus;
    private final Changes changes;
    private final DeploymentLocks deployments;
    private final OperatorWarnings warnings;
    private final Rehearsing rehearsing;
    private final CertificateReport certificates;
    private final ProcessInfo process;
    private final RunningConfig config;
    private final Clock clock;

    public StatusJson(
            CurrentState current,
            HealthMonitor monitor,
            TrafficCounters counters,
            RecentTraffic recent,
            TargetStatus targetStatus,
            Changes changes,
            DeploymentLocks deployments,
            OperatorWarnings warnings,
            Rehearsing rehearsing,
            CertificateReport certificates,
            ProcessInfo process,
            RunningConfig config,
            Clock clock) {
        this.current = current;
        this.monitor = monitor;
        this.counters = counters;
        this.recent = recent;
        this.targetStatus = targetStatus;
        this.changes = changes;
        this.deployments = deployments;
        this.warnings = warnings;
        this.rehearsing = rehearsing;
        this.certificates = certificates;
        this.process = process;
        this.config = config;
        this.clock = clock;
    }

    JsonObject of(Service service) {
        List<Warning> now = warningsOf(service);
        return new JsonObject()
                .put("service", service.name())
                .put("mode", process.mode())
                .put("revision", service.revision())
                .put("active", service.active().toString())
                .put("idle", service.idle().toString())
                .put("since", service.since().toString())
                .put("why", service.why())
                .put("previous", service.previous().map(Slot::toString).orElse(null))
                .put("paused", service.paused())
                .put(
                        "maintenance",
                        service.maintenance().map(MaintenanceJson::of).orElse(null))
                .put("held", counters.held(service.name()))
                .put("canary", canary(service))
                .put("rehearsal", RehearsalJson.of(rehearsing.look(service)))
                .put("traffic", recent.of(service.name()))
                .put(
                        "switching",
                        changes.ongoing(service.name()).map(ChangeJson::of).orElse(null))
                .put(
                        "deployment",
                        deployments
                                .holder(service.name())
                                .map(DeploymentRoutes::shown)
                                .orElse(null))
                .put("slots", slots(service))
                .put("services", services())
                .put("warnings", each(now, Warning::english))
                .put("koreanWarnings", each(now, Warning::korean))
                .put("warningCodes", each(now, Warning::code))
                .put("turnout", turnout());
    }

    private static JsonObject canary(Service service) {
        return new JsonObject()
                .put("weight", service.canaryWeight())
                .put(
                        "slot",
                        service.canary()
                                .map(canary -> service.idle().toString())
                                .orElse(null));
    }

    private JsonObject slots(Service service) {
        Map<Target, TargetTraffic> traffic = counters.traffic(service.name());
        Set<Target> suspended = targetStatus.suspended(service.name());
        JsonObject slots = new JsonObject();
        for (Slot slot : Slot.values()) {
            Pool pool = service.pool(slot);
            JsonArray targets = new JsonArray();
            pool.targets()
                    .forEach(target -> targets.add(target(service, pool, target, traffic)
                            .put("suspended", service.hasTraffic(slot) && suspended.contains(target))));
            slots.put(
                    slot.toString(),
                    release(service.releases().of(slot))
                            .put("active", slot == service.active())
                            .put("configured", configured(pool))
                            .put("targets", targets));
        }
        return slots;
    }

    /** Returns the configured targets, if others were given at run time; null if the configuration holds. */
    private static @Nullable JsonArray configured(Pool pool) {
        return pool.given()
                .map(given -> new JsonArray(
                        given.configured().stream().map(Target::toString).toList()))
                .orElse(null);
    }

    private static JsonObject release(Optional<SlotRelease> release) {
        return new JsonObject()
                .put("version", release.flatMap(SlotRelease::version).orElse(null))
                .put("deployedBy", release.map(SlotRelease::by).orElse(null))
                .put("deployedAt", release.map(known -> known.at().toString()).orElse(null))
                .put("note", release.flatMap(SlotRelease::note).orElse(null));
    }

    private JsonObject target(Service service, Pool pool, Target target, Map<Target, TargetTraffic> traffic) {
        TargetHealth health = monitor.of(service.name(), target);
        TargetTraffic counted = counted(traffic, target);
        return new JsonObject()
                .put("target", target.toString())
                .put("inRotation", !pool.out().contains(target))
                .put(
                        "ttlSeconds",
                        Optional.ofNullable(pool.leases().get(target))
                                .map(Duration::toSeconds)
                                .orElse(null))
                .put("health", health.health().name())
                .put("since", health.since().toString())
                .put("inFlight", counted.inFlight())
                .put("connections", counted.connections())
                .put("waiting", counted.waiting())
                .put("sessions", counted.sessions())
                .put("requests", counted.requests())
                .put(
                        "responses",
                        new JsonObject()
                                .put("2xx3xx", counted.responses2xx3xx())
                                .put("4xx", counted.responses4xx())
                                .put("5xx", counted.responses5xx()))
                .put("connectFailures", counted.connectFailures())
                .put("failures", counted.failures())
                .put("excused", counted.excused())
                .put("awaited", counted.awaited())
                .put("retries", counted.retries())
                .put(
                        "lastProbe",
                        health.last()
                                .map(probe -> GateJson.probe(target, probe))
                                .orElse(null));
    }

    /** Returns {@code service, held, traffic{}, slots{blue{targets[]}, green{}}}, as in the status: what changes with each request. */
    JsonObject traffic(Service service) {
        return new JsonObject()
                .put("service", service.name())
                .put("held", counters.held(service.name()))
                .put("traffic", recent.of(service.name()))
                .put("slots", slots(service));
    }

    /** Returns {@code service, targets[{slot, target, inRotation, health, inFlight, sessions}]}. */
    JsonObject targets(Service service) {
        return new JsonObject()
                .put("service", service.name())
                .put("targets", new JsonArray(List.copyOf(targetsOf(service))));
    }

    /** Returns a line for each target, as {@code SLOT HOST:PORT in|out UP|DOWN|UNKNOWN N-in-flight}, and {@code N-sessions} if there are any. */
    String targetLines(Service service) {
        StringBuilder lines = new StringBuilder();
        targetsOf(service).forEach(target -> lines.append(target.getString("slot"))
                .append(' ')
                .append(target.getString("target"))
                .append(target.getBoolean("inRotation") ? " in " : " out ")
                .append(target.getString("health"))
                .append(' ')
                .append(target.getLong("inFlight"))
                .append("-in-flight")
                .append(sessions(target.getLong("sessions")))
                .append('\n'));
        return lines.toString();
    }

    private static String sessions(long sessions) {
        return sessions == 0 ? "" : " " + sessions + "-sessions";
    }

    private List<JsonObject> targetsOf(Service service) {
        Map<Target, TargetTraffic> traffic = counters.traffic(service.name());
        List<JsonObject> targets = new ArrayList<>();
        for (Slot slot : Slot.values()) {
            Pool pool = service.pool(slot);
            pool.targets()
                    .forEach(target -> targets.add(new JsonObject()
                            .put("slot", slot.toString())
                            .put("target", target.toString())
                            .put("inRotation", !pool.out().contains(target))
                            .put(
                                    "health",
                                    monitor.of(service.name(), target).health().name())
                            .put("inFlight", counted(traffic, target).inFlight())
                            .put("sessions", counted(traffic, target).sessions())));
        }
        return targets;
    }

    private static TargetTraffic counted(Map<Target, TargetTraffic> traffic, Target target) {
        return traffic.getOrDefault(target, TargetTraffic.NONE);
    }

    private JsonArray services() {
        JsonArray services = new JsonArray();
        current.get()
                .services()
                .values()
                .forEach(service -> services.add(new JsonObject()
                        .put("name", service.name())
                        .put("active", service.active().toString())
                        .put("revision", service.revision())));
        return services;
    }

    private List<Warning> warningsOf(Service service) {
        List<Warning> all = new ArrayList<>(warnings.of(service));
        all.addAll(certificates.warnings());
        if (!config.pending().isEmpty()) {
            all.add(new Warning(
                    "restart-pending",
                    "A restart is pending, for keys that a reload leaves as they are: " + restartPending(),
                    "다시 시작해야 적용되는 키가 있습니다: " + restartPending()));
        }
        return all;
    }

    private static JsonArray each(List<Warning> warnings, Function<Warning, String> part) {
        return new JsonArray(warnings.stream().map(part).toList());
    }

    private List<String> restartPending() {
        return config.pending().stream().map(KeyChange::key).toList();
    }

    private JsonObject turnout() {
        return new JsonObject()
                .put("restartPending", new JsonArray(restartPending()))
                .put("version", process.version())
                .put("startedAt", process.startedAt().toString())
                .put(
                        "uptimeSeconds",
                        Duration.between(process.startedAt(), clock.instant()).toSeconds());
    }
}
