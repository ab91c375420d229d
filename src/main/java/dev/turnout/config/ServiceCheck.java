package dev.turnout.config;

import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Checks the values of each service against each other, and the services against each other. */
final class ServiceCheck {

    private static final String EVERY_HOST = "every host";

    private final ParsedValues readings;
    private final List<ServiceKeys> services;

    /** @param services all of them */
    ServiceCheck(ParsedValues readings, List<ServiceKeys> services) {
        this.readings = readings;
        this.services = services;
    }

    void run(List<String> warnings) {
        for (ServiceKeys service : services) {
            slots(service);
            gate(service);
        }
        entrances();
        shared(warnings);
    }

    private void slots(ServiceKeys service) {
        Map<String, Key<?>> seen = new HashMap<>();
        for (Key<List<Target>> slot : List.of(service.blue(), service.green())) {
            if (!readings.isGiven(slot) && readings.value(slot).isEmpty()) {
                readings.error(slot, "is missing; allowed is " + slot.kind().allowed());
            }
            for (Target target : readings.value(slot).orElse(List.of())) {
                Key<?> other = seen.putIfAbsent(normalized(target), slot);
                if (other == slot) {
                    readings.error(slot, target + " stands there twice; allowed is each target once");
                } else if (other != null) {
                    readings.error(
                            slot,
                            target + " is a target of " + other.name() + " too; allowed is a target in one slot"
                                    + " only, since a switch would change nothing");
                }
            }
        }
    }

    private void gate(ServiceKeys service) {
        Optional<Duration> interval = value(service.interval(), Key.HEALTH_INTERVAL);
        Optional<Integer> rise = value(service.rise(), Key.HEALTH_RISE);
        Optional<Duration> deadline = value(service.deadline(), Key.HEALTH_DEADLINE);
        if (interval.isEmpty() || rise.isEmpty() || deadline.isEmpty()) {
            return;
        }
        Duration least = interval.get().multipliedBy(rise.get() - 1L);
        if (deadline.get().compareTo(least) <= 0) {
            Key<?> said = readings.isGiven(service.deadline()) ? service.deadline() : Key.HEALTH_DEADLINE;
            readings.error(
                    said,
                    "no switch " + (service.own().isEmpty() ? "" : "of service '" + service.service() + "' ")
                            + "could ever pass; allowed is more than turnout.health.rise - 1 times"
                            + " turnout.health.interval, " + least.toMillis() + "ms");
        }
    }

    /** The value of a service's own key, or that of the common one if nobody gives it one. */
    private <T> Optional<T> value(Key<T> own, Key<T> common) {
        return readings.value(readings.isGiven(own) ? own : common);
    }

    private void entrances() {
        Map<String, ServiceKeys> taken = new HashMap<>();
        for (ServiceKeys service : services) {
            String path = service.path().flatMap(readings::value).orElse(ServiceSettings.EVERY_PATH);
            List<HostPattern> hosts = service.hosts().flatMap(readings::value).orElse(List.of());
            List<String> names = hosts.isEmpty()
                    ? List.of(EVERY_HOST)
                    : hosts.stream().map(HostPattern::toString).toList();
            for (String host : names) {
                ServiceKeys other = taken.putIfAbsent(host + " " + path, service);
                if (other == service) {
                    readings.error(
                            service.hosts().orElseThrow(), host + " stands there twice; allowed is each host once");
                } else if (other != null) {
                    clash(service, other, host, path);
                }
            }
        }
    }

    private void clash(ServiceKeys service, ServiceKeys other, String host, String path) {
        Key<?> said = service.path()
                .filter(readings::isGiven)
                .<Key<?>>map(key -> key)
                .or(service::hosts)
                .orElse(service.blue());
        readings.error(
                said,
                "service '" + other.service() + "' takes " + host + " with the path " + path
                        + " too; allowed is one service for a host and a path");
    }

    /** It may be meant: one process can serve two hosts. But a switch of one service then stops the other's slot. */
    private void shared(List<String> warnings) {
        Map<String, String> users = new TreeMap<>();
        for (ServiceKeys service : services) {
            for (Key<List<Target>> slot : List.of(service.blue(), service.green())) {
                for (Target target : readings.value(slot).orElse(List.of())) {
                    String user = users.putIfAbsent(normalized(target), service.service());
                    if (user != null && !user.equals(service.service())) {
                        warnings.add(
                                target + " is a target of the services '" + user + "' and '" + service.service()
                                        + "': each is switched by itself, so do not stop it when only one of them has left it.");
                    }
                }
            }
        }
    }

    private static String normalized(Target target) {
        return Hosts.canonical(target.host()) + " " + target.port();
    }
}
