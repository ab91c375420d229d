package dev.turnout.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.Predicate;

/** What is known of a host by its name or address alone; no name server is asked. */
final class Hosts {

    private static final String LOCALHOST = "localhost";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PARTS = 4;

    private Hosts() {}

    /** Whether something that listens on this host can be reached from this machine alone. */
    static boolean isLoopback(String host) {
        return canonical(host).equals(LOOPBACK) || isAddress(host, InetAddress::isLoopbackAddress);
    }

    /** Whether this host stands for every address of the machine. */
    static boolean isWildcard(String host) {
        return isAddress(host, InetAddress::isAnyLocalAddress);
    }

    /** Whether two texts are the same host by their spelling; two names of one address are not. */
    static boolean areSame(String one, String other) {
        return canonical(one).equals(canonical(other));
    }

    /**
     * Returns the one spelling of a host: an address in its shortest form, a name in lower case and without the dot at
     * its end. {@code localhost} is 127.0.0.1, which Java takes first; 127.0.0.2 and ::1 are addresses of their own.
     */
    static String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        if (name.equals(LOCALHOST)) {
            return LOOPBACK;
        }
        byte[] bytes = bytes(name);
        int scope = name.indexOf('%');
        return bytes == null
                ? name
                : NetUtil.toAddressString(address(bytes)) + (scope < 0 ? "" : name.substring(scope));
    }

    private static boolean isAddress(String host, Predicate<InetAddress> what) {
        byte[] bytes = bytes(host);
        return bytes != null && what.test(address(bytes));
    }

    /** The bytes of an address; null for a name. Java reads a number with leading zeros as a decimal one. */
    private static byte[] bytes(String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        return bytes == null ? NetUtil.createByteArrayFromIpAddressString(withoutZeros(host)) : bytes;
    }

    private static String withoutZeros(String host) {
        String[] parts = host.split("\\.", -1);
        return parts.length == PARTS ? host.replaceAll("(^|\\.)0+(?=[0-9])", "$1") : host;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
