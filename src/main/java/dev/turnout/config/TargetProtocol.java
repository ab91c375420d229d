package dev.turnout.config;

/** What targets are spoken to with. */
public enum TargetProtocol {
    HTTP1,
    /** HTTP/2 over plain connections, with prior knowledge. */
    H2C,
    /** HTTP/2 over TLS, agreed on by ALPN. */
    H2;

    public boolean isHttp2() {
        return this != HTTP1;
    }
}
