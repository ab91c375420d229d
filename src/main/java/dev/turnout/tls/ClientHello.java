package dev.turnout.tls;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What a client offers at the beginning of a TLS handshake (RFC 8446, section 4.1.2), as far as a certificate is chosen
 * by it.
 *
 * <p>The message may come in any number of records and of reads: the outcome depends on the bytes alone. Everything else
 * in the message is left to the TLS engine, which gets the same bytes. An instance is used again and again, and makes no
 * object for a handshake. One thread at a time.
 */
public final class ClientHello {

    /** How many bytes a ClientHello may take, with the headers of its records. */
    public static final int LONGEST = 64 * 1024;

    private static final int VERSION_AND_RANDOM = 34;
    private static final int LONGEST_SESSION_ID = 32;
    private static final int LONGEST_NAME = 255;

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int HOST_NAME = 0;
    private static final int TLS_1_3 = 0x0304;

    private static final byte[] HTTP_1_1 = {'h', 't', 't', 'p', '/', '1', '.', '1'};
    private static final byte[] HTTP_2 = {'h', '2'};
    private static final byte[] ACME_TLS = {'a', 'c', 'm', 'e', '-', 't', 'l', 's', '/', '1'};

    /** What a look at the bytes has found. */
    public enum Progress {
        /** At least {@link #missing} more bytes are needed. */
        INCOMPLETE,
        /** The message is whole, and the accessors tell of it. */
        COMPLETE,
        /** The bytes begin no TLS handshake. */
        NOT_TLS,
        /** The bytes begin a TLS handshake, and are no well-formed ClientHello. */
        BROKEN,
        /** The message does not end within {@value #LONGEST} bytes. */
        TOO_LONG
    }

    private final HelloRecords records = new HelloRecords();
    private int at;
    private boolean broken;
    private int serverNameStart;
    private int serverNameEnd;
    private boolean offersHttp11;
    private boolean offersHttp2;
    private boolean offersAcmeTls;
    private boolean hasAlpn;
    private boolean offersTls13;
    private boolean hasGroups;
    private boolean hasEcdsaCurve;
    private boolean hasSignatures;
    private boolean hasEcdsaSignature;
    private boolean hasRsaSignature;
    private boolean hasEcdsaSuite;
    private boolean hasRsaSuite;

    /**
     * Looks at all that has come on a connection. Nothing is taken from the buffer.
     *
     * @param in begins with the first byte of the connection
     */
    public Progress scan(ByteBuf in) {
        forget();
        Progress progress = records.gather(in);
        if (progress != Progress.COMPLETE) {
            return progress;
        }
        at = records.bodyStart();
        readBody(records.end());
        if (broken) {
            forget();
            return Progress.BROKEN;
        }
        return Progress.COMPLETE;
    }

    private void forget() {
        broken = false;
        serverNameStart = -1;
        serverNameEnd = -1;
        offersHttp11 = false;
        offersHttp2 = false;
        offersAcmeTls = false;
        hasAlpn = false;
        offersTls13 = false;
        hasGroups = false;
        hasEcdsaCurve = false;
        hasSignatures = false;
        hasEcdsaSignature = false;
        hasRsaSignature = false;
        hasEcdsaSuite = false;
        hasRsaSuite = false;
    }

    // --- The message -----------------------------------------------------------------------------------------------

    private void readBody(int end) {
        skip(VERSION_AND_RANDOM, end);
        int sessionId = vector(1, end);
        broken |= sessionId - at > LONGEST_SESSION_ID;
        skip(sessionId - at, end);
        readSuites(vector(2, end));
        int compressions = vector(1, end);
        broken |= compressions == at;
        skip(compressions - at, end);
        // A client that knows no extensions ends here.
        if (!broken && at < end) {
            int extensions = vector(2, end);
            broken |= extensions != end;
            readExtensions(extensions);
        }
    }

    private void readSuites(int end) {
        broken |= at == end;
        while (!broken && at < end) {
            int suite = number(2, end);
            hasEcdsaSuite |= isEcdsa(suite);
            hasRsaSuite |= isRsa(suite);
        }
    }

    private void readExtensions(int end) {
        boolean hasName = false;
        boolean hasVersions = false;
        while (!broken && at < end) {
            int type = number(2, end);
            int extensionEnd = vector(2, end);
            switch (broken ? -1 : type) {
                case SERVER_NAME -> {
                    broken |= hasName;
                    hasName = true;
                    readServerNames(extensionEnd);
                }
                case ALPN -> {
                    broken |= hasAlpn;
                    hasAlpn = true;
                    readProtocols(extensionEnd);
                }
                case SUPPORTED_GROUPS -> {
                    broken |= hasGroups;
                    hasGroups = true;
                    readGroups(extensionEnd);
                }
                case SIGNATURE_ALGORITHMS -> {
                    broken |= hasSignatures;
                    hasSignatures = true;
                    readSignatures(extensionEnd);
                }
                case SUPPORTED_VERSIONS -> {
                    broken |= hasVersions;
                    hasVersions = true;
                    readVersions(extensionEnd);
                }
                default -> skip(extensionEnd - at, end);
            }
        }
    }

    /** Reads what RFC 6066, section 3, allows: one name of each type. */
    private void readServerNames(int end) {
        int listEnd = wholeVector(2, end);
        while (!broken && at < listEnd) {
            int type = number(1, listEnd);
            int nameEnd = vector(2, listEnd);
            if (!broken && type == HOST_NAME) {
                broken |= serverNameStart >= 0 || nameEnd == at || nameEnd - at > LONGEST_NAME;
                serverNameStart = at;
                serverNameEnd = nameEnd;
                lowerName();
            }
            skip(nameEnd - at, listEnd);
        }
    }

    private void lowerName() {
        byte[] message = records.message();
        for (int i = serverNameStart; i < serverNameEnd; i++) {
            byte octet = message[i];
            broken |= octet <= ' ' || octet > '~';
            if (octet >= 'A' && octet <= 'Z') {
                message[i] = (byte) (octet | 0x20);
            }
        }
    }

    private void readProtocols(int end) {
        int listEnd = wholeVector(2, end);
        while (!broken && at < listEnd) {
            int nameEnd = vector(1, listEnd);
            broken |= nameEnd == at;
            offersHttp11 |= isNext(HTTP_1_1, nameEnd);
            offersHttp2 |= isNext(HTTP_2, nameEnd);
            offersAcmeTls |= isNext(ACME_TLS, nameEnd);
            skip(nameEnd - at, listEnd);
        }
    }

    private boolean isNext(byte[] name, int end) {
        return !broken && Arrays.equals(records.message(), at, end, name, 0, name.length);
    }

    private void readGroups(int end) {
        int listEnd = wholeVector(2, end);
        while (!broken && at < listEnd) {
            hasEcdsaCurve |= isCurveOfKeys(number(2, listEnd));
        }
    }

    private void readSignatures(int end) {
        int listEnd = wholeVector(2, end);
        while (!broken && at < listEnd) {
            int scheme = number(2, listEnd);
            hasEcdsaSignature |= signsByEcdsa(scheme);
            hasRsaSignature |= signsByRsa(scheme);
        }
    }

    private void readVersions(int end) {
        int listEnd = wholeVector(1, end);
        while (!broken && at < listEnd) {
            offersTls13 |= number(2, listEnd) == TLS_1_3;
        }
    }

    // --- Numbers of the IANA registry ------------------------------------------------------------------------------

    /** Returns true for secp256r1, secp384r1 and secp521r1. */
    private static boolean isCurveOfKeys(int group) {
        return group >= 0x0017 && group <= 0x0019;
    }

    /** Returns true for {@code ecdsa_*} with SHA-1 to SHA-512. */
    private static boolean signsByEcdsa(int scheme) {
        return (scheme & 0xff) == 3 && scheme >> 8 >= 2 && scheme >> 8 <= 6;
    }

    /** Returns true for {@code rsa_pkcs1_*} with SHA-1 to SHA-512, and for {@code rsa_pss_rsae_*}. */
    private static boolean signsByRsa(int scheme) {
        return (scheme & 0xff) == 1 && scheme >> 8 >= 2 && scheme >> 8 <= 6 || scheme >= 0x0804 && scheme <= 0x0806;
    }

    private static boolean isEcdsa(int suite) {
        return switch (suite) {
            case 0xC009, 0xC00A, 0xC023, 0xC024, 0xC02B, 0xC02C, 0xCCA9 -> true;
            default -> false;
        };
    }

    /** Returns true for suites with a certificate of an RSA key: ECDHE, DHE, and RSA's own key exchange. */
    private static boolean isRsa(int suite) {
        return switch (suite) {
            case 0xC013, 0xC014, 0xC027, 0xC028, 0xC02F, 0xC030, 0xCCA8 -> true;
            case 0x0033, 0x0039, 0x0067, 0x006B, 0x009E, 0x009F, 0xCCAA -> true;
            case 0x000A, 0x002F, 0x0035, 0x003C, 0x003D, 0x009C, 0x009D -> true;
            default -> false;
        };
    }

    // --- Bytes -----------------------------------------------------------------------------------------------------

    private int number(int bytes, int end) {
        if (broken || end - at < bytes) {
            broken = true;
            return 0;
        }
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | records.message()[at++] & 0xff;
        }
        return value;
    }

    /** Reads the length of a vector, and returns where the vector ends. */
    private int vector(int lengthBytes, int end) {
        int length = number(lengthBytes, end);
        if (broken || end - at < length) {
            broken = true;
            return at;
        }
        return at + length;
    }

    /** As {@link #vector}, for one that is all there is, and not empty. */
    private int wholeVector(int lengthBytes, int end) {
        int vectorEnd = vector(lengthBytes, end);
        broken |= vectorEnd != end || vectorEnd == at;
        return vectorEnd;
    }

    private void skip(int length, int end) {
        if (broken || end - at < length) {
            broken = true;
        } else {
            at += length;
        }
    }

    // --- What was found --------------------------------------------------------------------------------------------

    /** Returns how many bytes a whole message needs at least, beyond those that have come. */
    public int missing() {
        return records.missing();
    }

    /** Returns where the name stands; valid until the next look. */
    public byte[] bytes() {
        return records.message();
    }

    /** Returns where the name of the host begins that the client asks for, in lower case; -1 if it asks for none. */
    public int serverNameStart() {
        return serverNameStart;
    }

    /** Returns where the name ends; -1 if there is none. */
    public int serverNameEnd() {
        return serverNameEnd;
    }

    public boolean offersHttp11() {
        return offersHttp11;
    }

    public boolean offersHttp2() {
        return offersHttp2;
    }

    /** Returns true if a certificate authority looks for the answer to a challenge (RFC 8737). */
    public boolean offersAcmeTls() {
        return offersAcmeTls;
    }

    /** Returns true if the client names protocols at all. */
    public boolean hasAlpn() {
        return hasAlpn;
    }

    public boolean offersTls13() {
        return offersTls13;
    }

    /**
     * Returns true if the client can be shown a certificate with an ECDSA key. In TLS 1.2 its groups say the curves of
     * keys too (RFC 8422, section 5.1.1).
     */
    public boolean takesEcdsa() {
        return (hasEcdsaSignature || !hasSignatures) && (offersTls13 || hasEcdsaSuite && (hasEcdsaCurve || !hasGroups));
    }

    /** Returns true if the client can be shown a certificate with an RSA key. */
    public boolean takesRsa() {
        return (hasRsaSignature || !hasSignatures) && (offersTls13 || hasRsaSuite);
    }
}
