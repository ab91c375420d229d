package dev.turnout.switching;

import dev.turnout.routing.VisibleText;
import java.time.Instant;
import java.util.Objects;

/** A change of one service that has begun and not ended. Read on any thread; stepped forward by its own. */
public final class Change {

    private final String service;
    private final String what;
    private final String who;
    private final Instant since;
    private final Announcer announcer;
    private volatile Step step = Step.STARTING;

    Change(String service, String what, String who, Instant since, Announcer announcer) {
        this.service = Objects.requireNonNull(service, "service");
        this.what = VisibleText.of(what, VisibleText.SHORT);
        this.who = VisibleText.of(who, VisibleText.SHORT);
        this.since = Objects.requireNonNull(since, "since");
        this.announcer = announcer;
    }

    public String service() {
        return service;
    }

    /** What was asked for, in a few words: {@code switch to green}. */
    public String what() {
        return what;
    }

    /** Who asked for it. */
    public String who() {
        return who;
    }

    public Instant since() {
        return since;
    }

    public Step step() {
        return step;
    }

    void enter(Step next) {
        step = next;
        announcer.announce(ChangeEvent.step(this));
    }
}
