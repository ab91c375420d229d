package dev.turnout.acme;

import dev.turnout.acme.AuthorityFailed.Kind;
import dev.turnout.config.Durations;
import dev.turnout.text.TlsText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The tries that have failed since the last success, and when the next try may be made.
 *
 * @param count how many tries have failed
 * @param since the first failure
 * @param notBefore the earliest next try
 * @param words the last failure, in the words of the authority if the authority has refused
 * @param kind what has failed; empty in the file of an older Turnout
 * @param told when a failure was written to the log
 * @param refusedProofs when the authority has refused a proof that a name is ours
 * @param isStagingNext true if the next try goes to the staging directory
 */
record FailedTries(
        int count,
        Optional<Instant> since,
        Optional<Instant> notBefore,
        Optional<String> words,
        Optional<Kind> kind,
        Optional<Instant> told,
        List<Instant> refusedProofs,
        boolean isStagingNext) {

    static final FailedTries NONE = new FailedTries(
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            false);

    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(6);
    private static final int MOST_DOUBLINGS = 9;

    /** How long an authority is left alone that has set a limit and has not said for how long. */
    private static final Duration WAIT_AT_LIMIT = Duration.ofHours(1);

    /** The longest limit of Let's Encrypt is a week. A longer wait is a mistake. */
    private static final Duration LONGEST_LIMIT = Duration.ofDays(8);

    /** Let's Encrypt takes five in an hour. One is left for a try by hand. */
    private static final int MOST_REFUSED_PROOFS = 4;

    private static final Duration HOUR = Duration.ofHours(1);

    FailedTries {
        refusedProofs = List.copyOf(refusedProofs);
    }

    /** As {@link OrderRecord#asOf}. The clocks of the members of a fleet may differ by less than an hour. */
    FailedTries asOf(Instant now) {
        Predicate<Instant> isPast = at -> at.isBefore(now.plus(HOUR));
        return new FailedTries(
                count,
                since.filter(isPast),
                notBefore.filter(at -> !at.isAfter(now.plus(LONGEST_LIMIT).plus(HOUR))),
                words,
                kind,
                told.filter(isPast),
                refusedProofs.stream().filter(isPast).toList(),
                isStagingNext);
    }

    /** Returns true if no try may be made yet. */
    boolean areHolding(Instant now) {
        return notBefore.filter(now::isBefore).isPresent();
    }

    /** Returns true if tries have failed for as long as this. */
    boolean haveLasted(Duration time, Instant now) {
        return since.filter(first -> !now.isBefore(first.plus(time))).isPresent();
    }

    /**
     * Returns the failures with one more.
     *
     * @param isRehearsal true if the try went to a staging directory
     * @param canRehearse true if the authority has a staging directory
     */
    FailedTries plus(Instant now, AuthorityFailed failure, boolean isRehearsal, boolean canRehearse) {
        boolean isRefusedProof = failure.kind() == Kind.PROOF_REFUSED && !isRehearsal;
        List<Instant> refused = new ArrayList<>(refusedInHourBefore(now));
        if (isRefusedProof) {
            refused.add(now);
        }
        return new FailedTries(
                count + 1,
                Optional.of(since.orElse(now)),
                Optional.of(next(now, failure, refused)),
                Optional.of(failure.words()),
                Optional.of(failure.kind()),
                told,
                refused,
                canRehearse && !isRehearsal && failure.isAboutOrder());
    }

    private Instant next(Instant now, AuthorityFailed failure, List<Instant> refused) {
        Instant next = now.plus(wait(count));
        if (failure.kind() == Kind.RATE_LIMITED) {
            Instant asked = failure.retryAfter().orElse(now.plus(WAIT_AT_LIMIT));
            Instant longest = now.plus(LONGEST_LIMIT);
            next = later(next, asked.isAfter(longest) ? longest : asked);
        }
        if (refused.size() >= MOST_REFUSED_PROOFS) {
            next = later(next, Collections.min(refused).plus(HOUR));
        }
        return next;
    }

    private static Duration wait(int failuresBefore) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failuresBefore, MOST_DOUBLINGS));
        return Durations.shorter(wait, LONGEST_WAIT);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private List<Instant> refusedInHourBefore(Instant now) {
        Instant hourAgo = now.minus(HOUR);
        return refusedProofs.stream().filter(hourAgo::isBefore).toList();
    }

    /** Returns the failures after a success at the staging directory: the authority itself is asked at once. */
    FailedTries rehearsed() {
        return new FailedTries(count, since, Optional.empty(), words, kind, told, refusedProofs, false);
    }

    /**
     * Returns what is left of the failures after a success.
     *
     * @param hold no earlier order
     */
    FailedTries ended(Instant hold) {
        return new FailedTries(
                0,
                Optional.empty(),
                Optional.of(hold),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                refusedProofs,
                false);
    }

    /** Returns the same without the wait after a success. A wait after a failure stays. */
    FailedTries released() {
        return count > 0
                ? this
                : new FailedTries(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        told,
                        refusedProofs,
                        isStagingNext);
    }

    /** Returns the failures with the time of a line in the log. */
    FailedTries told(Instant now) {
        return new FailedTries(count, since, notBefore, words, kind, Optional.of(now), refusedProofs, isStagingNext);
    }

    /** Returns the last failure, with what it means. */
    Optional<TlsText> lastError() {
        return words.map(text -> AuthorityFailed.told(kind.orElse(Kind.REFUSED), text));
    }

    JsonObject json() {
        JsonArray refused = new JsonArray();
        refusedProofs.forEach(at -> refused.add(at.toString()));
        JsonObject json = new JsonObject().put("count", count);
        Instants.put(json, "since", since);
        Instants.put(json, "notBefore", notBefore);
        words.ifPresent(text -> json.put("words", text));
        kind.ifPresent(what -> json.put("kind", what.name()));
        Instants.put(json, "told", told);
        return json.put("refusedProofs", refused).put("stagingNext", isStagingNext);
    }

    private static Optional<Kind> kind(String name) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.name().equals(name))
                .findFirst();
    }

    static FailedTries of(JsonObject json) {
        List<Instant> refused = new ArrayList<>();
        for (Object at : json.getJsonArray("refusedProofs", new JsonArray())) {
            refused.add(Instant.parse(String.valueOf(at)));
        }
        return new FailedTries(
                Objects.requireNonNullElse(json.getInteger("count"), 0),
                Instants.find(json, "since"),
                Instants.find(json, "notBefore"),
                Optional.ofNullable(json.getString("words")),
                kind(json.getString("kind", "")),
                Instants.find(json, "told"),
                refused,
                Objects.requireNonNullElse(json.getBoolean("stagingNext"), false));
    }
}
