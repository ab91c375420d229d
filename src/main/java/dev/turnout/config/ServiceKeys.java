package dev.turnout.config;

import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one service that the checks among its values need, and all of them.
 *
 * @param service its name
 * @param interval its own, or the common one for service {@code default}
 */
record ServiceKeys(
        String service,
        Optional<Key<List<HostPattern>>> hosts,
        Optional<Key<String>> path,
        Key<List<Target>> blue,
        Key<List<Target>> green,
        Key<Duration> interval,
        Key<Integer> rise,
        Key<Duration> deadline,
        List<Key<?>> own) {

    /** The keys of service {@code default}: those at the top. */
    static ServiceKeys ofDefault() {
        return new ServiceKeys(
                Service.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                Key.BLUE,
                Key.GREEN,
                Key.HEALTH_INTERVAL,
                Key.HEALTH_RISE,
                Key.HEALTH_DEADLINE,
                List.of());
    }

    /**
     * The keys of another service.
     *
     * @param prefix what they begin with, {@code turnout.} left out: {@code services."shop".}
     */
    static ServiceKeys of(String service, String prefix) {
        Key<List<HostPattern>> hosts = Key.of(prefix + "hosts", ValueType.hostPatterns());
        Key<String> path = Key.of(prefix + "path", ServiceSettings.EVERY_PATH, ValueType.pathPrefix());
        Key<List<Target>> blue = Key.of(prefix + "blue", ValueType.targets());
        Key<List<Target>> green = Key.of(prefix + "green", ValueType.targets());
        Key<Duration> interval = Key.of(prefix + "health.interval", ValueType.time());
        Key<Integer> rise = Key.of(prefix + "health.rise", ValueType.whole(1, 1_000));
        Key<Duration> deadline = Key.of(prefix + "health.deadline", ValueType.time());
        List<Key<?>> all = new ArrayList<>(List.of(hosts, path, blue, green, interval, rise, deadline));
        all.add(Key.of(prefix + "strip-path", "false", ValueType.flag()));
        all.add(Key.of(prefix + "balance", ValueType.word(Balance.values())));
        all.add(Key.of(prefix + "health.path", ValueType.requestPath()));
        all.add(Key.of(prefix + "health.timeout", ValueType.time()));
        all.add(Key.of(prefix + "health.fall", ValueType.whole(1, 1_000)));
        all.add(Key.of(prefix + "health.status", ValueType.statuses()));
        all.add(Key.of(prefix + "health.host", ValueType.hostHeader()));
        all.add(Key.of(prefix + "health.port", ValueType.whole(1, 65535)));
        return new ServiceKeys(
                service,
                Optional.of(hosts),
                Optional.of(path),
                blue,
                green,
                interval,
                rise,
                deadline,
                List.copyOf(all));
    }
}
