package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Another beginning for the path of a request. {@link RequestRewriter} leaves the old one out, this class puts the new one
 * in. Any thread.
 */
public final class PathRewrite {

    private final String from;
    private final byte[] to;

    /**
     * @param from what the path begins with
     * @param to what it begins with for the target
     */
    public PathRewrite(String from, String to) {
        this.from = from;
        this.to = (to.equals("/") ? "" : to).getBytes(US_ASCII);
    }

    /** Returns true if the path of a request begins so, as it was sent. */
    public boolean isFor(RequestHead head) {
        return from.equals("/")
                ? head.pathStart() < head.targetEnd() && head.bytes()[head.pathStart()] == '/'
                : head.pathIsWithin(from);
    }

    /** Returns true if the path of a request is the old beginning alone. */
    public boolean isAll(RequestHead head) {
        return head.pathIs(from);
    }

    /** Returns how many bytes of the path are left out. */
    public int stripped() {
        return from.equals("/") ? 0 : from.length();
    }

    /**
     * Writes a head with the new beginning.
     *
     * @param head as written for the target, its path without the old beginning
     * @param isAll whether the client's path was the old beginning alone
     */
    public void write(byte[] head, int length, boolean isAll, HeadWriter out) {
        int path = 0;
        while (head[path] != ' ') {
            path++;
        }
        path++;
        out.clear().append(head, 0, path).append(to);
        boolean dropsSlash = isAll && to.length > 0 && head[path] == '/';
        out.append(head, dropsSlash ? path + 1 : path, length);
    }
}
