package dev.turnout.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A program at the admin address that writes exact bytes to each connection, and keeps what it read. */
public final class ScriptedPeer implements AutoCloseable {

    /** What a connection does after the head of the request has been read. */
    @FunctionalInterface
    public interface Script {
        void run(OutputStream out) throws Exception;
    }

    private final ServerSocket server;
    private final Script script;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private ScriptedPeer(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
    }

    public static ScriptedPeer that(Script script) {
        try {
            ScriptedPeer peer = new ScriptedPeer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
            Thread thread = new Thread(peer::accept, "scripted peer");
            thread.setDaemon(true);
            thread.start();
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ScriptedPeer answering(String response) {
        return that(out -> out.write(response.getBytes(StandardCharsets.UTF_8)));
    }

    static ScriptedPeer answering(String status, String contentType, String body) {
        return answering("HTTP/1.1 " + status + "\r\nContent-Type: " + contentType + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Returns the heads of the requests so far. */
    public List<String> requests() {
        return requests;
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                requests.add(head(socket.getInputStream()));
                script.run(socket.getOutputStream());
            } catch (SocketException e) {
                // The client has seen enough, or the test is over.
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                break;
            }
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
