import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Opens keep-alive connections, sends one request over each, and holds them until its input ends. */
final class IdleClients {

    private static final byte[] REQUEST =
            "GET /128 HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private IdleClients() {}

    public static void main(String[] args) throws IOException {
        InetSocketAddress front = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
        int count = Integer.parseInt(args[1]);
        List<SocketChannel> clients = new ArrayList<>();
        ByteBuffer response = ByteBuffer.allocate(4096);
        for (int i = 0; i < count; i++) {
            SocketChannel client = SocketChannel.open(front);
            client.write(ByteBuffer.wrap(REQUEST));
            response.clear();
            while (!isWhole(response)) {
                if (client.read(response) < 0) {
                    throw new IOException("connection " + i + " was closed");
                }
            }
            clients.add(client);
        }
        System.out.println("open " + clients.size());
        while (System.in.read() >= 0) {
            // Whatever comes, only the end of it counts.
        }
    }

    private static boolean isWhole(ByteBuffer response) {
        String text = new String(response.array(), 0, response.position(), StandardCharsets.US_ASCII);
        int body = text.indexOf("\r\n\r\n");
        return body >= 0 && text.length() - body - 4 == 128;
    }
}
