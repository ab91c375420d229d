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

    private static final byte[] HTTPS = "https".getBytes(ISO_8859_1);
    private static final byte[] ON = "on".getBytes(ISO_8859_1);
    private static final byte[] FOR = "for=".getBytes(ISO_8859_1);
    private static final byte[] CRLF = "\r\n".getBytes(ISO_8859_1);
    private static final byte[] COMMA = ", ".getBytes(ISO_8859_1);
    private static final byte[] COLON = ": ".getBytes(ISO_8859_1);

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

    private final ForwardedLine line = new ForwardedLine();
    private final Span item = new Span();
    private final Span address = new Span();
    private final Span other = new Span();

    private boolean keepsForwarded;

    /** Reads what a request says. */
    void read(RequestHead head, ClientInfo client) {
        readXForwarded(head);
        keepsForwarded = readForwarded(head) && !contradicts();
        if (!keepsForwarded) {
            pairFor.clear();
            pairProto.clear();
            pairHost.clear();
        }
        decide(head, client);
    }

    /** Returns true if the client of the proxy came over TLS. */
    boolean isHttps() {
        return Authority.isSecure(proto);
    }

    /** Returns true if a request says so itself. */
    boolean saysHttps(RequestHead head) {
        readXForwarded(head);
        readForwarded(head);
        return Authority.isSecure(saidProto) || Authority.isSecure(pairProto);
    }

    /** Returns the host that the client of the proxy asked for. Empty if the proxy says no host that is well-formed. */
    Span host() {
        if (!Authority.isHost(host)) {
            host.clear();
        }
        return host;
    }

    private void readXForwarded(RequestHead head) {
        ListItems.first(head, FieldName.X_FORWARDED_FOR, saidFor);
        ListItems.first(head, FieldName.X_FORWARDED_HOST, saidHost);
        ListItems.first(head, FieldName.X_FORWARDED_PORT, saidPort);
        ListItems.first(head, FieldName.X_FORWARDED_PROTO, saidProto);
        if (saidProto.isEmpty()) {
            ListItems.first(head, FieldName.X_FORWARDED_SCHEME, saidProto);
        }
        if (saidProto.isEmpty() && (isOn(head, FieldName.X_FORWARDED_SSL) || isOn(head, FieldName.FRONT_END_HTTPS))) {
            saidProto.set(HTTPS);
        }
        if (!IpLiteral.isPort(saidPort.bytes(), saidPort.from(), saidPort.to())) {
            saidPort.clear();
        }
    }

    private boolean isOn(RequestHead head, FieldName name) {
        ListItems.first(head, name, item);
        return item.is(ON);
    }

    /** Returns false if there is no Forwarded, or it is malformed. */
    private boolean readForwarded(RequestHead head) {
        pairFor.clear();
        pairProto.clear();
        pairHost.clear();
        if (head.fields().count(FieldName.FORWARDED) == 0) {
            return false;
        }
        boolean any = false;
        pairs.start();
        while (pairs.next(head.fields())) {
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
                && (pairProto.isEmpty() || Authority.isScheme(pairProto))
                && (pairHost.isEmpty() || Authority.isHost(pairHost));
    }

    private void keepFirst(Span span) {
        if (span.isEmpty()) {
            span.set(pairs.value());
        }
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
        Authority.portOf(pairHost, proto, other);
        return !saidPort.isSameAs(other);
    }

    private void decide(RequestHead head, ClientInfo client) {
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
            Authority.portOf(host, proto, port);
        } else {
            port.set(saidPort);
        }
    }

    /** Writes the lines of both families that the proxy did not send, or that change. To be called after {@link #read} of the same head. */
    void write(RequestHead head, ClientInfo client, HeadWriter out) {
        writeFor(head, client, out);
        if (!isSaid(head, FieldName.X_FORWARDED_PROTO)) {
            name(FieldName.X_FORWARDED_PROTO, out).append(proto).append(CRLF);
        }
        if (!isSaid(head, FieldName.X_FORWARDED_PORT)) {
            name(FieldName.X_FORWARDED_PORT, out).append(port).append(CRLF);
        }
        if (!isSaid(head, FieldName.X_FORWARDED_HOST)) {
            name(FieldName.X_FORWARDED_HOST, out).append(host).append(CRLF);
        }
        if (keepsForwarded) {
            writeForwarded(head, client, out);
        } else if (Authority.isScheme(proto) && Authority.isHost(host)) {
            line.write(head, client.node(), proto, host, port, out);
        }
    }

    private boolean isSaid(RequestHead head, FieldName name) {
        ListItems.first(head, name, item);
        return !item.isEmpty();
    }

    private static HeadWriter name(FieldName name, HeadWriter out) {
        return out.append(name.toString()).append(COLON);
    }

    private void writeFor(RequestHead head, ClientInfo client, HeadWriter out) {
        name(FieldName.X_FORWARDED_FOR, out);
        if (saidFor.isEmpty() && keepsForwarded) {
            pairs.start();
            while (pairs.next(head.fields())) {
                if (pairs.isFor() && IpLiteral.find(pairs.value(), address)) {
                    out.append(address).append(COMMA);
                }
            }
        } else {
            list(head, FieldName.X_FORWARDED_FOR, out);
        }
        out.append(client.address()).append(CRLF);
    }

    private static void writeForwarded(RequestHead head, ClientInfo client, HeadWriter out) {
        name(FieldName.FORWARDED, out);
        list(head, FieldName.FORWARDED, out);
        out.append(FOR).append(client.node()).append(CRLF);
    }

    /** Writes all values of a list field so far, each with the comma behind it. */
    private static void list(RequestHead head, FieldName name, HeadWriter out) {
        FieldLines fields = head.fields();
        for (int line = 0; line < fields.size(); line++) {
            if (fields.name(line) == name && fields.valueEnd(line) > fields.valueStart(line)) {
                out.append(head.bytes(), fields.valueStart(line), fields.valueEnd(line))
                        .append(COMMA);
            }
        }
    }
}
