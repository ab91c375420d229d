package dev.turnout.notify;

import dev.turnout.config.CallClient;
import dev.turnout.notify.HookOutcome.Cause;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** One incoming webhook: sends a message once. Blocks for the time of an answer at most. Any thread. */
final class Hook {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final ReceiverSettings settings;
    private final String sender;
    private final Duration answer;
    private final Clock clock;
    private final CallClient client;

    /**
     * @param sender the name of this machine
     * @param answer how long an answer is waited for
     */
    Hook(ReceiverSettings settings, String sender, Duration answer, Clock clock) {
        this.settings = settings;
        this.sender = sender;
        this.answer = answer;
        this.clock = clock;
        this.client = new CallClient(CONNECT, settings.trust().map(trust -> trust.context()));
    }

    /** Gives the webhook up. A message that is under way is sent. */
    void release() {
        client.release();
    }

    HookOutcome send(Notification notification) throws InterruptedException {
        Instant now = clock.instant();
        byte[] body = HookMessage.of(notification, settings.language(), sender)
                .in(settings.form())
                .toBuffer()
                .getBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.url().uri())
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "Turnout")
                .header("webhook-id", notification.id())
                .header("webhook-timestamp", String.valueOf(now.getEpochSecond()))
                .POST(BodyPublishers.ofByteArray(body));
        settings.secret()
                .ifPresent(secret -> request.header(
                        "webhook-signature", HookSignature.of(secret.bytes(), notification.id(), now, body)));
        return answer(client.send(request.build(), head -> new AnswerStart()), now);
    }

    private HookOutcome answer(CompletableFuture<HttpResponse<String>> call, Instant now) throws InterruptedException {
        try {
            HttpResponse<String> response = call.get(answer.toMillis(), TimeUnit.MILLISECONDS);
            Optional<String> retryAfter = response.headers().firstValue("Retry-After");
            return new HookAnswer(response.statusCode(), retryAfter, response.body())
                    .outcome(settings.form(), settings.url(), now);
        } catch (TimeoutException e) {
            return later(Cause.NO_ANSWER, "did not answer in " + answer.toSeconds() + " s");
        } catch (ExecutionException e) {
            return later(e.getCause() == null ? e : e.getCause());
        } finally {
            call.cancel(true);
        }
    }

    private static HookOutcome later(Cause cause, String words) {
        return new HookOutcome.Later(cause, words, Optional.empty());
    }

    /** Messages of Java show parts of the address, so they are not used. */
    private static HookOutcome later(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return later(Cause.UNKNOWN_HOST, "can't be found: its host name has no address");
            }
            if (cause instanceof SSLException) {
                return later(
                        Cause.NOT_TRUSTED,
                        "can't be trusted: its certificate is from an unknown authority, or for another name");
            }
        }
        if (failure instanceof ConnectException) {
            return later(Cause.UNREACHABLE, "can't be reached: nobody takes the connection");
        }
        String how = failure instanceof IOException
                ? "the connection ended, or was not made in time"
                : failure.getClass().getSimpleName();
        return later(Cause.UNREACHABLE, "can't be reached: " + how);
    }
}
