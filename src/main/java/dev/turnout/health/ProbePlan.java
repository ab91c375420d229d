package dev.turnout.health;

import dev.turnout.config.HealthConfig;
import dev.turnout.config.StatusRanges;
import dev.turnout.routing.Target;
import java.time.Duration;
import java.util.Optional;

/**
 * The plan by which the targets of a service are probed.
 *
 * @param path requested with GET
 * @param interval from the beginning of one probe to the beginning of the next
 * @param timeout how long one probe may take, from opening the connection to the end of the response
 * @param rise how many good probes in a row make a target healthy
 * @param fall how many bad probes in a row make a target unhealthy
 * @param status which response statuses are good
 * @param host the Host to send; empty for the target's
 * @param port the port to connect to; empty for the target's
 */
public record ProbePlan(
        String path,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        StatusRanges status,
        Optional<String> host,
        Optional<Integer> port) {

    /** Returns the configured plan. */
    public static ProbePlan of(HealthConfig config) {
        return new ProbePlan(
                config.path(),
                config.interval(),
                config.timeout(),
                config.rise(),
                config.fall(),
                config.status(),
                config.host(),
                config.port());
    }

    ProbePlan withTimeout(Duration shorter) {
        return new ProbePlan(path, interval, shorter, rise, fall, status, host, port);
    }

    int portOf(Target target) {
        return port.orElse(target.port());
    }

    String hostOf(Target target) {
        return host.orElseGet(target::toString);
    }
}
