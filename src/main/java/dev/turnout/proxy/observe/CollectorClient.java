package dev.turnout.proxy.observe;

import dev.turnout.config.RetryAfter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The client of a collector, which gets batches by the rules of OTLP over HTTP. Blocks for the time of an answer at
 * most.
 */
final class CollectorClient {

    private static final int ANSWER_SECONDS = 10;

    /** All other statuses say that the same batch would be refused again. */
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    private final SpanSettings settings;
    private final HttpClient client;

    CollectorClient(SpanSettings settings) {
        this.settings = settings;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(ANSWER_SECONDS));
        settings.trust().ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    ExportOutcome send(byte[] batch) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(settings.url())
                .header("Content-Type", "application/x-protobuf")
                .header("User-Agent", "Turnout")
                .POST(BodyPublishers.ofByteArray(batch))
                .build();
        CompletableFuture<HttpResponse<Void>> call = client.sendAsync(request, BodyHandlers.discarding());
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

    private static ExportOutcome outcome(HttpResponse<Void> answer) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return new ExportOutcome.Taken();
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
