package dev.turnout.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between one member and a real etcd, and does to its calls what a network does: it loses the answer of a
 * transaction that was made, keeps a transaction back, or lets nothing through any more. The gateway speaks plain HTTP, so a
 * call is known by the keys that it writes.
 */
public final class EtcdInTheMiddle implements AutoCloseable {

    private final URI etcd;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "etcd in the middle");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile String dropped = "";
    private volatile String lost = "";
    private volatile String last = "";
    private volatile String kept = "";
    private volatile CountDownLatch met = new CountDownLatch(0);
    private volatile CountDownLatch word = new CountDownLatch(0);
    private volatile boolean isCut;
    private final AtomicInteger keptNow = new AtomicInteger();

    private EtcdInTheMiddle(URI etcd) {
        this.etcd = etcd;
        this.server = TestServers.plain(0);
        server.createContext("/", this::pass);
        server.setExecutor(threads);
        server.start();
    }

    /** Begins to stand before one node, and lets all calls through. */
    public static EtcdInTheMiddle before(URI etcd) {
        return new EtcdInTheMiddle(etcd);
    }

    /** Returns the address that a member is given. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Loses the next transaction that writes a key with this part in it. It is never made. */
    public void drop(String part) {
        met = new CountDownLatch(1);
        dropped = part;
    }

    /** Loses the answer of the next transaction that writes a key with this part in it. The transaction is made. */
    public void loseAnswer(String part) {
        met = new CountDownLatch(1);
        lost = part;
    }

    /** As {@link #loseAnswer}, and lets nothing through after it. */
    public void cutAfter(String part) {
        met = new CountDownLatch(1);
        last = part;
    }

    /** Keeps all transactions back that write a key with this part in it, until {@link #letGo}. */
    public void keep(String part) {
        met = new CountDownLatch(1);
        word = new CountDownLatch(1);
        kept = part;
    }

    /** Lets the transactions go that were kept. */
    public void letGo() {
        kept = "";
        word.countDown();
    }

    /** Waits until etcd has answered what was kept and let go. */
    public void awaitGone() {
        Await.until("etcd has answered", () -> keptNow.get() == 0);
    }

    /** Lets nothing through any more. */
    public void cut() {
        isCut = true;
    }

    /** Lets all through again. */
    public void mend() {
        dropped = "";
        lost = "";
        last = "";
        isCut = false;
        letGo();
    }

    /** Waits until the transaction that was asked for has come. */
    public void awaitMet() {
        await(met);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void pass(HttpExchange call) throws IOException {
        try (call) {
            byte[] body = call.getRequestBody().readAllBytes();
            if (isCut) {
                return;
            }
            String path = call.getRequestURI().getPath();
            List<String> written = path.equals("/v3/kv/txn")
                    ? written(new JsonObject(new String(body, StandardCharsets.UTF_8)))
                    : List.of();
            if (isIn(dropped, written)) {
                dropped = "";
                met.countDown();
                return;
            }
            boolean isKept = isIn(kept, written);
            if (isKept) {
                keptNow.incrementAndGet();
                met.countDown();
                await(word);
            }
            boolean isLast = isIn(last, written);
            isCut |= isLast;
            HttpResponse<InputStream> answer = forward(call, path, body);
            if (isKept) {
                keptNow.decrementAndGet();
            }
            if (isLast || isIn(lost, written)) {
                lost = "";
                last = "";
                answer.body().close();
                met.countDown();
                return;
            }
            answer(call, answer);
        }
    }

    private static boolean isIn(String part, List<String> written) {
        return !part.isEmpty() && written.stream().anyMatch(key -> key.contains(part));
    }

    private HttpResponse<InputStream> forward(HttpExchange call, String path, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(etcd.resolve(path)).POST(BodyPublishers.ofByteArray(body));
        for (String name : List.of("Content-Type", "Authorization", "Grpc-Metadata-hasleader")) {
            String value = call.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** A watch is a line now and then: what has come goes on at once. */
    private void answer(HttpExchange call, HttpResponse<InputStream> answer) throws IOException {
        call.sendResponseHeaders(answer.statusCode(), 0);
        try (InputStream in = answer.body();
                OutputStream out = call.getResponseBody()) {
            byte[] some = new byte[8_192];
            for (int count = in.read(some); count >= 0 && !isCut; count = in.read(some)) {
                out.write(some, 0, count);
                out.flush();
            }
        }
    }

    private static List<String> written(JsonObject transaction) {
        List<String> keys = new ArrayList<>();
        JsonArray writes = transaction.getJsonArray("success", new JsonArray());
        for (int i = 0; i < writes.size(); i++) {
            JsonObject put = writes.getJsonObject(i).getJsonObject("requestPut");
            if (put != null) {
                keys.add(new String(Base64.getDecoder().decode(put.getString("key")), StandardCharsets.UTF_8));
            }
        }
        return keys;
    }

    @Override
    public void close() {
        mend();
        server.stop(0);
        threads.shutdownNow();
    }
}
