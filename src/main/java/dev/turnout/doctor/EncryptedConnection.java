package dev.turnout.doctor;

import dev.turnout.routing.Target;
import dev.turnout.routing.UnixAddress;
import dev.turnout.tls.TargetTls;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A connection over TLS, by the settings of the target's service, with the engine of the JDK. */
final class EncryptedConnection implements TimedConnection {

    private static final String HTTP_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

    private final SSLSocket socket;

    private EncryptedConnection(SSLSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens a connection. Blocks for twice the patience at most.
     *
     * @throws IOException if nobody accepts it, the handshake fails, or the target has a Unix socket
     */
    static EncryptedConnection open(AskedTarget asked, TargetTls tls, Duration patience) throws IOException {
        Target target = asked.target();
        if (target.address() instanceof UnixAddress) {
            throw new IOException("TLS at a Unix socket is not looked at");
        }
        int millis = Math.toIntExact(patience.toMillis());
        Socket raw = new Socket();
        try {
            raw.connect(PlainConnection.address(target), millis);
            raw.setSoTimeout(millis);
            raw.getOutputStream().write(asked.opening());
            String name = tls.name().orElse(target.tcp().host());
            SSLSocket socket = (SSLSocket) context(tls)
                    .getSocketFactory()
                    .createSocket(raw, name, target.tcp().port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {asked.protocol().isHttp2() ? HTTP_2 : HTTP_1});
            if (tls.trust().isPresent()) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new EncryptedConnection(socket);
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private static SSLContext context(TargetTls tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    tls.own().map(own -> new KeyManager[] {own}).orElse(null),
                    tls.trust()
                            .map(trust -> new TrustManager[] {trust})
                            .orElseGet(InsecureTrustManagerFactory.INSTANCE::getTrustManagers),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Returns true if the target has agreed on HTTP/2. */
    boolean isHttp2() {
        return HTTP_2.equals(socket.getApplicationProtocol());
    }

    /** Returns the target's certificate. */
    X509Certificate certificate() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public int read(byte[] some, long millis) throws IOException {
        socket.setSoTimeout(Math.toIntExact(Math.max(1, millis)));
        return socket.getInputStream().read(some);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
