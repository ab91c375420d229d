package dev.turnout.proxy.route;

import dev.turnout.config.HostPattern;
import dev.turnout.proxy.http1.Octets;
import dev.turnout.proxy.http1.RequestHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the service that a request is for: by its host, the exact one before {@code *.} and the longest name, before
 * the services of every host; and for each of these by its path. A host whose services do not have the path leaves the
 * request to the next less exact one.
 *
 * <p>Case, port and a dot at the end of the host do not count. Immutable; finding makes no object.
 */
final class HostTable {

    private static final int FACTOR = 31;

    private final @Nullable ServiceMatch only;
    private final PathTable ofEveryHost;
    private final ByteSliceMap<PathTable> exact;
    private final ByteSliceMap<PathTable> wildcards;

    /** @param matches no two with the same host and path */
    HostTable(List<ServiceMatch> matches) {
        only = matches.size() == 1 && matches.get(0).takesEverything() ? matches.get(0) : null;
        List<ServiceMatch> everywhere = new ArrayList<>();
        Map<String, List<ServiceMatch>> byHost = new HashMap<>();
        Map<String, List<ServiceMatch>> byDomain =
                new TreeMap<>(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
        for (ServiceMatch match : matches) {
            if (match.hosts().isEmpty()) {
                everywhere.add(match);
            }
            for (HostPattern host : match.hosts()) {
                (host.isWildcard() ? byDomain : byHost)
                        .computeIfAbsent(host.name(), name -> new ArrayList<>())
                        .add(match);
            }
        }
        ofEveryHost = new PathTable(everywhere, null);
        Map<String, PathTable> ofDomains = new HashMap<>();
        byDomain.forEach((name, list) -> ofDomains.put(name, new PathTable(list, around(name, ofDomains))));
        Map<String, PathTable> ofHosts = new HashMap<>();
        byHost.forEach((name, list) -> ofHosts.put(name, new PathTable(list, around(name, ofDomains))));
        exact = new ByteSliceMap<>(ofHosts, HostTable::hash, true);
        wildcards = new ByteSliceMap<>(ofDomains, HostTable::hash, true);
    }

    /** Returns the table of the longest domain that a name lies in. */
    private PathTable around(String name, Map<String, PathTable> ofDomains) {
        for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
            PathTable table = ofDomains.get(name.substring(dot));
            if (table != null) {
                return table;
            }
        }
        return ofEveryHost;
    }

    /** From the end to the beginning, so that one way through a host makes the hash of every domain around it. */
    private static int hash(byte[] name) {
        int hash = 0;
        for (int at = name.length - 1; at >= 0; at--) {
            hash = hash * FACTOR + name[at];
        }
        return hash;
    }

    /** Returns the match that a request takes; null if it is for no service. */
    @Nullable
    ServiceMatch find(RequestHead head) {
        if (only != null) {
            return only;
        }
        PathTable table =
                head.hostStart() < 0 ? ofEveryHost : ofHost(head.bytes(), head.hostStart(), head.hostNameEnd());
        return table.find(head.bytes(), head.pathStart(), head.targetEnd());
    }

    private PathTable ofHost(byte[] source, int from, int end) {
        int to = withoutDot(source, from, end);
        int first = Math.max(from, to - Math.max(exact.longest(), wildcards.longest()));
        PathTable found = ofEveryHost;
        int hash = 0;
        for (int at = to - 1; at >= first; at--) {
            byte b = Octets.lower(source[at]);
            hash = hash * FACTOR + b;
            if (b == '.' && at > from) {
                PathTable domain = wildcards.get(source, at, to, hash);
                found = domain == null ? found : domain;
            }
        }
        PathTable own = first == from ? exact.get(source, from, to, hash) : null;
        return own == null ? found : own;
    }

    private static int withoutDot(byte[] source, int from, int to) {
        return to > from && source[to - 1] == '.' ? to - 1 : to;
    }
}
