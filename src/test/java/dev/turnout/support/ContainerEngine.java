package dev.turnout.support;

import dev.turnout.config.DaemonThread;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A container engine at a Unix socket that answers as the Docker Engine API is documented: {@code /_ping} with the version in
 * {@code Api-Version}, {@code /containers/json} and {@code /events} with their filters below that version or none, errors as
 * {@code {"message": ...}}, 400 for a version that it does not speak. Events are JSON objects, each with a line feed, in
 * chunks. All else but {@code /info} is refused. One thread for each connection. Any thread.
 */
public final class ContainerEngine implements AutoCloseable {

    /** What the engine does with a call. */
    public enum Mood {
        ANSWERS,
        /** Takes the call, and never answers. */
        SILENT,
        /** Answers 500. */
        FAILS,
        /** Answers 200 with text that is no JSON. */
        BABBLES,
        /** Answers with more than anybody should take. */
        FLOODS,
        /** Refuses the stream of events only. */
        NO_EVENTS,
        /** Refuses all but the three calls, as a proxy does that lets only these through. */
        FILTERED
    }

    private static final String VERSION = "1.44";
    private static final int FLOOD = 8 * 1024 * 1024;

    private final Path socket;
    private final Map<String, JsonObject> containers = new LinkedHashMap<>();
    private final Map<OutputStream, JsonObject> streams = new ConcurrentHashMap<>();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final List<String> calls = new ArrayList<>();
    private volatile Mood mood = Mood.ANSWERS;
    private volatile ServerSocketChannel server;

    private ContainerEngine(Path socket) {
        this.socket = socket;
        listen();
    }

    /** Starts an engine at a socket that is not there yet. */
    public static ContainerEngine at(Path socket) {
        return new ContainerEngine(socket);
    }

    public Path socket() {
        return socket;
    }

    private void listen() {
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            DaemonThread.start("engine", () -> accept(server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocketChannel listening) {
        while (listening.isOpen()) {
            try {
                SocketChannel client = listening.accept();
                open.add(client);
                DaemonThread.start("engine-connection", () -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    public void mood(Mood next) {
        mood = next;
    }

    /** Returns the paths of all calls so far, without their filters. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Returns how many streams of events are open. */
    public int streams() {
        return streams.size();
    }

    /** Ends the process of the engine: the socket stays as a file, and nobody listens there. */
    public void stop() {
        close(server);
        open.forEach(ContainerEngine::close);
        open.clear();
        streams.clear();
    }

    /** Starts the process of the engine again. */
    public void start() {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listen();
    }

    /** Ends all streams of events. */
    public void endStreams() {
        streams.keySet().forEach(ContainerEngine::close);
        streams.clear();
    }

    @Override
    public void close() {
        stop();
    }

    private static void close(Closeable closed) {
        try {
            closed.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    // --- Containers ------------------------------------------------------------------------------------------------

    /** Returns a container as the list of the engine has it, running in one network. */
    public static JsonObject container(String id, String address, int port, Map<String, String> labels) {
        return new JsonObject()
                .put("Id", id)
                .put("Names", new JsonArray().add("/" + id))
                .put("Image", "app:latest")
                .put("Created", 1_700_000_000)
                .put("State", "running")
                .put("Status", "Up 2 seconds")
                .put("Labels", new JsonObject(new LinkedHashMap<>(labels)))
                .put(
                        "Ports",
                        new JsonArray()
                                .add(new JsonObject().put("PrivatePort", port).put("Type", "tcp")))
                .put("HostConfig", new JsonObject().put("NetworkMode", "app"))
                .put(
                        "NetworkSettings",
                        new JsonObject()
                                .put(
                                        "Networks",
                                        new JsonObject()
                                                .put(
                                                        "app",
                                                        new JsonObject()
                                                                .put("NetworkID", "n1")
                                                                .put("IPAddress", address)
                                                                .put("IPPrefixLen", 16)
                                                                .put("GlobalIPv6Address", ""))));
    }

    /** Starts a container, and tells so. */
    public void run(JsonObject container) {
        synchronized (this) {
            containers.put(container.getString("Id"), container);
        }
        tell("start", container);
    }

    /** Puts a container among the running ones, and tells nobody. */
    public synchronized void runSilently(JsonObject container) {
        containers.put(container.getString("Id"), container);
    }

    /** Stops a container, and tells so. */
    public void kill(String id) {
        JsonObject gone;
        synchronized (this) {
            gone = containers.remove(id);
        }
        tell("die", gone);
    }

    private void tell(String action, JsonObject container) {
        String event = new JsonObject()
                        .put("Type", "container")
                        .put("Action", action)
                        .put(
                                "Actor",
                                new JsonObject()
                                        .put("ID", container.getString("Id"))
                                        .put("Attributes", container.getJsonObject("Labels")))
                        .put("scope", "local")
                        .put("time", 1_700_000_000)
                        .encode()
                + "\n";
        streams.forEach((stream, filters) -> {
            boolean isWanted = filters.getJsonArray("type").contains("container")
                    && filters.getJsonArray("event").contains(action)
                    && hasLabels(container, filters);
            try {
                if (isWanted) {
                    chunk(stream, event);
                }
            } catch (IOException e) {
                streams.remove(stream);
            }
        });
    }

    // --- Calls -----------------------------------------------------------------------------------------------------

    /** Returns a stream that may be written to while another thread reads. That of {@link Channels} waits for the reader. */
    private static OutputStream output(SocketChannel client) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one});
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
                while (left.hasRemaining()) {
                    client.write(left);
                }
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }

    private void serve(SocketChannel client) {
        OutputStream out = output(client);
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (line != null) {
                String[] words = line.split(" ");
                while (!in.readLine().isEmpty()) {
                    // The fields say nothing that the answers depend on.
                }
                answer(words[0], words[1], out);
                line = streams.containsKey(out) ? null : in.readLine();
            }
            if (streams.containsKey(out)) {
                // Ends when the client does.
                in.readLine();
            }
        } catch (IOException | NullPointerException e) {
            // The client has gone.
        } finally {
            streams.remove(out);
            open.remove(client);
            close(client);
        }
    }

    private void answer(String method, String target, OutputStream out) throws IOException {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        synchronized (this) {
            calls.add(path);
        }
        JsonObject filters = query < 0 ? new JsonObject() : filters(target.substring(query + 1));
        String known = "/v" + VERSION + "/";
        String call = path.startsWith(known) ? path.substring(known.length() - 1) : path;
        if (mood == Mood.SILENT) {
            return;
        }
        if (!method.equals("GET")) {
            refuse(out, 403, "Forbidden");
        } else if (path.equals("/_ping")) {
            reply(out, 200, "Api-Version: " + VERSION + "\r\n", "OK");
        } else if (path.startsWith("/v") && call.equals(path)) {
            refuse(out, 400, "client version is too new. Maximum supported API version is " + VERSION);
        } else if (mood == Mood.FAILS) {
            refuse(out, 500, "something is broken");
        } else if (call.equals("/containers/json")) {
            list(out, filters);
        } else if (call.equals("/events") && mood != Mood.NO_EVENTS) {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8));
            streams.put(out, filters);
        } else if (call.equals("/info") && mood != Mood.FILTERED) {
            reply(out, 200, "", "{}");
        } else {
            refuse(out, 403, "Forbidden");
        }
    }

    private static JsonObject filters(String query) {
        for (String part : query.split("&")) {
            if (part.startsWith("filters=")) {
                return new JsonObject(URLDecoder.decode(part.substring("filters=".length()), StandardCharsets.UTF_8));
            }
        }
        return new JsonObject();
    }

    private void list(OutputStream out, JsonObject filters) throws IOException {
        JsonArray found = new JsonArray();
        synchronized (this) {
            containers.values().stream()
                    .filter(container -> hasLabels(container, filters))
                    .filter(container -> filters.getJsonArray("status", new JsonArray().add("running"))
                            .contains(container.getString("State")))
                    .forEach(found::add);
        }
        switch (mood) {
            case BABBLES -> reply(out, 200, "", "<html>not what you think</html>");
            case FLOODS -> reply(out, 200, "", "[\"" + "x".repeat(FLOOD) + "\"]");
            default -> reply(out, 200, "", found.encode() + "\n");
        }
    }

    private static boolean hasLabels(JsonObject container, JsonObject filters) {
        return filters.getJsonArray("label", new JsonArray()).stream()
                .allMatch(label -> container.getJsonObject("Labels").containsKey((String) label));
    }

    private static void refuse(OutputStream out, int status, String message) throws IOException {
        reply(out, status, "", new JsonObject().put("message", message).encode());
    }

    private static void reply(OutputStream out, int status, String fields, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " Answer\r\n" + fields
                + "Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.UTF_8));
        out.write(bytes);
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
