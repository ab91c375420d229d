package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cookie {@value #NAME}, which keeps the client of one service at its target.
 *
 * <p>Its value is a random number for the session, the target's tag, and a hash of both. The hash is made with the
 * service's key, so a client cannot make a cookie up, and cannot choose a target. Turnout remembers nothing of a
 * cookie: the cookie holds after a restart too. Any thread.
 */
public final class StickyCookie {

    static final String NAME = "turnout_sticky";

    private static final byte[] NAME_BYTES = NAME.getBytes(US_ASCII);
    private static final int DIGITS = 16;
    private static final int NUMBERS = 3;

    private final SipHash signature;
    private final String attributes;
    private final byte @Nullable [] followed;
    private final Cookies.PairReader sessions = this::sessionAt;
    private final Cookies.PairReader applications = this::applicationAt;

    /**
     * @param k0 the first half of the service's key
     * @param k1 the second half
     * @param path where the service's paths begin
     * @param follows the application's session cookie, without which a request has no session; empty if every client has
     *     a session
     */
    public StickyCookie(long k0, long k1, String path, Optional<String> follows) {
        signature = new SipHash(k0, k1);
        attributes = "; Path=" + path + "; HttpOnly; SameSite=Lax";
        followed = follows.map(name -> name.getBytes(US_ASCII)).orElse(null);
    }

    /**
     * Returns the session of a request.
     *
     * @param secure whether the client came over TLS
     * @param numbers where the numbers of new sessions come from
     */
    public StickySession of(RequestHead head, boolean secure, LongSupplier numbers) {
        boolean mayHave = followed == null || Cookies.first(head, applications) != Cookies.NOT_THIS;
        long at = mayHave ? Cookies.first(head, sessions) : Cookies.NOT_THIS;
        if (at == Cookies.NOT_THIS) {
            return new StickySession(this, numbers.getAsLong(), 0, false, secure);
        }
        int value = (int) at;
        return new StickySession(
                this,
                Octets.hexNumber(head.bytes(), value),
                Octets.hexNumber(head.bytes(), value + DIGITS),
                true,
                secure);
    }

    private long applicationAt(byte[] bytes, int from, int to) {
        return isNamed(bytes, from, to, Objects.requireNonNull(followed)) ? from : Cookies.NOT_THIS;
    }

    private static boolean isNamed(byte[] bytes, int from, int to, byte[] name) {
        return to - from > name.length
                && bytes[from + name.length] == '='
                && Arrays.equals(bytes, from, from + name.length, name, 0, name.length);
    }

    private long sessionAt(byte[] bytes, int from, int to) {
        int value = from + NAME_BYTES.length + 1;
        if (to - value != NUMBERS * DIGITS || !isNamed(bytes, from, to, NAME_BYTES)) {
            return Cookies.NOT_THIS;
        }
        for (int i = value; i < to; i++) {
            if (Octets.hex(bytes[i]) < 0) {
                return Cookies.NOT_THIS;
            }
        }
        long session = Octets.hexNumber(bytes, value);
        long tag = Octets.hexNumber(bytes, value + DIGITS);
        boolean isOurs = Octets.hexNumber(bytes, value + 2 * DIGITS) == sign(session, tag);
        return isOurs ? value : Cookies.NOT_THIS;
    }

    private long sign(long session, long tag) {
        return signature.of(signature.of(session) ^ tag);
    }

    /** Returns a number by which the targets of a session are compared: the highest gets it. */
    long rank(long session, long tag) {
        return signature.of(session ^ tag);
    }

    /** Returns true if a response begins a session: every response does, unless an application's cookie is followed. */
    boolean begins(ResponseHead head) {
        return followed == null || head.setsCookie(followed);
    }

    /** Returns the field line that keeps a session at a target, with its CRLF. */
    byte[] line(long session, long tag, boolean secure) {
        String line = "Set-Cookie: " + NAME + "=" + hex(session) + hex(tag) + hex(sign(session, tag)) + attributes
                + (secure ? "; Secure" : "") + "\r\n";
        return line.getBytes(US_ASCII);
    }

    private static String hex(long number) {
        byte[] digits = new byte[DIGITS];
        Octets.putHex(number, digits, 0);
        return new String(digits, US_ASCII);
    }
}
