package dev.turnout.acme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.tls.PemBlock;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of certificates and elliptic-curve keys (RFC 7468). */
final class PemText {

    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String PUBLIC_KEY = "PUBLIC KEY";

    private PemText() {}

    static String of(PrivateKey key) {
        return PemBlock.of(PRIVATE_KEY, key.getEncoded());
    }

    /** Returns both keys of a pair. */
    static String of(KeyPair keys) {
        return of(keys.getPrivate()) + PemBlock.of(PUBLIC_KEY, keys.getPublic().getEncoded());
    }

    /** Returns the certificates in a text, the first one first. */
    static List<X509Certificate> chain(String text) throws CertificateException {
        List<X509Certificate> chain =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(text.getBytes(US_ASCII)))
                        .stream()
                        .map((Certificate certificate) -> (X509Certificate) certificate)
                        .toList();
        if (chain.isEmpty()) {
            throw new CertificateException("there is no certificate in it");
        }
        return chain;
    }

    static PrivateKey privateKey(String text) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(content(text, PRIVATE_KEY)));
    }

    static KeyPair keyPair(String text) throws GeneralSecurityException {
        PublicKey publicKey =
                KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(content(text, PUBLIC_KEY)));
        return new KeyPair(publicKey, privateKey(text));
    }

    private static byte[] content(String text, String label) throws GeneralSecurityException {
        Matcher block = Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----")
                .matcher(text);
        if (!block.find()) {
            throw new GeneralSecurityException("there is no " + label + " in it");
        }
        return Base64.getMimeDecoder().decode(block.group(1));
    }
}
