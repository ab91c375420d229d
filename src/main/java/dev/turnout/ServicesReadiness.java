package dev.turnout;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * The readiness of the services: down if a service has no target that is up among those that get requests, or if its
 * requests wait for a decision of the fleet that this member can't learn, with the names of such services. The liveness does not follow: a restart of Turnout starts no application.
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
        Set<String> inDoubt = targets.heldInDoubt();
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("services").status(withNobody.isEmpty() && inDoubt.isEmpty());
        inDoubt.forEach(service -> answer.withData(service, "in doubt: what the fleet has decided is not known here"));
        withNobody.forEach(service -> answer.withData(service, "no target is up"));
        return answer.build();
    }
}
