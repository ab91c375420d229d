package dev.turnout.support.wire;

import java.nio.charset.StandardCharsets;

/**
 * A response, whole.
 *
 * @param rawHead status line and header section, every byte, the empty line included
 */
public record Response(int status, String reason, Fields fields, byte[] rawHead, Body body) {

    /** The body, as far as it was kept, read as UTF-8. */
    public String text() {
        return new String(body.content(), StandardCharsets.UTF_8);
    }

    /** Whether the sender says that this is the last response on its connection. */
    public boolean announcesClose() {
        return fields.lists("Connection", "close") || body.framing() == Body.Framing.CLOSE;
    }

    @Override
    public String toString() {
        return status + " " + reason + " " + fields.lines() + " " + body.length() + " bytes";
    }
}
