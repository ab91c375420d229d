package dev.turnout.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/** Certificates and keys in the stores that Java's TLS takes them from. The stores are in memory only. Any thread. */
public final class KeyStores {

    private static final char[] NO_PASSWORD = {};

    private KeyStores() {}

    /** Returns what believes these authorities and no other. */
    public static TrustManagerFactory trust(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            return trust(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("authorities can't be put into a store", e);
        }
    }

    /** Returns what believes the authorities of the Java virtual machine. */
    static TrustManagerFactory trustOfJava() throws GeneralSecurityException {
        return trust((KeyStore) null);
    }

    private static TrustManagerFactory trust(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    /** Returns what shows a certificate to a server that asks for one. */
    static X509KeyManager keys(CertificatePair pair) throws GeneralSecurityException, IOException {
        // PKCS12 would encrypt the key with ten thousand rounds.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        store.setKeyEntry(
                "own", pair.key(), NO_PASSWORD, pair.chain().certificates().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        for (KeyManager manager : factory.getKeyManagers()) {
            if (manager instanceof X509KeyManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no manager of keys");
    }
}
