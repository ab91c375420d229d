package dev.turnout.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * A block of IP addresses: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
 *
 * @param address the block's address; no bit behind the prefix is set
 * @param prefix the number of leading bits that count
 */
public record Cidr(InetAddress address, int prefix) {

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    /**
     * Reads {@code address} or {@code address/prefix}. No name server is asked. A block of IPv4 addresses in the form of
     * IPv6, such as {@code ::ffff:10.0.0.0/104}, is the block of IPv4.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
        if (bytes == null) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address or a CIDR block");
        }
        int bits = bytes.length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits, text);
        for (int i = prefix; i < bits; i++) {
            if ((bytes[i / 8] & 0x80 >> i % 8) != 0) {
                throw new IllegalArgumentException("'" + text + "' has bits set behind its prefix");
            }
        }
        try {
            int behind = isMapped(bytes) ? MAPPED.length * 8 : 0;
            // The class InetAddress turns the mapped form into an IPv4 address.
            return new Cidr(InetAddress.getByAddress(bytes), prefix - behind);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
        }
    }

    /** Returns true for an IPv4 address in the form of IPv6. A prefix that ends within {@code ::ffff} has bits behind it. */
    private static boolean isMapped(byte[] bytes) {
        return bytes.length > MAPPED.length && Arrays.equals(MAPPED, Arrays.copyOf(bytes, MAPPED.length));
    }

    private static int prefix(String digits, int bits, String text) {
        boolean isNumber =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int prefix = isNumber ? Integer.parseInt(digits) : -1;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("'" + text + "': the prefix is 0 to " + bits);
        }
        return prefix;
    }

    /** Returns true if an address is in one of the blocks. Allocates no iterator. */
    public static boolean anyContains(List<Cidr> blocks, InetAddress address) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if an address is in the block. An IPv4 address is never in an IPv6 block, and vice versa. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int bits = prefix % 8;
        return bits == 0 || ((mine[whole] ^ theirs[whole]) & 0xff00 >> bits & 0xff) == 0;
    }
}
