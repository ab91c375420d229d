package dev.turnout.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The parsing and the checks of a certificate and its key: the key fits, and the chain is in order. */
final class PairReader {

    private static final int MOST_NAMES = 1_000;
    private static final int DNS_NAME = 2;

    private PairReader() {}

    /** Returns the pair in the content of files. */
    static CertificatePair read(PairFiles files, PairFiles.Content content) throws UnusablePair {
        List<X509Certificate> chain = chain(files, content);
        PrivateKey key = key(files, content);
        if (chain.isEmpty()) {
            throw new UnusablePair(files.namedCert() + ": it holds no certificate");
        }
        return checked(chain, key, content.digest(), files);
    }

    private static List<X509Certificate> chain(PairFiles files, PairFiles.Content content) throws UnusablePair {
        try {
            return PemFile.parse(content.cert()).certificates();
        } catch (UnusablePair e) {
            throw new UnusablePair(files.namedCert() + ": it " + e.getMessage());
        }
    }

    private static PrivateKey key(PairFiles files, PairFiles.Content content) throws UnusablePair {
        Optional<char[]> password = content.password().map(bytes -> new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .toCharArray());
        try {
            return PemFile.parse(content.key())
                    .key(password)
                    .orElseThrow(() -> new UnusablePair("holds no private key"));
        } catch (UnusablePair e) {
            throw new UnusablePair(files.namedKey() + ": it " + e.getMessage());
        }
    }

    /** Returns the pair if its parts fit each other. */
    private static CertificatePair checked(List<X509Certificate> chain, PrivateKey key, String digest, PairFiles files)
            throws UnusablePair {
        checkKind(chain.get(0).getPublicKey(), files);
        if (!KeyPairs.fit(key, chain.get(0).getPublicKey())) {
            throw new UnusablePair(files.namedKey() + ": the key does not fit the certificate in " + files.cert());
        }
        checkOrder(chain, files);
        return new CertificatePair(chain, key, names(chain.get(0), files), digest);
    }

    private static void checkKind(PublicKey key, PairFiles files) throws UnusablePair {
        String kind = key.getAlgorithm();
        if (!kind.equals(CertificatePair.EC) && !kind.equals(CertificatePair.RSA)) {
            throw new UnusablePair(
                    files.namedCert() + ": the certificate has a key of the kind " + kind + "; allowed are EC and RSA");
        }
    }

    private static void checkOrder(List<X509Certificate> chain, PairFiles files) throws UnusablePair {
        for (int i = 0; i + 1 < chain.size(); i++) {
            X509Certificate issuer = chain.get(i + 1);
            if (!isIssued(chain.get(i), issuer)) {
                throw new UnusablePair(
                        files.namedCert() + ": the chain is not in order: certificate " + (i + 1) + " is not issued by"
                                + " certificate " + (i + 2) + ", "
                                + DistinguishedName.shortForm(issuer.getSubjectX500Principal()));
            }
        }
    }

    private static boolean isIssued(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns the host names of a certificate. The common name counts only if there are no alternative names. */
    private static List<String> names(X509Certificate certificate, PairFiles files) throws UnusablePair {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) {
                DistinguishedName.commonName(certificate.getSubjectX500Principal())
                        .ifPresent(names::add);
                return names;
            }
            for (List<?> alternative : alternatives) {
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add(((String) alternative.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            throw new UnusablePair(
                    files.namedCert() + ": the certificate has alternative names that are not well-formed");
        }
        if (names.size() > MOST_NAMES) {
            throw new UnusablePair(files.namedCert() + ": the certificate has more than " + MOST_NAMES + " names");
        }
        return names;
    }
}
