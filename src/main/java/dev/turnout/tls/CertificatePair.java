package dev.turnout.tls;

import java.security.PrivateKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * A certificate with its chain and its key, which fit each other.
 *
 * @param names the host names in the certificate, in lower case; a name may begin with {@code *.}
 * @param digest tells this content of the files from another
 */
record CertificatePair(CertificateChain chain, PrivateKey key, List<String> names, String digest) {

    static final String EC = "EC";
    static final String RSA = "RSA";

    /** RFC 5280, section 4.2.2.1. */
    private static final String AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";

    /** The identifier id-ad-caIssuers as DER, in hexadecimal digits. */
    private static final String ISSUERS_CERTIFICATE = "06082b06010505073002";

    CertificatePair {
        names = List.copyOf(names);
    }

    boolean isValid(Instant now) {
        return !now.isBefore(chain.notBefore()) && !now.isAfter(chain.notAfter());
    }

    /**
     * Returns true if the certificate stands alone, is not signed by itself, and says where its issuer's is to be had. A
     * private authority that signs with its root does not say that.
     */
    boolean lacksIssuer() {
        byte[] access = chain.certificate().getExtensionValue(AUTHORITY_INFORMATION_ACCESS);
        return chain.certificates().size() == 1
                && access != null
                && HexFormat.of().formatHex(access).contains(ISSUERS_CERTIFICATE)
                && !chain.certificate()
                        .getIssuerX500Principal()
                        .equals(chain.certificate().getSubjectX500Principal());
    }

    /** Returns {@code EC} or {@code RSA}. */
    String keyKind() {
        return chain.certificate().getPublicKey().getAlgorithm();
    }

    boolean isEc() {
        return keyKind().equals(EC);
    }

    /** Returns the common name of the issuer, or its whole name. */
    String issuer() {
        return DistinguishedName.shortForm(chain.certificate().getIssuerX500Principal());
    }
}
