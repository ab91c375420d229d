package dev.turnout.proxy.proxyprotocol;

import java.nio.charset.StandardCharsets;

/**
 * The strict reader of both versions of the PROXY protocol: bytes in, facts out.
 *
 * <p>The answer depends on the bytes only, and not on the pieces that they came in. The codec of Netty is not used: it
 * takes ports with a sign or a leading zero and addresses with brackets or a zone, and it checks no checksum.
 */
public final class ProxyHeaderReader {

    private static final byte[] TEXT_BEGIN = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    static final byte[] BINARY_BEGIN = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};

    private static final ProxyHeader INCOMPLETE = new ProxyHeader.Incomplete();
    private static final ProxyHeader ABSENT = new ProxyHeader.Absent();

    private ProxyHeaderReader() {}

    /**
     * Reads the first bytes of a connection.
     *
     * @param bytes all bytes so far; {@value ProxyHeader#MOST_BYTES} of them always suffice
     */
    public static ProxyHeader read(byte[] bytes) {
        if (begins(bytes, TEXT_BEGIN)) {
            return bytes.length < TEXT_BEGIN.length ? INCOMPLETE : TextHeader.read(bytes);
        }
        if (begins(bytes, BINARY_BEGIN)) {
            return bytes.length < BinaryHeader.FIXED ? INCOMPLETE : BinaryHeader.read(bytes);
        }
        return ABSENT;
    }

    /** Returns true if the bytes, as far as there are any, are those of the beginning. */
    private static boolean begins(byte[] bytes, byte[] beginning) {
        for (int i = 0; i < Math.min(bytes.length, beginning.length); i++) {
            if (bytes[i] != beginning[i]) {
                return false;
            }
        }
        return true;
    }
}
