package dev.turnout.proxy.proxyprotocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** The writer of the header of both versions of the PROXY protocol. */
public final class ProxyHeaderWriter {

    private static final int IPV6_BYTES = 16;

    private ProxyHeaderWriter() {}

    /** Returns the line of version 1 (section 2.1). If either address is IPv6, both are written as IPv6. */
    public static byte[] text(Endpoint source, Endpoint destination) {
        boolean isIpv4 = areIpv4(source, destination);
        String line = "PROXY " + (isIpv4 ? "TCP4" : "TCP6")
                + ' ' + text(source.address(), isIpv4)
                + ' ' + text(destination.address(), isIpv4)
                + ' ' + source.port()
                + ' ' + destination.port() + "\r\n";
        return line.getBytes(US_ASCII);
    }

    /** Returns the line of version 1 for a connection that is nobody's, such as a health check. */
    public static byte[] unknown() {
        return "PROXY UNKNOWN\r\n".getBytes(US_ASCII);
    }

    private static String text(InetAddress address, boolean isIpv4) {
        if (isIpv4) {
            return address.getHostAddress();
        }
        return address instanceof Inet4Address
                ? "::ffff:" + address.getHostAddress()
                : NetUtil.bytesToIpAddress(address.getAddress());
    }

    /** Returns the header of version 2 (section 2.2), without fields. */
    public static byte[] binary(Endpoint source, Endpoint destination) {
        boolean isIpv4 = areIpv4(source, destination);
        int size = isIpv4 ? 4 : IPV6_BYTES;
        ByteBuffer out =
                binary(BinaryHeader.PROXY, isIpv4 ? BinaryHeader.TCP_IPV4 : BinaryHeader.TCP_IPV6, 2 * size + 4);
        out.put(bytes(source.address(), isIpv4)).put(bytes(destination.address(), isIpv4));
        return out.putShort((short) source.port())
                .putShort((short) destination.port())
                .array();
    }

    /** Returns the header of version 2 for a connection that is nobody's else: LOCAL, such as a health check. */
    public static byte[] local() {
        return binary(BinaryHeader.LOCAL, 0, 0).array();
    }

    private static ByteBuffer binary(int command, int family, int length) {
        return ByteBuffer.allocate(BinaryHeader.FIXED + length)
                .put(ProxyHeaderReader.BINARY_BEGIN)
                .put((byte) (BinaryHeader.VERSION | command))
                .put((byte) family)
                .putShort((short) length);
    }

    private static boolean areIpv4(Endpoint source, Endpoint destination) {
        return source.address() instanceof Inet4Address && destination.address() instanceof Inet4Address;
    }

    private static byte[] bytes(InetAddress address, boolean isIpv4) {
        byte[] bytes = address.getAddress();
        if (isIpv4 || bytes.length == IPV6_BYTES) {
            return bytes;
        }
        // RFC 4291, section 2.5.5.2: an IPv4-mapped address.
        return ByteBuffer.allocate(IPV6_BYTES)
                .putShort(10, (short) -1)
                .position(12)
                .put(bytes)
                .array();
    }
}
