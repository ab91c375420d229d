package dev.turnout.acme;

import dev.turnout.acme.AuthorityFailed.Kind;
import dev.turnout.tls.AlpnChallenges;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.util.CertificateUtils;

/** The answers to TLS-ALPN-01 (RFC 8737): handshakes on the port for HTTPS that offer {@code acme-tls/1} get them. */
final class AlpnProofs implements Proofs {

    static final int PORT = 443;

    private static final int RSA_BITS = 2048;
    private static final int TIMEOUT_MILLIS = 10_000;

    private final AlpnChallenges front;
    private final int port;

    /** @param port where authorities ask; 443 for every authority on the Internet */
    AlpnProofs(AlpnChallenges front, int port) {
        this.front = front;
        this.port = port;
    }

    @Override
    public void offer(Proof proof) throws AuthorityFailed {
        try {
            KeyPair keys = rsa();
            X509Certificate certificate =
                    CertificateUtils.createTlsAlpn01Certificate(keys, Identifier.dns(proof.name()), proof.digest());
            front.offer(proof.name(), List.of(certificate), keys.getPrivate());
        } catch (IOException | GeneralSecurityException e) {
            throw new AuthorityFailed(Kind.NOT_READY, "The answer to the challenge can't be made: " + e, e);
        }
    }

    /** Returns a key of the kind that acme4j signs certificates of challenges with. */
    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        return generator.generateKeyPair();
    }

    @Override
    public void withdraw(Proof proof) {
        front.withdraw(proof.name());
    }

    @Override
    public void check(Proof proof) throws AuthorityFailed {
        try (Socket raw = new Socket()) {
            raw.connect(new InetSocketAddress(proof.name(), port), TIMEOUT_MILLIS);
            raw.setSoTimeout(TIMEOUT_MILLIS);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(raw, proof.name(), port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {TlsAlpn01Challenge.ACME_TLS_1_PROTOCOL});
                parameters.setServerNames(List.of(new SNIHostName(proof.name())));
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                if (!isAnswer(socket.getSession().getPeerCertificates()[0], proof)) {
                    throw notSeen(proof, "another server answers");
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw notSeen(proof, e.toString());
        }
    }

    /** Returns true if the extension of a certificate holds the digest: two octet strings around 32 bytes. */
    private static boolean isAnswer(Certificate certificate, Proof proof) {
        byte[] extension = ((X509Certificate) certificate).getExtensionValue(TlsAlpn01Challenge.ACME_VALIDATION_OID);
        byte[] digest = proof.digest();
        return extension != null
                && extension.length >= digest.length
                && MessageDigest.isEqual(
                        Arrays.copyOfRange(extension, extension.length - digest.length, extension.length), digest);
    }

    private static AuthorityFailed notSeen(Proof proof, String what) {
        return new AuthorityFailed(
                Kind.NOT_READY,
                "Turnout could not see its own answer in a handshake with " + proof.name() + " (" + what
                        + "). The certificate authority was not asked. Let the DNS name point at this machine, and let"
                        + " port 443 through to turnout.tls.port. If this machine cannot reach its own public address,"
                        + " set turnout.acme.self-check=false.");
    }
}
