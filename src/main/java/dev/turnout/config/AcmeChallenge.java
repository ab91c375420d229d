package dev.turnout.config;

/** How a certificate authority sees that a name belongs to the account (RFC 8555, section 8; RFC 8737). */
public enum AcmeChallenge {
    HTTP_01,
    TLS_ALPN_01,
    DNS_01
}
