package dev.turnout.support;

import dev.turnout.support.wire.HttpReader;
import dev.turnout.support.wire.Payload;
import dev.turnout.support.wire.Response;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** One client connection that sends the very bytes it is told, and reads strictly. For one thread. */
public final class RawClient implements AutoCloseable {

    private static final String SERVER_NAME = "app.example";

    private static final Duration PATIENCE = Await.PATIENCE;

    private final Socket socket;
    private final Socket below;
    private final InputStream in;
    private final HttpReader reader;

    private RawClient(Socket socket, Socket below) throws IOException {
        this.socket = socket;
        this.below = below;
        this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        this.reader = new HttpReader(in);
    }

    /** Connects to an address like {@code http://127.0.0.1:8080}; by {@link #secure TLS} if it begins with https. */
    public static RawClient to(URI address) throws IOException {
        return to(address, 0);
    }

    /** Connects with a receive buffer of this many bytes, for a client that cannot take much at once; 0 for the usual. */
    public static RawClient to(URI address, int receiveBuffer) throws IOException {
        return address.getScheme().equals("https")
                ? secure(TrustAll.context(), plain(address, receiveBuffer), address, SERVER_NAME, "TLSv1.3")
                : plain(address, receiveBuffer);
    }

    private static RawClient plain(URI address, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return new RawClient(socket, socket);
    }

    /**
     * Connects by TLS, with TLS 1.3. Every certificate is believed. The end of a connection without a close_notify is an
     * {@link SSLException} for whoever reads.
     *
     * @param name the server name that is asked for
     */
    public static RawClient secure(URI address, String name) throws IOException {
        return secure(address, name, "TLSv1.3");
    }

    /** As {@link #secure(URI, String)}, with a version of TLS and with application protocols. */
    public static RawClient secure(URI address, String name, String version, String... protocols) throws IOException {
        return secure(TrustAll.context(), plain(address, 0), address, name, version, protocols);
    }

    /** As {@link #secure(URI, String)}, with a context that may have a session of an earlier connection. */
    public static RawClient secure(SSLContext context, URI address, String name) throws IOException {
        return secure(context, plain(address, 0), address, name, "TLSv1.3");
    }

    /** As {@link #secure(URI, String)}, without TCP_NODELAY. */
    public static RawClient secureWithNagle(URI address, String name) throws IOException {
        RawClient plain = plain(address, 0);
        plain.socket.setTcpNoDelay(false);
        return secure(TrustAll.context(), plain, address, name, "TLSv1.3");
    }

    /** As {@link #secure(URI, String)}; each byte of the handshake and of what follows goes in a write of its own. */
    public static RawClient secureByteByByte(URI address, String name) throws IOException {
        Socket slow = new ByteByByteSocket();
        slow.setTcpNoDelay(true);
        slow.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) PATIENCE.toMillis());
        slow.setSoTimeout((int) PATIENCE.toMillis());
        return secure(TrustAll.context(), new RawClient(slow, slow), address, name, "TLSv1.3");
    }

    /** Splits what is written. */
    private static final class ByteByByteSocket extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream());
        }
    }

    private static RawClient secure(
            SSLContext context, RawClient plain, URI address, String name, String version, String... protocols)
            throws IOException {
        if (!Boolean.getBoolean("com.sun.net.ssl.requireCloseNotify")) {
            throw new IllegalStateException("-Dcom.sun.net.ssl.requireCloseNotify=true is missing, see pom.xml");
        }
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(plain.socket, address.getHost(), address.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            plain.close();
            throw e;
        }
        return new RawClient(socket, plain.socket);
    }

    /** What the handshake has agreed on; for a connection by TLS. */
    public SSLSession session() {
        return ((SSLSocket) socket).getSession();
    }

    /** The application protocol that was agreed on, empty if none was; for a connection by TLS. */
    public String protocol() {
        return ((SSLSocket) socket).getApplicationProtocol();
    }

    /** Sends the text's bytes (ISO 8859-1) in one write. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes in one write. */
    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /**
     * Sends each byte in a segment of its own. Stops silently once the other side has closed: it may answer before it
     * has seen everything.
     */
    public RawClient sendByteByByte(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            try {
                socket.getOutputStream().write(b);
            } catch (SocketException e) {
                return this;
            }
            Thread.yield();
        }
        return this;
    }

    /** Sends generated content. */
    public RawClient send(Payload payload) throws IOException {
        return send(payload, new AtomicLong());
    }

    /** Sends generated content, counting what has gone. */
    public RawClient send(Payload payload, AtomicLong sent) throws IOException {
        payload.writeTo(new FilterOutputStream(socket.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                sent.addAndGet(length);
            }
        });
        return this;
    }

    /** Sends a GET of a path, as a plain client does. */
    public RawClient get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: app.example\r\n\r\n");
    }

    /** Reads the next response to a method, an interim one (1xx) too. */
    public Response read(String method) throws IOException {
        return reader.response(method);
    }

    /** Reads the next response to a GET. */
    public Response read() throws IOException {
        return read("GET");
    }

    /** Reads what is there of content, at most so many bytes; -1 at the end. */
    public int readSome(byte[] bytes, int most) throws IOException {
        return in.read(bytes, 0, most);
    }

    /** Everything until the other side closes, as it came. A reset counts as its end. */
    public byte[] readUntilClosed() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        try {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                all.write(piece, 0, read);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not closed within " + PATIENCE.toSeconds() + " s after '" + all + "'", e);
        } catch (SocketException e) {
            // RST: closed all the same.
        }
        return all.toByteArray();
    }

    /** Whether the other side closes, within {@link Await#PATIENCE}, without another byte. */
    public boolean isClosedByPeer() throws IOException {
        try {
            return reader.ended();
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Whether a byte, or the end, has arrived already. Does not wait. */
    public boolean hasMore() throws IOException {
        return hasMoreWithin(Duration.ofMillis(1));
    }

    /** Whether a byte, or the end, arrives within this time. */
    public boolean hasMoreWithin(Duration time) throws IOException {
        if (in.available() > 0) {
            return true;
        }
        in.mark(1);
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.read();
            in.reset();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        } finally {
            socket.setSoTimeout((int) PATIENCE.toMillis());
        }
    }

    /** What comes behind the messages that have been read, for another protocol than HTTP. */
    public InputStream in() {
        return in;
    }

    /** Ends this side in a way. */
    public void end(SocketEnd ending) throws IOException {
        ending.of(socket);
    }

    /** Sends bytes beside TLS, such as what is no record. */
    public RawClient sendBelow(byte[] bytes) throws IOException {
        below.getOutputStream().write(bytes);
        return this;
    }

    /** Ends this side in a way, and says nothing of it by TLS. */
    public void endBelow(SocketEnd ending) throws IOException {
        ending.of(below);
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
