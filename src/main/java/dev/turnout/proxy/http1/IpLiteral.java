package dev.turnout.proxy.http1;

/** Reads an IP address as fields of proxies write it: bare, in brackets, with a port or without. */
final class IpLiteral {

    private static final int GROUPS = 8;

    private IpLiteral() {}

    /**
     * Finds the address in {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1}, {@code [2001:db8::1]} or {@code
     * [2001:db8::1]:80}.
     *
     * @param address gets the bare address; may be the same as the text
     * @return false if the text is none of these
     */
    static boolean find(Span text, Span address) {
        byte[] bytes = text.bytes();
        int from = text.from();
        int to = text.to();
        if (from < to && bytes[from] == '[') {
            int end = from + 1;
            while (end < to && bytes[end] != ']') {
                end++;
            }
            if (end == to || !isIpv6(bytes, from + 1, end) || !isPortOrNothing(bytes, end + 1, to)) {
                return false;
            }
            address.set(bytes, from + 1, end);
            return true;
        }
        int end = from;
        while (end < to && bytes[end] != ':') {
            end++;
        }
        if (isIpv4(bytes, from, end)) {
            address.set(bytes, from, end);
            return isPortOrNothing(bytes, end, to);
        }
        address.set(bytes, from, to);
        return isIpv6(bytes, from, to);
    }

    private static boolean isPortOrNothing(byte[] bytes, int from, int to) {
        return from == to || bytes[from] == ':' && isPort(bytes, from + 1, to);
    }

    /** Returns true for 0 to 65535, without a needless zero before it. */
    static boolean isPort(byte[] bytes, int from, int to) {
        if (from == to || to - from > 5 || bytes[from] == '0' && to - from > 1) {
            return false;
        }
        int port = 0;
        for (int i = from; i < to; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return false;
            }
            port = port * 10 + bytes[i] - '0';
        }
        return port <= 0xffff;
    }

    /** {@code IPv4address} of RFC 3986, section 3.2.2. */
    private static boolean isIpv4(byte[] bytes, int from, int to) {
        int octets = 0;
        int at = from;
        while (octets < 4) {
            int start = at;
            int octet = 0;
            while (at < to && at - start < 3 && Octets.isDigit(bytes[at])) {
                octet = octet * 10 + bytes[at++] - '0';
            }
            if (at == start || octet > 255 || bytes[start] == '0' && at - start > 1) {
                return false;
            }
            octets++;
            if (octets < 4 && (at >= to || bytes[at++] != '.')) {
                return false;
            }
        }
        return at == to;
    }

    /** {@code IPv6address} of RFC 3986, section 3.2.2: no zone. */
    private static boolean isIpv6(byte[] bytes, int from, int to) {
        int groups = 0;
        boolean shortened = false;
        int at = from;
        if (at + 1 < to && bytes[at] == ':' && bytes[at + 1] == ':') {
            shortened = true;
            at += 2;
        }
        while (at < to) {
            int start = at;
            while (at < to && at - start < 4 && Octets.hex(bytes[at]) >= 0) {
                at++;
            }
            if (at == start) {
                return false;
            }
            if (at < to && bytes[at] == '.') {
                return isIpv4(bytes, start, to) && isWhole(groups + 2, shortened);
            }
            groups++;
            if (at == to) {
                break;
            }
            if (bytes[at++] != ':' || at == to) {
                return false;
            }
            if (bytes[at] == ':') {
                if (shortened) {
                    return false;
                }
                shortened = true;
                at++;
            }
        }
        return isWhole(groups, shortened);
    }

    private static boolean isWhole(int groups, boolean shortened) {
        return shortened ? groups < GROUPS : groups == GROUPS;
    }
}
