package dev.turnout.config;

import java.time.Duration;
import java.util.List;

/** Keys under {@code turnout.rehearsal}: copies of requests to the idle slot. */
public final class RehearsalConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Double> SHARE = KEYS.add(
            Key.of("rehearsal", ValueType.percent())
                    .byDefault("0%")
                    .shared()
                    .atReload()
                    .english(
                            "Which share of the GET, HEAD and OPTIONS requests without a body is copied to the idle slot, such as"
                                    + " `5%`. The answers to copies are thrown away after their status and time were compared. A copy has"
                                    + " `X-Turnout-Rehearsal: 1`, and also the cookies and `Authorization` of the request: whatever a GET"
                                    + " changes in the application happens twice. A slot that was left by a switch gets copies once a new"
                                    + " version runs there. None during a canary, a pause or a maintenance. Not in nginx mode."));

    static final Key<List<String>> REMOVE = KEYS.add(Key.of("rehearsal.remove", RuleTypes.names())
            .shared()
            .atReload()
            .english("Header fields that copies do not have, such as `Cookie,Authorization`."));

    static final Key<Rate> RATE = KEYS.add(Key.of("rehearsal.rate", RuleTypes.rate())
            .byDefault("100/s")
            .shared()
            .atReload()
            .english("The most copies in a time. Further requests are not copied."));

    static final Key<Integer> IN_FLIGHT = KEYS.add(Key.of("rehearsal.in-flight", ValueType.whole(1, 10_000))
            .byDefault("64")
            .ofAllServices()
            .atReload()
            .english(
                    "The most copies of all services that wait for an answer at a time. Further requests are not copied."
                            + " Of an answer at most 64 KiB are read, for at most a second."));

    static final Key<Duration> TIMEOUT = KEYS.add(Key.of("rehearsal.timeout", ValueType.time())
            .byDefault("10s")
            .shared()
            .atReload()
            .english(
                    "How long a copy may wait for the head of its answer. After that the idle slot has failed, unless the"
                            + " active slot has not answered either."));

    static final Key<Integer> GATE_REQUESTS = KEYS.add(Key.of("rehearsal.gate.requests", ValueType.whole(0, 1_000_000))
            .byDefault("0")
            .shared()
            .atReload()
            .english("How many copied requests a switch to the idle slot takes. Its errors and its times have to be"
                    + " no worse there than in the active slot, else the switch is refused. 5,000 requests find"
                    + " one error in a hundred requests more, and answers that take 30 % longer. 0 means that"
                    + " nothing is asked. A rollback, a forced switch and the promotion of a canary do not ask."));

    static final Key<Duration> GATE_TIMEOUT = KEYS.add(Key.of("rehearsal.gate.timeout", ValueType.timeOrNone())
            .byDefault("10m")
            .shared()
            .atReload()
            .english("How long a switch waits for these requests. Then it is refused."));

    private final Values values;

    RehearsalConfig(Values values) {
        this.values = values;
    }

    /** Returns the share that is copied. Percent. */
    public double percent() {
        return values.get(SHARE);
    }

    /** Returns the names of header fields that copies do not have. */
    public List<String> removed() {
        return values.find(REMOVE).orElse(List.of());
    }

    public Rate rate() {
        return values.get(RATE);
    }

    public int inFlight() {
        return values.get(IN_FLIGHT);
    }

    public Duration timeout() {
        return values.get(TIMEOUT);
    }

    /** Returns how many copied requests a switch takes; 0 if it takes none. */
    public int gateRequests() {
        return values.get(GATE_REQUESTS);
    }

    public Duration gateTimeout() {
        return values.get(GATE_TIMEOUT);
    }
}
