package dev.turnout.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A target that speaks HTTP/2 frame by frame, as a test tells it to. */
public final class Http2Target implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    /** The setting of RFC 9113 that says how many streams there may be. */
    public static final int MAX_CONCURRENT_STREAMS = 3;

    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int ENABLE_CONNECT_PROTOCOL = 8;

    /** {@code :status: 200}, from HPACK's static table. */
    public static final byte[] OK = {(byte) 0x88};

    private static final int PREFACE = 24;
    private static final int PATIENCE_MILLIS = (int) Await.PATIENCE.toMillis();

    private final ServerSocket server;
    private final List<Session> sessions = new ArrayList<>();

    /** One frame that Turnout has sent. */
    public record SentFrame(int type, int flags, int stream, byte[] payload) {

        public boolean has(int flag) {
            return (flags & flag) != 0;
        }

        public int number() {
            return ByteBuffer.wrap(payload).getInt();
        }

        public String text() {
            return new String(payload, ISO_8859_1);
        }
    }

    public Http2Target() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** @param server that listens, such as one that speaks TLS */
    public Http2Target(ServerSocket server) throws IOException {
        this.server = server;
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Takes the next connection, and tells it settings: key, value, key, value. */
    public Session accept(int... settings) throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        Session session = new Session(socket);
        sessions.add(session);
        session.in.readNBytes(PREFACE);
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        session.send(SETTINGS, 0, 0, payload.array());
        return session;
    }

    /** Takes the next connection and ends it, before a TLS handshake if there is to be one. */
    public void acceptAndClose() throws IOException {
        server.accept().close();
    }

    /** Takes no connection any more. */
    public void stopListening() throws IOException {
        server.close();
    }

    /** Returns true if nobody has connected so far. */
    public boolean isAlone() throws IOException {
        server.setSoTimeout(1);
        try {
            sessions.add(new Session(server.accept()));
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            server.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Session session : sessions) {
                session.socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection of Turnout's. */
    public static final class Session {

        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;

        Session(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        public Session send(int type, int flags, int stream, byte... payload) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
            frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
            frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
            out.write(frame.array());
            return this;
        }

        /** Sends this very octet. */
        public void write(byte octet) throws IOException {
            out.write(octet);
        }

        /** Sends a frame whose payload is one number. */
        public Session sendNumber(int type, int stream, int number) throws IOException {
            return send(type, 0, stream, ByteBuffer.allocate(4).putInt(number).array());
        }

        /** Answers 200 with a body that ends the stream. */
        public Session answer(int stream, String body) throws IOException {
            send(HEADERS, END_HEADERS, stream, OK);
            return send(DATA, END_STREAM, stream, body.getBytes(ISO_8859_1));
        }

        public Session goAway(int lastStream, int code) throws IOException {
            return send(
                    GOAWAY,
                    0,
                    0,
                    ByteBuffer.allocate(8).putInt(lastStream).putInt(code).array());
        }

        /** Returns the next frame, whatever it is. */
        public SentFrame next() throws IOException {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            return new SentFrame(type, flags, stream, in.readNBytes(length));
        }

        /** Passes frames by up to the next one of a type. */
        public SentFrame next(int type) throws IOException {
            SentFrame frame = next();
            while (frame.type() != type) {
                frame = next();
            }
            return frame;
        }

        /** Reads a request up to its end. Returns its data. */
        public String request() throws IOException {
            StringBuilder data = new StringBuilder();
            SentFrame frame = next(HEADERS);
            while (!frame.has(END_STREAM)) {
                frame = next();
                if (frame.type() == DATA) {
                    data.append(frame.text());
                }
            }
            return data.toString();
        }

        /** Passes all frames by. Returns once Turnout has ended the connection. */
        public void awaitEnd() throws IOException {
            try {
                while (true) {
                    next();
                }
            } catch (EOFException ended) {
                // As it should be.
            }
        }

        public void close() throws IOException {
            socket.close();
        }
    }
}
