package dev.turnout.proxy.route;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which requests are asked of the other slot if their own answers 404, and for how long after a flip: a page of one version
 * may ask for assets while the other version serves.
 *
 * @param paths what the paths of assets begin with, in whole segments; none for no bridge
 * @param nanos how long after a flip a slot is asked that is not drained. Nanoseconds.
 * @param drainedNanos how long after a flip a slot is asked whose drain has begun; 0 if it is not asked. Nanoseconds.
 */
public record AssetBridge(List<String> paths, long nanos, long drainedNanos) {

    /**
     * Until when the other slot is asked. Both are of {@link System#nanoTime}.
     *
     * @param nanos as long as that slot is not drained
     * @param drainedNanos once its drain has begun
     */
    record End(long nanos, long drainedNanos) {}

    /** What may lead out of the paths of assets. */
    private static final Pattern CLIMBING = Pattern.compile("\\.\\.|\\\\|%(2e|2f|5c)", Pattern.CASE_INSENSITIVE);

    public AssetBridge {
        paths = List.copyOf(paths);
    }

    /** Returns until when the other slot is asked, after a flip at this time. */
    End endAfter(long flipNanos) {
        return new End(flipNanos + nanos, flipNanos + drainedNanos);
    }

    /**
     * Returns true if a request is for an asset.
     *
     * @param target the target of the request, as its own target gets it
     */
    public boolean covers(String target) {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        if (CLIMBING.matcher(target).region(0, end).find()) {
            return false;
        }
        for (String path : paths) {
            int length = path.endsWith("/") ? path.length() - 1 : path.length();
            if (target.startsWith(path.substring(0, length)) && end > length && target.charAt(length) == '/') {
                return true;
            }
        }
        return false;
    }
}
