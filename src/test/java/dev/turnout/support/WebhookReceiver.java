package dev.turnout.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A receiver of webhooks, as somebody would write one: an HTTP server that checks signatures and answers as it is told. */
public final class WebhookReceiver implements AutoCloseable {

    /** The path of the hook. It is a secret, so a test can look whether it is shown anywhere. */
    public static final String SECRET_PATH = "/hooks/T0SECRET/B0SECRET/xyzzyPLUGH";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private volatile Reply usual = new Reply(200, Map.of(), "ok", false);

    /** A request that has arrived. */
    public record Delivery(Instant at, String path, Map<String, List<String>> headers, byte[] body) {

        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .flatMap(header -> header.getValue().stream())
                    .findFirst()
                    .orElse("");
        }

        public JsonObject json() {
            return new JsonObject(new String(body, UTF_8));
        }

        /** Returns true if the message was signed with this secret less than five minutes before a time. */
        public boolean isGenuine(byte[] secret, Instant now) {
            try {
                long sentAt = Long.parseLong(header("webhook-timestamp"));
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                byte[] head = (header("webhook-id") + "." + sentAt + ".").getBytes(UTF_8);
                mac.update(head);
                String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
                return Math.abs(now.getEpochSecond() - sentAt) < 300 && expected.equals(header("webhook-signature"));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** @param isSilent true if no answer comes before the receiver is closed */
    private record Reply(int status, Map<String, String> headers, String body, boolean isSilent) {}

    private WebhookReceiver(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public static WebhookReceiver start() {
        return new WebhookReceiver(TestServers.plain(0));
    }

    /** A receiver that speaks HTTPS with this certificate. */
    public static WebhookReceiver startSecure(TestAuthority.Issued certificate) {
        return new WebhookReceiver(TestServers.secure(certificate));
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        deliveries.add(new Delivery(
                Instant.now(), exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()), body));
        Reply reply = Optional.ofNullable(replies.poll()).orElse(usual);
        if (reply.isSilent()) {
            try {
                closed.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
            return;
        }
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] answer = reply.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    public String url() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://localhost:" + server.getAddress().getPort() + SECRET_PATH;
    }

    /** The next request is answered so, and the one after it by the next order. */
    public WebhookReceiver answer(int status, Map<String, String> headers, String body) {
        replies.add(new Reply(status, headers, body, false));
        return this;
    }

    public WebhookReceiver answer(int status) {
        return answer(status, Map.of(), "");
    }

    /** All requests without an order of their own are answered so. */
    public WebhookReceiver always(int status, String body) {
        usual = new Reply(status, Map.of(), body, false);
        return this;
    }

    /** No request is answered. */
    public WebhookReceiver silent() {
        usual = new Reply(0, Map.of(), "", true);
        return this;
    }

    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** Waits for the arrival of so many requests. */
    public List<Delivery> await(int count) throws InterruptedException {
        Await.until(count + " messages have arrived", () -> deliveries.size() >= count);
        return deliveries();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
