package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told to targets of a client's connection, made once for each connection, and again if trust changes.
 *
 * <p>From a peer that is not trusted everything that it says of itself is replaced; one that is trusted (a proxy in
 * front) has its lists appended to, and its word of scheme, host, port and request id kept. Not safe for use by more than
 * one thread.
 */
public final class ClientInfo {

    /** The largest certificate of a client that is passed on. */
    static final int MOST_CERTIFICATE_BYTES = 16 * 1024;

    private static final byte[] HTTPS = "https".getBytes(ISO_8859_1);

    /** What a trusted peer says of a request, read anew for each; null if the peer is not trusted. */
    private final @Nullable ForwardedClient forwarded;

    private final String addressText;
    private final byte[] address;
    private final byte[] node;
    private final byte[] scheme;
    private final byte[] fallbackHost;
    private final byte[] untrustedLines;
    private final byte @Nullable [] certificateLine;
    private final @Nullable String tlsVersion;

    /**
     * @param address the peer's IP address, without brackets
     * @param scheme {@code http} or {@code https}
     * @param fallbackHost the Host for a request that has none (HTTP/1.0)
     * @param trusted whether the peer is one of {@code turnout.trusted-proxies}
     */
    public ClientInfo(String address, String scheme, String fallbackHost, boolean trusted) {
        this.forwarded = trusted ? new ForwardedClient() : null;
        this.addressText = address;
        this.address = address.getBytes(ISO_8859_1);
        this.scheme = scheme.getBytes(ISO_8859_1);
        this.fallbackHost = fallbackHost.getBytes(ISO_8859_1);
        // RFC 7239, section 6: an IPv6 address stands in brackets and quotes.
        String name = address.indexOf(':') >= 0 ? "\"[" + address + "]\"" : address;
        this.node = name.getBytes(ISO_8859_1);
        this.untrustedLines = ("X-Forwarded-For: " + address + "\r\nX-Forwarded-Proto: " + scheme
                        + "\r\nForwarded: for=" + name + ";proto=" + scheme + ";host=\"")
                .getBytes(ISO_8859_1);
        this.certificateLine = null;
        this.tlsVersion = null;
    }

    private ClientInfo(
            ClientInfo other, boolean trusted, byte @Nullable [] certificateLine, @Nullable String tlsVersion) {
        this.forwarded = trusted ? new ForwardedClient() : null;
        this.addressText = other.addressText;
        this.address = other.address;
        this.node = other.node;
        this.scheme = other.scheme;
        this.fallbackHost = other.fallbackHost;
        this.untrustedLines = other.untrustedLines;
        this.certificateLine = certificateLine;
        this.tlsVersion = tlsVersion;
    }

    /** Returns the same, with the peer trusted or not. */
    public ClientInfo trusted(boolean isTrusted) {
        return isTrusted == trusted() ? this : new ClientInfo(this, isTrusted, certificateLine, tlsVersion);
    }

    /**
     * Returns the same, with the certificate that the client has proved to have (RFC 9440, section 2.2).
     *
     * @param der the certificate. A certificate of more than {@value #MOST_CERTIFICATE_BYTES} bytes is not passed on.
     */
    public ClientInfo withCertificate(byte[] der) {
        if (der.length > MOST_CERTIFICATE_BYTES) {
            return this;
        }
        String line = "Client-Cert: :" + Base64.getEncoder().encodeToString(der) + ":\r\n";
        return new ClientInfo(this, trusted(), line.getBytes(ISO_8859_1), tlsVersion);
    }

    /** Returns the same, of a client that speaks TLS with Turnout. */
    public ClientInfo withTls(String version) {
        return new ClientInfo(this, trusted(), certificateLine, version);
    }

    /** Returns the version of TLS that the client speaks with Turnout, such as {@code TLSv1.3}; null without TLS. */
    public @Nullable String tlsVersion() {
        return tlsVersion;
    }

    /** Returns the peer's IP address, without brackets. */
    public String addressText() {
        return addressText;
    }

    /** Returns true if a client's request came over TLS, to Turnout or to a trusted proxy in front. */
    public boolean isHttps(RequestHead head) {
        if (forwarded == null) {
            return Arrays.equals(scheme, HTTPS);
        }
        forwarded.read(head, this);
        return forwarded.isHttps();
    }

    /** Returns the host that a request is for, as the client of a trusted proxy wrote it. */
    Span hostOf(RequestHead head) {
        if (forwarded != null) {
            forwarded.read(head, this);
            if (!forwarded.host().isEmpty()) {
                return forwarded.host();
            }
        }
        Span host = new Span();
        if (head.hostStart() >= 0 && Authority.isHost(head.bytes(), head.hostStart(), head.hostEnd())) {
            host.set(head.bytes(), head.hostStart(), head.hostEnd());
        } else {
            host.set(fallbackHost);
        }
        return host;
    }

    /** Returns the line of the client's certificate; null if the client has proved none. */
    byte @Nullable [] certificateLine() {
        return certificateLine;
    }

    /** Returns true if the peer is a trusted proxy, whose words about the client are believed. */
    public boolean trusted() {
        return forwarded != null;
    }

    byte[] address() {
        return address;
    }

    /** Returns the address as Forwarded writes it. */
    byte[] node() {
        return node;
    }

    byte[] scheme() {
        return scheme;
    }

    byte[] fallbackHost() {
        return fallbackHost;
    }

    /** Lines that do not depend on the request, and a Forwarded line up to where the host is to be written. */
    byte[] untrustedLines() {
        return untrustedLines;
    }
}
