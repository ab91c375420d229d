package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Counts;
import dev.turnout.fleet.decision.FleetValue.Watching;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Says what this member sees while another one watches a switch: once a second, and only then. The fleet's thread only.
 */
final class Counting {

    /** Reads may come more often than the counts are wanted. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    private final FleetLoop loop;
    private final Presence.Self self;
    private final FleetTraffic traffic;
    private final Map<String, Long> said = new HashMap<>();

    Counting(FleetLoop loop, Presence.Self self, FleetTraffic traffic) {
        this.loop = loop;
        this.self = self;
        this.traffic = traffic;
    }

    /** Looks at what the store has. */
    void look(StoreContents contents, Set<String> services) {
        for (String service : services) {
            FleetKey watch = FleetKey.watch(service);
            FleetKey own = FleetKey.counts(service, self.member());
            Entry asked = contents.entry(watch);
            if (asked != null && asked.value() instanceof Watching watching) {
                if (!watching.process().equals(self.process()) && isDue(service)) {
                    say(service, watching.epoch(), new Condition.Created(watch, asked.created()), own);
                }
            } else if (contents.has(own)) {
                // Who has asked is gone without a word.
                loop.send(
                        new StoreUpdate(
                                Purpose.WATCH,
                                List.of(new Condition.Written(own, contents.written(own))),
                                List.of(new Edit.Delete(own))),
                        answer -> {});
            }
        }
    }

    private boolean isDue(String service) {
        long now = System.nanoTime();
        Long last = said.get(service);
        return last == null || now - last >= LEAST_NANOS;
    }

    private void say(String service, long epoch, Condition isAsked, FleetKey key) {
        traffic.seen(service, epoch).ifPresent(seen -> {
            said.put(service, System.nanoTime());
            Counts counts = new Counts(epoch, seen.encode());
            loop.send(
                    new StoreUpdate(Purpose.WATCH, List.of(isAsked), List.of(new Edit.PutLeased(key, counts))),
                    answer -> {});
        });
    }
}
