package dev.turnout.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates that Turnout signs itself, for names whose certificates have not been issued yet. */
final class SelfSigned {

    private static final Duration LIFETIME = Duration.ofDays(1);

    /** A client's clock may be slow. */
    private static final Duration EARLIER = Duration.ofHours(1);

    private static final int SERIAL_BITS = 120;

    private SelfSigned() {}

    /** Returns a new pair for a name, valid for a day. */
    static CertificatePair of(String name, Instant now) {
        try {
            KeyPair keys = KeyPairs.generate();
            BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom());
            X509Certificate certificate = sign(name, now, keys, serial);
            return new CertificatePair(
                    new CertificateChain(List.of(certificate)),
                    keys.getPrivate(),
                    List.of(name),
                    "self-signed " + serial);
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("a certificate for " + name + " can't be signed", e);
        }
    }

    private static X509Certificate sign(String name, Instant now, KeyPair keys, BigInteger serial)
            throws GeneralSecurityException, OperatorCreationException, CertIOException {
        X500Name self = new X500Name("CN=Turnout stand-in");
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                self, serial, Date.from(now.minus(EARLIER)), Date.from(now.plus(LIFETIME)), self, keys.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }
}
