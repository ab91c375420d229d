package dev.turnout.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a command that calls the admin server: whom it believes, and who it is. The engine is Java's. Any thread.
 *
 * <p>A certificate is believed if an authority has issued it for the name that is called, or if it is one of a few known
 * certificates.
 */
public final class CallerTls {

    /** The store only holds what was read from files in clear. */
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;
    private final boolean isNameChecked;

    private CallerTls(KeyManager @Nullable [] identity, TrustManager @Nullable [] trust, boolean isNameChecked) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(identity, trust, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
        this.isNameChecked = isNameChecked;
    }

    /** Returns the TLS of a caller that believes the authorities of Java, and shows no certificate. */
    public static CallerTls ofJava() {
        return new CallerTls(null, null, true);
    }

    /**
     * Returns the TLS of a caller that believes authorities.
     *
     * @param authorities the PEM file with their certificates; the authorities of Java without it
     * @param cert the PEM file with the certificate that is shown to a server that asks for one
     * @param key the PEM file with its key; the key stands in the file of the certificate without it
     * @throws TlsRefused if a file can't be used
     */
    public static CallerTls of(Optional<Path> authorities, Optional<Path> cert, Optional<Path> key) {
        return new CallerTls(identity(cert, key), trust(authorities), true);
    }

    /**
     * Returns the TLS of a caller that believes known certificates only, whatever names are in them.
     *
     * @param known PEM files that begin with such a certificate; one that is missing counts for nothing
     * @throws TlsRefused if none can be read
     */
    public static CallerTls knowing(List<Path> known, Optional<Path> cert, Optional<Path> key) {
        List<X509Certificate> believed = new ArrayList<>();
        List<TlsRefused> refused = new ArrayList<>();
        for (Path file : known) {
            try {
                believed.add(certificates(file).get(0));
            } catch (TlsRefused e) {
                refused.add(e);
            }
        }
        if (believed.isEmpty()) {
            throw refused.get(refused.size() - 1);
        }
        return new CallerTls(identity(cert, key), new TrustManager[] {new KnownServers(believed)}, false);
    }

    /**
     * Makes TLS on an open connection.
     *
     * @param host the name or address that was asked for
     * @throws IOException if the server is not believed, or does not speak TLS; {@link TlsFailure} says why
     */
    public Socket secure(Socket plain, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        if (isNameChecked) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    private static TrustManager @Nullable [] trust(Optional<Path> authorities) {
        return authorities.map(file -> trusting(certificates(file))).orElse(null);
    }

    private static TrustManager[] trusting(List<X509Certificate> authorities) {
        try {
            KeyStore store = store();
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("authorities can't be put into a store", e);
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            List<X509Certificate> found = PemFile.parse(PairFiles.bounded(file)).certificates();
            if (found.isEmpty()) {
                throw new TlsRefused(file + ": it holds no certificate");
            }
            return found;
        } catch (UnusablePair e) {
            throw new TlsRefused(file + ": it " + e.reason());
        } catch (IOException e) {
            throw new TlsRefused(file + ": " + FileAccess.explain(file, e));
        }
    }

    private static KeyManager @Nullable [] identity(Optional<Path> cert, Optional<Path> key) {
        return cert.map(file -> keys(new PairFiles(CertificateSource.FILE, "", file, key, Optional.empty(), "")))
                .orElse(null);
    }

    private static KeyManager[] keys(PairFiles files) {
        try {
            CertificatePair pair = PairReader.read(files, files.read());
            KeyStore store = store();
            store.setKeyEntry("caller", pair.key(), NO_PASSWORD, pair.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (UnusablePair e) {
            throw new TlsRefused(e.reason());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a certificate can't be put into a store", e);
        }
    }

    /** PKCS12 would encrypt the key with ten thousand rounds. */
    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        return store;
    }
}
