package dev.turnout.notify;

import dev.turnout.config.HookForm;
import dev.turnout.config.HookUrl;
import dev.turnout.config.RetryAfter;
import dev.turnout.notify.HookOutcome.Cause;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rule what an answer of a receiver means.
 *
 * @param retryAfter the field {@code Retry-After} (RFC 9110, section 10.2.3)
 * @param body the first bytes, as text
 */
record HookAnswer(int status, Optional<String> retryAfter, String body) {

    /** A reason of a provider is short and plain, such as {@code no_service} or {@code Unknown Webhook}. */
    private static final String REASON = "[A-Za-z0-9가-힣 _.,'-]{1,80}";

    /** Shorter parts of an address are words that many addresses have. */
    private static final int SECRET_CHARACTERS = 6;

    HookOutcome outcome(HookForm form, HookUrl url, Instant now) {
        String words = "answered " + status
                + reason(url).map(said -> " (" + said + ")").orElse("");
        if (status >= 200 && status < 300) {
            return isRefusal(form) ? new HookOutcome.Never(Cause.ANSWER, words) : new HookOutcome.Taken();
        }
        if (status >= 300 && status < 400) {
            return new HookOutcome.Never(
                    Cause.REDIRECT, "answered " + status + ", a redirect, and messages are not sent elsewhere");
        }
        boolean isPassing = status >= 500 || status == 408 || status == 425 || status == 429;
        return isPassing
                ? new HookOutcome.Later(Cause.ANSWER, words, after(now))
                : new HookOutcome.Never(Cause.ANSWER, words);
    }

    /** KakaoWork says so in the body. */
    private boolean isRefusal(HookForm form) {
        return form == HookForm.KAKAOWORK
                && json().map(json -> Boolean.FALSE.equals(json.getValue("success")))
                        .orElse(false);
    }

    private Optional<Duration> after(Instant now) {
        return retryAfter.flatMap(text -> RetryAfter.parse(text, now));
    }

    /** Returns the reason in the body, if it is one and shows nothing of the address. */
    private Optional<String> reason(HookUrl url) {
        String said = json().map(HookAnswer::message).orElse(body).strip();
        String address = url.uri().getRawPath() + "/" + url.uri().getRawQuery();
        boolean isSecret = Stream.of(address.split("[/?&=]"))
                .anyMatch(part -> part.length() >= SECRET_CHARACTERS && said.contains(part));
        return said.matches(REASON) && !isSecret ? Optional.of(said) : Optional.empty();
    }

    private static String message(JsonObject json) {
        Object error = json.getValue("error");
        Object message =
                error instanceof JsonObject inner ? inner.getValue("message") : json.getValue("message", error);
        return String.valueOf(message);
    }

    private Optional<JsonObject> json() {
        try {
            return body.stripLeading().startsWith("{") ? Optional.of(new JsonObject(body)) : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
