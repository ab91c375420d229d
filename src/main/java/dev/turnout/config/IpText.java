package dev.turnout.config;

import dev.turnout.routing.HostPort;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The text of IP addresses: IPv6 as RFC 5952 recommends, without a zone; IPv4-mapped IPv6 as IPv4. */
public final class IpText {

    private static final int IPV6_LENGTH = 16;
    private static final int MAPPED_PREFIX = 12;

    private IpText() {}

    /** Returns the text of an address, without brackets. */
    public static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return isMapped(bytes)
                ? NetUtil.bytesToIpAddress(bytes, MAPPED_PREFIX, IPV6_LENGTH - MAPPED_PREFIX)
                : NetUtil.toAddressString(address);
    }

    /** Returns the text of an address that is given as text, with or without a zone. Any other text is returned as it is. */
    public static String of(String address) {
        int zone = address.indexOf('%');
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(zone < 0 ? address : address.substring(0, zone));
        if (bytes == null) {
            return address;
        }
        try {
            return of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }

    /** Returns true if the address is an IPv4-mapped one (RFC 4291, section 2.5.5.2). */
    private static boolean isMapped(byte[] bytes) {
        if (bytes.length != IPV6_LENGTH || bytes[10] != -1 || bytes[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns {@code address:port}. */
    public static String withPort(InetSocketAddress address) {
        return new HostPort(of(address.getAddress()), address.getPort()).toString();
    }
}
