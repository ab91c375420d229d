package dev.turnout.acme;

import dev.turnout.config.Durations;
import dev.turnout.tls.CertificateChain;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What an authority suggests for the renewal of a certificate (ACME Renewal Information, RFC 9773).
 *
 * @param window the times that the authority suggests; empty if the authority makes no suggestions
 * @param renewAt the moment in the window that was drawn; it stays as long as the window stays
 * @param askAgain when the authority is asked again
 */
record Suggestion(Optional<RenewalWindow> window, Optional<Instant> renewAt, Optional<Instant> askAgain) {

    static final Suggestion NONE = new Suggestion(Optional.empty(), Optional.empty(), Optional.empty());

    private static final Duration ASK_EVERY = Duration.ofHours(6);
    private static final Duration ASK_AT_MOST_EVERY = Duration.ofMinutes(1);
    private static final Duration ASK_AT_LEAST_EVERY = Duration.ofDays(1);
    private static final int ASKED_IN_LIFETIME = 10;

    /** As {@link OrderRecord#asOf}. */
    Suggestion asOf(Instant now) {
        return new Suggestion(window, renewAt, askAgain.filter(at -> !at.isAfter(now.plus(ASK_AT_LEAST_EVERY))));
    }

    /** Returns true if the authority is to be asked. */
    boolean isToBeAsked(Instant now) {
        return askAgain.filter(now::isBefore).isEmpty();
    }

    /** Returns the suggestion after an answer. A moment in the window is drawn, so that not all renew at once. */
    Suggestion answered(Optional<RenewalWindow> answer, CertificateChain pair, Instant now, RandomGenerator random) {
        Instant again = now.plus(between(
                answer.flatMap(RenewalWindow::askAgainIn).orElse(most(pair)), ASK_AT_MOST_EVERY, ASK_AT_LEAST_EVERY));
        Optional<RenewalWindow> usable = answer.filter(given -> given.isUsableFor(pair));
        boolean isSame = usable.isPresent() && usable.get().isSame(window) && renewAt.isPresent();
        return new Suggestion(usable, isSame ? renewAt : usable.map(given -> given.draw(random)), Optional.of(again));
    }

    private static Duration most(CertificateChain pair) {
        Duration part = pair.lifetime().dividedBy(ASKED_IN_LIFETIME);
        return Durations.shorter(part, ASK_EVERY);
    }

    private static Duration between(Duration time, Duration least, Duration most) {
        return Durations.shorter(Durations.longer(time, least), most);
    }

    /** Returns when a certificate is renewed: as suggested, else after two thirds of its lifetime. */
    Instant renewalOf(CertificateChain pair) {
        return renewAt.orElse(
                pair.notBefore().plus(pair.lifetime().multipliedBy(2).dividedBy(3)));
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        Instants.put(json, "windowStart", window.map(RenewalWindow::start));
        Instants.put(json, "windowEnd", window.map(RenewalWindow::end));
        Instants.put(json, "renewAt", renewAt);
        Instants.put(json, "askAgain", askAgain);
        return json;
    }

    static Suggestion of(JsonObject json) {
        Optional<Instant> end = Instants.find(json, "windowEnd");
        return new Suggestion(
                Instants.find(json, "windowStart")
                        .flatMap(start -> end.map(last -> new RenewalWindow(start, last, Optional.empty()))),
                Instants.find(json, "renewAt"),
                Instants.find(json, "askAgain"));
    }
}
