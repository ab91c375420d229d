package dev.turnout.e2e;

import dev.turnout.support.Effect;
import dev.turnout.support.SocketEnd;
import java.nio.charset.StandardCharsets;

/**
 * A response, byte for byte, and how its connection ends.
 *
 * @param name what is odd about it
 * @param method of the request that it answers
 * @param bytes in ISO 8859-1
 */
record ResponseRow(String name, String method, String bytes, SocketEnd ending) {

    Effect whole() {
        return Effect.raw(bytes, ending);
    }

    byte[] exactly() {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name;
    }
}
