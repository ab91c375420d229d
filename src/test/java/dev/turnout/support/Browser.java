package dev.turnout.support;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Chromium without a window, driven by the DevTools protocol. */
public final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Await.PATIENCE;

    private final Chromium chromium;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> asked = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonObject>> pages = new ConcurrentHashMap<>();

    private Browser(Chromium chromium, URI address) {
        this.chromium = chromium;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new Messages())
                .join();
    }

    /** Starts a browser with a profile of its own. */
    public static Browser start(Path profile) {
        Chromium chromium = Chromium.open(profile, "about:blank", "--hide-scrollbars");
        Path port = profile.resolve("DevToolsActivePort");
        Await.until(() -> "Chromium listens", PATIENCE, () -> lines(port).size() == 2);
        return new Browser(
                chromium,
                URI.create("ws://127.0.0.1:" + lines(port).get(0) + lines(port).get(1)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens an empty page, with storage of its own. */
    public BrowserPage page() {
        String context =
                ask("", "Target.createBrowserContext", new JsonObject()).getString("browserContextId");
        String target = ask(
                        "",
                        "Target.createTarget",
                        new JsonObject().put("url", "about:blank").put("browserContextId", context))
                .getString("targetId");
        String session = ask(
                        "",
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true))
                .getString("sessionId");
        return new BrowserPage(this, session);
    }

    /** Has the events of a page's session told. */
    void listen(String session, Consumer<JsonObject> listener) {
        pages.put(session, listener);
    }

    /** Asks for something, and waits for the result. */
    JsonObject ask(String session, String method, JsonObject parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        asked.put(id, answer);
        JsonObject call = new JsonObject().put("id", id).put("method", method).put("params", parameters);
        if (!session.isEmpty()) {
            call.put("sessionId", session);
        }
        synchronized (socket) {
            socket.sendText(call.encode(), true).join();
        }
        JsonObject message =
                answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        if (message.containsKey("error")) {
            throw new AssertionError(method + ": " + message.getJsonObject("error"));
        }
        return message.getJsonObject("result");
    }

    private final class Messages implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence piece, boolean isLast) {
            text.append(piece);
            if (isLast) {
                JsonObject message = new JsonObject(text.toString());
                text.setLength(0);
                take(message);
            }
            from.request(1);
            return null;
        }

        private void take(JsonObject message) {
            if (message.containsKey("id")) {
                asked.remove(message.getInteger("id")).complete(message);
            } else if (pages.containsKey(message.getString("sessionId", ""))) {
                pages.get(message.getString("sessionId")).accept(message);
            }
        }
    }

    @Override
    public void close() {
        chromium.close();
    }
}
