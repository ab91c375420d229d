package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
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
            throw new UnusablePair(TlsText.of(TlsFinding.NO_CERTIFICATE).at(files.namedCert()));
        }
        return checked(chain, key, content.digest(), files);
    }

    private static List<X509Certificate> chain(PairFiles files, PairFiles.Content content) throws UnusablePair {
        try {
            return PemFile.parse(content.cert()).certificates();
        } catch (UnusablePair e) {
            throw new UnusablePair(e.reason().at(files.namedCert()));
        }
    }

    private static PrivateKey key(PairFiles files, PairFiles.Content content) throws UnusablePair {
        Optional<char[]> password = content.password().map(bytes -> new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .toCharArray());
        try {
            return PemFile.parse(content.key()).key(password).orElseThrow(() -> new UnusablePair(TlsFinding.NO_KEY));
        } catch (UnusablePair e) {
            throw new UnusablePair(e.reason().at(files.namedKey()));
        }
    }

    /** Returns the pair if its parts fit each other. */
    private static CertificatePair checked(List<X509Certificate> chain, PrivateKey key, String digest, PairFiles files)
            throws UnusablePair {
        checkKind(chain.get(0).getPublicKey(), files);
        if (!KeyPairs.fit(key, chain.get(0).getPublicKey())) {
            throw new UnusablePair(TlsText.of(TlsFinding.KEY_DOES_NOT_FIT, "cert", files.cert())
                    .at(files.namedKey()));
        }
        checkOrder(chain, files);
        return new CertificatePair(new CertificateChain(chain), key, names(chain.get(0), files), digest);
    }

    private static void checkKind(PublicKey key, PairFiles files) throws UnusablePair {
        String kind = key.getAlgorithm();
        if (!kind.equals(CertificatePair.EC) && !kind.equals(CertificatePair.RSA)) {
            throw new UnusablePair(TlsText.of(TlsFinding.KEY_KIND, "kind", kind).at(files.namedCert()));
        }
    }

    private static void checkOrder(List<X509Certificate> chain, PairFiles files) throws UnusablePair {
        for (int i = 0; i + 1 < chain.size(); i++) {
            X509Certificate issuer = chain.get(i + 1);
            if (!isIssued(chain.get(i), issuer)) {
                throw new UnusablePair(TlsText.of(
                                TlsFinding.CHAIN_NOT_IN_ORDER,
                                "number",
                                i + 1,
                                "next",
                                i + 2,
                                "issuer",
                                DistinguishedName.shortForm(issuer.getSubjectX500Principal()))
                        .at(files.namedCert()));
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
            throw new UnusablePair(TlsText.of(TlsFinding.BROKEN_NAMES).at(files.namedCert()));
        }
        if (names.size() > MOST_NAMES) {
            throw new UnusablePair(
                    TlsText.of(TlsFinding.TOO_MANY_NAMES, "most", MOST_NAMES).at(files.namedCert()));
        }
        return names;
    }
}
