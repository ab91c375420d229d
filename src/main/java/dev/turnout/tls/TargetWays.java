package dev.turnout.tls;

import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TargetTlsConfig;
import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Target;
import dev.turnout.routing.Warning;
import dev.turnout.text.TlsText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How the targets of each service are spoken to. Requests and probes ask for it at each connection. Any thread; one change
 * at a time.
 */
public final class TargetWays {

    private final HandshakeTasks tasks = new HandshakeTasks();
    private volatile TargetWaysInForce inForce = TargetWaysInForce.none();

    /** What is ready to be put in force. New targets are spoken to with it already. It is put in force or given up. */
    public final class Prepared {

        private final TargetWaysInForce before;
        private final TargetWaysInForce next;
        private final List<TargetTls> made;

        private Prepared(TargetWaysInForce before, TargetWaysInForce next, List<TargetTls> made) {
            this.before = before;
            this.next = next;
            this.made = made;
        }

        /**
         * Puts it in force. Targets that are no longer configured are spoken to as before, until the next change. What is
         * replaced is released a while later: a connection may just be opened with it.
         */
        public void apply() {
            TargetWaysInForce after = next.withTargetsOf(before);
            inForce = after;
            Set<TargetTls> replaced = new HashSet<>(before.tls());
            replaced.removeAll(after.tls());
            releaseLater(replaced);
        }

        /** Puts nothing in force. */
        public void giveUp() {
            inForce = before;
            releaseLater(made);
        }

        private void releaseLater(Collection<TargetTls> unused) {
            if (!unused.isEmpty()) {
                CompletableFuture.delayedExecutor(ContextCache.RELEASED_AFTER, TimeUnit.NANOSECONDS)
                        .execute(() -> unused.forEach(TargetTls::release));
            }
        }
    }

    /** Returns how a target of a service is spoken to: the same object until that changes. Makes no object. */
    public TargetWay of(String service, Target target) {
        return inForce.of(service, target);
    }

    /** Returns the warning that the targets of a service do not have to prove who they are. */
    public Optional<Warning> warning(String service) {
        TargetTls tls = inForce.of(service).tls();
        return tls == null || tls.trust().isPresent()
                ? Optional.empty()
                : Optional.of(
                        unverified(service, tls.keys().verify(), tls.keys().authorities()));
    }

    private static Warning unverified(String service, String verify, String authorities) {
        return new Warning(
                "targets-not-verified",
                TargetTlsConfig.unverified(service, verify, authorities),
                verify + "=false: 서비스 '" + service + "'의 대상이 보내는 인증서를 확인하지 않습니다. 중간에 있는 누구나 내용을 읽고 바꿀 수 있습니다. " + verify
                        + "=false를 지우고 " + authorities + "에 인증 기관을 지정하십시오.");
    }

    /** Returns why a start with a configuration would be refused. Puts nothing in force. Blocks. */
    public static List<TlsText> refusals(TurnoutConfig config) {
        List<TlsText> refusals = new ArrayList<>();
        for (ServiceSettings service : ServiceSettings.of(config)) {
            try {
                TargetTlsSettings.of(service.targetTls(), service.protocol()).ifPresent(TargetTlsFiles::read);
            } catch (TlsRefused e) {
                refusals.add(e.text());
            }
        }
        return refusals;
    }

    /**
     * Reads the files of a configuration. What is in force already and has not changed is kept. Blocks.
     *
     * @throws TlsRefused if a file can't be used; the message says why
     */
    public Prepared prepare(TurnoutConfig config) {
        TargetWaysInForce before = inForce;
        Map<String, TargetWay> services = new HashMap<>();
        Map<String, Set<Target>> configured = new HashMap<>();
        List<TargetTls> made = new ArrayList<>();
        try {
            for (ServiceSettings service : ServiceSettings.of(config)) {
                configured.put(service.name(), targets(service));
                services.put(service.name(), way(service, config.tls().engine(), made));
            }
        } catch (TlsRefused e) {
            made.forEach(TargetTls::release);
            throw e;
        }
        TargetWaysInForce next = new TargetWaysInForce(Map.copyOf(services), Map.copyOf(configured), Map.of());
        inForce = before.withTargetsOf(next);
        return new Prepared(before, next, made);
    }

    private static Set<Target> targets(ServiceSettings service) {
        Set<Target> targets = new HashSet<>(service.blue());
        targets.addAll(service.green());
        return targets;
    }

    private TargetWay way(ServiceSettings service, Engine engine, List<TargetTls> made) {
        TargetTls tls = TargetTlsSettings.of(service.targetTls(), service.protocol())
                .map(settings -> tls(service.name(), engine, settings, made))
                .orElse(null);
        TargetWay known = inForce.of(service.name());
        TargetWay fresh = new TargetWay(service.sendProxy(), tls);
        return fresh.equals(known) ? known : fresh;
    }

    private TargetTls tls(String service, Engine engine, TargetTlsSettings settings, List<TargetTls> made) {
        TargetTlsFiles files = TargetTlsFiles.read(settings);
        TargetTls known = inForce.of(service).tls();
        if (known != null && known.isMadeOf(files)) {
            return known;
        }
        TargetTls fresh = TargetTls.of(TlsEngine.of(engine), files, tasks);
        made.add(fresh);
        return fresh;
    }

    /** Releases everything. */
    public void close() {
        inForce.tls().forEach(TargetTls::release);
        inForce = TargetWaysInForce.none();
        tasks.close();
    }
}
