package dev.turnout.tls;

import io.netty.handler.ssl.SslContext;

/** What a handshake is answered with. */
public sealed interface Choice {

    /**
     * The handshake goes on.
     *
     * @param context to be used for a new handler at once: a context that was replaced is released soon after
     * @param policy what is asked of the client
     * @param names those of the certificate
     * @param isChallenge true if a certificate authority asks, and the connection carries no request
     */
    record Serve(SslContext context, ClientAuthPolicy policy, CoveredNames names, boolean isChallenge)
            implements Choice {}

    /** No certificate is for the name that the client asks for. The answer is the alert unrecognized_name. */
    record Refuse() implements Choice {}

    /** There is no certificate at all. */
    record NoCertificate() implements Choice {}
}
