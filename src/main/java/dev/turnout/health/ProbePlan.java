package dev.turnout.health;

import dev.turnout.config.HealthConfig;
import dev.turnout.config.StatusRanges;
import dev.turnout.routing.Target;
import dev.turnout.tls.TargetTls;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
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
 * @param tls what the targets are spoken to with; empty for plain connections
 */
public record ProbePlan(
        String path,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        StatusRanges status,
        Optional<String> host,
        Optional<Integer> port,
        Optional<TargetTls> tls) {

    /** Returns the configured plan. */
    public static ProbePlan of(HealthConfig config, Optional<TargetTls> tls) {
        return new ProbePlan(
                config.path(),
                config.interval(),
                config.timeout(),
                config.rise(),
                config.fall(),
                config.status(),
                config.host(),
                config.port(),
                tls);
    }

    ProbePlan withTimeout(Duration shorter) {
        return new ProbePlan(path, interval, shorter, rise, fall, status, host, port, tls);
    }

    int portOf(Target target) {
        return port.orElse(target.port());
    }

    /** Returns the name that a target has to prove. */
    String nameOf(Target target) {
        return tls.flatMap(TargetTls::name).orElse(target.host());
    }

    /** Returns a clause that says why a connection failed; empty if that has nothing to do with TLS. */
    Optional<String> explain(Throwable failure) {
        return tls.flatMap(with -> with.explain(failure));
    }

    /** Returns the options of a client that speaks to the targets as requests do. */
    HttpClientOptions client() {
        HttpClientOptions options = new HttpClientOptions();
        tls.ifPresent(with -> encrypt(options, with));
        return options;
    }

    private static void encrypt(HttpClientOptions options, TargetTls tls) {
        options.setSsl(true)
                .setVerifyHost(tls.trust().isPresent())
                .setTrustAll(tls.trust().isEmpty());
        tls.trust().ifPresent(trust -> options.setTrustOptions(TrustOptions.wrap(trust)));
        tls.own().ifPresent(own -> options.setKeyCertOptions(KeyCertOptions.wrap(own)));
    }

    String hostOf(Target target) {
        return host.orElseGet(target::toString);
    }
}
