package dev.turnout.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server in front of {@link Pebble} that answers some requests itself, for what Pebble does not know: limits, renewal
 * information (RFC 9773), profiles.
 */
public final class PebbleFront implements AutoCloseable {

    /** An answer in place of Pebble's. */
    public record Reply(int status, List<String> fields, JsonObject body) {

        /** Returns a refusal as authorities write them (RFC 8555, section 6.7). */
        public static Reply problem(int status, String type, String detail, String... fields) {
            return new Reply(
                    status,
                    List.of(fields),
                    new JsonObject()
                            .put("type", "urn:ietf:params:acme:error:" + type)
                            .put("detail", detail));
        }
    }

    /** What is known of a request: the payload is what was signed. */
    public record Call(String method, String path, JsonObject payload) {

        public boolean isNewOrder() {
            return path.equals("/order-plz");
        }
    }

    /** Answers a request instead of Pebble. */
    @FunctionalInterface
    public interface Rule {
        Optional<Reply> answer(Call call);
    }

    private final Vertx vertx = Vertx.vertx();
    private final Pebble pebble;
    private final HttpServer server;
    private final HttpClient client;
    private final JsonObject directory;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /** @param directory further members of the directory; {@code PORT} in texts is the port of this server */
    public PebbleFront(Pebble pebble, JsonObject directory) {
        this.pebble = pebble;
        int port = Ports.next();
        this.directory = new JsonObject(directory.encode().replace("PORT", String.valueOf(port)));
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(pebble.ownCertificate().toString())
                                .addKeyPath(pebble.ownKey().toString())))
                .requestHandler(this::answer)
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Has a rule asked before Pebble. */
    public PebbleFront rule(Rule rule) {
        rules.add(rule);
        return this;
    }

    /** Has Pebble answer everything again. */
    public void clear() {
        rules.clear();
    }

    /** Returns the orders that were asked for. */
    public List<Call> newOrders() {
        return calls.stream().filter(Call::isNewOrder).toList();
    }

    /** Returns the requests for a path and all below. */
    public List<Call> callsBelow(String path) {
        return calls.stream().filter(call -> call.path().startsWith(path)).toList();
    }

    public URI directory() {
        return URI.create("https://localhost:" + server.actualPort() + "/dir");
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Call call = new Call(request.method().name(), request.path(), payload(body));
            calls.add(call);
            for (Rule rule : rules) {
                Optional<Reply> reply = rule.answer(call);
                if (reply.isPresent()) {
                    send(request, reply.get());
                    return;
                }
            }
            pass(request, body);
        });
    }

    private static JsonObject payload(Buffer body) {
        if (body.length() == 0) {
            return new JsonObject();
        }
        String payload = new JsonObject(body).getString("payload", "");
        return payload.isEmpty()
                ? new JsonObject()
                : new JsonObject(new String(Base64.getUrlDecoder().decode(payload), UTF_8));
    }

    /** Sends an answer with a nonce of Pebble's, as every answer of an authority has one. */
    private void send(HttpServerRequest request, Reply reply) {
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.HEAD)
                        .setHost("127.0.0.1")
                        .setPort(pebble.port())
                        .setURI("/nonce-plz"))
                .compose(asked -> asked.send())
                .onSuccess(nonce -> {
                    request.response()
                            .setStatusCode(reply.status())
                            .putHeader("Replay-Nonce", nonce.getHeader("Replay-Nonce"))
                            .putHeader(
                                    "Content-Type",
                                    reply.status() < 400 ? "application/json" : "application/problem+json");
                    for (String field : reply.fields()) {
                        int colon = field.indexOf(": ");
                        request.response().putHeader(field.substring(0, colon), field.substring(colon + 2));
                    }
                    request.response().end(reply.body().toBuffer());
                });
    }

    private void pass(HttpServerRequest request, Buffer body) {
        client.request(new RequestOptions()
                        .setMethod(request.method())
                        .setHost("localhost")
                        .setPort(server.actualPort())
                        .setServer(SocketAddress.inetSocketAddress(pebble.port(), "127.0.0.1"))
                        .setURI(request.uri()))
                .compose(asked -> {
                    request.headers().forEach(field -> {
                        if (!field.getKey().equalsIgnoreCase("Host")) {
                            asked.putHeader(field.getKey(), field.getValue());
                        }
                    });
                    return asked.send(body);
                })
                .compose(response -> response.body().map(content -> {
                    request.response().setStatusCode(response.statusCode());
                    response.headers().forEach(field -> {
                        if (!field.getKey().equalsIgnoreCase("Content-Length")) {
                            request.response().putHeader(field.getKey(), field.getValue());
                        }
                    });
                    return request.path().equals("/dir") ? extended(content) : content;
                }))
                .onSuccess(content -> request.response().end(content))
                .onFailure(failure -> request.connection().close());
    }

    private Buffer extended(Buffer content) {
        return new JsonObject(content).mergeIn(directory, true).toBuffer();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
