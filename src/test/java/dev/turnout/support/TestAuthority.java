package dev.turnout.support;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of a test. */
public final class TestAuthority {

    private static final Duration YEAR = Duration.ofDays(365);

    private final X500Name name;
    private final X509Certificate certificate;
    private final KeyPair keys;
    private final List<X509Certificate> above;

    /** A certificate with its chain and its key. */
    public record Issued(List<X509Certificate> chain, PrivateKey key) {

        public X509Certificate certificate() {
            return chain.get(0);
        }

        /** Returns the chain as PEM. */
        public String chainPem() {
            return pem(chain.toArray());
        }

        /** Returns the key as PEM, in PKCS#8. */
        public String keyPem() {
            try {
                return pem(new JcaPKCS8Generator(key, null).generate());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Writes {@code NAME.crt} and {@code NAME.key}, the key for its owner only. */
        public void write(Path folder, String name) {
            try {
                Path key = folder.resolve(name + ".key");
                Files.writeString(folder.resolve(name + ".crt"), chainPem());
                Files.writeString(key, keyPem());
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private TestAuthority(String name, X509Certificate certificate, KeyPair keys, List<X509Certificate> above) {
        this.name = new X500Name("CN=" + name);
        this.certificate = certificate;
        this.keys = keys;
        this.above = above;
    }

    /** Returns a new authority that has signed its own certificate. */
    public static TestAuthority root(String name) {
        KeyPair keys = ec();
        X500Name self = new X500Name("CN=" + name);
        X509Certificate own = sign(
                self, keys, self, keys, Instant.now().minus(YEAR), Instant.now().plus(YEAR), true, false);
        return new TestAuthority(name, own, keys, List.of());
    }

    /** Returns a new authority below this one. */
    public TestAuthority intermediate(String below) {
        KeyPair theirs = ec();
        X509Certificate own = sign(
                name,
                keys,
                new X500Name("CN=" + below),
                theirs,
                Instant.now().minus(YEAR),
                Instant.now().plus(YEAR),
                true,
                false);
        List<X509Certificate> chain = new ArrayList<>(List.of(own));
        chain.addAll(above);
        return new TestAuthority(below, own, theirs, chain);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** Returns the certificate as PEM. */
    public String pem() {
        return pem(certificate);
    }

    /** Returns a certificate with an elliptic key, valid now. */
    public Issued issue(String... names) {
        return issue(
                ec(), Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(90)), names);
    }

    /** Returns a certificate with an RSA key, valid now. */
    public Issued issueRsa(String... names) {
        return issue(
                rsa(), Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(90)), names);
    }

    /** Returns a certificate with an elliptic key. */
    public Issued issue(Instant notBefore, Instant notAfter, String... names) {
        return issue(ec(), notBefore, notAfter, names);
    }

    public Issued issue(KeyPair theirs, Instant notBefore, Instant notAfter, String... names) {
        X509Certificate leaf =
                sign(name, keys, new X500Name("CN=leaf"), theirs, notBefore, notAfter, false, !above.isEmpty(), names);
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        chain.addAll(above);
        return new Issued(chain, theirs.getPrivate());
    }

    private static X509Certificate sign(
            X500Name issuer,
            KeyPair issuerKeys,
            X500Name subject,
            KeyPair subjectKeys,
            Instant notBefore,
            Instant notAfter,
            boolean isAuthority,
            boolean namesIssuer,
            String... names) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(100, new SecureRandom()),
                    Date.from(notBefore),
                    Date.from(notAfter),
                    subject,
                    subjectKeys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (namesIssuer) {
                builder.addExtension(
                        Extension.authorityInfoAccess,
                        false,
                        new AuthorityInformationAccess(
                                AccessDescription.id_ad_caIssuers,
                                new GeneralName(GeneralName.uniformResourceIdentifier, "http://ca.example/ca.cer")));
            }
            if (names.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(Arrays.stream(names)
                                .map(name -> new GeneralName(GeneralName.dNSName, name))
                                .toArray(GeneralName[]::new)));
                builder.addExtension(Extension.cRLDistributionPoints, false, revocations());
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns where the list of revoked certificates would be. Scanners ask for such a place; nobody listens there. */
    private static CRLDistPoint revocations() {
        GeneralName place = new GeneralName(GeneralName.uniformResourceIdentifier, "http://127.0.0.1:1/revoked.crl");
        return new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(new DistributionPointName(new GeneralNames(place)), null, null)
        });
    }

    /** Returns a new key pair of curve P-256. */
    public static KeyPair ec() {
        return keys("EC", 256);
    }

    /** Returns a new RSA key pair of 2048 bits. */
    public static KeyPair rsa() {
        return keys("RSA", 2048);
    }

    private static KeyPair keys(String kind, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns things as PEM, one after the other. */
    public static String pem(Object... things) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object thing : things) {
                writer.writeObject(thing);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
