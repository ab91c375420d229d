package dev.turnout;

import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * The readiness of the services: down if a service has no target that is up among those that get requests, with the
 * names of such services. The liveness does not follow: a restart of Turnout starts no application.
 */
@Singleton
@Readiness
final class ServicesReadiness implements HealthCheck {

    private final ServiceTargets targets;

    ServicesReadiness(ServiceTargets targets) {
        this.targets = targets;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> withNobody = targets.servicesWithNobody();
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("services").status(withNobody.isEmpty());
        withNobody.forEach(service -> answer.withData(service, "no target is up"));
        return answer.build();
    }
}
