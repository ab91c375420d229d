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
 *
 * <p>It never reads content, but takes it for the next request. A good answer repeats the request's target behind
 * "ok ". A target that ends with {@code /as/NAME} chooses the {@link Manner}. Nobody may ever see "stolen", the answer
 * to a request that was hidden in content, or "forged", which stands where no body may be.
 */
final class RudeBackend {

    /** What is sent, and whether the connection is closed or reset behind it. "@" stands for a good answer. */
    private enum Manner {
        GOOD("@", false, false),
        SILENT_CLOSE("", true, false),
        SILENT_RESET("", true, true),
        HALF_HEAD("HTTP/1.1 200 OK\r\nContent-Le", true, false),
        HALF_BODY("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", true, false),
        HALF_BODY_RESET("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", true, true),
        HALF_CHUNK("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello", true, false),
        BAD_CHUNK("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", false, false),
        GARBAGE("\0\1\2 garbage\r\n\r\n", false, false),
        TWO_LENGTHS("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", false, false),
        TOO_MUCH("@HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", false, false),
        TWICE("@@", false, false),
        UNTIL_CLOSE("HTTP/1.1 200 OK\r\n\r\nuntil the end", true, false),
        CLOSE_BEHIND("@", true, false),
        RESET_BEHIND("@", true, true),
        OLD("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold", true, false),
        OLD_KEPT("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nold", false, false),
        BODY_ON_204("HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\nforged", false, false),
        UNASKED_101("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", false, false),
        BODY_ON_304("HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\nforged", false, false),
        INTERIM("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n@", false, false);

        private static final Manner[] ALL = values();

        /** How many take turns: wrk takes the last two for something else than they are. */
        private static final int IN_TURN = ALL.length - 2;

        private final String text;
        private final boolean ends;
        private final boolean resets;

        Manner(String text, boolean ends, boolean resets) {
            this.text = text;
            this.ends = ends;
            this.resets = resets;
        }

        static Manner of(String target) {
            for (Manner manner : ALL) {
                if (target.endsWith("/as/" + manner)) {
                    return manner;
                }
            }
            int turn = TURN.getAndIncrement();
            return turn % 2 == 0 ? GOOD : ALL[turn / 2 % IN_TURN];
        }

        byte[] bytes(String target) {
            String body = target.contains("stolen") ? "stolen" : "ok " + target;
            String good = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            return text.replace("@", good).getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private static final AtomicInteger TURN = new AtomicInteger();

    /** The longest head; content without an end of a head is dropped behind it. */
    private static final int MOST = 65536;

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
            for (String head = readHead(in); head != null; head = readHead(in)) {
                String[] words = head.split("\r\n", 2)[0].split(" ");
                String target = words.length > 1 ? words[1] : "?";
                Manner manner = Manner.of(target);
                out.write(manner.bytes(target));
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

    /** Returns the bytes up to the next empty line, or null at the end. */
    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int last = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            last = last << 8 | b;
            if (head.length() < MOST) {
                head.append((char) b);
            }
            if (last == 0x0d0a0d0a) {
                return head.toString();
            }
        }
        return null;
    }
}
