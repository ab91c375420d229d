package dev.turnout.tls;

import dev.turnout.config.SendProxy;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TargetTlsConfig;
import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.Target;
import dev.turnout.routing.TargetScheme;
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
    private volatile TargetWaysInForce inForce = TargetWaysInForce.none(unknown());

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
        return inForce.tls(service)
                .filter(tls -> tls.trust().isEmpty())
                .map(tls -> unverified(service, tls.keys().verify(), tls.keys().authorities()));
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
                TargetTlsFiles.read(TargetTlsSettings.of(service.targetTls(), service.protocol()));
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
        Map<String, ServiceWays> services = new HashMap<>();
        Map<String, Set<Target>> configured = new HashMap<>();
        List<TargetTls> made = new ArrayList<>();
        try {
            for (ServiceSettings service : ServiceSettings.of(config)) {
                configured.put(service.name(), targets(service));
                services.put(service.name(), ways(service, config.tls().engine(), made));
            }
        } catch (TlsRefused e) {
            made.forEach(TargetTls::release);
            throw e;
        }
        TargetWaysInForce next =
                new TargetWaysInForce(Map.copyOf(services), Map.copyOf(configured), Map.of(), before.unknown());
        inForce = before.withTargetsOf(next);
        return new Prepared(before, next, made);
    }

    private static Set<Target> targets(ServiceSettings service) {
        Set<Target> targets = new HashSet<>(service.blue());
        targets.addAll(service.green());
        return targets;
    }

    private ServiceWays ways(ServiceSettings service, Engine engine, List<TargetTls> made) {
        TargetTlsFiles files = TargetTlsFiles.read(TargetTlsSettings.of(service.targetTls(), service.protocol()));
        boolean isEncrypted = service.targetTls().tls();
        ServiceWays known = inForce.of(service.name());
        TargetWay plain = new TargetWay(service.sendProxy(), null);
        ServiceWays ways = new ServiceWays(
                isEncrypted,
                plain.equals(known.plain()) ? known.plain() : plain,
                known.encrypted().isMadeOf(service.sendProxy(), files)
                        ? known.encrypted()
                        : encrypted(service.sendProxy(), files, engine));
        if (isEncrypted || targets(service).stream().anyMatch(TargetWays::isEncrypted)) {
            makeNow(ways.encrypted(), made);
        }
        return ways;
    }

    private static boolean isEncrypted(Target target) {
        return target.scheme() == TargetScheme.HTTPS;
    }

    /** Settings that the engine refuses are to refuse the start or the reload. */
    private static void makeNow(EncryptedWay way, List<TargetTls> made) {
        if (way.tls().isEmpty()) {
            way.get();
            way.tls().ifPresent(made::add);
        }
    }

    private EncryptedWay encrypted(SendProxy header, TargetTlsFiles files, Engine engine) {
        return new EncryptedWay(header, files, of -> TargetTls.of(TlsEngine.of(engine), of, tasks));
    }

    /** Returns how a target is spoken to whose service is not there: as one without any settings. */
    private ServiceWays unknown() {
        return new ServiceWays(
                false,
                TargetWay.PLAIN,
                encrypted(SendProxy.OFF, TargetTlsFiles.read(TargetTlsSettings.none()), Engine.AUTO));
    }

    /** Releases everything. */
    public void close() {
        inForce.tls().forEach(TargetTls::release);
        inForce = TargetWaysInForce.none(unknown());
        tasks.close();
    }
}
