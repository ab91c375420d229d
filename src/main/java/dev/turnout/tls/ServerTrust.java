package dev.turnout.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What decides which certificates of servers are believed, of targets and of an admin server. It tells a certificate for another name from one that is not
 * believed for any name: the one that Java has makes the difference in the text of its messages only. Any thread.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    private static final int DNS = 2;
    private static final int ADDRESS = 7;
    private static final int MOST_NAMES = 5;
    private static final int LONGEST_NAME = 253;

    private final X509ExtendedTrustManager trust;

    private ServerTrust(X509ExtendedTrustManager trust) {
        this.trust = trust;
    }

    /** @param authorities who is believed; empty for the authorities of the Java virtual machine */
    static ServerTrust of(Optional<List<X509Certificate>> authorities) throws GeneralSecurityException {
        TrustManagerFactory factory =
                authorities.isPresent() ? KeyStores.trust(authorities.get()) : KeyStores.trustOfJava();
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager x509) {
                return new ServerTrust(x509);
            }
        }
        throw new GeneralSecurityException("no manager of trust");
    }

    /** Tells that a certificate is believed, and is for another name. */
    static final class OtherName extends CertificateException {

        private static final long serialVersionUID = 1;

        private OtherName(SSLSession session, X509Certificate certificate, CertificateException cause) {
            super("it has to be for " + session.getPeerHost() + ", and is for " + names(certificate), cause);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            trust.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw reason(chain, authType, engine.getHandshakeSession(), e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            trust.checkServerTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw socket instanceof SSLSocket tls ? reason(chain, authType, tls.getHandshakeSession(), e) : e;
        }
    }

    private CertificateException reason(
            X509Certificate[] chain, String authType, SSLSession session, CertificateException failure) {
        boolean isOfName = !(failure.getCause() instanceof CertPathValidatorException) && isBelieved(chain, authType);
        return isOfName ? new OtherName(session, chain[0], failure) : failure;
    }

    /** Returns true if a chain is believed, whatever its names. */
    private boolean isBelieved(X509Certificate[] chain, String authType) {
        try {
            trust.checkServerTrusted(chain, authType);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    /** What can't stand in a name of DNS is left out: the certificate is a stranger's text. */
    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            String found = all == null
                    ? ""
                    : all.stream()
                            .filter(name ->
                                    name.get(0).equals(DNS) || name.get(0).equals(ADDRESS))
                            .map(name -> name.get(1).toString())
                            .filter(ServerTrust::isName)
                            .limit(MOST_NAMES)
                            .collect(Collectors.joining(", "));
            return found.isEmpty() ? "none" : found;
        } catch (CertificateParsingException e) {
            return "none that can be read";
        }
    }

    private static boolean isName(String text) {
        return text.length() <= LONGEST_NAME && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
