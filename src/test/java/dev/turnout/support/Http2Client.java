package dev.turnout.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/2 connection of a client that sends the very frames it is told, legal or not. It acknowledges SETTINGS, answers
 * no PING, and opens no window unless told. For one thread.
 */
public final class Http2Client implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);
    private static final Duration PATIENCE = Await.PATIENCE;
    private static final int LARGEST_HEAD = 64 * 1024;

    private final Socket socket;
    private DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, LARGEST_HEAD);
    private final Map<Integer, Answer> answers = new HashMap<>();
    private final List<Frame> others = new ArrayList<>();

    /** A frame as it came. */
    public record Frame(int type, int flags, int stream, byte[] payload) {

        public boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** Returns the number at an offset of the payload. */
        public int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }
    }

    /** What has come on one stream. */
    public static final class Answer {
        private final List<String> heads = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final List<Frame> frames = new ArrayList<>();
        private boolean ended;
        private int reset = -1;

        /** The status and the fields of each header block, as {@code name: value} lines. */
        public List<String> heads() {
            return heads;
        }

        public int status() {
            String last = heads.stream()
                    .filter(head -> head.startsWith(":status: "))
                    .reduce((first, second) -> second)
                    .orElseThrow();
            return Integer.parseInt(last.substring(9, 12));
        }

        public String body() {
            return body.toString(ISO_8859_1);
        }

        public boolean isEnded() {
            return ended;
        }

        /** The error code of a reset; -1 if there was none. */
        public int reset() {
            return reset;
        }

        public List<Frame> frames() {
            return frames;
        }
    }

    private Http2Client(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Connects without TLS, and sends the preface and these settings: key, value, key, value. */
    public static Http2Client to(int port, int... settings) throws IOException {
        return begun(new Http2Client(new Socket(InetAddress.getLoopbackAddress(), port)), settings);
    }

    /** As {@link #to}, with a header of the PROXY protocol in the same write as the preface. */
    public static Http2Client behind(byte[] header, int port) throws IOException {
        Http2Client client = silent(port);
        byte[] first = Arrays.copyOf(header, header.length + PREFACE.length);
        System.arraycopy(PREFACE, 0, first, header.length, PREFACE.length);
        client.write(first);
        client.send(SETTINGS, 0, 0, new byte[0]);
        return client;
    }

    /** Connects without TLS, and sends nothing. */
    public static Http2Client silent(int port) throws IOException {
        return new Http2Client(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects by TLS, offers h2 alone, and sends the preface. */
    public static Http2Client secure(URI address, String name, int... settings) throws IOException {
        Socket below = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        SSLSocket socket =
                (SSLSocket) TrustAll.context().getSocketFactory().createSocket(below, name, address.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (!socket.getApplicationProtocol().equals("h2")) {
            throw new IOException("h2 was not agreed on");
        }
        return begun(new Http2Client(socket), settings);
    }

    private static Http2Client begun(Http2Client client, int... settings) throws IOException {
        client.write(PREFACE);
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        client.send(SETTINGS, 0, 0, payload.array());
        return client;
    }

    // --- Sending ---------------------------------------------------------------------------------------------------

    /** Sends these very bytes. */
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    public void send(int type, int flags, int stream, byte[] payload) throws IOException {
        write(frame(type, flags, stream, payload));
    }

    /** Returns the bytes of a frame. */
    public static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Sends a head, each row {@code name=value}. */
    public void headers(int stream, boolean ends, String... rows) throws IOException {
        send(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(rows));
    }

    /** Sends a GET without a body. */
    public void get(int stream, String path, String... more) throws IOException {
        request(stream, "GET", path, true, more);
    }

    /** Sends the head of a request for {@code shop.example}. */
    public void request(int stream, String method, String path, boolean ends, String... more) throws IOException {
        headers(stream, ends, rows(method, path, more));
    }

    private static String[] rows(String method, String path, String... more) {
        List<String> rows = new ArrayList<>(
                List.of(":method=" + method, ":scheme=http", ":path=" + path, ":authority=shop.example"));
        rows.addAll(Arrays.asList(more));
        return rows.toArray(String[]::new);
    }

    public void data(int stream, boolean ends, String data) throws IOException {
        send(DATA, ends ? END_STREAM : 0, stream, data.getBytes(ISO_8859_1));
    }

    public void reset(int stream, int code) throws IOException {
        send(RST_STREAM, 0, stream, number(code));
    }

    /** Lets so many more bytes come, on a stream or on the connection. */
    public void open(int stream, int more) throws IOException {
        send(WINDOW_UPDATE, 0, stream, number(more));
    }

    public static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** Returns a block of literals without indexing, whatever octets they have. Each row is {@code name=value}. */
    public static byte[] block(String... rows) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String row : rows) {
            int split = row.indexOf('=', 1);
            block.write(0);
            string(row.substring(0, split), block);
            string(row.substring(split + 1), block);
        }
        return block.toByteArray();
    }

    private static void string(String text, ByteArrayOutputStream block) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                block.write(rest & 0x7f | 0x80);
                rest >>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(ISO_8859_1));
    }

    // --- Receiving -------------------------------------------------------------------------------------------------

    /** Reads the next frame. */
    public Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        Frame frame = new Frame(type, flags, stream, payload);
        take(frame);
        return frame;
    }

    private void take(Frame frame) throws IOException {
        if (frame.type() == SETTINGS && !frame.has(ACK)) {
            send(SETTINGS, ACK, 0, new byte[0]);
        }
        if (frame.stream() == 0 || frame.type() == WINDOW_UPDATE) {
            others.add(frame);
            return;
        }
        Answer answer = on(frame.stream());
        answer.frames.add(frame);
        if (frame.type() == HEADERS) {
            answer.heads.add(decoded(frame));
        } else if (frame.type() == DATA) {
            answer.body.write(frame.payload());
        } else if (frame.type() == RST_STREAM) {
            answer.reset = frame.number(0);
        }
        answer.ended |= frame.type() != RST_STREAM && frame.has(END_STREAM);
    }

    private String decoded(Frame frame) {
        StringBuilder head = new StringBuilder();
        try {
            decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()))
                    .forEach(field -> head.append(field.getKey())
                            .append(": ")
                            .append(field.getValue())
                            .append('\n'));
        } catch (Http2Exception e) {
            throw new AssertionError("a header block that Netty does not take", e);
        }
        return head.toString();
    }

    /** Reads the frames of the next record of TLS, which has to hold whole ones. Returns how many they are. */
    public int readRecord() throws IOException {
        byte[] bytes = new byte[32 * 1024];
        int count = in.read(bytes);
        DataInputStream socketInput = in;
        int frames = 0;
        try {
            in = new DataInputStream(new ByteArrayInputStream(bytes, 0, count));
            while (in.available() > 0) {
                read();
                frames++;
            }
        } finally {
            in = socketInput;
        }
        return frames;
    }

    /** Returns what has come on a stream so far. */
    public Answer on(int stream) {
        return answers.computeIfAbsent(stream, first -> new Answer());
    }

    /** Reads until a stream has ended, one way or the other. */
    public Answer answer(int stream) throws IOException {
        Answer answer = on(stream);
        while (!answer.ended && answer.reset < 0) {
            read();
        }
        return answer;
    }

    /** Reads until a frame of the connection, or a WINDOW_UPDATE, has come that is like this. */
    public Frame await(Predicate<Frame> wanted) throws IOException {
        while (others.stream().noneMatch(wanted)) {
            read();
        }
        return others.stream().filter(wanted).findFirst().orElseThrow();
    }

    /** Reads until a GOAWAY. Returns its error code. */
    public int awaitGoAway() throws IOException {
        return await(frame -> frame.type() == GOAWAY).number(4);
    }

    /** Returns the frames of the connection, and the WINDOW_UPDATEs, that have come. */
    public List<Frame> others() {
        return others;
    }

    /** Reads all that has come up to the answer to a PING. */
    public void settle() throws IOException {
        byte[] word = ByteBuffer.allocate(8).putLong(System.nanoTime()).array();
        send(PING, 0, 0, word);
        await(frame -> frame.type() == PING && frame.has(ACK) && Arrays.equals(frame.payload(), word));
    }

    /** Reads until the server ends the connection. Returns false if it was reset. */
    public boolean awaitEnd() throws IOException {
        try {
            while (true) {
                read();
            }
        } catch (EOFException e) {
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
