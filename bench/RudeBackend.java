import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application that answers every other request well, and misbehaves at the rest in one way after the other. Takes
 * the ports to listen on.
 */
final class RudeBackend {

    private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** What is sent, and whether the connection is closed or reset behind it. */
    private enum Manner {
        SILENT_CLOSE("", true, false),
        SILENT_RESET("", true, true),
        HALF_HEAD("HTTP/1.1 200 OK\r\nContent-Le", true, false),
        HALF_BODY("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", true, false),
        HALF_BODY_RESET("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", true, true),
        HALF_CHUNK("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello", true, false),
        BAD_CHUNK("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", false, false),
        GARBAGE("\0\1\2 garbage\r\n\r\n", false, false),
        TWO_LENGTHS("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", false, false),
        TOO_MUCH(GOOD + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", false, false),
        UNTIL_CLOSE("HTTP/1.1 200 OK\r\n\r\nuntil the end", true, false),
        KEEP_ALIVE_LIE(GOOD, true, false),
        INTERIM("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + GOOD, false, false);

        private final byte[] bytes;
        private final boolean ends;
        private final boolean resets;

        Manner(String text, boolean ends, boolean resets) {
            this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            this.ends = ends;
            this.resets = resets;
        }
    }

    private static final AtomicInteger TURN = new AtomicInteger();

    private RudeBackend() {}

    public static void main(String[] ports) throws IOException {
        for (String port : ports) {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(port)), 1024);
            new Thread(() -> accept(server)).start();
        }
    }

    private static void accept(ServerSocket server) {
        while (true) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> serve(socket));
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (readHead(in)) {
                int turn = TURN.getAndIncrement();
                if (turn % 2 == 0) {
                    out.write(GOOD.getBytes(StandardCharsets.ISO_8859_1));
                    continue;
                }
                Manner manner = Manner.values()[turn / 2 % Manner.values().length];
                out.write(manner.bytes);
                if (manner.resets) {
                    socket.setSoLinger(true, 0);
                }
                if (manner.ends) {
                    return;
                }
            }
        } catch (IOException e) {
            // The other side has given up, as it has to.
        }
    }

    private static boolean readHead(InputStream in) throws IOException {
        int last = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            last = last << 8 | b;
            if (last == 0x0d0a0d0a) {
                return true;
            }
        }
        return false;
    }
}
