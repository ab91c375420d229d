package dev.turnout.fleet.etcd;

import dev.turnout.config.CallClient;
import dev.turnout.fleet.etcd.EtcdFailed.Kind;
import dev.turnout.fleet.etcd.EtcdSettings.Login;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * The endpoints of etcd's gateway: which one is asked, and who asks. Any thread; a call blocks for the time of an answer
 * at most, once for each endpoint.
 */
final class Gateway {

    private static final int MOST_BYTES = 16 * 1024 * 1024;

    /** Whether a call may be sent again without knowing what became of it. */
    enum Repeat {
        /** The call changes nothing, or the same twice is the same once. */
        SAFE,
        /** A second one could be refused because of the first. */
        NEVER
    }

    private final EtcdSettings settings;
    private final CallClient client;
    private final AtomicInteger preferred = new AtomicInteger();
    private volatile Optional<String> token = Optional.empty();
    private volatile boolean isAnswered;

    /** Sends one request to one endpoint. */
    @FunctionalInterface
    private interface Attempt<T> {
        T at(URI endpoint) throws EtcdFailed;
    }

    Gateway(EtcdSettings settings) {
        this.settings = settings;
        this.client = new CallClient(settings.answer().multipliedBy(3).dividedBy(4), settings.tls());
    }

    /** Returns the answer of the first endpoint that has one. */
    JsonObject call(String path, JsonObject body, Repeat repeat) throws EtcdFailed {
        return inTurn(
                repeat,
                endpoint -> loggedIn(endpoint, () -> {
                    HttpResponse<byte[]> answer = send(endpoint, path, body, head -> new LimitedBody(MOST_BYTES));
                    return text(answer.statusCode(), answer.body());
                }));
    }

    /** Returns a stream of lines, which the caller closes. The stream is open, but may say nothing ever. */
    InputStream stream(String path, JsonObject body) throws EtcdFailed {
        return inTurn(Repeat.SAFE, endpoint -> opened(endpoint, path, body));
    }

    private InputStream opened(URI endpoint, String path, JsonObject body) throws EtcdFailed {
        login(endpoint);
        HttpResponse<InputStream> answer = send(endpoint, path, body, BodyHandlers.ofInputStream());
        if (answer.statusCode() == 200) {
            return answer.body();
        }
        try (InputStream rest = answer.body()) {
            String said = new String(rest.readNBytes(4_096), StandardCharsets.UTF_8);
            if (GatewayErrors.needsNewToken(answer.statusCode(), said)) {
                token = Optional.empty();
            }
            throw GatewayErrors.of(answer.statusCode(), said);
        } catch (IOException e) {
            throw new EtcdFailed(Kind.UNKNOWN, "the answer of " + endpoint + " broke off", e);
        }
    }

    private <T> T inTurn(Repeat repeat, Attempt<T> attempt) throws EtcdFailed {
        int first = preferred.get();
        int count = settings.endpoints().size();
        for (int tries = 1; ; tries++) {
            int index = Math.floorMod(first + tries - 1, count);
            try {
                T result = attempt.at(settings.endpoints().get(index));
                preferred.set(index);
                return result;
            } catch (EtcdFailed failed) {
                boolean isForNext = failed.kind() == Kind.UNREACHABLE || failed.kind() == Kind.UNKNOWN;
                if (isForNext) {
                    preferred.set(Math.floorMod(index + 1, count));
                }
                boolean mayRepeat = failed.kind() == Kind.UNREACHABLE || isForNext && repeat == Repeat.SAFE;
                if (!mayRepeat || tries == count || Thread.currentThread().isInterrupted()) {
                    throw failed;
                }
            }
        }
    }

    /** What an endpoint has said: its status and its text. */
    private record Said(int status, String text) {}

    /** A request that can be sent again. */
    @FunctionalInterface
    private interface Asking {
        Said ask() throws EtcdFailed;
    }

    /** Asks, and once more with a new token if the token has ended. */
    private JsonObject loggedIn(URI endpoint, Asking asking) throws EtcdFailed {
        login(endpoint);
        Said said = asking.ask();
        if (settings.login().isPresent() && GatewayErrors.needsNewToken(said.status(), said.text())) {
            token = Optional.empty();
            login(endpoint);
            said = asking.ask();
        }
        return success(said);
    }

    private void login(URI endpoint) throws EtcdFailed {
        if (settings.login().isPresent() && token.isEmpty()) {
            token = Optional.of(authenticate(endpoint, settings.login().get()));
        }
    }

    private String authenticate(URI endpoint, Login login) throws EtcdFailed {
        JsonObject body = new JsonObject()
                .put("name", login.user())
                .put("password", login.password().get());
        HttpResponse<byte[]> answer =
                send(endpoint, "/v3/auth/authenticate", body, head -> new LimitedBody(MOST_BYTES));
        if (success(text(answer.statusCode(), answer.body())).getValue("token") instanceof String given) {
            return given;
        }
        throw new EtcdFailed(Kind.NOT_ALLOWED, "etcd gave no token to user '" + login.user() + "'");
    }

    private static Said text(int status, byte[] body) {
        return new Said(status, new String(body, StandardCharsets.UTF_8));
    }

    private static JsonObject success(Said said) throws EtcdFailed {
        if (said.status() != 200) {
            throw GatewayErrors.of(said.status(), said.text());
        }
        try {
            return GatewayJson.object(said.text());
        } catch (IllegalArgumentException e) {
            throw new EtcdFailed(Kind.UNKNOWN, String.valueOf(e.getMessage()), e);
        }
    }

    private <T> HttpResponse<T> send(URI endpoint, String path, JsonObject body, BodyHandler<T> handler)
            throws EtcdFailed {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path))
                .header("Content-Type", "application/json")
                // A node that is cut off from its leader says so, instead of nothing.
                .header("Grpc-Metadata-hasleader", "true")
                .POST(BodyPublishers.ofString(body.encode()));
        token.ifPresent(given -> request.header("Authorization", given));
        CompletableFuture<HttpResponse<T>> call = client.send(request.build(), handler);
        long patience = (isAnswered ? settings.answer() : settings.firstAnswer()).toMillis();
        boolean isOver = false;
        try {
            HttpResponse<T> answer = call.get(patience, TimeUnit.MILLISECONDS);
            isOver = true;
            isAnswered = true;
            return answer;
        } catch (TimeoutException e) {
            throw new EtcdFailed(Kind.UNKNOWN, endpoint + " did not answer in " + patience + " ms", e);
        } catch (ExecutionException e) {
            throw failure(endpoint, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EtcdFailed(Kind.UNKNOWN, "the call was given up", e);
        } finally {
            if (!isOver) {
                call.cancel(true);
            }
        }
    }

    private static EtcdFailed failure(URI endpoint, Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new EtcdFailed(Kind.UNREACHABLE, endpoint + " can't be reached", cause);
        }
        if (cause instanceof SSLException) {
            return new EtcdFailed(
                    Kind.UNREACHABLE, endpoint + " can't be spoken to by TLS: " + cause.getMessage(), cause);
        }
        return new EtcdFailed(Kind.UNKNOWN, "the call of " + endpoint + " broke off: " + cause.getMessage(), cause);
    }
}
