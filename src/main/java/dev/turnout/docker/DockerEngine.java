package dev.turnout.docker;

import dev.turnout.config.DockerConfig.ContainerAddress;
import dev.turnout.routing.ContainerAnswer;
import dev.turnout.routing.ContainerSource;
import dev.turnout.routing.FoundContainer;
import dev.turnout.routing.VisibleText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A container engine at its Unix socket, asked by the Docker Engine API: {@code /_ping} for the version, {@code
 * /containers/json} for the containers, and {@code /events} for the time to ask again. Only {@code GET} is used, so a proxy
 * that lets nothing else through is enough.
 *
 * <p>Of the events nothing is read: each has the list asked for again. The stream is opened before the list is asked for, so
 * that nothing which comes in between is missed. A stream that ends is opened again, after a pause that doubles up to 30 s.
 * Answers are bounded in time and bytes. One thread asks; the rest runs on an event loop.
 */
public final class DockerEngine implements ContainerSource {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final int MOST_CONTAINERS = 512;
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final String STOPPING = "Turnout is being stopped";
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,3}\\.[0-9]{1,3}");

    private final Vertx vertx;
    private final Duration patience;
    private final Path file;
    private final SocketAddress socket;
    private final ContainerList reader;
    private final Semaphore changed = new Semaphore(0);
    private final HttpClient client;
    private volatile @Nullable HttpClientRequest events;
    private volatile boolean closed;
    private volatile long pauseMillis = FIRST_PAUSE_MILLIS;
    private long openNanos = System.nanoTime();

    /**
     * @param socket the Unix socket of the engine
     * @param network whose address of a container is taken; empty if a container has one
     */
    public DockerEngine(Vertx vertx, Path socket, Optional<String> network, ContainerAddress address) {
        this(vertx, socket, network, address, PATIENCE);
    }

    /** @param patience how long an answer may take */
    DockerEngine(Vertx vertx, Path socket, Optional<String> network, ContainerAddress address, Duration patience) {
        this.vertx = vertx;
        this.patience = patience;
        this.file = socket;
        this.socket = SocketAddress.domainSocketAddress(socket.toString());
        this.reader = new ContainerList(network, address);
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) patience.toMillis())
                .setKeepAlive(false)
                .setMaxPoolSize(2));
    }

    @Override
    public ContainerAnswer list() {
        try {
            String version = version();
            openEvents(version);
            String filters = new JsonObject()
                    .put("label", new JsonArray().add(ContainerList.SERVICE))
                    .put("status", new JsonArray().add("running"))
                    .encode();
            List<FoundContainer> found = reader.read(array(get(version + "/containers/json?filters=" + escaped(filters))
                    .body()));
            return found.size() > MOST_CONTAINERS
                    ? new ContainerAnswer.Failed(found.size() + " containers have the label " + ContainerList.SERVICE
                            + ", and " + MOST_CONTAINERS + " are taken at most")
                    : new ContainerAnswer.Found(found);
        } catch (EngineFailed e) {
            return new ContainerAnswer.Failed(String.valueOf(e.getMessage()));
        }
    }

    /** Returns what the paths of calls begin with: the version that the engine speaks itself, if it says so. */
    private String version() throws EngineFailed {
        String named = get("/_ping").version();
        return VERSION.matcher(named).matches() ? "/v" + named : "";
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonArray array(Buffer body) throws EngineFailed {
        try {
            return new JsonArray(body);
        } catch (DecodeException | ClassCastException e) {
            throw new EngineFailed("its answer is not a list of containers", e);
        }
    }

    @Override
    public boolean await(Duration most) throws InterruptedException {
        boolean isChanged = changed.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
        changed.drainPermits();
        return isChanged;
    }

    @Override
    public void close() {
        closed = true;
        client.close();
    }

    // --- Events ----------------------------------------------------------------------------------------------------

    /** Opens the stream of events if there is none and its pause is over. Without it the list is asked for in turns. */
    private void openEvents(String version) {
        if (events != null || System.nanoTime() - openNanos < 0) {
            return;
        }
        openNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        String filters = new JsonObject()
                .put("type", new JsonArray().add("container"))
                .put("event", new JsonArray().add("start").add("unpause"))
                .put("label", new JsonArray().add(ContainerList.SERVICE))
                .encode();
        try {
            waitFor(
                    version + "/events?filters=" + escaped(filters),
                    (request, response) -> Future.succeededFuture(listen(request, response)));
        } catch (EngineFailed e) {
            events = null;
        }
    }

    private boolean listen(HttpClientRequest request, HttpClientResponse response) {
        if (response.statusCode() != 200) {
            request.reset();
            return false;
        }
        events = request;
        response.handler(some -> {
            pauseMillis = FIRST_PAUSE_MILLIS;
            changed.release();
        });
        response.exceptionHandler(e -> ended(request));
        response.endHandler(end -> ended(request));
        return true;
    }

    /** Called when the stream has ended: what happens from now on is not told. */
    private void ended(HttpClientRequest stream) {
        if (events == stream) {
            events = null;
            changed.release();
        }
    }

    /** Returns true while the engine tells of what happens. */
    boolean hasEvents() {
        return events != null;
    }

    // --- Calls -----------------------------------------------------------------------------------------------------

    private record Answer(String version, Buffer body) {}

    private Future<HttpClientRequest> request(String path) {
        if (!vertx.isNativeTransportEnabled()) {
            return Future.failedFuture("a Unix socket takes the native transport");
        }
        return client.request(new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(socket)
                .setHost("localhost")
                .setURI(path));
    }

    private Answer get(String path) throws EngineFailed {
        return waitFor(path, DockerEngine::whole);
    }

    private static Future<Answer> whole(HttpClientRequest request, HttpClientResponse response) {
        Promise<Answer> answer = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(answer::tryFail);
        response.handler(some -> {
            if (body.length() + some.length() > MOST_BYTES) {
                answer.tryFail("its answer has more than " + MOST_BYTES + " bytes");
                request.reset();
            } else {
                body.appendBuffer(some);
            }
        });
        response.endHandler(end -> {
            if (response.statusCode() == 200) {
                String version = response.getHeader("Api-Version");
                answer.tryComplete(new Answer(version == null ? "" : version, body));
            } else {
                answer.tryFail("it answered " + response.statusCode() + ": "
                        + VisibleText.of(body.toString(StandardCharsets.UTF_8).strip(), VisibleText.SHORT));
            }
        });
        return answer.future();
    }

    /** Makes a call. One that has not brought its result in time is ended. */
    private <T> T waitFor(String path, BiFunction<HttpClientRequest, HttpClientResponse, Future<T>> reader)
            throws EngineFailed {
        if (closed) {
            throw new EngineFailed(STOPPING);
        }
        CompletableFuture<HttpClientRequest> begun = new CompletableFuture<>();
        Future<T> result = request(path).compose(request -> {
            begun.complete(request);
            return request.send().compose(response -> reader.apply(request, response));
        });
        try {
            return result.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            begun.thenAccept(HttpClientRequest::reset);
            throw new EngineFailed("it has not answered for " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new EngineFailed(
                    Files.exists(file)
                            ? VisibleText.of(String.valueOf(cause.getMessage()), VisibleText.SHORT)
                            : "there is no socket " + file,
                    e);
        } catch (InterruptedException e) {
            begun.thenAccept(HttpClientRequest::reset);
            Thread.currentThread().interrupt();
            throw new EngineFailed(STOPPING, e);
        }
    }
}
