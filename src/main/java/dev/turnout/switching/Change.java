package dev.turnout.switching;

import dev.turnout.routing.VisibleText;
import java.time.Instant;
import java.util.Objects;

/** A change of one service that has begun and not ended. Any thread may read; only the change's own thread enters steps. */
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
    /** Returns the name of the service. */
    public String service() {
        return service;
    }

    /** Returns what was asked for, in a few words: {@code switch to green}. */
    public String what() {
        return what;
    }

    /** Returns who asked for the change. */
    public String who() {
        return who;
    }
    /** Returns when the change began. */
    public Instant since() {
        return since;
    }
    /** Returns the step that the change is at. */
    public Step step() {
        return step;
    }
    /** Enters a step, and tells listeners. */
    void enter(Step next) {
        step = next;
        announcer.announce(ChangeEvent.step(this));
    }
}
