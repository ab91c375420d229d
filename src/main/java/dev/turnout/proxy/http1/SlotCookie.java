package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The cookie {@value #NAME}, which keeps a client on its side of one canary.
 *
 * <p>Its value is a random number, and that number's hash under the canary's key: nobody can make one up, and one that
 * another canary has given is none here. The number is the client's place among a hundred, and the clients below the
 * canary's weight are on it: while the weight stays nobody changes sides, and a lower one takes clients back in
 * proportion. Any thread.
 */
public final class SlotCookie {

    /** The place of a client that has no such cookie. */
    public static final int NO_PLACE = (int) Cookies.NOT_THIS;

    static final String NAME = "turnout_slot";

    private static final byte[] NAME_BYTES = NAME.getBytes(US_ASCII);
    private static final byte[] FIELD = ("Set-Cookie: " + NAME + "=").getBytes(US_ASCII);
    private static final byte[] SECURE = "; Secure".getBytes(US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);
    private static final int DIGITS = 16;
    private static final int PLACES = 100;

    private final String key;
    private final SipHash signature;
    private final byte[] attributes;
    private final Cookies.PairReader reader = this::placeOfPair;

    /**
     * @param key 32 hexadecimal digits, the canary's own
     * @param path where the service's paths begin
     */
    public SlotCookie(String key, String path) {
        this.key = key;
        signature = new SipHash(
                Long.parseUnsignedLong(key, 0, DIGITS, 16), Long.parseUnsignedLong(key, DIGITS, 2 * DIGITS, 16));
        attributes = ("; Path=" + path + "; HttpOnly; SameSite=Lax").getBytes(US_ASCII);
    }

    /** Returns true if another cookie is of the same canary, whatever its path. */
    public boolean isSameCanary(SlotCookie other) {
        return key.equals(other.key);
    }

    /** Returns the place, 0 to 99, of a random number. */
    public static int place(long lot) {
        return (int) Long.remainderUnsigned(lot, PLACES);
    }

    /** Returns the place of the client whose request this is; {@link #NO_PLACE} if it has no cookie of this canary. */
    public int place(RequestHead head) {
        return (int) Cookies.first(head, reader);
    }

    private long placeOfPair(byte[] bytes, int from, int to) {
        int value = from + NAME_BYTES.length + 1;
        boolean fits = to - from == NAME_BYTES.length + 1 + 2 * DIGITS && bytes[value - 1] == '=';
        if (!fits || !Arrays.equals(bytes, from, value - 1, NAME_BYTES, 0, NAME_BYTES.length)) {
            return NO_PLACE;
        }
        for (int i = value; i < to; i++) {
            if (Octets.hex(bytes[i]) < 0) {
                return NO_PLACE;
            }
        }
        long lot = Octets.hexNumber(bytes, value);
        return signature.of(lot) == Octets.hexNumber(bytes, value + DIGITS) ? place(lot) : NO_PLACE;
    }

    /**
     * Returns the field line that gives a client its cookie, with its CRLF.
     *
     * @param lot a random number
     * @param secure whether the client came over TLS
     */
    public byte[] line(long lot, boolean secure) {
        int length = FIELD.length + 2 * DIGITS + attributes.length + (secure ? SECURE.length : 0) + CRLF.length;
        byte[] line = Arrays.copyOf(FIELD, length);
        int at = Octets.putHex(signature.of(lot), line, Octets.putHex(lot, line, FIELD.length));
        at = put(attributes, line, at);
        put(CRLF, line, secure ? put(SECURE, line, at) : at);
        return line;
    }

    private static int put(byte[] piece, byte[] line, int at) {
        System.arraycopy(piece, 0, line, at, piece.length);
        return at + piece.length;
    }
}
