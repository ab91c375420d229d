package dev.turnout.config;

import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is configured for one service, with everything that holds for it because nothing else is said.
 *
 * @param hosts the hosts that it answers for; none for every host
 * @param path what its paths begin with; {@code /} for every path
 * @param stripPath whether its targets get the path without that beginning
 */
public record ServiceSettings(
        String name,
        List<HostPattern> hosts,
        String path,
        boolean stripPath,
        Balance balance,
        List<Target> blue,
        List<Target> green,
        TurnoutConfig.Health health) {

    static final String EVERY_PATH = "/";

    static final String STANDARD_BLUE = "127.0.0.1:8080";
    static final String STANDARD_GREEN = "127.0.0.1:8082";

    /** Its own health keys, and the common ones where it has none. */
    private record Health(
            String path,
            Duration interval,
            Duration timeout,
            int rise,
            int fall,
            StatusRanges status,
            Duration deadline,
            Optional<String> host,
            Optional<Integer> port)
            implements TurnoutConfig.Health {

        static Health of(TurnoutConfig.ServiceHealth own, TurnoutConfig.Health common) {
            return new Health(
                    own.path().orElseGet(common::path),
                    own.interval().orElseGet(common::interval),
                    own.timeout().orElseGet(common::timeout),
                    own.rise().orElseGet(common::rise),
                    own.fall().orElseGet(common::fall),
                    own.status().orElseGet(common::status),
                    own.deadline().orElseGet(common::deadline),
                    own.host().or(common::host),
                    own.port().or(common::port));
        }
    }

    /**
     * All services. The top-level keys make the one that is called {@value Service#DEFAULT}, if they name a target or if
     * there is no other service.
     */
    public static List<ServiceSettings> of(TurnoutConfig config) {
        List<ServiceSettings> services = new ArrayList<>();
        if (config.services().isEmpty()
                || config.blue().isPresent()
                || config.green().isPresent()) {
            services.add(new ServiceSettings(
                    Service.DEFAULT,
                    List.of(),
                    EVERY_PATH,
                    false,
                    config.balance(),
                    config.blue().orElseGet(() -> List.of(Target.parse(STANDARD_BLUE))),
                    config.green().orElseGet(() -> List.of(Target.parse(STANDARD_GREEN))),
                    config.health()));
        }
        config.services()
                .forEach((name, service) -> services.add(new ServiceSettings(
                        name,
                        service.hosts().orElse(List.of()),
                        service.path(),
                        service.stripPath(),
                        service.balance().orElse(config.balance()),
                        service.blue(),
                        service.green(),
                        Health.of(service.health(), config.health()))));
        return services;
    }
}
