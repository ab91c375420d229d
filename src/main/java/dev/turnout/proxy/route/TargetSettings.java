package dev.turnout.proxy.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.http1.RequestHead;

/**
 * What holds for connections to the targets of one service, and for their share of the requests.
 *
 * @param connectMillis how long opening a connection may take. Milliseconds.
 * @param idleMillis how long an idle connection is kept. Milliseconds; 0 for no reuse.
 * @param mostWaiting the most requests that wait for a connection to one target
 * @param slowStartNanos how long a target that comes back gets less than its share. Nanoseconds; 0 if it does not.
 */
public record TargetSettings(int connectMillis, long idleMillis, int mostWaiting, long slowStartNanos) {

    /** Those of what no connection leads to. */
    public static final TargetSettings NONE = new TargetSettings(0, 0, 0, 0);

    private static final byte[] CONNECTION_CLOSE = "Connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] NO_LINES = {};

    /** Returns the lines that a target gets with a request and that do not depend on its client, each with its CRLF. */
    public byte[] linesForTarget(RequestHead head) {
        return idleMillis == 0 && !head.isUpgrade() ? CONNECTION_CLOSE : NO_LINES;
    }
}
