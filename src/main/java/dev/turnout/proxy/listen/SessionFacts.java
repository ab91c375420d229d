package dev.turnout.proxy.listen;

import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.tls.ClientAuthPolicy;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.security.cert.CertificateEncodingException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What the engine of TLS says of a session once its handshake is done. Event loop only. */
final class SessionFacts {

    private SessionFacts() {}

    /**
     * Returns true if the session of an earlier connection goes on.
     *
     * @param startedMillis when the connection began. Milliseconds since the epoch.
     */
    static boolean isResumed(SSLEngine engine, long startedMillis) {
        return engine instanceof ReferenceCountedOpenSslEngine boringSsl
                ? SSL.isSessionReused(boringSsl.sslPointer())
                : engine.getSession().getCreationTime() < startedMillis;
    }

    /** Returns what is known of a client, with its version of TLS and its certificate, if it was asked for one. */
    static ClientInfo of(SSLSession session, ClientInfo client, ClientAuthPolicy policy) {
        ClientInfo info = client.withTls(session.getProtocol());
        if (policy.demand() == ClientAuthPolicy.Demand.NONE) {
            return info;
        }
        try {
            return info.withCertificate(session.getPeerCertificates()[0].getEncoded());
        } catch (SSLPeerUnverifiedException e) {
            return info;
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("The certificate of a client whose handshake is done", e);
        }
    }
}
