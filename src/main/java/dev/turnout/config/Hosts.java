package dev.turnout.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Comparisons of hosts by their text alone. No name server is asked. */
public final class Hosts {

    private static final String LOCALHOST = "localhost";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PARTS = 4;

    private Hosts() {}

    /** Returns true if a listener on this host can only be reached from this machine. */
    static boolean isLoopback(String host) {
        return canonical(host).equals(LOOPBACK) || isAddress(host, InetAddress::isLoopbackAddress);
    }

    /** Returns true if this host stands for every address of the machine. */
    static boolean isWildcard(String host) {
        return isAddress(host, InetAddress::isAnyLocalAddress);
    }

    /** Returns true if two texts spell the same host. Two names of one address are different hosts. */
    static boolean areSame(String one, String other) {
        return canonical(one).equals(canonical(other));
    }

    /**
     * Returns the canonical spelling of a host: an address in its shortest form, a name in lower case without a final
     * dot. {@code localhost} is 127.0.0.1, which Java prefers; 127.0.0.2 and ::1 are other addresses.
     */
    static String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        if (name.equals(LOCALHOST)) {
            return LOOPBACK;
        }
        int scope = name.indexOf('%');
        return address(name)
                .map(address -> NetUtil.toAddressString(address) + (scope < 0 ? "" : name.substring(scope)))
                .orElse(name);
    }

    private static boolean isAddress(String host, Predicate<InetAddress> what) {
        return address(host).filter(what).isPresent();
    }

    /** Returns the address that a text spells; empty for a name. Java reads a number with leading zeros as decimal. */
    public static Optional<InetAddress> address(String host) {
        return bytes(host).or(() -> bytes(withoutZeros(host))).map(Hosts::address);
    }

    private static Optional<byte[]> bytes(String host) {
        return Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(host));
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
