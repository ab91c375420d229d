package dev.turnout.admin;

import dev.turnout.fleet.FleetStatus;
import dev.turnout.routing.Service;
import dev.turnout.switching.Announcer;
import dev.turnout.switching.ChangeEvent;
import dev.turnout.switching.CurrentState;
import dev.turnout.switching.FleetEntry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What happens to services, certificates and the fleet, given to all streams. Any thread. */
@Singleton
final class EventFeed {

    private static final long BEAT_MILLIS = 15_000;
    private static final long TRAFFIC_MILLIS = 1_000;
    private static final long FLEET_MILLIS = 1_000;

    private final CurrentState current;
    private final StatusJson status;
    private final EventLog log;
    private final FleetEntry fleet;
    private final FleetEvents fleetEvents;
    private final Set<EventSubscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Set<EventSubscription> ofTraffic = ConcurrentHashMap.newKeySet();

    EventFeed(
            CurrentState current,
            StatusJson status,
            Announcer announcer,
            CertificateEvents certificates,
            FleetEntry fleet,
            Clock clock,
            ProcessInfo process,
            Vertx vertx) {
        this.current = current;
        this.status = status;
        this.fleet = fleet;
        this.fleetEvents = new FleetEvents(clock);
        this.log = new EventLog(Long.toString(process.startedAt().toEpochMilli(), Character.MAX_RADIX));
        announcer.listen(this::happened);
        certificates.listen(detail -> add(Optional.empty(), CertificateEvents.KIND, detail));
        vertx.setPeriodic(BEAT_MILLIS, id -> subscriptions.forEach(EventSubscription::beat));
        vertx.setPeriodic(TRAFFIC_MILLIS, id -> offerTraffic());
        if (fleet.known().isPresent()) {
            vertx.setPeriodic(FLEET_MILLIS, id -> fleet.known().ifPresent(this::lookAtFleet));
        }
    }

    /**
     * Sends events from now on, or from where the reader was. Event loop only.
     *
     * @param service whose events are sent; empty for those of all services
     * @param lastId what the reader has sent as Last-Event-ID
     * @param hasTraffic whether the counters are sent each second
     * @return what ends it
     */
    Runnable subscribe(
            HttpServerResponse response,
            Context loop,
            Optional<Service> service,
            Optional<String> lastId,
            boolean hasTraffic) {
        EventSubscription subscription =
                new EventSubscription(response, loop, log, service.map(Service::name), this::status, this::fleetNow);
        subscriptions.add(subscription);
        if (hasTraffic) {
            ofTraffic.add(subscription);
        }
        List<String> names = service.map(one -> List.of(one.name()))
                .orElseGet(() -> List.copyOf(current.get().services().keySet()));
        OptionalLong resumed = lastId.map(log::after).orElse(OptionalLong.empty());
        if (resumed.isPresent()) {
            subscription.resume(resumed.getAsLong());
        } else if (lastId.isPresent()) {
            subscription.beginAnew(names);
        } else {
            subscription.begin(names);
        }
        return () -> {
            subscriptions.remove(subscription);
            ofTraffic.remove(subscription);
        };
    }

    private Optional<JsonObject> fleetNow() {
        return fleet.known().map(fleetEvents::seen);
    }

    private void lookAtFleet(FleetStatus now) {
        boolean isNew = fleetEvents.isNew(now);
        List<JsonObject> events = fleetEvents.look(now);
        events.forEach(event -> add(Optional.empty(), FleetEvents.KIND, event));
        if (isNew && events.isEmpty()) {
            subscriptions.forEach(EventSubscription::offerFleet);
        }
    }

    private Optional<JsonObject> status(String service) {
        return current.get().service(service).map(status::of);
    }

    private void happened(ChangeEvent event) {
        JsonObject detail = new JsonObject().put("service", event.service()).mergeIn(event.detail());
        add(Optional.of(event.service()), event.kind(), detail);
    }

    private void add(Optional<String> service, String kind, JsonObject detail) {
        log.add(service, kind, detail);
        subscriptions.forEach(EventSubscription::wake);
    }

    private void offerTraffic() {
        if (ofTraffic.isEmpty()) {
            return;
        }
        List<LoggedEvent> now = current.get().services().values().stream()
                .map(service -> new LoggedEvent(
                        Optional.of(service.name()), EventLog.unnumbered("traffic", status.traffic(service))))
                .toList();
        ofTraffic.forEach(subscription -> subscription.offer(now));
    }
}
