package dev.turnout.proxy.proxyprotocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Version 1: one line of text (section 2.1). */
final class TextHeader {

    /** The longest line with its CRLF (section 2.1). */
    static final int MOST_BYTES = 107;

    private static final String UNKNOWN = "PROXY UNKNOWN";

    private TextHeader() {}

    static ProxyHeader read(byte[] bytes) {
        int end = Math.min(bytes.length, MOST_BYTES);
        for (int i = 0; i < end; i++) {
            if (bytes[i] == '\n') {
                return broken("a line feed without a carriage return");
            }
            if (bytes[i] == '\r') {
                return i + 1 == end ? unfinished(bytes) : atReturn(bytes, i);
            }
            if (bytes[i] < ' ' || bytes[i] > '~') {
                return broken("a byte that is no printable ASCII");
            }
        }
        return unfinished(bytes);
    }

    private static ProxyHeader unfinished(byte[] bytes) {
        return bytes.length < MOST_BYTES
                ? new ProxyHeader.Incomplete()
                : broken("more than " + MOST_BYTES + " bytes in a header of version 1");
    }

    private static ProxyHeader atReturn(byte[] bytes, int at) {
        return bytes[at + 1] == '\n'
                ? line(new String(bytes, 0, at, US_ASCII), at + 2)
                : broken("a carriage return without a line feed");
    }

    private static ProxyHeader line(String line, int length) {
        if (line.equals(UNKNOWN) || line.startsWith(UNKNOWN + ' ')) {
            return new ProxyHeader.Complete(length, null, null, false);
        }
        String[] words = line.split(" ", -1);
        if (words.length != 6) {
            return broken("not six words with one blank between them");
        }
        boolean isIpv6 = words[1].equals("TCP6");
        if (!isIpv6 && !words[1].equals("TCP4")) {
            return broken("an unknown protocol");
        }
        Endpoint source = endpoint(words[2], words[4], isIpv6);
        Endpoint destination = endpoint(words[3], words[5], isIpv6);
        return source == null || destination == null
                ? broken("an address or a port that is none")
                : new ProxyHeader.Complete(length, source, destination, false);
    }

    private static @Nullable Endpoint endpoint(String address, String port, boolean isIpv6) {
        byte @Nullable [] bytes = isIpv6 ? ipv6(address) : ipv4(address);
        int number = decimal(port, 65_535);
        if (bytes == null || number < 0) {
            return null;
        }
        try {
            return new Endpoint(InetAddress.getByAddress(bytes), number);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address of " + bytes.length + " bytes", e);
        }
    }

    private static byte @Nullable [] ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int part = parts.length == 4 ? decimal(parts[i], 255) : -1;
            if (part < 0) {
                return null;
            }
            bytes[i] = (byte) part;
        }
        return bytes;
    }

    /** Zones and brackets, which Netty takes, are no part of an address here. */
    private static byte @Nullable [] ipv6(String text) {
        boolean isPlain = text.indexOf(':') >= 0
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
        return isPlain ? NetUtil.createByteArrayFromIpAddressString(text) : null;
    }

    /** Returns a number without a sign or a leading zero; -1 if the text is none, or the number is above the limit. */
    private static int decimal(String text, int limit) {
        boolean isNumber = !text.isEmpty()
                && text.length() <= 5
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        int number = isNumber ? Integer.parseInt(text) : -1;
        return number <= limit ? number : -1;
    }

    private static ProxyHeader broken(String reason) {
        return new ProxyHeader.Broken(reason);
    }
}
