package dev.turnout.config;

import jakarta.inject.Singleton;
import java.util.List;

/** The configuration in force. A reload replaces the configuration. Any thread. */
@Singleton
public final class RunningConfig {

    private volatile TurnoutConfig config;
    private volatile List<KeyChange> pending = List.of();

    /** @param config the configuration of the start */
    public RunningConfig(TurnoutConfig config) {
        this.config = config;
    }

    /** Returns the configuration in force. */
    public TurnoutConfig get() {
        return config;
    }

    /** Returns the keys whose values in the files wait for a restart. */
    public List<KeyChange> pending() {
        return pending;
    }

    /** Replaces the configuration. Called once the new configuration holds in the traffic. */
    public void set(TurnoutConfig next, List<KeyChange> waiting) {
        config = next;
        pending = List.copyOf(waiting);
    }
}
