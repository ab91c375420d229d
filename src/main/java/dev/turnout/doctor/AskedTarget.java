package dev.turnout.doctor;

import dev.turnout.config.SendProxy;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TargetProtocol;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.proxy.DataPlane;
import dev.turnout.routing.Target;
import dev.turnout.tls.TargetTls;
import dev.turnout.tls.TargetWays;
import dev.turnout.tls.TlsRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A target that a check connects to.
 *
 * @param path that it is asked for
 * @param encryption what TLS is spoken with; empty for plain connections
 * @param protocol that Turnout speaks with it
 * @param header of the PROXY protocol that a connection begins with, before TLS
 * @param idle how long Turnout keeps an idle connection to it
 */
record AskedTarget(
        Target target,
        String path,
        Optional<TargetTls> encryption,
        TargetProtocol protocol,
        SendProxy header,
        Duration idle) {

    private static final byte[] NO_HEADER = {};

    /** Returns all targets, each once. Those over TLS are left out if its files can't be used: another check says so. */
    static List<AskedTarget> of(TurnoutConfig config) {
        TargetWays ways = new TargetWays();
        try {
            boolean areReady = areReady(ways, config);
            Map<Target, AskedTarget> asked = new TreeMap<>();
            for (ServiceSettings service : ServiceSettings.of(config)) {
                Stream.concat(service.blue().stream(), service.green().stream())
                        .filter(target -> !target.isName() && (areReady || !isEncrypted(service, target)))
                        .forEach(target -> asked.put(
                                target,
                                of(
                                        service,
                                        target,
                                        ways.of(service.name(), target).tls())));
            }
            return List.copyOf(asked.values());
        } finally {
            ways.close();
        }
    }

    private static boolean areReady(TargetWays ways, TurnoutConfig config) {
        try {
            ways.prepare(config).apply();
            return true;
        } catch (TlsRefused e) {
            return false;
        }
    }

    private static boolean isEncrypted(ServiceSettings service, Target target) {
        return switch (target.scheme()) {
            case OF_SERVICE -> service.targetTls().tls();
            case HTTP -> false;
            case HTTPS -> true;
        };
    }

    private static AskedTarget of(ServiceSettings service, Target target, @Nullable TargetTls tls) {
        return new AskedTarget(
                target,
                service.health().path(),
                Optional.ofNullable(tls),
                service.protocol(),
                service.sendProxy(),
                service.upstream().idle());
    }

    /** Returns true if Turnout begins with the preface of HTTP/2 without having asked. */
    boolean hasPriorKnowledge() {
        return encryption.isEmpty() && protocol.isHttp2();
    }

    /** Returns true if Turnout speaks HTTP/1.1 with it. */
    boolean isHttp1() {
        return !hasPriorKnowledge() && !protocol.isHttp2();
    }

    /** Returns what a connection begins with, before TLS. */
    byte[] opening() {
        return header == SendProxy.OFF ? NO_HEADER : DataPlane.headerOfNobody(header);
    }

    /** Returns what is said first behind the opening: a request, or the greeting of HTTP/2. */
    byte[] firstWords() {
        return protocol.isHttp2()
                ? Http2Greeting.ofClient()
                : ("GET " + path + " HTTP/1.1\r\nHost: " + target.address().authority()
                                + "\r\nUser-Agent: turnout-doctor\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Opens a connection as Turnout does. Blocks for twice the patience at most. */
    TimedConnection open(Duration patience) throws IOException {
        return encryption.isPresent()
                ? EncryptedConnection.open(this, encryption.get(), patience)
                : PlainConnection.open(PlainConnection.address(target), opening(), patience);
    }
}
