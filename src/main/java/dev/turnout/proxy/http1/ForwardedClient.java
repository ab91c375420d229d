package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * What a trusted proxy says of its client, in both families of fields: {@code X-Forwarded-*}, and {@code Forwarded} of
 * RFC 7239. An application reads one of them, so what a target gets of one never contradicts the other.
 *
 * <table>
 * <caption>What a target gets, by what the proxy sends</caption>
 * <tr><th>the proxy sends</th><th>X-Forwarded-*</th><th>Forwarded</th></tr>
 * <tr><td>neither</td><td>of the proxy itself</td><td>of the proxy itself</td></tr>
 * <tr><td>X-Forwarded-* only</td><td>as sent</td><td>made of them (RFC 7239, section 7.4); none if they are malformed</td></tr>
 * <tr><td>Forwarded only</td><td>made of it</td><td>as sent</td></tr>
 * <tr><td>both, and they agree</td><td>as sent, what is missing made of Forwarded</td><td>as sent</td></tr>
 * <tr><td>both, and they contradict</td><td>as sent</td><td>made of X-Forwarded-*</td></tr>
 * <tr><td>a malformed Forwarded</td><td>as without it</td><td>as without it</td></tr>
 * </table>
 *
 * <p>The proxy's address is appended to both lists. Most proxies write only {@code X-Forwarded-*} and pass a client's own
 * Forwarded: that is why it loses. Not safe for use by more than one thread.
 */
final class ForwardedClient {

    private static final byte[] HTTP = "http".getBytes(ISO_8859_1);
    private static final byte[] HTTPS = "https".getBytes(ISO_8859_1);
    private static final byte[] WSS = "wss".getBytes(ISO_8859_1);
    private static final byte[] ON = "on".getBytes(ISO_8859_1);
    private static final byte[] HTTP_PORT = "80".getBytes(ISO_8859_1);
    private static final byte[] HTTPS_PORT = "443".getBytes(ISO_8859_1);
    private static final byte[] FOR = "for=".getBytes(ISO_8859_1);
    private static final byte[] PROTO = ";proto=".getBytes(ISO_8859_1);
    private static final byte[] HOST = ";host=\"".getBytes(ISO_8859_1);
    private static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);
    private static final byte[] COMMA = ", ".getBytes(ISO_8859_1);
    private static final byte[] COLON = ": ".getBytes(ISO_8859_1);
    private static final byte[] QUOTE = "\"".getBytes(ISO_8859_1);
    private static final byte[] QUOTE_BRACKET = "\"[".getBytes(ISO_8859_1);
    private static final byte[] BRACKET_QUOTE = "]\"".getBytes(ISO_8859_1);

    private final ForwardedPairs pairs = new ForwardedPairs();

    /** What {@code X-Forwarded-*} say first; empty where they say nothing. */
    private final Span saidFor = new Span();

    private final Span saidProto = new Span();
    private final Span saidHost = new Span();
    private final Span saidPort = new Span();

    /** What Forwarded says first. */
    private final Span pairFor = new Span();

    private final Span pairProto = new Span();
    private final Span pairHost = new Span();

    /** What holds. */
    private final Span proto = new Span();

    private final Span host = new Span();
    private final Span port = new Span();

    private final Span item = new Span();
    private final Span address = new Span();
    private final Span other = new Span();

    private RequestHead head;
    private ClientInfo client;
    private boolean keepsForwarded;

    /** Reads what a request says. */
    void read(RequestHead request, ClientInfo facts) {
        head = request;
        client = facts;
        readXForwarded();
        keepsForwarded = readForwarded() && !contradicts();
        if (!keepsForwarded) {
            pairFor.clear();
            pairProto.clear();
            pairHost.clear();
        }
        decide();
    }

    /** Returns true if the client of the proxy came over TLS. */
    boolean isHttps() {
        return isSecure(proto);
    }

    private void readXForwarded() {
        first(FieldName.X_FORWARDED_FOR, saidFor);
        first(FieldName.X_FORWARDED_HOST, saidHost);
        first(FieldName.X_FORWARDED_PORT, saidPort);
        first(FieldName.X_FORWARDED_PROTO, saidProto);
        if (saidProto.isEmpty()) {
            first(FieldName.X_FORWARDED_SCHEME, saidProto);
        }
        if (saidProto.isEmpty() && (isOn(FieldName.X_FORWARDED_SSL) || isOn(FieldName.FRONT_END_HTTPS))) {
            saidProto.set(HTTPS);
        }
        if (!IpLiteral.isPort(saidPort.bytes(), saidPort.from(), saidPort.to())) {
            saidPort.clear();
        }
    }

    private boolean isOn(FieldName name) {
        first(name, item);
        return item.is(ON);
    }

    /** Finds the first item of a list field that is not empty. */
    private void first(FieldName name, Span found) {
        found.clear();
        FieldLines fields = head.fields();
        if (fields.count(name) == 0) {
            return;
        }
        for (int line = 0; line < fields.size() && found.isEmpty(); line++) {
            if (fields.name(line) == name) {
                int end = fields.valueEnd(line);
                int at = fields.valueStart(line);
                while (at < end && found.isEmpty()) {
                    at = item(at, end, found);
                }
            }
        }
    }

    /** Finds the item of a list that begins at an offset, and returns where the next one begins. */
    private int item(int from, int end, Span found) {
        byte[] bytes = head.bytes();
        int comma = from;
        while (comma < end && bytes[comma] != ',') {
            comma++;
        }
        int start = from;
        int last = comma;
        while (start < last && isBlank(bytes[start])) {
            start++;
        }
        while (last > start && isBlank(bytes[last - 1])) {
            last--;
        }
        found.set(bytes, start, last);
        return comma + 1;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Returns false if there is no Forwarded, or it is malformed. */
    private boolean readForwarded() {
        pairFor.clear();
        pairProto.clear();
        pairHost.clear();
        if (head.fields().count(FieldName.FORWARDED) == 0) {
            return false;
        }
        boolean any = false;
        pairs.start(head.fields());
        while (pairs.next()) {
            any = true;
            if (pairs.isFor()) {
                keepFirst(pairFor);
            } else if (pairs.isProto()) {
                keepFirst(pairProto);
            } else if (pairs.isHost()) {
                keepFirst(pairHost);
            }
        }
        return any
                && !pairs.isBroken()
                && (pairProto.isEmpty() || isScheme(pairProto))
                && (pairHost.isEmpty() || isHost(pairHost));
    }

    private void keepFirst(Span span) {
        if (span.isEmpty()) {
            span.set(pairs.value());
        }
    }

    private static boolean isScheme(Span span) {
        for (int i = span.from(); i < span.to(); i++) {
            if (!Octets.isToken(span.bytes()[i])) {
                return false;
            }
        }
        return !span.isEmpty();
    }

    private static boolean isHost(Span span) {
        return RequestHead.isHost(span.bytes(), span.from(), span.to());
    }

    private boolean contradicts() {
        return isOtherAddress() || isOther(saidProto, pairProto) || isOther(saidHost, pairHost) || isOtherPort();
    }

    private static boolean isOther(Span one, Span two) {
        return !one.isEmpty() && !two.isEmpty() && !one.isSameAs(two);
    }

    /** A node that is hidden ({@code unknown}, {@code _x}) contradicts no address (RFC 7239, section 6). */
    private boolean isOtherAddress() {
        return !saidFor.isEmpty()
                && !pairFor.isEmpty()
                && IpLiteral.find(pairFor, address)
                && !(IpLiteral.find(saidFor, other) && address.isSameAs(other));
    }

    private boolean isOtherPort() {
        if (saidPort.isEmpty() || pairHost.isEmpty()) {
            return false;
        }
        proto.set(pairProto.isEmpty() ? saidProto : pairProto);
        portOf(pairHost, proto, other);
        return !saidPort.isSameAs(other);
    }

    private void decide() {
        if (!saidProto.isEmpty()) {
            proto.set(saidProto);
        } else if (!pairProto.isEmpty()) {
            proto.set(pairProto);
        } else {
            proto.set(client.scheme());
        }
        if (!saidHost.isEmpty()) {
            host.set(saidHost);
        } else if (!pairHost.isEmpty()) {
            host.set(pairHost);
        } else if (head.hostStart() < 0) {
            host.set(client.fallbackHost());
        } else {
            host.set(head.bytes(), head.hostStart(), head.hostEnd());
        }
        if (saidPort.isEmpty()) {
            portOf(host, proto, port);
        } else {
            port.set(saidPort);
        }
    }

    private static boolean isSecure(Span scheme) {
        return scheme.is(HTTPS) || scheme.is(WSS);
    }

    /** Finds the port of a host, or else its scheme's (RFC 9110, section 4.2). */
    static void portOf(Span host, Span scheme, Span found) {
        int colon = host.to();
        while (colon > host.from() && Octets.isDigit(host.bytes()[colon - 1])) {
            colon--;
        }
        boolean named = colon > host.from()
                && host.bytes()[colon - 1] == ':'
                && IpLiteral.isPort(host.bytes(), colon, host.to());
        if (named) {
            found.set(host.bytes(), colon, host.to());
        } else {
            found.set(isSecure(scheme) ? HTTPS_PORT : HTTP_PORT);
        }
    }

    /** Writes all lines of both families that have to be written; those that the proxy sent and that stay are not. */
    void write(HeadWriter out) {
        writeFor(out);
        if (!isSaid(FieldName.X_FORWARDED_PROTO)) {
            name(FieldName.X_FORWARDED_PROTO, out).append(proto).append(CRLF);
        }
        if (!isSaid(FieldName.X_FORWARDED_PORT)) {
            name(FieldName.X_FORWARDED_PORT, out).append(port).append(CRLF);
        }
        if (!isSaid(FieldName.X_FORWARDED_HOST)) {
            name(FieldName.X_FORWARDED_HOST, out).append(host).append(CRLF);
        }
        if (keepsForwarded) {
            writeForwarded(out);
        } else if (isScheme(proto) && isHost(host)) {
            makeForwarded(out);
        }
    }

    private boolean isSaid(FieldName name) {
        first(name, item);
        return !item.isEmpty();
    }

    private static HeadWriter name(FieldName name, HeadWriter out) {
        return out.append(name.toString()).append(COLON);
    }

    private void writeFor(HeadWriter out) {
        name(FieldName.X_FORWARDED_FOR, out);
        if (saidFor.isEmpty() && keepsForwarded) {
            pairs.start(head.fields());
            while (pairs.next()) {
                if (pairs.isFor() && IpLiteral.find(pairs.value(), address)) {
                    out.append(address).append(COMMA);
                }
            }
        } else {
            list(FieldName.X_FORWARDED_FOR, out);
        }
        out.append(client.address()).append(CRLF);
    }

    private void writeForwarded(HeadWriter out) {
        name(FieldName.FORWARDED, out);
        list(FieldName.FORWARDED, out);
        out.append(FOR).append(client.node()).append(CRLF);
    }

    /** Writes all values of a list field so far, each with the comma behind it. */
    private void list(FieldName name, HeadWriter out) {
        FieldLines fields = head.fields();
        for (int line = 0; line < fields.size(); line++) {
            if (fields.name(line) == name && fields.valueEnd(line) > fields.valueStart(line)) {
                out.append(head.bytes(), fields.valueStart(line), fields.valueEnd(line))
                        .append(COMMA);
            }
        }
    }

    /**
     * Writes a Forwarded of {@code X-Forwarded-*}. Scheme and host are those that the first client used; what the proxy
     * itself used would contradict them. A list with anything but addresses cannot be converted.
     */
    private void makeForwarded(HeadWriter out) {
        int before = out.length();
        name(FieldName.FORWARDED, out);
        FieldLines fields = head.fields();
        boolean first = true;
        for (int line = 0; line < fields.size(); line++) {
            if (fields.name(line) != FieldName.X_FORWARDED_FOR) {
                continue;
            }
            int end = fields.valueEnd(line);
            int at = fields.valueStart(line);
            while (at < end) {
                at = item(at, end, item);
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
        out.append(FOR).append(client.node());
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
        portOf(host, proto, other);
        if (port.isSameAs(other)) {
            out.append(host);
        } else {
            out.append(host.bytes(), host.from(), nameEnd(host));
            if (!port.is(isSecure(proto) ? HTTPS_PORT : HTTP_PORT)) {
                out.append(COLON, 0, 1).append(port);
            }
        }
        out.append(QUOTE);
    }

    /** Where a host's name ends, before its port. */
    private static int nameEnd(Span host) {
        int at = host.to();
        while (at > host.from() && Octets.isDigit(host.bytes()[at - 1])) {
            at--;
        }
        return at > host.from() && host.bytes()[at - 1] == ':' ? at - 1 : host.to();
    }
}
