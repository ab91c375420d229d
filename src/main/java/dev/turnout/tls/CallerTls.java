package dev.turnout.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * TLS of a caller, such as a command that calls the admin server: whom it believes, and who it is. The engine is Java's. Any thread.
 *
 * <p>A certificate is believed if an authority has issued it for the name that is called, or if it is one of a few known
 * certificates.
 */
public final class CallerTls {

    private final SSLContext context;
    private final boolean isNameChecked;

    private CallerTls(Optional<KeyManager> identity, TrustManager trust, boolean isNameChecked) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(identity.stream().toArray(KeyManager[]::new), new TrustManager[] {trust}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
        this.isNameChecked = isNameChecked;
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
        return new CallerTls(identity(cert, key), new KnownServers(believed), false);
    }

    /** Returns the TLS for a client that compares names itself. */
    public SSLContext context() {
        return context;
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

    private static TrustManager trust(Optional<Path> authorities) {
        try {
            return ServerTrust.of(authorities.map(CallerTls::certificates));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the authorities of this Java can't be read", e);
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            return PemFile.authorities(file);
        } catch (UnusablePair e) {
            throw new TlsRefused(e.reason().at(file));
        } catch (IOException e) {
            throw new TlsRefused(FileAccess.explain(file, e).at(file));
        }
    }

    private static Optional<KeyManager> identity(Optional<Path> cert, Optional<Path> key) {
        return cert.map(file -> keys(new PairFiles(CertificateSource.FILE, "", file, key, Optional.empty(), "")));
    }

    private static KeyManager keys(PairFiles files) {
        try {
            return KeyStores.keys(PairReader.read(files, files.read()));
        } catch (UnusablePair e) {
            throw new TlsRefused(e.reason());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a certificate can't be put into a store", e);
        }
    }
}
