package dev.turnout.tls;

import dev.turnout.support.Await;
import dev.turnout.support.TrustAll;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that takes any certificate and tells which one it got. */
final class TlsClient {

    private static final int PATIENCE_MILLIS = (int) Await.PATIENCE.toMillis();

    private final int port;
    private Optional<dev.turnout.support.TestAuthority.Issued> own = Optional.empty();
    private String[] protocols = {"TLSv1.3", "TLSv1.2"};
    private String[] offered = {};

    TlsClient(int port) {
        this.port = port;
    }

    /** Has the client send a certificate of its own. */
    TlsClient with(dev.turnout.support.TestAuthority.Issued certificate) {
        own = Optional.of(certificate);
        return this;
    }

    TlsClient protocol(String only) {
        protocols = new String[] {only};
        return this;
    }

    /** Has the client offer these protocols by ALPN. */
    TlsClient offering(String... alpn) {
        offered = alpn;
        return this;
    }

    /** Opens a connection. An empty name sends no server name. */
    SSLSocket connect(String name) throws IOException {
        SSLSocket socket =
                (SSLSocket) context().getSocketFactory().createSocket(new Socket("127.0.0.1", port), "", port, true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
        parameters.setProtocols(protocols);
        parameters.setApplicationProtocols(offered);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /** Returns the certificate that the server sends for a name, after a line went there and back. */
    X509Certificate ask(String name) throws IOException {
        try (SSLSocket socket = connect(name)) {
            echo(socket);
            Certificate[] chain = socket.getSession().getPeerCertificates();
            return (X509Certificate) chain[0];
        }
    }

    /** Sends a line and reads it back. */
    static void echo(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("bla\n".getBytes());
        byte[] back = socket.getInputStream().readNBytes(4);
        if (back.length < 4) {
            throw new IOException("the connection ended");
        }
    }

    private SSLContext context() {
        try {
            return TrustAll.context(keys());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyManager[] keys() throws GeneralSecurityException, IOException {
        if (own.isEmpty()) {
            return new KeyManager[0];
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.get().key(), new char[0], own.get().chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    /** Runs {@code openssl s_client} with one line of input, and returns what it says. */
    static String openssl(int port, String... options) throws IOException, InterruptedException {
        return openssl(port, "bye\n", List.of(options));
    }

    /** Runs {@code openssl s_client} until the server ends the connection, and returns what it says. */
    static String openssl(int port, String input, List<String> options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-ign_eof"));
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes());
        process.getOutputStream().flush();
        String said = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException("openssl does not end: " + said);
        }
        return said;
    }
}
