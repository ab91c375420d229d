package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The name of a user and a password, as a client sends them (RFC 7617). Any thread.
 *
 * @param user the name
 * @param password the bytes of the password
 */
public record BasicCredentials(String user, byte[] password) {

    private static final byte[] FIELD = "authorization".getBytes(US_ASCII);
    private static final byte[] SCHEME = "basic ".getBytes(US_ASCII);
    private static final int LONGEST = 1024;

    /** Returns the credentials of a request. Null if the request has none, several, or some that can't be read. */
    public static @Nullable BasicCredentials of(RequestHead head) {
        FieldLines fields = head.fields();
        int found = -1;
        for (int line = 0; line < fields.size(); line++) {
            if (Octets.equalsIgnoreCase(head.bytes(), fields.lineStart(line), fields.nameEnd(line), FIELD)) {
                if (found >= 0) {
                    return null;
                }
                found = line;
            }
        }
        return found < 0 ? null : of(head.bytes(), fields.valueStart(found), fields.valueEnd(found));
    }

    private static @Nullable BasicCredentials of(byte[] bytes, int from, int to) {
        int start = from + SCHEME.length;
        if (start > to || to - start > LONGEST || !Octets.equalsIgnoreCase(bytes, from, start, SCHEME)) {
            return null;
        }
        while (start < to && bytes[start] == ' ') {
            start++;
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(Arrays.copyOfRange(bytes, start, to));
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = 0;
        while (colon < decoded.length && decoded[colon] != ':') {
            if (decoded[colon] == 0) {
                return null;
            }
            colon++;
        }
        if (colon == decoded.length) {
            return null;
        }
        byte[] password = Arrays.copyOfRange(decoded, colon + 1, decoded.length);
        return hasNull(password) ? null : new BasicCredentials(new String(decoded, 0, colon, UTF_8), password);
    }

    /** For bcrypt a byte of zero ends the password. */
    private static boolean hasNull(byte[] password) {
        for (byte b : password) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "credentials of " + user;
    }
}
