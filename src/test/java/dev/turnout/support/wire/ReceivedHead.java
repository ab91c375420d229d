package dev.turnout.support.wire;

/**
 * A request line and its header section.
 *
 * @param version as sent, {@code HTTP/1.1} or {@code HTTP/1.0}
 * @param raw every byte, the empty line included
 */
public record ReceivedHead(String method, String target, String version, Fields fields, byte[] raw) {

    @Override
    public String toString() {
        return method + " " + target;
    }
}
