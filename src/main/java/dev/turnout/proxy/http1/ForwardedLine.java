package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Makes a Forwarded line of {@code X-Forwarded-*} (RFC 7239, section 7.4). Not safe for use by more than one thread. */
final class ForwardedLine {

    private static final byte[] FOR = "for=".getBytes(ISO_8859_1);
    private static final byte[] PROTO = ";proto=".getBytes(ISO_8859_1);
    private static final byte[] HOST = ";host=\"".getBytes(ISO_8859_1);
    private static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);
    private static final byte[] COMMA = ", ".getBytes(ISO_8859_1);
    private static final byte[] COLON = ": ".getBytes(ISO_8859_1);
    private static final byte[] QUOTE = "\"".getBytes(ISO_8859_1);
    private static final byte[] QUOTE_BRACKET = "\"[".getBytes(ISO_8859_1);
    private static final byte[] BRACKET_QUOTE = "]\"".getBytes(ISO_8859_1);

    private final Span item = new Span();
    private final Span address = new Span();
    private final Span other = new Span();
    private Span proto = new Span();
    private Span host = new Span();
    private Span port = new Span();

    /**
     * Writes a Forwarded line of {@code X-Forwarded-*}. Writes nothing if the list has anything but addresses: such a
     * list cannot be converted. Scheme and host are those that the first client used: what the proxy itself used would
     * contradict them.
     *
     * @param node the address of the proxy, as Forwarded writes it
     * @param scheme the first client's
     * @param name the host that the first client used, maybe with a port
     * @param number the port that the first client used
     */
    void write(RequestHead request, byte[] node, Span scheme, Span name, Span number, HeadWriter out) {
        proto = scheme;
        host = name;
        port = number;
        int before = out.length();
        out.append(FieldName.FORWARDED.toString()).append(COLON);
        FieldLines fields = request.fields();
        boolean first = true;
        for (int line = 0; line < fields.size(); line++) {
            if (fields.name(line) != FieldName.X_FORWARDED_FOR) {
                continue;
            }
            int end = fields.valueEnd(line);
            int at = fields.valueStart(line);
            while (at < end) {
                at = ListItems.next(request.bytes(), at, end, item);
                if (item.isEmpty()) {
                    continue;
                }
                if (!node(out)) {
                    out.truncate(before);
                    return;
                }
                if (first) {
                    first = false;
                    schemeAndHost(out);
                }
                out.append(COMMA);
            }
        }
        out.append(FOR).append(node);
        if (first) {
            schemeAndHost(out);
        }
        out.append(CRLF);
    }

    /** Writes {@code for=} and an item; false if it is no address. An IPv6 address or a port needs quotes. */
    private boolean node(HeadWriter out) {
        if (!IpLiteral.find(item, address)) {
            return false;
        }
        boolean bare = address.to() - address.from() == item.to() - item.from();
        out.append(FOR);
        if (!bare) {
            out.append(QUOTE).append(item).append(QUOTE);
        } else if (isIpv6(address)) {
            out.append(QUOTE_BRACKET).append(item).append(BRACKET_QUOTE);
        } else {
            out.append(item);
        }
        return true;
    }

    private static boolean isIpv6(Span address) {
        for (int i = address.from(); i < address.to(); i++) {
            if (address.bytes()[i] == ':') {
                return true;
            }
        }
        return false;
    }

    /** A port that the proxy names stands for that of the host. */
    private void schemeAndHost(HeadWriter out) {
        out.append(PROTO).append(proto).append(HOST);
        Authority.portOf(host, proto, other);
        if (port.isSameAs(other)) {
            out.append(host);
        } else {
            out.append(host.bytes(), host.from(), Authority.nameEnd(host));
            if (!port.is(Authority.portOf(proto))) {
                out.append(COLON, 0, 1).append(port);
            }
        }
        out.append(QUOTE);
    }
}
