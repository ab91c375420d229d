package dev.turnout.admin;

import dev.turnout.switching.ContainerFollower.EngineView;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The metrics of the container engine whose containers become targets. */
public final class ContainerMetrics extends AskedMetrics {

    private final Supplier<Optional<EngineView>> engine;

    /** @param engine what is known of it now; empty if none is configured */
    public ContainerMetrics(Supplier<Optional<EngineView>> engine) {
        this.engine = engine;
    }

    @Override
    List<MetricFamily> families() {
        MetricFamily up = MetricFamily.gauge(
                "turnout_containers_up",
                "1 if the container engine's last answer could be used, 0 if not, NaN before the first");
        MetricFamily found =
                MetricFamily.gauge("turnout_containers", "Running containers that ask for a place in a slot");
        MetricFamily waiting =
                MetricFamily.gauge("turnout_containers_waiting", "Containers of these that are no targets yet");
        engine.get().ifPresent(view -> {
            up.add(view.isUp().map(isUp -> isUp ? 1.0 : 0.0).orElse(Double.NaN));
            found.add(view.containers());
            waiting.add(view.waiting());
        });
        return List.of(up, found, waiting);
    }
}
