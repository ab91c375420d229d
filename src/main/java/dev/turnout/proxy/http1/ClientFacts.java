package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * What is to be told to targets of a client's connection, made once for each connection.
 *
 * <p>From a peer that is not trusted everything that it says of itself is replaced; one that is trusted (a proxy in
 * front) has its lists appended to, and its word of scheme, host, port and request id kept.
 */
public final class ClientFacts {

    private static final byte[] HTTPS = "https".getBytes(ISO_8859_1);

    private final boolean trusted;
    private final byte[] address;
    private final byte[] scheme;
    private final byte[] port;
    private final byte[] fallbackHost;
    private final byte[] forwardedFor;
    private final byte[] untrustedLines;

    /**
     * @param address the peer's IP address
     * @param scheme {@code http} or {@code https}
     * @param port the port that the client connected to
     * @param fallbackHost the Host for a request that has none (HTTP/1.0)
     * @param trusted whether the peer is one of {@code turnout.trusted-proxies}
     */
    public ClientFacts(String address, String scheme, int port, String fallbackHost, boolean trusted) {
        this.trusted = trusted;
        this.address = address.getBytes(ISO_8859_1);
        this.scheme = scheme.getBytes(ISO_8859_1);
        this.port = Integer.toString(port).getBytes(ISO_8859_1);
        this.fallbackHost = fallbackHost.getBytes(ISO_8859_1);
        // RFC 7239, section 6: an IPv6 address stands in brackets and quotes.
        String node = address.indexOf(':') >= 0 ? "\"[" + address + "]\"" : address;
        String element = "for=" + node + ";proto=" + scheme + ";host=\"";
        this.forwardedFor = element.getBytes(ISO_8859_1);
        this.untrustedLines = ("X-Forwarded-For: " + address + "\r\nX-Forwarded-Proto: " + scheme
                        + "\r\nX-Forwarded-Port: " + port + "\r\nForwarded: " + element)
                .getBytes(ISO_8859_1);
    }

    /** Whether a client's request came over TLS, to Turnout or to a trusted proxy in front. */
    public boolean isHttps(RequestHead head) {
        return Arrays.equals(scheme, HTTPS)
                || trusted && head.fields().lastContains(FieldName.X_FORWARDED_PROTO, HTTPS);
    }

    boolean trusted() {
        return trusted;
    }

    byte[] address() {
        return address;
    }

    byte[] scheme() {
        return scheme;
    }

    byte[] port() {
        return port;
    }

    byte[] fallbackHost() {
        return fallbackHost;
    }

    /** A Forwarded element up to where the host is to be written. */
    byte[] forwardedFor() {
        return forwardedFor;
    }

    /** All lines that do not depend on the request, and a Forwarded line up to where the host is to be written. */
    byte[] untrustedLines() {
        return untrustedLines;
    }
}
