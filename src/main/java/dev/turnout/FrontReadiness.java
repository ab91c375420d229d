package dev.turnout;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The readiness for a load balancer: clients can connect. Paused services and unhealthy targets don't count. */
@Singleton
@Readiness
final class FrontReadiness implements HealthCheck {

    private final Front front;

    FrontReadiness(Front front) {
        this.front = front;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("front port").status(front.isServing()).build();
    }
}
