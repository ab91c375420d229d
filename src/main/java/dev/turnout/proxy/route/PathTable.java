package dev.turnout.proxy.route;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds an match by the path of a request: the longest path that the request's begins with, up to the end of a
 * segment.
 *
 * <p>Paths are compared byte for byte, as they were sent: {@code %2F} is no end of a segment, {@code //shop} does not
 * begin with {@code /shop}, and dot segments are segments like others. What is found decides who gets a request, not
 * who may send it.
 */
final class PathTable {

    private static final int FACTOR = 31;

    private final @Nullable ServiceMatch ofEveryPath;
    private final ByteSliceMap<ServiceMatch> byPath;
    private final @Nullable PathTable elsewhere;

    /**
     * @param matches those of one host, no two with the same path
     * @param elsewhere where to look if none of them has the path; may be null
     */
    PathTable(List<ServiceMatch> matches, @Nullable PathTable elsewhere) {
        Map<String, ServiceMatch> paths = new HashMap<>();
        matches.forEach(match -> paths.put(match.path(), match));
        this.ofEveryPath = paths.remove(ServiceMatch.EVERY_PATH);
        this.byPath = new ByteSliceMap<>(paths, PathTable::hash, false);
        this.elsewhere = elsewhere;
    }

    private static int hash(byte[] path) {
        int hash = 0;
        for (byte b : path) {
            hash = hash * FACTOR + b;
        }
        return hash;
    }

    /** Returns the match for a path, which ends at {@code to} or at the first question mark; null if there is none. */
    @Nullable
    ServiceMatch find(byte[] source, int from, int to) {
        ServiceMatch found = ofEveryPath;
        int last = Math.min(to, from + byPath.longest());
        int hash = 0;
        for (int at = from; at <= last; at++) {
            boolean isEnd = at == to || source[at] == '?';
            if (at > from && (isEnd || source[at] == '/')) {
                @Nullable ServiceMatch longer = byPath.get(source, from, at, hash);
                found = longer == null ? found : longer;
            }
            if (isEnd) {
                break;
            }
            hash = hash * FACTOR + source[at];
        }
        return found != null || elsewhere == null ? found : elsewhere.find(source, from, to);
    }
}
