package dev.turnout.tls;

import dev.turnout.text.TlsFinding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** The certificates and keys in the bytes of a PEM file: PKCS#8, PKCS#1 and SEC1, also encrypted. */
final class PemFile {

    private static final int MOST_BLOCKS = 100;

    private final List<Object> blocks;

    private PemFile(List<Object> blocks) {
        this.blocks = blocks;
    }

    static PemFile parse(byte[] bytes) throws UnusablePair {
        List<Object> blocks = new ArrayList<>();
        try (PEMParser parser =
                new PEMParser(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.US_ASCII))) {
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                if (blocks.size() == MOST_BLOCKS) {
                    throw new UnusablePair(TlsFinding.TOO_MANY_BLOCKS, "most", MOST_BLOCKS);
                }
                blocks.add(block);
            }
        } catch (IOException | RuntimeException e) {
            throw new UnusablePair(TlsFinding.NOT_PEM);
        }
        return new PemFile(blocks);
    }

    /** Returns the certificates in a file of authorities, at least one. Blocks. */
    static List<X509Certificate> authorities(Path file) throws UnusablePair, IOException {
        List<X509Certificate> found = parse(PairFiles.bounded(file)).certificates();
        if (found.isEmpty()) {
            throw new UnusablePair(TlsFinding.NO_CERTIFICATE);
        }
        return List.copyOf(found);
    }

    /** Returns the certificates in their order. */
    List<X509Certificate> certificates() throws UnusablePair {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Object block : blocks) {
                if (block instanceof X509CertificateHolder holder) {
                    certificates.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(holder.getEncoded())));
                }
            }
        } catch (CertificateException | IOException e) {
            throw new UnusablePair(TlsFinding.BROKEN_CERTIFICATE);
        }
        return certificates;
    }

    /**
     * Returns the first key.
     *
     * @param password of an encrypted key
     */
    Optional<PrivateKey> key(Optional<char[]> password) throws UnusablePair {
        for (Object block : blocks) {
            Optional<PrivateKeyInfo> info = info(block, password);
            if (info.isPresent()) {
                return Optional.of(key(info.get()));
            }
        }
        return Optional.empty();
    }

    private static PrivateKey key(PrivateKeyInfo info) throws UnusablePair {
        try {
            return new JcaPEMKeyConverter().getPrivateKey(info);
        } catch (PEMException e) {
            throw new UnusablePair(TlsFinding.UNKNOWN_KEY);
        }
    }

    private static Optional<PrivateKeyInfo> info(Object block, Optional<char[]> password) throws UnusablePair {
        if (block instanceof PrivateKeyInfo plain) {
            return Optional.of(plain);
        }
        if (block instanceof PEMKeyPair pair) {
            return Optional.of(pair.getPrivateKeyInfo());
        }
        if (!(block instanceof PKCS8EncryptedPrivateKeyInfo) && !(block instanceof PEMEncryptedKeyPair)) {
            return Optional.empty();
        }
        if (password.isEmpty()) {
            throw new UnusablePair(TlsFinding.ENCRYPTED_KEY);
        }
        return Optional.of(decrypt(block, password.get()));
    }

    private static PrivateKeyInfo decrypt(Object block, char[] password) throws UnusablePair {
        try {
            if (block instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
                return new EncryptedKey(encrypted.toASN1Structure()).open(password);
            }
            return ((PEMEncryptedKeyPair) block)
                    .decryptKeyPair(new BcPEMDecryptorProvider(password))
                    .getPrivateKeyInfo();
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new UnusablePair(TlsFinding.WRONG_PASSWORD);
        }
    }
}
