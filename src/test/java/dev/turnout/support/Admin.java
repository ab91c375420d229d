package dev.turnout.support;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The admin API, as a script calls it. Each answer has to be as {@link ApiDocument} says. All methods may be called on any
 * thread.
 */
public final class Admin {

    /** A switch is answered after its drain, which a thorough test has wait for uploads of 500 MB. */
    private static final Duration PATIENCE = Duration.ofSeconds(Rounds.of(60, 600));

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;
    private final Optional<String> token;

    Admin(URI address, Optional<String> token) {
        this.address = address;
        this.token = token;
    }

    /** An answer of the admin API. */
    public record Answer(int status, String contentType, String text) {

        public JsonObject json() {
            return new JsonObject(text);
        }

        /** The last part of a problem's {@code type}. */
        public String problem() {
            String type = json().getString("type");
            return type.substring(Math.max(type.lastIndexOf('/'), type.lastIndexOf(':')) + 1);
        }

        /** This answer, if it has the status. */
        public Answer expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError("status " + status + " instead of " + wanted + ": " + text);
            }
            return this;
        }
    }

    /** Switches to a slot, waits until the old one is drained, and returns the receipt. */
    public JsonObject switchTo(String slot) {
        return post("/admin/switch?to=" + slot).expect(200).json();
    }

    /** The whole status of service {@code default}. */
    public JsonObject status() {
        return get("/admin/status").expect(200).json();
    }

    /** The active slot's name. */
    public String active() {
        return status().getString("active");
    }

    /** Returns true while the change that is under way drains targets: from then on it sees what completes there. */
    public boolean isDraining() {
        JsonObject switching = status().getJsonObject("switching");
        return switching != null && "drain".equals(switching.getString("step"));
    }

    /** The revision of the routing state. */
    public long revision() {
        return status().getLong("revision");
    }

    /** What the status says about the first target of a slot. */
    public JsonObject target(String slot) {
        return status().getJsonObject("slots")
                .getJsonObject(slot)
                .getJsonArray("targets")
                .getJsonObject(0);
    }

    /** A number that Prometheus would get, of the one line that has this name, with its labels in braces if it has any. */
    public double metric(String name) {
        return get("/q/metrics")
                .expect(200)
                .text()
                .lines()
                .map(line -> line.replace(",}", "}"))
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    public Answer get(String path) {
        return done(send("GET", path));
    }

    public Answer post(String path) {
        return done(postAsync(path));
    }

    /** As {@link #post(String)}, with a header more. */
    public Answer post(String path, String header, String value) {
        return done(send("POST", path, "", header, value));
    }

    public Answer delete(String path) {
        return done(deleteAsync(path));
    }

    public Answer put(String path) {
        return put(path, "");
    }

    public Answer put(String path, String body) {
        return done(putAsync(path, body));
    }

    public CompletableFuture<Answer> putAsync(String path, String body) {
        return send("PUT", path, body);
    }

    public CompletableFuture<Answer> deleteAsync(String path) {
        return send("DELETE", path);
    }

    public CompletableFuture<Answer> postAsync(String path) {
        return send("POST", path);
    }

    private CompletableFuture<Answer> send(String method, String path) {
        return send(method, path, "");
    }

    private CompletableFuture<Answer> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> described(
                        method,
                        path,
                        new Answer(
                                response.statusCode(),
                                response.headers().firstValue("Content-Type").orElse(""),
                                response.body())));
    }

    /** Returns the answer, if the API's document describes it. */
    private static Answer described(String method, String path, Answer answer) {
        ApiDocument.ofSources().check(method, path, answer.status(), answer.contentType(), answer.text());
        return answer;
    }

    private static Answer done(CompletableFuture<Answer> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError fault) {
                throw fault;
            }
            throw new UncheckedIOException(new IOException("no answer from the admin API", e.getCause()));
        }
    }
}
