package dev.turnout.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** An admin server that answers as it is told, over real sockets. */
final class AdminStub implements AutoCloseable {

    /** What a call is answered with. */
    @FunctionalInterface
    interface Reply {
        void to(HttpExchange call) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile BlockingQueue<String> events = new LinkedBlockingQueue<>();

    AdminStub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        reply("GET /admin/status", json(200, status()));
        reply("GET /admin/events", this::stream);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Sets the answer of a call, such as {@code POST /admin/switch}. */
    AdminStub reply(String call, Reply reply) {
        replies.put(call, reply);
        return this;
    }

    /** Returns the calls so far, with their queries. */
    List<String> calls() {
        return calls;
    }

    /** Sends an event to the listener that came last. */
    void event(String kind, JsonObject detail) {
        events.add("event: " + kind + "\ndata: " + detail.encode() + "\n\n");
    }

    private void answer(HttpExchange call) throws IOException {
        String name = call.getRequestMethod() + " " + call.getRequestURI().getPath();
        calls.add(call.getRequestMethod() + " " + call.getRequestURI());
        try (call) {
            replies.getOrDefault(name, problem(404, "not-found", "There is nothing here."))
                    .to(call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stream(HttpExchange call) throws IOException, InterruptedException {
        BlockingQueue<String> own = new LinkedBlockingQueue<>();
        events = own;
        call.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
        call.sendResponseHeaders(200, 0);
        OutputStream out = call.getResponseBody();
        out.write(("event: status\ndata: " + status().encode() + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        while (!Thread.currentThread().isInterrupted()) {
            out.write(own.take().getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    static Reply json(int status, JsonObject body) {
        return send(status, "application/json", body.encodePrettily() + "\n");
    }

    static Reply problem(int status, String type, String detail) {
        return send(
                status,
                "application/problem+json",
                new JsonObject()
                        .put("type", "urn:turnout:problem:" + type)
                        .put("title", type)
                        .put("status", status)
                        .put("detail", detail)
                        .encode());
    }

    static Reply send(int status, String contentType, String body) {
        return call -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", contentType);
            call.sendResponseHeaders(status, bytes.length);
            call.getResponseBody().write(bytes);
        };
    }

    /** Returns an answer whose connection is closed before its end. */
    static Reply lost() {
        return call -> {
            call.sendResponseHeaders(200, 100);
            call.getResponseBody().write('{');
            call.getResponseBody().flush();
            throw new IOException("the connection is to be lost");
        };
    }

    /** Returns the status of a service with one target in each slot, of which blue serves. */
    static JsonObject status() {
        return new JsonObject()
                .put("service", "default")
                .put("revision", 7)
                .put("active", "blue")
                .put("idle", "green")
                .put("since", "2026-01-31T10:00:00Z")
                .put("paused", false)
                .put("held", 0)
                .put("canary", new JsonObject().put("weight", 0))
                .put("switching", null)
                .put(
                        "slots",
                        new JsonObject()
                                .put("blue", slot("1.4.1", target("127.0.0.1:8080", "UP", "200")))
                                .put("green", slot("1.4.2", target("127.0.0.1:8082", "DOWN", "connection refused"))))
                .put("services", new JsonArray().add(new JsonObject().put("name", "default")))
                .put("warnings", new JsonArray().add("Slot green is down."))
                .put("turnout", new JsonObject().put("version", "9.9.9"));
    }

    private static JsonObject slot(String version, JsonObject target) {
        return new JsonObject().put("version", version).put("targets", new JsonArray().add(target));
    }

    private static JsonObject target(String address, String health, String cause) {
        return new JsonObject()
                .put("target", address)
                .put("health", health)
                .put("inRotation", true)
                .put("inFlight", 12)
                .put("requests", 100)
                .put("responses", new JsonObject().put("5xx", 0))
                .put("lastProbe", new JsonObject().put("cause", cause));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
