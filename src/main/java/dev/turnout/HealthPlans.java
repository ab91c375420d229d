package dev.turnout;

import dev.turnout.config.HealthConfig;
import dev.turnout.config.RunningConfig;
import dev.turnout.config.SendProxy;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.health.ProbePlan;
import dev.turnout.health.ProbePlans;
import dev.turnout.health.WarmUpPlan;
import dev.turnout.routing.NextSettings;
import dev.turnout.routing.Target;
import dev.turnout.tls.TargetWay;
import dev.turnout.tls.TargetWays;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The plans by which targets are probed and warmed up. While a reload proves new targets, the settings that come with them
 * hold for them; the settings in force hold for all others. Any thread.
 */
final class HealthPlans implements ProbePlans {

    private final RunningConfig running;
    private final TargetWays ways;
    private final Function<SendProxy, byte[]> headerOfNobody;

    /** What has been read of the configuration in force. Read for each probe, it was a fifth of what a probe allocates. */
    private volatile Read read;

    /** The configuration whose new targets are being proved; null if there is no such reload. */
    private volatile @Nullable TurnoutConfig next;

    /** The plans of a configuration's services over plain connections, each made when it is asked for first. */
    private record Read(TurnoutConfig config, Map<String, ProbePlan> plans) {

        private Read(TurnoutConfig config) {
            this(config, new ConcurrentHashMap<>());
        }

        private ProbePlan of(String service) {
            return plans.computeIfAbsent(service, name -> ProbePlan.of(health(config, name)));
        }
    }

    HealthPlans(RunningConfig running, TargetWays ways, Function<SendProxy, byte[]> headerOfNobody) {
        this.running = running;
        this.read = new Read(running.get());
        this.ways = ways;
        this.headerOfNobody = headerOfNobody;
    }

    @Override
    public ProbePlan of(String service, Target target) {
        TurnoutConfig proved = next;
        ProbePlan plan = proved != null
                        && targets(proved, service).contains(target)
                        && !targets(running.get(), service).contains(target)
                ? ProbePlan.of(health(proved, service))
                : known().of(service);
        TargetWay way = ways.of(service, target);
        Optional<Buffer> header =
                way.namesClients() ? Optional.of(Buffer.buffer(headerOfNobody.apply(way.header()))) : Optional.empty();
        return plan.with(Optional.ofNullable(way.tls()), header);
    }

    private Read known() {
        TurnoutConfig config = running.get();
        Read latest = read;
        if (latest.config() != config) {
            latest = new Read(config);
            read = latest;
        }
        return latest;
    }

    /** Returns how long the gate of a service takes at most. A service whose targets differ is under a reload's lock. */
    Duration deadline(String service) {
        return health(ofChange(service), service).deadline();
    }

    /** Returns how targets of a service are warmed up before they get traffic. */
    WarmUpPlan warmUp(String service) {
        return WarmUpPlan.of(ServiceSettings.of(ofChange(service), service).warmup());
    }

    private TurnoutConfig ofChange(String service) {
        TurnoutConfig proved = next;
        return proved != null && !targets(proved, service).equals(targets(running.get(), service))
                ? proved
                : running.get();
    }

    private static HealthConfig health(TurnoutConfig config, String service) {
        return ServiceSettings.of(config, service).health();
    }

    private static Set<Target> targets(TurnoutConfig config, String service) {
        Set<Target> targets = new HashSet<>();
        ServiceSettings.find(config, service).ifPresent(settings -> {
            targets.addAll(settings.blue());
            targets.addAll(settings.green());
        });
        return targets;
    }

    /** Has new targets of a configuration probed by it, until it is in force or given up. */
    NextSettings proveBy(TurnoutConfig config, NextSettings settings) {
        next = config;
        return settings.onGiveUp(() -> next = null);
    }

    /** Ends the difference: the configuration that was proved is the one in force. */
    void inForce() {
        next = null;
    }
}
