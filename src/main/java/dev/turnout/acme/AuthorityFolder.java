package dev.turnout.acme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.store.AtomicFile;
import dev.turnout.store.PrivateFiles;
import dev.turnout.tls.CertificateChain;
import dev.turnout.tls.KeyPairs;
import dev.turnout.tls.PemBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The files of one certificate authority: the account key, and a folder for each certificate. Folders have mode 0700 and
 * files 0600. Every file is replaced as a whole. All methods block.
 */
final class AuthorityFolder {

    private static final Logger LOG = Logger.getLogger(AuthorityFolder.class);
    private static final String CERTIFICATE = "cert.pem";
    private static final String NEXT_CERTIFICATE = "cert.next.pem";
    private static final String KEY = "key.pem";
    private static final String NEXT_KEY = "key.next.pem";
    private static final String RECORD = "order.json";

    private final Path folder;
    private final FolderChanges changes;

    /** @param changes told of each change, before anything goes on */
    AuthorityFolder(Path folder, FolderChanges changes) {
        this.folder = folder;
        this.changes = changes;
    }

    /** Returns the key of the account. The first call makes the key. */
    KeyPair accountKey() throws IOException {
        PrivateFiles.makeFolder(folder);
        Path file = folder.resolve("account.pem");
        Optional<String> text = text(file);
        if (text.isPresent()) {
            return keyPair(file, text.get());
        }
        KeyPair keys = KeyPairs.generate();
        replace(file, PemText.of(keys));
        changes.changed();
        return keys;
    }

    private static KeyPair keyPair(Path file, String text) throws IOException {
        try {
            return PemText.keyPair(text);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    OrderRecord record(CertificatePlan plan) throws IOException {
        Path file = file(plan, RECORD);
        try {
            return text(file).map(OrderRecord::parse).orElse(OrderRecord.NONE);
        } catch (IllegalArgumentException e) {
            LOG.warnf("%s is damaged, and a new one is begun: %s", file, e.getMessage());
            return OrderRecord.NONE;
        }
    }

    void save(CertificatePlan plan, OrderRecord record) throws IOException {
        PrivateFiles.makeFolder(folder.resolve(plan.folder()));
        replace(file(plan, RECORD), record.json());
        changes.changed();
    }

    /** Returns the certificate in force; empty if there is none that can be used for the plan. */
    Optional<CertificateChain> pair(CertificatePlan plan) throws IOException {
        Optional<String> certificate = text(file(plan, CERTIFICATE));
        Optional<String> key = text(file(plan, KEY));
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        try {
            CertificateChain pair = new CertificateChain(PemText.chain(certificate.get()));
            boolean isUsable = fits(key.get(), pair.certificate()) && plan.isCoveredBy(pair.certificate());
            return isUsable ? Optional.of(pair) : Optional.empty();
        } catch (GeneralSecurityException e) {
            LOG.warnf("The certificate in %s is damaged, and another one is ordered: %s", folder, e.getMessage());
            return Optional.empty();
        }
    }

    /** Returns true if the stored certificate lacks a name of the plan: the plan has changed since the last order. */
    boolean isForOtherNames(CertificatePlan plan) throws IOException {
        Optional<String> certificate = text(file(plan, CERTIFICATE));
        if (certificate.isEmpty()) {
            return false;
        }
        try {
            return !plan.isCoveredBy(new CertificateChain(PemText.chain(certificate.get())).certificate());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static boolean fits(String key, X509Certificate certificate) throws GeneralSecurityException {
        return KeyPairs.fit(PemText.privateKey(key), certificate.getPublicKey());
    }

    /** Returns the key of an order that has begun; empty if there is none. */
    Optional<KeyPair> nextKey(CertificatePlan plan) throws IOException {
        Path file = file(plan, NEXT_KEY);
        Optional<String> text = text(file);
        return text.isEmpty() ? Optional.empty() : Optional.of(keyPair(file, text.get()));
    }

    /** Makes the key of an order that begins. The key outlives a crash: the authority may issue while nobody looks. */
    KeyPair makeNextKey(CertificatePlan plan) throws IOException {
        KeyPair keys = KeyPairs.generate();
        PrivateFiles.makeFolder(folder.resolve(plan.folder()));
        replace(file(plan, NEXT_KEY), PemText.of(keys));
        changes.changed();
        return keys;
    }

    /** Puts an issued certificate and its key in force. */
    void put(CertificatePlan plan, List<X509Certificate> chain, PrivateKey key) throws IOException {
        try {
            AtomicFile.write(
                    file(plan, NEXT_CERTIFICATE),
                    PemBlock.ofChain(chain).getBytes(UTF_8),
                    AtomicFile.Ownership.PRIVATE);
        } catch (GeneralSecurityException e) {
            throw new IOException("The issued certificate can't be written: " + e.getMessage(), e);
        }
        replace(file(plan, KEY), PemText.of(key));
        moveCertificate(plan);
    }

    /** Completes a {@link #put} that a crash has left half done: the key is the new one, the certificate the old one. */
    void recover(CertificatePlan plan) throws IOException {
        Optional<String> next = text(file(plan, NEXT_CERTIFICATE));
        Optional<String> key = text(file(plan, KEY));
        if (next.isEmpty()) {
            return;
        }
        try {
            X509Certificate certificate = PemText.chain(next.get()).get(0);
            if (key.isPresent() && fits(key.get(), certificate)) {
                moveCertificate(plan);
                return;
            }
        } catch (GeneralSecurityException e) {
            LOG.debugf("An unfinished certificate is dropped: %s", e.getMessage());
        }
        Files.deleteIfExists(file(plan, NEXT_CERTIFICATE));
    }

    /** Drops what an order has left that went well and is not to be used. */
    void drop(CertificatePlan plan) throws IOException {
        Files.deleteIfExists(file(plan, NEXT_KEY));
        save(plan, OrderRecord.NONE);
    }

    private void moveCertificate(CertificatePlan plan) throws IOException {
        Files.move(file(plan, NEXT_CERTIFICATE), file(plan, CERTIFICATE), StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.forceFolder(file(plan, CERTIFICATE));
        Files.deleteIfExists(file(plan, NEXT_KEY));
        changes.changed();
    }

    private Path file(CertificatePlan plan, String name) {
        return folder.resolve(plan.folder()).resolve(name);
    }

    /** Replaces a file of orders as a whole. */
    static void replace(Path file, String text) throws IOException {
        Path temp = file.resolveSibling(file.getFileName() + ".tmp");
        new AtomicFile(file, temp, AtomicFile.Ownership.PRIVATE).replace(text.getBytes(UTF_8));
    }

    private static Optional<String> text(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }
}
