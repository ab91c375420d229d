package dev.turnout.proxy.observe;

import dev.turnout.config.CallClient;
import dev.turnout.config.RetryAfter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;

/**
 * The client of a collector, which gets batches by the rules of OTLP over HTTP. Blocks for the time of an answer at
 * most.
 */
final class CollectorClient {

    private static final int ANSWER_SECONDS = 10;
    private static final int MOST_OF_ANSWER = 16 << 10;

    /** All other statuses say that the same batch would be refused again. */
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    private final SpanSettings settings;
    private final CallClient client;

    CollectorClient(SpanSettings settings) {
        this.settings = settings;
        this.client = new CallClient(Duration.ofSeconds(ANSWER_SECONDS), settings.trust());
    }

    void release() {
        client.release();
    }

    ExportOutcome send(byte[] batch) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> call = client.send(request(batch), BoundedBody.of(MOST_OF_ANSWER));
        try {
            return outcome(call.get(ANSWER_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            return new ExportOutcome.Later("did not answer in " + ANSWER_SECONDS + " s", Optional.empty());
        } catch (ExecutionException e) {
            return new ExportOutcome.Later("can't be reached (" + e.getCause() + ")", Optional.empty());
        } finally {
            call.cancel(true);
        }
    }

    private HttpRequest request(byte[] batch) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.url())
                .setHeader("User-Agent", "Turnout")
                .setHeader("Content-Type", "application/x-protobuf");
        settings.headers().forEach(line -> request.setHeader(line.name(), line.value()));
        if (settings.isCompressed()) {
            request.setHeader("Content-Encoding", "gzip");
        }
        return request.POST(BodyPublishers.ofByteArray(settings.isCompressed() ? gzip(batch) : batch))
                .build();
    }

    private static byte[] gzip(byte[] batch) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(batch);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can't be written to", e);
        }
        return compressed.toByteArray();
    }

    private static ExportOutcome outcome(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return new ExportOutcome.Taken(PartialSuccess.of(answer.body()));
        }
        String words = "answered " + status;
        return PASSING.contains(status)
                ? new ExportOutcome.Later(
                        words,
                        answer.headers()
                                .firstValue("Retry-After")
                                .flatMap(text -> RetryAfter.parse(text, Instant.now())))
                : new ExportOutcome.Never(words);
    }
}
