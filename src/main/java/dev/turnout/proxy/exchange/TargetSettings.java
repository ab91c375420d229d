package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.http1.ForgedFields;
import dev.turnout.proxy.http1.RequestHead;

/**
 * What holds for connections to targets, and for what targets get.
 *
 * @param connectMillis how long opening a connection may take. Milliseconds.
 * @param idleMillis how long an idle connection is kept. Milliseconds; 0 for no reuse.
 * @param mostWaiting the most requests that wait for a connection to one target
 * @param forgedFields which fields of a client its target must not get
 */
public record TargetSettings(int connectMillis, long idleMillis, int mostWaiting, ForgedFields forgedFields) {

    private static final byte[] CONNECTION_CLOSE = "Connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] NO_LINES = {};

    /** Returns the lines that a target gets with a request and that do not depend on its client, each with its CRLF. */
    byte[] linesForTarget(RequestHead head) {
        return idleMillis == 0 && !head.isUpgrade() ? CONNECTION_CLOSE : NO_LINES;
    }
}
