package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.config.Cidr;
import dev.turnout.config.ServiceSettings;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.config.TurnoutConfig.Client;
import dev.turnout.config.TurnoutConfig.Pause;
import dev.turnout.config.TurnoutConfig.Upstream;
import dev.turnout.proxy.http1.ForgedFields;
import dev.turnout.proxy.http1.PathPattern;
import dev.turnout.proxy.http1.RequestHead;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the data plane takes from the configuration, in the units that it counts in.
 *
 * @param host where to listen
 * @param port where to listen; 0 lets the system choose
 * @param reusePort whether a successor may listen there too
 * @param headLimit the largest head, in bytes
 * @param headMemory the memory for all heads together, in bytes; 0 for the default
 * @param bodyLimit the largest body of a request, in bytes; 0 for no limit
 * @param connectionLimit the most client connections at a time
 * @param requestLimit the most requests in flight at a time
 * @param connectMillis how long opening a connection to a target may take
 * @param responseHeadMillis how long a target may take to begin its response
 * @param targetBodyMillis how long a body may stand still at a target
 * @param targetIdleMillis how long an idle connection to a target is kept; 0 for no reuse
 * @param requestHeadMillis how long a client may take to send a head
 * @param clientBodyMillis how long a body may stand still at a client
 * @param clientIdleMillis how long a connection without a request is kept
 * @param entrances which requests are for which service
 * @param accessLog how the access log is written; empty if there is none
 * @param accessLogFile where it is written to
 * @param slowStart how long a target that comes back gets less than its share
 * @param preview whose wish for a slot is granted
 * @param showsSlot whether responses tell the slot that they come from
 * @param pause how much may wait while a service is paused
 * @param trustedProxies whose word about the client is taken
 * @param forgedFields which fields of a client its target must not get
 * @param endlessPaths the paths whose requests have no end of their own
 */
record ProxySettings(
        String host,
        int port,
        boolean reusePort,
        int headLimit,
        long headMemory,
        long bodyLimit,
        int connectionLimit,
        int requestLimit,
        int connectMillis,
        long responseHeadMillis,
        long targetBodyMillis,
        long targetIdleMillis,
        long requestHeadMillis,
        long clientBodyMillis,
        long clientIdleMillis,
        List<ServiceMatch> entrances,
        Optional<AccessLog.Format> accessLog,
        Path accessLogFile,
        Duration slowStart,
        Preview preview,
        boolean showsSlot,
        PauseLimits pause,
        List<Cidr> trustedProxies,
        ForgedFields forgedFields,
        List<PathPattern> endlessPaths) {

    private static final byte[] CONNECTION_CLOSE = "Connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] NO_LINES = {};

    static ProxySettings of(TurnoutConfig config) {
        Upstream upstream = config.upstream();
        Client client = config.client();
        return new ProxySettings(
                config.listen().host(),
                config.listen().port(),
                config.listen().reusePort(),
                Math.toIntExact(config.limits().head().asLongValue()),
                config.limits().heads().asLongValue(),
                config.limits().body().asLongValue(),
                config.limits().connections(),
                config.limits().requests(),
                Math.toIntExact(upstream.connect().toMillis()),
                upstream.head().toMillis(),
                upstream.body().toMillis(),
                upstream.idle().toMillis(),
                client.head().toMillis(),
                client.body().toMillis(),
                client.idle().toMillis(),
                entrances(config),
                format(config.accessLog()),
                config.accessLogFile(),
                config.slowStart().orElse(Duration.ZERO),
                new Preview(config.preview(), config.previewSecret()),
                config.showSlot(),
                pause(config.pause()),
                config.trustedProxies().orElse(List.of()),
                ForgedFields.of(config.untrustedHeaders()),
                config.drain().endless().orElse(List.of()).stream()
                        .map(PathPattern::new)
                        .toList());
    }

    private static PauseLimits pause(Pause pause) {
        return new PauseLimits(
                pause.requests(),
                pause.bytes().asLongValue(),
                pause.timeout().toMillis(),
                pause.release().toMillis());
    }

    private static Optional<AccessLog.Format> format(TurnoutConfig.AccessLog accessLog) {
        return switch (accessLog) {
            case OFF -> Optional.empty();
            case COMBINED -> Optional.of(AccessLog.Format.COMBINED);
            case JSON -> Optional.of(AccessLog.Format.JSON);
        };
    }

    private static List<ServiceMatch> entrances(TurnoutConfig config) {
        return ServiceSettings.of(config).stream()
                .map(service -> new ServiceMatch(
                        service.name(), service.hosts(), service.path(), service.stripPath(), service.balance()))
                .toList();
    }

    /** Returns the lines that a request to a target bears beside those that depend on its client, each with its CRLF. */
    byte[] linesForTargets(RequestHead head) {
        return targetIdleMillis == 0 && !head.isUpgrade() ? CONNECTION_CLOSE : NO_LINES;
    }

    /** Returns true if a request has no end of its own, as far as its path tells. */
    boolean isEndless(RequestHead request) {
        for (int i = 0; i < endlessPaths.size(); i++) {
            if (request.pathMatches(endlessPaths.get(i))) {
                return true;
            }
        }
        return false;
    }

    boolean isTrusted(InetAddress peer) {
        for (Cidr block : trustedProxies) {
            if (block.contains(peer)) {
                return true;
            }
        }
        return false;
    }
}
