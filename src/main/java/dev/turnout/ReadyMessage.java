package dev.turnout;

import dev.turnout.admin.AdminServer;
import dev.turnout.admin.ProcessInfo;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.RoutingState;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;

/** The line of the log that says that Turnout serves: where clients connect, and to which targets their requests go. */
@Singleton
final class ReadyMessage {

    private static final double MILLIS_PER_SECOND = 1_000;

    private final TurnoutConfig config;
    private final ProcessInfo process;
    private final Front front;
    private final AdminServer admin;

    ReadyMessage(TurnoutConfig config, ProcessInfo process, Front front, AdminServer admin) {
        this.config = config;
        this.process = process;
        this.front = front;
        this.admin = admin;
    }

    /** Returns the line. Called when the front and the admin server listen. */
    String of(RoutingState state) {
        double seconds = Duration.between(process.startedAt(), Instant.now()).toMillis() / MILLIS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "Turnout %s ready in %.1f s: front %s, admin %s://%s, %s%s",
                process.version(),
                seconds,
                front.address(),
                config.admin().isSecure() ? "https" : "http",
                new Target(config.admin().host(), admin.port()),
                state.services().values().stream().map(ReadyMessage::route).collect(Collectors.joining("; ")),
                front.transport().map(transport -> ", transport " + transport).orElse(""));
    }

    private static String route(Service service) {
        String targets = service.pool(service.active()).inRotation().stream()
                .map(Target::toString)
                .collect(Collectors.joining(", "));
        return service.name() + " -> " + service.active() + " (" + targets + "), revision " + service.revision();
    }
}
