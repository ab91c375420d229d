package dev.turnout.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Answers to TLS-ALPN-01 challenges (RFC 8737). Any thread. */
public interface AlpnChallenges {

    /** Answers handshakes for a name that offer {@code acme-tls/1} with this certificate, until it is withdrawn. */
    void offer(String name, List<X509Certificate> chain, PrivateKey key);

    /** Ends the answers for a name. */
    void withdraw(String name);
}
