package dev.turnout.proxy.proxyprotocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Version 2: sixteen fixed bytes, addresses, and fields of type, length and value (section 2.2). */
final class BinaryHeader {

    /** The bytes before the addresses. */
    static final int FIXED = 16;

    static final int VERSION = 0x20;
    static final int LOCAL = 0;
    static final int PROXY = 1;
    static final int TCP_IPV4 = 0x11;
    static final int TCP_IPV6 = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int UNIX_STREAM = 0x31;

    private static final int UNIX_BYTES = 216;

    /** {@code PP2_TYPE_CRC32C} and {@code PP2_TYPE_SSL} (section 2.2). */
    private static final int TYPE_CRC32C = 0x03;

    private static final int TYPE_SSL = 0x20;

    /** {@code PP2_CLIENT_SSL}: the client came over TLS (section 2.2.6). */
    private static final int CLIENT_SSL = 0x01;

    private static final int SSL_LEAST_BYTES = 5;

    private final byte[] bytes;
    private final int end;
    private boolean hasChecksum;
    private boolean overTls;

    private BinaryHeader(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    /** @param bytes at least {@value #FIXED} */
    static ProxyHeader read(byte[] bytes) {
        int command = bytes[12] & 0xFF;
        if (command != (VERSION | LOCAL) && command != (VERSION | PROXY)) {
            return broken("an unknown version or command");
        }
        int end = FIXED + unsignedShort(bytes, 14);
        if (end > ProxyHeader.MOST_BYTES) {
            return broken("more than " + ProxyHeader.MOST_BYTES + " bytes");
        }
        if (bytes.length < end) {
            return new ProxyHeader.Incomplete();
        }
        int family = bytes[13] & 0xFF;
        // The sender speaks for itself, such as by a health check: family and addresses are ignored (section 2.2).
        boolean isOwn = command == (VERSION | LOCAL);
        return isOwn ? new ProxyHeader.Complete(end, null, null, false) : new BinaryHeader(bytes, end).proxied(family);
    }

    private ProxyHeader proxied(int family) {
        return switch (family) {
            case UNSPECIFIED -> new ProxyHeader.Complete(end, null, null, false);
            case TCP_IPV4 -> addresses(4);
            case TCP_IPV6 -> addresses(16);
            case UNIX_STREAM -> unix();
            default -> broken("an unknown family or transport");
        };
    }

    private ProxyHeader addresses(int size) {
        int ports = FIXED + 2 * size;
        if (end < ports + 4) {
            return broken("too short for its addresses");
        }
        String wrong = fields(ports + 4);
        if (wrong != null) {
            return broken(wrong);
        }
        return new ProxyHeader.Complete(
                end,
                endpoint(FIXED, size, unsignedShort(bytes, ports)),
                endpoint(FIXED + size, size, unsignedShort(bytes, ports + 2)),
                overTls);
    }

    private ProxyHeader unix() {
        if (end < FIXED + UNIX_BYTES) {
            return broken("too short for its addresses");
        }
        String wrong = fields(FIXED + UNIX_BYTES);
        return wrong == null ? new ProxyHeader.Complete(end, null, null, overTls) : broken(wrong);
    }

    private Endpoint endpoint(int from, int size, int port) {
        try {
            return new Endpoint(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + size)), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address of " + size + " bytes", e);
        }
    }

    /** Goes through the fields behind the addresses. Returns what is wrong with them; null if nothing is. */
    private @Nullable String fields(int from) {
        int at = from;
        while (at < end) {
            int value = at + 3;
            if (value > end || value + unsignedShort(bytes, at + 1) > end) {
                return "a field that is longer than the header";
            }
            int length = unsignedShort(bytes, at + 1);
            String wrong = field(bytes[at] & 0xFF, value, length);
            if (wrong != null) {
                return wrong;
            }
            at = value + length;
        }
        return null;
    }

    private @Nullable String field(int type, int value, int length) {
        return switch (type) {
            case TYPE_CRC32C -> checksum(value, length);
            case TYPE_SSL -> ssl(value, length);
            default -> null;
        };
    }

    /** The sum is over the whole header, with zeros in the place of the sum (section 2.2.3). */
    private @Nullable String checksum(int value, int length) {
        if (length != 4 || hasChecksum) {
            return "a checksum that is not one of four bytes";
        }
        hasChecksum = true;
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, value);
        sum.update(new byte[4], 0, 4);
        sum.update(bytes, value + 4, end - value - 4);
        int said = ByteBuffer.wrap(bytes, value, 4).getInt();
        return said == (int) sum.getValue() ? null : "a wrong checksum";
    }

    private @Nullable String ssl(int value, int length) {
        if (length < SSL_LEAST_BYTES) {
            return "a field of TLS that is too short";
        }
        overTls = (bytes[value] & CLIENT_SSL) != 0;
        return null;
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    private static ProxyHeader broken(String reason) {
        return new ProxyHeader.Broken(reason);
    }
}
