package dev.turnout.proxy.route;

import dev.turnout.routing.RehearsalFigures;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The rehearsals of all services, and what bounds their copies together. Any thread. */
public final class Rehearsals {

    private final int loops;
    private final AtomicLong runs = new AtomicLong();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<String, Rehearsal> byService = new ConcurrentHashMap<>();
    private volatile int mostInFlight;
    private volatile boolean on;

    /**
     * @param loops how many event loops there are
     * @param mostInFlight the most copies of all services that wait for an answer
     */
    public Rehearsals(int loops, int mostInFlight, Map<String, RehearsalSettings> settings) {
        this.loops = loops;
        this.mostInFlight = mostInFlight;
        apply(mostInFlight, settings);
    }

    /** Replaces the settings. What was begun at run time goes on. */
    public void apply(int nextMost, Map<String, RehearsalSettings> settings) {
        mostInFlight = nextMost;
        byService.keySet().retainAll(settings.keySet());
        settings.forEach((service, of) -> byService
                .computeIfAbsent(service, name -> new Rehearsal(loops, runs, of))
                .apply(of));
        look();
    }

    /** Begins the rehearsal of a service, if there is such a service. */
    public void begin(String service, double percent) {
        byService.computeIfPresent(service, (name, rehearsal) -> {
            rehearsal.begin(percent);
            return rehearsal;
        });
        look();
    }

    /** Ends the rehearsal of a service. */
    public void end(String service) {
        byService.computeIfPresent(service, (name, rehearsal) -> {
            rehearsal.end();
            return rehearsal;
        });
        look();
    }

    /** Counts anew for a service, whose idle slot has another version. */
    public void beginAnew(String service) {
        Rehearsal rehearsal = byService.get(service);
        if (rehearsal != null) {
            rehearsal.beginAnew();
        }
    }

    private void look() {
        on = byService.values().stream().anyMatch(rehearsal -> rehearsal.percent() > 0);
    }

    /** Returns the rehearsal of a service; null if no service at all has one now. */
    public @Nullable Rehearsal of(String service) {
        return on ? byService.get(service) : null;
    }

    /** Returns the services that are known. */
    public Set<String> services() {
        return Set.copyOf(byService.keySet());
    }

    public RehearsalFigures figures(String service) {
        Rehearsal rehearsal = byService.get(service);
        return rehearsal == null ? RehearsalFigures.NONE : rehearsal.figures();
    }

    /** Returns true if one more copy may be in flight, and counts it. */
    public boolean enter() {
        if (inFlight.incrementAndGet() <= mostInFlight) {
            return true;
        }
        inFlight.decrementAndGet();
        return false;
    }

    /** Called when a copy is over. */
    public void leave() {
        inFlight.decrementAndGet();
    }
}
