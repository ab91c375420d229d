package dev.turnout.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A request, byte for byte, and what must come of it.
 *
 * @param name what is odd about it
 * @param statuses what the client may get
 * @param bytes in ISO 8859-1
 */
record RequestRow(String name, Set<Integer> statuses, String bytes) {

    private static final int SHOWN = 60;

    byte[] exactly() {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name.length() > SHOWN ? name.substring(0, SHOWN) : name;
    }
}
