package dev.turnout;

import dev.turnout.proxy.DataPlane;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The metrics of the data plane that belong to no target: {@code turnout_clients}, and {@code
 * turnout_access_log_dropped_total} for lines that the disk did not take.
 */
final class DataPlaneMetrics implements MeterBinder {

    private final DataPlane plane;

    DataPlaneMetrics(DataPlane plane) {
        this.plane = plane;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("turnout.clients", plane::clients)
                .description("Client connections that are open")
                .register(registry);
        FunctionCounter.builder("turnout.access.log.dropped", plane, DataPlane::droppedLogLines)
                .description("Lines of the access log that the disk did not take")
                .register(registry);
    }
}
