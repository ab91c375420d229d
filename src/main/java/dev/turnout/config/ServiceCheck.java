package dev.turnout.config;

import dev.turnout.routing.Target;
import dev.turnout.routing.TcpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The check of each service's values against each other, and of the services against each other. */
final class ServiceCheck {

    private static final String EVERY_HOST = "every host";
    private static final String EVERY_PATH = "/";

    private final ParsedValues values;
    private final List<ServiceKeys> services;

    /** @param services all services */
    ServiceCheck(ParsedValues values, List<ServiceKeys> services) {
        this.values = values;
        this.services = services;
    }

    void run(List<String> warnings) {
        for (ServiceKeys service : services) {
            slots(service);
            gate(service);
        }
        matches();
        shared(warnings);
    }

    private void slots(ServiceKeys service) {
        Map<String, Key<?>> seen = new HashMap<>();
        for (Key<List<Target>> slot : service.slots()) {
            if (!values.isGiven(slot) && values.find(slot).isEmpty()) {
                values.error(slot, "is missing; allowed is " + slot.type().allowed());
            }
            for (Target target : values.find(slot).orElse(List.of())) {
                Key<?> other = seen.putIfAbsent(normalized(target), slot);
                if (other == slot) {
                    values.error(slot, target + " stands there twice; allowed is each target once");
                } else if (other != null) {
                    values.error(
                            slot,
                            target + " is a target of " + other.name() + " too; allowed is a target in one slot"
                                    + " only, since a switch would change nothing");
                }
            }
        }
    }

    private void gate(ServiceKeys service) {
        Optional<Duration> interval = value(service, HealthConfig.INTERVAL);
        Optional<Integer> rise = value(service, HealthConfig.RISE);
        Optional<Duration> deadline = value(service, HealthConfig.DEADLINE);
        if (interval.isEmpty() || rise.isEmpty() || deadline.isEmpty()) {
            return;
        }
        Duration least = interval.get().multipliedBy(rise.get() - 1L);
        if (deadline.get().compareTo(least) <= 0) {
            Key<?> own = service.own(HealthConfig.DEADLINE);
            Key<?> inForce = values.isGiven(own) ? own : HealthConfig.DEADLINE;
            values.error(
                    inForce,
                    "no switch " + (service.isDefault() ? "" : "of service '" + service.service() + "' ")
                            + "could ever pass; allowed is more than turnout.health.rise - 1 times"
                            + " turnout.health.interval, " + least.toMillis() + "ms");
        }
    }

    /** Returns the value of a service's own key if a value is given, legal or not; else the value at the top. */
    private <T> Optional<T> value(ServiceKeys service, Key<T> key) {
        Key<T> own = service.own(key);
        return values.find(values.isGiven(own) ? own : key);
    }

    private void matches() {
        Map<String, ServiceKeys> taken = new HashMap<>();
        for (ServiceKeys service : services) {
            String path = values.find(service.own(ServiceSettings.PATH)).orElse(EVERY_PATH);
            List<HostPattern> hosts =
                    values.find(service.own(ServiceSettings.HOSTS)).orElse(List.of());
            List<String> names = hosts.isEmpty()
                    ? List.of(EVERY_HOST)
                    : hosts.stream().map(HostPattern::toString).toList();
            for (String host : names) {
                ServiceKeys other = taken.putIfAbsent(host + " " + path, service);
                if (other == service) {
                    values.error(
                            service.own(ServiceSettings.HOSTS),
                            host + " stands there twice; allowed is each host once");
                } else if (other != null) {
                    clash(service, other, host, path);
                }
            }
        }
    }

    private void clash(ServiceKeys service, ServiceKeys other, String host, String path) {
        values.error(
                clashing(service),
                "service '" + other.service() + "' takes " + host + " with the path " + path
                        + " too; allowed is one service for a host and a path");
    }

    private Key<?> clashing(ServiceKeys service) {
        if (service.isDefault()) {
            return ServiceSettings.BLUE;
        }
        Key<?> path = service.own(ServiceSettings.PATH);
        return values.isGiven(path) ? path : service.own(ServiceSettings.HOSTS);
    }

    /** Warns of a target of several services. One process may serve two hosts, but each service is switched alone. */
    private void shared(List<String> warnings) {
        Map<String, Set<String>> users = new LinkedHashMap<>();
        Map<String, Target> last = new HashMap<>();
        for (ServiceKeys service : services) {
            for (Key<List<Target>> slot : service.slots()) {
                for (Target target : values.find(slot).orElse(List.of())) {
                    String address = normalized(target);
                    users.computeIfAbsent(address, none -> new LinkedHashSet<>())
                            .add(service.service());
                    last.put(address, target);
                }
            }
        }
        users.forEach((address, names) -> {
            if (names.size() > 1) {
                warnings.add(last.get(address) + ofServices(List.copyOf(names)));
            }
        });
    }

    private static String ofServices(List<String> users) {
        String two = "'" + users.get(0) + "' and '" + users.get(1) + "'";
        return users.size() == 2
                ? " is a target of the services " + two
                        + ": each is switched by itself, so do not stop it when only one of them has left it."
                : " is a target of " + users.size() + " services, such as " + two
                        + ": each is switched by itself, so do not stop it before all of them have left it.";
    }

    /** Returns the same text for targets at one address, whatever their schemes are. */
    private static String normalized(Target target) {
        return target.address() instanceof TcpAddress tcp
                ? Hosts.canonical(tcp.host()) + " " + tcp.port()
                : target.toString();
    }
}
