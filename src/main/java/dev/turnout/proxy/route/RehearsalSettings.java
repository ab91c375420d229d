package dev.turnout.proxy.route;

import java.util.List;

/**
 * How requests of a service are copied.
 *
 * @param percent the configured share of the safe requests, 0 to 100
 * @param removed names of header fields that a copy does not have
 * @param intervalNanos the least time between two copies, on average
 * @param timeoutMillis how long a copy may take until the head of its answer. Milliseconds.
 */
public record RehearsalSettings(double percent, List<String> removed, long intervalNanos, long timeoutMillis) {

    public RehearsalSettings {
        removed = List.copyOf(removed);
    }
}
