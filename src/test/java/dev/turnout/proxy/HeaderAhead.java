package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** A proxy that sends one header ahead and passes all bytes of one connection on, both ways. */
final class HeaderAhead implements AutoCloseable {

    private final ServerSocket listening;
    private final Socket target;

    private HeaderAhead(ServerSocket listening, Socket target) {
        this.listening = listening;
        this.target = target;
    }

    static HeaderAhead start(URI address, String header) throws IOException {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket target = new Socket(address.getHost(), address.getPort());
        target.getOutputStream().write(header.getBytes(US_ASCII));
        HeaderAhead ahead = new HeaderAhead(listening, target);
        Thread thread = new Thread(ahead::serve, "header-ahead");
        thread.setDaemon(true);
        thread.start();
        return ahead;
    }

    URI address() {
        return URI.create("https://127.0.0.1:" + listening.getLocalPort());
    }

    private void serve() {
        try (Socket client = listening.accept()) {
            Thread back = new Thread(() -> copy(target, client), "header-ahead-back");
            back.setDaemon(true);
            back.start();
            copy(client, target);
        } catch (IOException e) {
            // The end of the test closes the sockets.
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // The end of the test closes the sockets.
        }
    }

    @Override
    public void close() throws IOException {
        target.close();
        listening.close();
    }
}
