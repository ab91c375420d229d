package dev.turnout.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;

/** What is known of a host by its name or address alone; no name server is asked. */
final class Hosts {

    private Hosts() {}

    /** Whether something that listens on this host can be reached from this machine alone. */
    static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost") || isAddress(host, InetAddress::isLoopbackAddress);
    }

    /** Whether this host stands for every address of the machine. */
    static boolean isWildcard(String host) {
        return isAddress(host, InetAddress::isAnyLocalAddress);
    }

    private static boolean isAddress(String host, Predicate<InetAddress> what) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes != null && what.test(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
