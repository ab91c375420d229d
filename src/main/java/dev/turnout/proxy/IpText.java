package dev.turnout.proxy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The text of IP addresses: IPv6 as RFC 5952 recommends, without a zone; IPv4-mapped IPv6 as IPv4. */
final class IpText {

    private static final int IPV6_LENGTH = 16;
    private static final int MAPPED_PREFIX = 12;

    private IpText() {}

    /** Returns the text of an address, without brackets. */
    static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return isMapped(bytes)
                ? NetUtil.bytesToIpAddress(bytes, MAPPED_PREFIX, IPV6_LENGTH - MAPPED_PREFIX)
                : NetUtil.toAddressString(address);
    }

    /** RFC 4291, section 2.5.5.2. */
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

    /** Returns {@code address:port}, with an IPv6 address in brackets (RFC 3986, section 3.2.2). */
    static String withPort(InetSocketAddress address) {
        String text = of(address.getAddress());
        return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + address.getPort();
    }
}
